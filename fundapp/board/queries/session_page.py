"""All that the page of a session shows, in three queries beside the session itself: the agenda with its documents, the
proposals with where each stands, and who takes part with what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from fundapp.access.models import Person
from fundapp.access.policy import Actor, Permission, may
from fundapp.board.models import (
    Advice,
    AdviceOutcome,
    AgendaDocument,
    AgendaItem,
    Ballot,
    BoardSession,
    Capacity,
    Considered,
    Decision,
    DecisionOutcome,
    Interest,
    InterestKind,
    Participant,
    SessionMove,
    SessionNumber,
    Trustee,
    TrusteeTerm,
)
from fundapp.board.queries.sessions import before_the_board, reads_all
from fundapp.board.queries.withheld import OF_AGENDA, opened_by_name, put_before, reader_from
from fundapp.board.rules.agenda import AgendaReader
from fundapp.board.rules.withholding import Silent
from fundapp.proposals.models import Proposal, Recusal
from fundapp.proposals.queries.proposals import closed_to
from fundapp.reference.models import Country

_TEXT, _LAST = sa.String, sa.func.max
PERSON, MOVE = "person", "move"


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of the agenda with its documents; `names`: its title as it is read."""

    item: AgendaItem
    names: Mapping[str, str]
    papers: Sequence[AgendaDocument]


def agenda(session: Session, of: BoardSession, fund_id: int, kept: AgendaReader) -> list[Entry]:
    """The agenda as a fund sees it, with the documents of its items, but for what is kept from its reader; one
    query."""
    paper = AgendaDocument
    asked = (
        sa.select(AgendaItem, paper)
        .outerjoin(paper, sa.and_(paper.item_id == AgendaItem.id, paper.removed_at.is_(None)))
        .where(
            AgendaItem.session_id == of.id,
            AgendaItem.removed_at.is_(None),
            sa.or_(AgendaItem.fund_id.is_(None), AgendaItem.fund_id == fund_id),
        )
        .order_by(AgendaItem.position, AgendaItem.id, paper.id)
    )
    found: dict[int, tuple[AgendaItem, list[AgendaDocument]]] = {}
    rows: Any = session.execute(asked)
    for item, one in rows:
        papers = found.setdefault(item.id, (item, []))[1]
        papers += [one] if one is not None else []
    return [entry for item, papers in found.values() if (entry := _entry(item, papers, kept)) is not None]


def _entry(item: AgendaItem, papers: Sequence[AgendaDocument], kept: AgendaReader) -> Entry | None:
    kind = item.kind.value
    if (names := kept.titles(item.id, kind, item.names)) is None:
        return None
    return Entry(item, names, [one for one in papers if kept.reads(item.id, kind, one.title, one.name)])


@dataclass(frozen=True, slots=True)
class Standing:
    """A proposal before a session, and where it stands: what whoever looks declared of it, how many trustees have
    declared or are kept from it, whether a vote is open, the advice and the decision that stand. `deferred_from`: the
    number of the session that deferred it. What is said of one that is not open to a trustee is for nobody's eyes:
    `opens` says so."""

    id: int
    item_id: int
    proposal_id: int
    fund_id: int
    reference: str
    title: str
    language: str
    state: str
    cents: int
    opened: bool
    mine: InterestKind | None
    declared: int
    voting: bool
    advice: AdviceOutcome | None
    advised_cents: int | None
    decision: DecisionOutcome | None
    decided_cents: int | None
    deferred_from: int | None
    reader: int

    @property
    def part_of(self) -> str:
        """The proposal, by the name under which it may be closed to somebody."""
        return f"proposal:{self.proposal_id}"

    @property
    def opened_to(self) -> frozenset[int]:
        """Whoever looks, where it is open to them by name."""
        return frozenset({self.reader} if self.opened else ())


def opens(actor: Actor, one: Standing) -> bool:
    """Whether somebody may open a proposal before the Board, and read how it fares."""
    return may(actor, Permission.CONSIDERED_READ, one)


def standings(session: Session, actor: Actor, of: BoardSession, fund_id: int, language: str) -> list[Standing]:
    """The proposals of a fund before a session that somebody may know of, in the order of their references; one
    query."""
    return standings_and_reader(session, actor, of, fund_id, language)[0]


def standings_and_reader(
    session: Session, actor: Actor, of: BoardSession, fund_id: int, language: str
) -> tuple[list[Standing], AgendaReader]:  # fmt: skip
    """The same with what of the agenda is kept from them; one query for both."""
    state, closed = Country.__table__.c[f"name_{language}"], closed_to(actor)
    columns = (
        Considered.id, Considered.item_id, Proposal.id, Proposal.fund_id, Proposal.reference, Proposal.title,
        Proposal.language, sa.func.coalesce(state, ""), Considered.asked_cents, opened_by_name(actor.id),
        _mine(actor.id), _declared(), _voting(), Advice.outcome, Advice.amount_cents, Decision.outcome,
        Decision.amount_cents, _deferred_from(fund_id),
    )  # fmt: skip
    known = sa.case((before_the_board(actor, fund_id), True), else_=False).label("known")
    asked = (
        put_before(sa.select(*columns, *OF_AGENDA, opened_by_name(actor.id).label("opened"), known), [of.id], closed)
        .outerjoin(Advice, Advice.id == _newest(Advice))
        .outerjoin(Decision, Decision.id == _newest(Decision))
        .order_by(Proposal.reference)
    )
    rows = session.execute(asked).all()
    found = [Standing(*[*row[: len(columns)], actor.id]) for row in rows if row.known]
    return found, reader_from(rows, of.id, closed, whole=reads_all(actor, fund_id))


def _newest(model: type[Advice] | type[Decision]) -> sa.ScalarSelect[int]:
    """The one of a proposal before a session that stands: the last."""
    one = aliased(model)
    return sa.select(_LAST(one.id)).where(one.considered_id == Considered.id).correlate(Considered).scalar_subquery()


def _mine(person: int) -> sa.ScalarSelect[Any]:
    asked = sa.select(Interest.kind).join(Trustee, Trustee.id == Interest.trustee_id)
    mine = asked.where(Interest.considered_id == Considered.id, Trustee.person_id == person)
    return mine.order_by(Interest.id.desc()).limit(1).correlate(Considered).scalar_subquery()


def _declared() -> sa.ScalarSelect[int]:
    """How many trustees of the session have declared, or are kept from the proposal without having done so."""
    said = sa.exists().where(Interest.considered_id == Considered.id, Interest.trustee_id == Trustee.id)
    kept = sa.exists().where(
        Recusal.proposal_id == Considered.proposal_id, Recusal.person_id == Trustee.person_id,
        Recusal.lifted_at.is_(None),
    )  # fmt: skip
    asked = sa.select(sa.func.count(sa.distinct(Trustee.id))).join(Participant, Participant.trustee_id == Trustee.id)
    there = (Participant.session_id == Considered.session_id, Participant.removed_at.is_(None))
    return asked.where(*there, sa.or_(said, kept)).correlate(Considered).scalar_subquery()


def _voting() -> sa.ColumnElement[bool]:
    return sa.exists().where(Ballot.considered_id == Considered.id, Ballot.closed_at.is_(None))


def _deferred_from(fund_id: int) -> sa.ScalarSelect[int]:
    earlier = aliased(Considered)
    asked = sa.select(SessionNumber.number).join(earlier, earlier.session_id == SessionNumber.session_id)
    found = asked.where(earlier.id == Considered.deferred_from_id, SessionNumber.fund_id == fund_id)
    return found.correlate(Considered).scalar_subquery()


# --------------------------------------------------------------------------------------------- people and what happened


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who takes part; `seated`: of a trustee, whether they have a seat on the first day; `person_id`: as whom
    a trustee signs in."""

    id: int
    name: str
    capacity: Capacity
    function: str
    present: bool | None
    trustee_id: int | None
    person_id: int | None
    seated: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """A step of a session: what, when, why, and the name of whoever did it."""

    move: str
    reason: str
    at: datetime
    by: str
    name: str


def people_and_moves(
    session: Session, of: BoardSession, silent: Silent | None = None
) -> tuple[list[Present], list[Happened]]:
    """Who takes part, in the order of capacities, and what happened, newest first, with reasons but for what is kept
    from their reader; one query."""
    quiet = (silent or Silent(())).of
    people, moves = [], []
    for kind, key, name, word, text, present, trustee, person, seated, at, by in session.execute(_both(of)):
        if kind == PERSON:
            capacity = Capacity(word)
            people.append(Present(key, name, capacity, text, present, trustee, person, bool(seated)))
        else:
            moves.append((key, Happened(word, quiet(text), at, by, name or "")))
    order = {capacity: place for place, capacity in enumerate(Capacity)}
    people.sort(key=lambda one: (order[one.capacity], one.id))
    return people, [one for _, one in sorted(moves, key=lambda pair: -pair[0])]


def _both(of: BoardSession) -> sa.CompoundSelect[Any]:
    seated = sa.exists().where(
        TrusteeTerm.trustee_id == Participant.trustee_id, TrusteeTerm.since <= of.since, TrusteeTerm.until >= of.since,
        sa.or_(TrusteeTerm.ended_on.is_(None), TrusteeTerm.ended_on >= of.since),
    )  # fmt: skip
    people = (
        sa.select(
            sa.literal(PERSON).label("kind"), Participant.id.label("key"), Participant.name,
            sa.cast(Participant.capacity, _TEXT).label("word"), Participant.function.label("text"),
            Participant.present, Participant.trustee_id, Trustee.person_id, seated.label("seated"),
            sa.cast(sa.null(), sa.DateTime).label("at"), sa.literal("").label("by"),
        )
        .outerjoin(Trustee, Trustee.id == Participant.trustee_id)
        .where(Participant.session_id == of.id, Participant.removed_at.is_(None))
    )  # fmt: skip
    actor = sa.literal("person:") + sa.cast(Person.id, _TEXT)
    moves = (
        sa.select(
            sa.literal(MOVE), SessionMove.id, Person.name, SessionMove.move, SessionMove.reason,
            sa.cast(sa.null(), sa.Boolean), sa.cast(sa.null(), sa.BigInteger), sa.cast(sa.null(), sa.BigInteger),
            sa.false(), SessionMove.at, SessionMove.by,
        )
        .outerjoin(Person, actor == SessionMove.by)
        .where(SessionMove.session_id == of.id)
    )  # fmt: skip
    return sa.union_all(people, moves)
