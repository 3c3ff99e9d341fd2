"""The sessions of a fund's Board as a list: what comes next first, then what was, the newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor, Permission, may
from fundapp.board.models import (
    AgendaItem,
    BoardSession,
    Considered,
    Minutes,
    MinutesApproval,
    SessionNumber,
    SessionStage,
    Way,
)
from fundapp.board.queries.sessions import before_the_board, told
from fundapp.board.queries.withheld import agenda_readers
from fundapp.funds.models import Fund
from fundapp.kernel.text import fold
from fundapp.proposals.models import Proposal
from fundapp.proposals.queries.proposals import closed_to

PAGE = 40
SORTS = frozenset({"number", "since"})


@dataclass(frozen=True, slots=True)
class SessionsWanted:
    """What a list of sessions is narrowed to, and its order: "number", "since", with a minus before it the other way;
    "" for what comes next first."""

    words: str = ""
    stage: SessionStage | None = None
    way: Way | None = None
    year: int | None = None
    sort: str = ""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session in a list; `items` and `proposals`: how many somebody may know of; `approved`: its minutes are."""

    id: int
    number: int
    since: date
    until: date
    zone: str
    way: Way
    place: str
    hosts: str
    stage: SessionStage
    items: int
    proposals: int
    approved: bool


def sessions_of(session: Session, actor: Actor, fund: Fund, wanted: SessionsWanted, today: date) -> list[SessionRow]:
    """The sessions of a fund, as they are filtered; one query, and two more for whoever is kept from a proposal. Those
    that read no session see no counts of it."""
    reads = may(actor, Permission.SESSION_READ, fund)
    asked = (
        sa.select(
            BoardSession.id, SessionNumber.number, BoardSession.since, BoardSession.until, BoardSession.zone,
            BoardSession.way, BoardSession.place, BoardSession.hosts, BoardSession.stage,
            _items(fund.id) if reads else sa.literal(0), _proposals(actor, fund.id) if reads else sa.literal(0),
            _approved(),
        )
        .join(SessionNumber, SessionNumber.session_id == BoardSession.id)
        .where(SessionNumber.fund_id == fund.id)
    )  # fmt: skip
    if wanted.stage:
        asked = asked.where(BoardSession.stage == wanted.stage)
    if wanted.way:
        asked = asked.where(BoardSession.way == wanted.way)
    if wanted.year:
        first, last = date(wanted.year, 1, 1), date(wanted.year, 12, 31)
        asked = asked.where(BoardSession.since <= last, BoardSession.until >= first)
    rows = [SessionRow(*tuple(row)) for row in session.execute(asked.order_by(SessionNumber.number.desc()))]
    if reads and closed_to(actor):
        rows = _without_unread(session, actor, fund, rows)
    return _ordered(_fitting(rows, wanted.words), wanted.sort, today)


def _without_unread(session: Session, actor: Actor, fund: Fund, rows: Collection[SessionRow]) -> list[SessionRow]:
    """Sessions with as many items as somebody reads who is kept from a proposal."""
    readers = agenda_readers(session, actor, [one.id for one in rows], fund.id)
    item = AgendaItem
    asked = sa.select(item).where(item.session_id.in_(readers), item.removed_at.is_(None))
    found = session.scalars(asked.where(sa.or_(item.fund_id.is_(None), item.fund_id == fund.id)))
    many = Counter(
        one.session_id for one in found if readers[one.session_id].titles(one.id, one.kind.value, one.names) is not None
    )
    return [replace(one, items=many[one.id]) for one in rows]


def _fitting(rows: Collection[SessionRow], words: str) -> list[SessionRow]:
    sought = fold(words).split()
    return [one for one in rows if all(word in fold(f"{one.number} {one.place} {one.hosts}") for word in sought)]


def _ordered(rows: list[SessionRow], sort: str, today: date) -> list[SessionRow]:
    if (name := sort.lstrip("-")) in SORTS:
        return sorted(rows, key=lambda one: (getattr(one, name), one.number), reverse=sort.startswith("-"))
    live = (SessionStage.PLANNED, SessionStage.OPEN)
    ahead = [one for one in rows if one.until >= today and one.stage in live]
    before = [one for one in rows if one not in ahead]
    return sorted(ahead, key=lambda one: one.since) + sorted(before, key=lambda one: one.since, reverse=True)


def _items(fund_id: int) -> sa.ScalarSelect[int]:
    item = AgendaItem
    asked = sa.select(sa.func.count()).where(
        item.session_id == BoardSession.id, item.removed_at.is_(None),
        sa.or_(item.fund_id.is_(None), item.fund_id == fund_id),
    )  # fmt: skip
    return asked.correlate(BoardSession).scalar_subquery()


def _proposals(actor: Actor, fund_id: int) -> sa.ScalarSelect[int]:
    asked = sa.select(sa.func.count()).select_from(Considered).join(Proposal, Proposal.id == Considered.proposal_id)
    there = asked.where(
        Considered.session_id == BoardSession.id, before_the_board(actor, fund_id), told(actor, fund_id)
    )
    return there.correlate(BoardSession).scalar_subquery()


def _approved() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Minutes.session_id == BoardSession.id, MinutesApproval.minutes_id == Minutes.id
    )  # fmt: skip


def years_of(session: Session, fund: Fund) -> Sequence[int]:
    """The years in which a fund has sessions, newest first; one query."""
    asked = sa.select(BoardSession.since).join(SessionNumber, SessionNumber.session_id == BoardSession.id)
    found = session.scalars(asked.where(SessionNumber.fund_id == fund.id))
    return sorted({day.year for day in found}, reverse=True)


def next_numbers(session: Session, funds: Collection[int]) -> dict[int, int]:
    """Fund -> the number that its next session has; one query."""
    asked = sa.select(SessionNumber.fund_id, sa.func.max(SessionNumber.number)).group_by(SessionNumber.fund_id)
    rows = session.execute(asked.where(SessionNumber.fund_id.in_(funds)))
    last = {row[0]: row[1] for row in rows}
    return {fund: last.get(fund, 0) + 1 for fund in funds}
