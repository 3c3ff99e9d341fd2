"""Reading a proposal before the Board: who sits at the table for it, what they declared, noted, asked and voted, and
what the Board advised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from fundapp.access.policy import Actor
from fundapp.board.models import (
    Advice,
    Ballot,
    BoardQuestion,
    BoardSeat,
    BoardSession,
    ChairTerm,
    Considered,
    Interest,
    InterestKind,
    Participant,
    SessionNumber,
    Trustee,
    TrusteeNote,
    TrusteeTerm,
    Vote,
    Way,
)
from fundapp.board.queries.sessions import before_the_board, told
from fundapp.board.rules.advising import Count, counted, day_that_counts
from fundapp.board.rules.taking_part import TakingPart, chairing
from fundapp.proposals.models import Proposal, ProposalReader, Recusal
from fundapp.proposals.queries.proposals import visible
from fundapp.reference.rules import Group


@dataclass(frozen=True, slots=True)
class Voice:
    """A trustee who speaks of a proposal before the Board, as the policy judges it: what they say is their own."""

    considered: Considered
    trustee: Trustee

    @property
    def fund_id(self) -> int:
        """The fund of the proposal, in which the policy asks for roles."""
        return self.considered.fund_id

    @property
    def part_of(self) -> str:
        """The proposal, by the name under which it may be closed to somebody."""
        return self.considered.part_of

    @property
    def person_id(self) -> int | None:
        """Whose own it is."""
        return self.trustee.person_id


def considered_as(
    session: Session, actor: Actor, fund_id: int, number: int, reference: str
) -> tuple[BoardSession, Considered] | None:
    """The proposal of a reference before the session of a number, with those to whom it is open by name; none for one
    that somebody may not know of. One query."""
    asked = (
        sa.select(BoardSession, Considered)
        .join(SessionNumber, SessionNumber.session_id == BoardSession.id)
        .join(Considered, Considered.session_id == BoardSession.id)
        .join(Proposal, Proposal.id == Considered.proposal_id)
        .options(contains_eager(Considered.proposal).options(joinedload(Proposal.readers)))
        .where(SessionNumber.fund_id == fund_id, SessionNumber.number == number)
        .where(Proposal.reference == reference, before_the_board(actor, fund_id), told(actor, fund_id))
    )
    found = session.execute(asked).unique().one_or_none()
    return (found[0], found[1]) if found else None


# ---------------------------------------------------------------------------------------------------------- the table


@dataclass(frozen=True, slots=True)
class Seated:
    """A trustee in their seat on the day that counts. present: none before that is known. kept: whether they take no
    part in the item, for an interest in it; declared: what they declared last for this session."""

    trustee: int
    person: int | None
    name: str
    country: str | None
    group: Group
    chairs: bool
    present: bool | None
    kept: bool
    declared: InterestKind | None


@dataclass(frozen=True, slots=True)
class Table:
    """Who sits at the table for a proposal, and who takes part in it."""

    seats: Sequence[Seated]
    taking: TakingPart

    @property
    def recused(self) -> list[Seated]:
        """Those who take no part."""
        return [one for one in self.seats if one.kept]

    @property
    def chair(self) -> Seated | None:
        """Who chairs the Board."""
        return next((one for one in self.seats if one.chairs), None)

    @property
    def chairs(self) -> Seated | None:
        """Who chairs this item: where the chair is away or takes no part, the next of the trustees; none where nobody
        can."""
        there = frozenset(one.trustee for one in self.seats if one.present is not False)
        able = replace(self.taking, present=there)  # who is there is known on the day only
        key = chairing(self.chair.trustee if self.chair else None, able, [one.trustee for one in self.seats])
        return self.seat(key) if key else None

    @property
    def undeclared(self) -> list[Seated]:
        """Those who sign in and have not declared yet."""
        return [one for one in self.seats if one.person is not None and one.declared is None and not one.kept]

    def seat(self, trustee: int) -> Seated | None:
        """The seat of a trustee; none for whoever sits here no more."""
        return next((one for one in self.seats if one.trustee == trustee), None)

    def of_person(self, person: int) -> Seated | None:
        """The seat of whoever signs in; none for whoever has none."""
        return next((one for one in self.seats if one.person == person), None)


def declared_open(seat: Seated, proposal: Proposal) -> bool:
    """Whether a trustee declared to have no interest and the file is open to them; after they were kept from it and
    come to it again they declare anew."""
    return seat.declared is InterestKind.NONE and (seat.person is None or seat.person in proposal.opened_to)


def table_for(session: Session, of: BoardSession, considered: Considered, on: date) -> Table:
    """Who sits at the table for a proposal on the day of the session that counts; one query. In a written procedure
    nobody meets: all take part of whom it is not said that they are away. Whoever signs in takes part once they have
    declared that they have no interest in it."""
    seats = [_seated(row) for row in session.execute(_seats(of, considered, on))]
    written = of.way is Way.WRITTEN
    there = [one for one in seats if one.present or (written and one.present is None)]
    present = frozenset(one.trustee for one in there if one.person is None or one.declared is InterestKind.NONE)
    recused = frozenset(one.trustee for one in seats if one.kept)
    return Table(seats, TakingPart(frozenset(one.trustee for one in seats), present, recused, of.quorum))


def _seated(row: Any) -> Seated:
    return Seated(
        row.id, row.person_id, row.name, row.country, row.regional_group, row.chairs, row.present, _kept(row),
        row.declared,
    )  # fmt: skip


def _kept(row: Any) -> bool:
    """Whether somebody takes no part: kept from the proposal, or of whoever never signs in, declared to be so."""
    return bool(row.kept) or (row.person_id is None and row.last not in (None, InterestKind.NONE))


def _seats(of: BoardSession, considered: Considered, on: date) -> sa.Select[Any]:
    day = day_that_counts(of.since, of.until, on)
    term, chair, taking = TrusteeTerm, ChairTerm, Participant
    chairs = sa.exists().where(
        chair.trustee_id == Trustee.id, chair.since <= day, sa.or_(chair.until.is_(None), chair.until >= day)
    )
    present = sa.select(taking.present).where(
        taking.session_id == of.id, taking.trustee_id == Trustee.id, taking.removed_at.is_(None)
    )
    return (
        sa.select(
            Trustee.id, Trustee.person_id, Trustee.name, Trustee.country, BoardSeat.regional_group,
            chairs.label("chairs"),
            present.order_by(taking.id.desc()).limit(1).correlate(Trustee).scalar_subquery().label("present"),
            _kept_from(considered),
            _last(Interest.considered_id == considered.id).label("declared"),
            _last(Considered.proposal_id == considered.proposal_id).label("last"),
        )
        .join(term, term.trustee_id == Trustee.id)
        .join(BoardSeat, BoardSeat.id == term.seat_id)
        .where(
            Trustee.board_id == of.board_id, term.since <= day, term.until >= day,
            sa.or_(term.ended_on.is_(None), term.ended_on >= day),
        )
        .order_by(Trustee.name, Trustee.id)
    )  # fmt: skip


def _kept_from(considered: Considered) -> sa.Label[bool]:
    """Whether an interest keeps a trustee from the proposal."""
    kept = Recusal
    found = sa.exists().where(
        kept.person_id == Trustee.person_id, kept.proposal_id == considered.proposal_id, kept.lifted_at.is_(None)
    )
    return found.label("kept")


def _last(where: sa.ColumnElement[bool]) -> sa.ScalarSelect[InterestKind]:
    asked = sa.select(Interest.kind).join(Considered, Considered.id == Interest.considered_id)
    asked = asked.where(Interest.trustee_id == Trustee.id, where).order_by(Interest.id.desc()).limit(1)
    return asked.correlate(Trustee).scalar_subquery()


# ---------------------------------------------------------------------------------------------------------- interests


@dataclass(frozen=True, slots=True)
class Mark:
    """How a trustee stands to a proposal: what they declared last, why and when, and by whom that was recorded; kept:
    whether they take no part in it; open: whether its file is open to them by name."""

    declared: InterestKind | None = None
    reason: str = ""
    at: datetime | None = None
    by: str = ""
    kept: bool = False
    open: bool = False


def marks_of(
    session: Session, rows: Sequence[Considered], people: Mapping[int, int | None]
) -> Mapping[tuple[int, int], Mark]:  # fmt: skip
    """How trustees stand to these proposals, by the id of what is before the Board and that of the trustee. people:
    trustee -> as whom they sign in. Three queries."""
    keys, found = [one.id for one in rows], dict[tuple[int, int], Mark]()
    declared = sa.select(Interest).where(Interest.considered_id.in_(keys), Interest.trustee_id.in_(sorted(people)))
    for one in session.scalars(declared.order_by(Interest.id)):
        kept = people[one.trustee_id] is None and one.kind is not InterestKind.NONE
        found[one.considered_id, one.trustee_id] = Mark(one.kind, one.reason, one.at, one.by, kept)
    trustees = {person: trustee for trustee, person in people.items() if person}
    asked = sa.select(Recusal).where(
        Recusal.proposal_id.in_([one.proposal_id for one in rows]), Recusal.person_id.in_(sorted(trustees)),
        Recusal.lifted_at.is_(None),
    )  # fmt: skip
    kept_from: defaultdict[int, list[Recusal]] = defaultdict(list)
    for recusal in session.scalars(asked):
        kept_from[recusal.proposal_id].append(recusal)
    for row in rows:
        for recusal in kept_from[row.proposal_id]:
            key = (row.id, trustees[recusal.person_id])
            mark = found.get(key, Mark())
            own = mark.declared not in (None, InterestKind.NONE)
            said = (mark.reason, mark.at, mark.by) if own else (recusal.reason, recusal.at, recusal.by)
            found[key] = Mark(mark.declared, *said, kept=True)
    reader = ProposalReader
    readers = sa.select(reader.proposal_id, reader.person_id).where(
        reader.proposal_id.in_([one.proposal_id for one in rows]), reader.person_id.in_(sorted(trustees)),
        reader.ended_at.is_(None),
    )  # fmt: skip
    opened = {(row.proposal_id, trustees[row.person_id]) for row in session.execute(readers)}
    for row in rows:
        for trustee in people:
            if (row.proposal_id, trustee) in opened and (key := (row.id, trustee)) in found:
                found[key] = replace(found[key], open=True)
    return found


# ------------------------------------------------------------------------------------------ notes, questions, answers


def note_of(session: Session, considered: Considered, trustee: int) -> TrusteeNote | None:
    """A trustee's own note on a proposal; one query."""
    note = TrusteeNote
    asked = sa.select(note).where(note.considered_id == considered.id, note.trustee_id == trustee)
    return session.scalars(asked).one_or_none()


def questions_on(session: Session, considered: Considered) -> Sequence[tuple[BoardQuestion, str]]:
    """What trustees asked of a proposal, with who asked, oldest first; one query."""
    asked = sa.select(BoardQuestion, Trustee.name).join(Trustee, Trustee.id == BoardQuestion.trustee_id)
    rows = session.execute(asked.where(BoardQuestion.considered_id == considered.id).order_by(BoardQuestion.id))
    return [(row[0], row[1]) for row in rows]


# ---------------------------------------------------------------------------------------------------- votes and advice


@dataclass(frozen=True, slots=True)
class Voted:
    """A vote with whose it is; counts: not of a trustee who is kept from the proposal by now."""

    vote: Vote
    name: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Balloted:
    """A vote that was opened, with the votes in the order of names."""

    ballot: Ballot
    votes: Sequence[Voted]

    @property
    def count(self) -> Count:
        """What the votes that count come to."""
        return counted(one.vote.choice for one in self.votes if one.counts)

    def by(self, trustee: int) -> Vote | None:
        """The vote of a trustee."""
        return next((one.vote for one in self.votes if one.vote.trustee_id == trustee), None)


def ballots_on(session: Session, considered: Considered) -> Sequence[Balloted]:
    """The votes that were opened on a proposal, oldest first; one query."""
    other = aliased(Considered)
    last = (
        sa.select(Interest.kind)
        .join(other, other.id == Interest.considered_id)
        .where(Interest.trustee_id == Vote.trustee_id, other.proposal_id == considered.proposal_id)
        .order_by(Interest.id.desc())
        .limit(1)
        .correlate(Vote)
        .scalar_subquery()
    )
    asked = (
        sa.select(Ballot, Vote, Trustee.name, Trustee.person_id, _kept_from(considered), last.label("last"))
        .outerjoin(Vote, Vote.ballot_id == Ballot.id)
        .outerjoin(Trustee, Trustee.id == Vote.trustee_id)
        .where(Ballot.considered_id == considered.id)
        .order_by(Ballot.id, Trustee.name, Vote.id)
    )
    found: dict[int, tuple[Ballot, list[Voted]]] = {}
    for row in session.execute(asked):
        _, votes = found.setdefault(row[0].id, (row[0], []))
        if row[1] is not None:
            votes.append(Voted(row[1], row[2], not _kept(row)))
    return [Balloted(ballot, votes) for ballot, votes in found.values()]


def advice_on(session: Session, considered: Considered) -> Sequence[Advice]:
    """What the Board advised on a proposal, oldest first: the last stands."""
    return session.scalars(sa.select(Advice).where(Advice.considered_id == considered.id).order_by(Advice.id)).all()


def shaken(advice: Advice | None, ballots: Sequence[Balloted]) -> Balloted | None:
    """The vote that an advice rests on, where its votes come to something else by now: somebody who voted declared an
    interest afterwards."""
    found = next((one for one in ballots if advice and one.ballot.id == advice.ballot_id), None)
    if advice is None or found is None:
        return None
    then = Count(advice.votes_for, advice.votes_against, advice.abstained)
    return found if found.count != then else None


# --------------------------------------------------------------------------------------------------------- the others


def beside(
    session: Session, actor: Actor, of: BoardSession, fund_id: int, reference: str
) -> tuple[str | None, str | None]:  # fmt: skip
    """The references of the proposals before and after this one, of those that somebody may open; one query."""
    asked = sa.select(Proposal.reference).join(Considered, Considered.proposal_id == Proposal.id)
    asked = asked.where(
        Considered.session_id == of.id, before_the_board(actor, fund_id), visible(actor, fund_id)
    )  # fmt: skip
    all_ = session.scalars(asked.order_by(Proposal.reference)).all()
    place = all_.index(reference) if reference in all_ else -1
    if place < 0:
        return None, None
    return (all_[place - 1] if place else None), (all_[place + 1] if place + 1 < len(all_) else None)
