"""Speaking about a disagreement between reviewers, and saying what became of it."""

from __future__ import annotations

from fundapp.access.operation import operation
from fundapp.access.policy import Permission, Refused
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work
from fundapp.proposals.models import Proposal
from fundapp.scoring.models import Moderation, ModerationComment, Outcome, ScoringRound
from fundapp.scoring.queries.moderation import (
    Side,
    comments_on,
    criterion_of,
    given,
    is_moderated,
    outcomes,
    sides,
    takes_part,
)
from fundapp.scoring.rules.moderating import LONGEST, SHORTEST, given_again


@operation(Permission.MODERATION_SAY)
def say(work: Work, proposal: Proposal, round: ScoringRound, name: str, text: str) -> ModerationComment:
    """Say something about a disagreement on a criterion, to the secretariat and to the reviewers who may read it."""
    criterion, _ = _disagreement(work, proposal, round, name)
    if not (said := text.strip()):
        raise Refusal(Fault("moderation.nothing-said", field="text"))
    _short(said, "text")
    by = str(work.actor)
    before = comments_on(work.session, proposal, criterion)
    if before and (before[-1].by, before[-1].text) == (by, said):
        raise refuse("moderation.said-already")
    made = ModerationComment(proposal_id=proposal.id, criterion_id=criterion, text=said, at=work.at, by=by)
    work.session.add(made)
    return made


@operation(Permission.SCORING_RUN)
def conclude(
    work: Work, proposal: Proposal, round: ScoringRound, name: str, outcome: Outcome, note: str, seen: int
) -> Moderation:
    """Say what became of a disagreement on a criterion; the last that is said stands. seen: the id of the outcome that
    stood when one looked, 0 for none."""
    criterion, rows = _disagreement(work, proposal, round, name)
    before = outcomes(work.session, round, proposal, criterion)
    if (before[-1].id if before else 0) != seen:
        raise refuse("moderation.meanwhile")
    said = note.strip()
    _short(said, "note")
    if outcome is Outcome.NOTED and len(said) < SHORTEST:
        raise Refusal(Fault("moderation.no-note", {"smallest": SHORTEST}, field="note"))
    if outcome is Outcome.REVISED and not given_again(given(rows), before[-1].at if before else None):
        raise Refusal(Fault("moderation.not-revised", field="outcome"))
    made = Moderation(
        round_id=round.id, proposal_id=proposal.id, criterion_id=criterion, outcome=outcome, note=said, at=work.at,
        by=str(work.actor),
    )  # fmt: skip
    work.session.add(made)
    return made


def _disagreement(work: Work, proposal: Proposal, round: ScoringRound, name: str) -> tuple[int, tuple[Side, ...]]:
    """The criterion and what was given on it, held to the end of the unit of work so that two do not speak past each
    other; refused where there is no disagreement that this person may know of, or the round is closed."""
    work.session.refresh(round, with_for_update=True)
    criterion = criterion_of(work.session, round, name) if round.call_id == proposal.call_id else None
    if criterion is None:
        raise refuse("moderation.none", reference=proposal.reference)
    rows = tuple(sides(work.session, round, proposal, criterion))
    if not takes_part(work.actor, round, proposal, rows):
        raise Refused("others' scores are seen by who gave theirs, where the round shows them")
    if not is_moderated(rows, outcomes(work.session, round, proposal, criterion)):
        raise refuse("moderation.none", reference=proposal.reference)
    if not round.open:
        raise refuse("moderation.closed")
    return criterion, rows


def _short(text: str, field: str) -> None:
    if (found := len(text)) > LONGEST:
        raise Refusal(Fault("call.long", {"found": found, "largest": LONGEST}, field=field))
