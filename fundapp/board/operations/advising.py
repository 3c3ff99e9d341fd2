"""What trustees say of a proposal, each for themselves; votes; and what the Board advises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from fundapp.access.operation import operation
from fundapp.access.policy import Permission, Refused, may
from fundapp.board.models import (
    Advice,
    AdviceWay,
    Ballot,
    BoardQuestion,
    BoardSession,
    Considered,
    InterestKind,
    SessionStage,
    TrusteeNote,
    Vote,
    VoteChoice,
    Way,
)
from fundapp.board.operations.advising_notices import answer_notices, vote_notices
from fundapp.board.queries.considering import (
    Balloted,
    Seated,
    Table,
    Voice,
    advice_on,
    ballots_on,
    note_of,
    questions_on,
    table_for,
)
from fundapp.board.rules.advising import (
    CONDITIONS,
    LONGEST_NOTE,
    LONGEST_QUESTION,
    LONGEST_REASON,
    LONGEST_TEXT,
    Count,
    Said,
    advice_faults,
    amount_faults,
    count_faults,
)
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work

Choices = Mapping[int, tuple[VoteChoice, str]]  # trustee -> what they vote, and why


# ------------------------------------------------------------------------------------ each trustee for themselves


@operation(Permission.TRUSTEE_SAY)
def save_note(work: Work, voice: Voice, text: str, version: int) -> TrusteeNote:
    """Save one's own note on a proposal, which nobody else reads. version: of the note that was seen, 0 for none."""
    _speaks(work, voice)
    _short(text, LONGEST_NOTE, "text")
    note = note_of(work.session, voice.considered, voice.trustee.id)
    if (note.version if note else 0) != version:
        raise refuse("note.saved-elsewhere")
    if note is None:
        note = TrusteeNote(considered_id=voice.considered.id, trustee_id=voice.trustee.id, text=text, saved_at=work.at)
        work.session.add(note)
    else:
        note.text, note.saved_at = text, work.at
    return note


@operation(Permission.TRUSTEE_SAY)
def ask(work: Work, voice: Voice, text: str) -> BoardQuestion:
    """Ask the secretariat about a proposal; the answer is for all trustees who see it."""
    _speaks(work, voice)
    if not (said := text.strip()):
        raise Refusal(Fault("question.nothing", field="question"))
    _short(said, LONGEST_QUESTION, "question")
    mine = [one for one, _ in questions_on(work.session, voice.considered) if one.trustee_id == voice.trustee.id]
    if mine and mine[-1].text == said:
        raise refuse("question.asked-already")
    made = BoardQuestion(
        considered_id=voice.considered.id, trustee_id=voice.trustee.id, text=said, at=work.at, answer=""
    )  # fmt: skip
    work.session.add(made)
    return made


@operation(Permission.QUESTION_ANSWER)
def answer(work: Work, question: BoardQuestion, text: str, version: int) -> None:
    """Answer a trustee's question, or write the answer anew; those who read the proposal are told. version: of the
    question that was seen."""
    of = _at_work(work, question.considered)
    if not (said := text.strip()):
        raise Refusal(Fault("question.no-answer", field="text"))
    _short(said, LONGEST_TEXT, "text")
    if question.version != version:
        raise refuse("question.changed")
    question.answer, question.answered_at, question.answered_by = said, work.at, str(work.actor)
    table = table_for(work.session, of, question.considered, work.at.date())
    work.session.add_all(answer_notices(work.session, question, table, by=work.actor.id, at=work.at))


def _speaks(work: Work, voice: Voice) -> Seated:
    """The seat of a trustee who may speak of a proposal: it is open to them, they sit here, and the session is open."""
    of = _at_work(work, voice.considered)
    if not may(work.actor, Permission.CONSIDERED_READ, voice.considered):
        raise Refused(f"speaking of it needs {Permission.CONSIDERED_READ}")
    seat = table_for(work.session, of, voice.considered, work.at.date()).seat(voice.trustee.id)
    if seat is None:
        raise refuse("advice.not-seated", name=voice.trustee.name)
    return seat


# -------------------------------------------------------------------------------------------------------------- votes


@operation(Permission.ADVICE_RECORD)
def open_ballot(work: Work, considered: Considered, said: Said) -> Ballot:
    """Put an advice to the vote; the motion says under which conditions. One vote at a time. Those who may vote
    are told."""
    work.session.refresh(considered, with_for_update=True)
    of = _at_work(work, considered)
    if any(one.ballot.closed_at is None for one in ballots_on(work.session, considered)):
        raise refuse("ballot.open-already")
    faults = list(amount_faults(said, considered.asked_cents))
    if said.outcome == CONDITIONS and not said.conditions.strip():
        faults.append(Fault("advice.no-conditions", field="motion"))
    if (found := len(said.conditions)) > LONGEST_TEXT:
        faults.append(Fault("call.long", {"found": found, "largest": LONGEST_TEXT}, field="motion"))
    if faults:
        raise Refusal(*faults)
    made = Ballot(
        considered_id=considered.id, outcome=said.outcome, amount_cents=said.amount_cents,
        motion=said.conditions.strip(), at=work.at, by=str(work.actor),
    )  # fmt: skip
    work.session.add(made)
    work.session.flush()
    table = table_for(work.session, of, considered, work.at.date())
    work.session.add_all(vote_notices(made, considered, table, by=work.actor.id, at=work.at))
    return made


@operation(Permission.TRUSTEE_SAY)
def vote(work: Work, voice: Voice, ballot: Ballot, choice: VoteChoice, reason: str = "") -> Vote:
    """Vote, once, while the vote is open."""
    of = _voting(work, ballot)
    if ballot.considered_id != voice.considered.id:
        raise Refused("a vote on another proposal")
    _speaks(work, voice)
    table = table_for(work.session, of, voice.considered, work.at.date())
    return _vote(work, of, ballot, table, voice.trustee.id, choice, reason)


@operation(Permission.ADVICE_RECORD)
def record_hands(work: Work, ballot: Ballot, choices: Choices) -> list[Vote]:
    """Record a show of hands: what trustees vote who do not do it themselves."""
    of = _voting(work, ballot)
    if not choices:
        raise refuse("ballot.no-hands")
    table = table_for(work.session, of, ballot.considered, work.at.date())
    return [_vote(work, of, ballot, table, key, choice, reason) for key, (choice, reason) in choices.items()]


@operation(Permission.ADVICE_RECORD)
def close_ballot(work: Work, ballot: Ballot) -> None:
    """Close a vote: from then on nobody votes."""
    work.session.refresh(ballot, with_for_update=True)
    _at_work(work, ballot.considered)
    if ballot.closed_at is not None:
        raise refuse("ballot.closed")
    ballot.closed_at, ballot.closed_by = work.at, str(work.actor)


def _voting(work: Work, ballot: Ballot) -> BoardSession:
    """Refused where the vote is over; held, so that nobody votes while it is being closed."""
    work.session.refresh(ballot, with_for_update=True)
    of = _at_work(work, ballot.considered)
    if ballot.closed_at is not None:
        raise refuse("ballot.closed")
    if of.way is Way.WRITTEN and of.silent_until is not None and of.silent_until <= work.at:
        raise refuse("ballot.silence-over")
    return of


def _vote(
    work: Work, of: BoardSession, ballot: Ballot, table: Table, trustee: int, choice: VoteChoice, reason: str
) -> Vote:  # fmt: skip
    seat = table.seat(trustee)
    if seat is None:
        raise refuse("ballot.no-trustee")
    known = next((one for one in ballots_on(work.session, ballot.considered) if one.ballot.id == ballot.id), None)
    field = f"choice_{trustee}"
    if seat.kept:
        raise Refusal(Fault("ballot.recused", {"name": seat.name}, field=field))
    if seat.person is not None and seat.declared is not InterestKind.NONE:
        raise Refusal(Fault("ballot.undeclared", {"name": seat.name}, field=field))
    if seat.present is False:
        raise Refusal(Fault("ballot.away", {"name": seat.name}, field=field))
    if known and known.by(trustee):
        raise Refusal(Fault("ballot.voted", {"name": seat.name}, field=field))
    if choice is VoteChoice.AGAINST and of.way is Way.WRITTEN and not reason.strip():
        raise Refusal(Fault("ballot.no-reason", {"name": seat.name}, field="reason"))
    _short(reason, LONGEST_REASON, "reason")
    made = Vote(
        ballot_id=ballot.id, trustee_id=trustee, choice=choice, reason=reason.strip(), at=work.at, by=str(work.actor)
    )
    work.session.add(made)
    return made


# -------------------------------------------------------------------------------------------------------------- advice


@operation(Permission.ADVICE_RECORD)
def advise(
    work: Work, considered: Considered, said: Said, way: AdviceWay, *, seen: int, counts: Count | None = None
) -> Advice:  # fmt: skip
    """Record what the Board advises: by consensus, by the vote that was closed last, or by silence. seen: how many
    advices there were when one looked. counts: of a vote in a session of the past, at which nobody signed in."""
    work.session.refresh(considered, with_for_update=True)  # of two who record at once the second finds the first's
    of = _at_work(work, considered)
    if len(advice_on(work.session, considered)) != seen:
        raise refuse("advice.meanwhile")
    table = table_for(work.session, of, considered, work.at.date())
    ballots = ballots_on(work.session, considered)
    faults = list(advice_faults(said, considered.asked_cents))
    rests_on = ballots[-1] if ballots and counts is None and way is not AdviceWay.CONSENSUS else None
    faults += _way_faults(work, of, way, said, ballots, counts)
    taking = len(_taking(table, rests_on))
    if taking < table.taking.quorum:
        faults.append(Fault("advice.no-quorum", {"found": taking, "quorum": table.taking.quorum}))
    elif counts is not None:
        faults += count_faults(counts, taking, table.taking.quorum)
    if faults:
        raise Refusal(*faults)
    if way is AdviceWay.SILENCE and rests_on and rests_on.ballot.closed_at is None:
        close_ballot(work, rests_on.ballot)
    return _advise(work, considered, said, way, rests_on, counts, taking, len(table.recused))


def _advise(
    work: Work, considered: Considered, said: Said, way: AdviceWay, rests_on: Balloted | None, counts: Count | None,
    taking: int, recused: int,
) -> Advice:  # fmt: skip
    count = counts or (rests_on.count if rests_on else Count())
    made = Advice(
        considered_id=considered.id, outcome=said.outcome, way=way, amount_cents=said.amount_cents,
        reasons=said.reasons.strip(), conditions=said.conditions.strip(),
        ballot_id=rests_on.ballot.id if rests_on else None, votes_for=count.votes_for,
        votes_against=count.votes_against, abstained=count.abstained, recused=recused, taking_part=taking, at=work.at,
        by=str(work.actor),
    )  # fmt: skip
    work.session.add(made)
    return made


def _taking(table: Table, rests_on: Balloted | None) -> frozenset[int]:
    """Who takes part: those who are present and not recused; who voted is there, unless it is said that they are
    away."""
    voted = {one.vote.trustee_id for one in rests_on.votes if one.counts} if rests_on else set()
    there = {one.trustee for one in table.seats if one.trustee in voted and one.present is not False}
    return table.taking.members | there


def _way_faults(
    work: Work, of: BoardSession, way: AdviceWay, said: Said, ballots: Sequence[Balloted], counts: Count | None
) -> Iterator[Fault]:  # fmt: skip
    last, written = ballots[-1] if ballots else None, of.way is Way.WRITTEN
    going = last is not None and last.ballot.closed_at is None
    if way is AdviceWay.CONSENSUS:
        if written:
            yield Fault("advice.consensus-written", field="way")
        if going:
            yield Fault("ballot.still-open", field="way")
    elif way is AdviceWay.SILENCE:
        yield from _silence_faults(work, of, last)
    elif counts is not None:
        if of.until >= work.at.date():
            yield Fault("advice.counts-past", field="votes_for")
    elif last is None or going:
        yield Fault("ballot.still-open" if going else "advice.no-vote", field="way")
    elif not last.count.carried:
        yield Fault("ballot.lost", field="way")
    if way is not AdviceWay.CONSENSUS and counts is None and last is not None:
        moved = (last.ballot.outcome, last.ballot.amount_cents)
        if (said.outcome, said.amount_cents) != moved:
            yield Fault("advice.not-as-moved", field="outcome")


def _silence_faults(work: Work, of: BoardSession, last: Balloted | None) -> Iterator[Fault]:
    if of.way is not Way.WRITTEN or of.silent_until is None:
        yield Fault("advice.silence-meeting", field="way")
    elif last is None:
        yield Fault("advice.no-vote", field="way")
    elif of.silent_until > work.at:
        yield Fault("advice.silence-lasts", field="way")
    elif last.count.votes_against:
        yield Fault("advice.objection", field="way")


# --------------------------------------------------------------------------------------------------------------- shared


def _at_work(work: Work, considered: Considered) -> BoardSession:
    """The session, where it is open and the proposal before it still; nobody closes it meanwhile."""
    of = work.session.get_one(BoardSession, considered.session_id)
    work.session.refresh(of, with_for_update={"read": True})
    if considered.removed_at is not None:
        raise refuse("advice.taken-off")
    if of.stage is not SessionStage.OPEN:
        raise refuse(f"advice.session-{of.stage}")
    return of


def _short(text: str, most: int, field: str) -> None:
    if (found := len(text)) > most:
        raise Refusal(Fault("call.long", {"found": found, "largest": most}, field=field))
