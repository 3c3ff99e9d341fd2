"""Reading a session: by the number that it has for a fund, its agenda, participants, and the proposals before it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from fundapp.access.policy import Actor, Permission, may
from fundapp.board.models import (
    AgendaItem,
    BoardSession,
    Considered,
    Participant,
    SessionMove,
    SessionNumber,
    SessionStage,
    Way,
)
from fundapp.board.queries.sitting import sitting
from fundapp.board.rules.sessions import Prepared, recorded
from fundapp.funds.models import Fund
from fundapp.proposals.models import Proposal
from fundapp.proposals.queries.proposals import closed_to

OPEN = "open"  # the step by which a session is opened
OPENED = (SessionStage.OPEN, SessionStage.CLOSED)  # where trustees are told what is before a session


def session_numbered(session: Session, fund: Fund, number: int) -> BoardSession | None:
    """The session that has a number for a fund, with the numbers that it has for others; one query."""
    named = sa.select(SessionNumber.session_id).where(
        SessionNumber.fund_id == fund.id, SessionNumber.number == number
    )  # fmt: skip
    asked = sa.select(BoardSession, SessionNumber).join(SessionNumber, SessionNumber.session_id == BoardSession.id)
    found = asked.where(BoardSession.id == named.scalar_subquery()).order_by(SessionNumber.fund_id)
    rows = session.execute(found).all()
    if not rows:
        return None
    of = rows[0][0]  # no option of it to join them: whoever locks it could not, on PostgreSQL
    set_committed_value(of, "numbers", [one for _, one in rows])
    return of


def items_of(session: Session, of: BoardSession, fund_id: int) -> Sequence[AgendaItem]:
    """The agenda as a fund sees it: its own items and those that the funds share; one query."""
    asked = sa.select(AgendaItem).where(
        AgendaItem.session_id == of.id,
        AgendaItem.removed_at.is_(None),
        sa.or_(AgendaItem.fund_id.is_(None), AgendaItem.fund_id == fund_id),
    )
    return session.scalars(asked.order_by(AgendaItem.position, AgendaItem.id)).all()


def participants_of(session: Session, of: BoardSession) -> Sequence[Participant]:
    """Who is to take part; one query."""
    asked = sa.select(Participant).where(Participant.session_id == of.id, Participant.removed_at.is_(None))
    return session.scalars(asked.order_by(Participant.id)).all()


def before_the_board(actor: Actor, fund_id: int) -> sa.ColumnElement[bool]:
    """The proposals before a Board that somebody may know of, as the one filter: all of the fund but those that an
    interest keeps them from. What of them they may open is asked apart (`visible`)."""
    closed = sorted(closed_to(actor))
    known = [Considered.proposal_id.not_in(closed)] if closed else []
    return sa.and_(Considered.removed_at.is_(None), Proposal.fund_id == fund_id, *known)


def names_known(actor: Actor, of: BoardSession, fund_id: int, moves: Collection[str]) -> bool:
    """Whether somebody is told which proposals of a fund are before a session: trustees once it was opened to them,
    also where it was called off afterwards; those who read every proposal always. moves: what happened to it."""
    known = of.stage in OPENED or (of.stage == SessionStage.CANCELLED and OPEN in moves)
    return known or reads_all(actor, fund_id)


def told(actor: Actor, fund_id: int) -> sa.ColumnElement[bool]:
    """The same as a filter of sessions."""
    if reads_all(actor, fund_id):
        return sa.true()
    move = SessionMove
    opened = sa.exists().where(move.session_id == BoardSession.id, move.move == OPEN).correlate(BoardSession)
    called_off = sa.and_(BoardSession.stage == SessionStage.CANCELLED, opened)
    return sa.or_(BoardSession.stage.in_(OPENED), called_off)


def considered_in(session: Session, actor: Actor, of: BoardSession, fund_id: int) -> Sequence[Considered]:
    """The proposals before a session that somebody may know of, in the order of their references; one query."""
    asked = (
        sa.select(Considered)
        .join(Proposal, Proposal.id == Considered.proposal_id)
        .join(BoardSession, BoardSession.id == Considered.session_id)
        .options(sa.orm.contains_eager(Considered.proposal))
        .where(Considered.session_id == of.id, before_the_board(actor, fund_id), told(actor, fund_id))
    )
    return session.scalars(asked.order_by(Proposal.reference)).all()


def considered_at(
    session: Session, actor: Actor, of: BoardSession, fund_id: int, reference: str
) -> Considered | None:  # fmt: skip
    """The proposal of a reference before a session; none for one that somebody may not know of; one query."""
    found = considered_in(session, actor, of, fund_id)
    return next((one for one in found if one.proposal.reference == reference), None)


def prepared(session: Session, actor: Actor, of: BoardSession) -> Prepared:
    """How far a session is prepared, all funds together, as far as somebody may know of it; three queries."""
    items = sa.select(sa.func.count()).where(AgendaItem.session_id == of.id, AgendaItem.removed_at.is_(None))
    before = sa.select(sa.func.count()).where(
        Considered.session_id == of.id, Considered.removed_at.is_(None), Considered.proposal_id.not_in(closed_to(actor))
    )
    seated = sitting(session, of.board_id, of.since)
    return Prepared(
        session.scalar(items) or 0,
        session.scalar(before) or 0,
        len(seated),
        of.quorum,
        any(one.chairs for one in seated),
        of.way == Way.WRITTEN,
        of.silent_until,
        recorded(of.planned_at, of.until),
    )


@dataclass(frozen=True, slots=True)
class _Unopened:
    """A proposal before the Board that is open to nobody by name."""

    fund_id: int
    opened_to: frozenset[int] = frozenset()


def reads_all(actor: Actor, fund_id: int) -> bool:
    """Whether somebody reads the proposals of a fund before the Board by their role, and not because each was opened to
    them."""
    return may(actor, Permission.CONSIDERED_READ, _Unopened(fund_id))
