"""Reading what sessions asked to be done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.board.models import (
    AgendaItem,
    AgendaText,
    BoardSession,
    FollowUpAction,
    ItemKind,
    SessionNumber,
    SessionStage,
)
from fundapp.board.rules.minutes import Reader
from fundapp.board.rules.withholding import Silent
from fundapp.funds.models import Fund


@dataclass(frozen=True, slots=True)
class Followed:
    """An action, the number that its session has for the fund, and the item under which it was asked for."""

    action: FollowUpAction
    number: int
    item: AgendaItem | None
    earlier: bool


def actions_for(session: Session, of: BoardSession, fund: Fund, reader: Reader) -> list[Followed]:
    """The actions of a session and those of earlier ones that are open or were done since, as somebody may read them:
    none that tells of a proposal that is closed to them. One query."""
    asked = (
        sa.select(FollowUpAction, SessionNumber.number, AgendaItem, BoardSession.id != of.id)
        .join(BoardSession, BoardSession.id == FollowUpAction.session_id)
        .join(SessionNumber, SessionNumber.session_id == BoardSession.id)
        .outerjoin(AgendaItem, AgendaItem.id == FollowUpAction.item_id)
        .where(SessionNumber.fund_id == fund.id, BoardSession.board_id == of.board_id)
        .where(sa.or_(BoardSession.id == of.id, sa.and_(BoardSession.since < of.since, _unfinished(of))))
        .where(sa.or_(AgendaItem.id.is_(None), AgendaItem.fund_id.is_(None), AgendaItem.fund_id == fund.id))
        .where(BoardSession.stage != SessionStage.CANCELLED)
        .order_by(BoardSession.since.desc(), FollowUpAction.due_on, FollowUpAction.id)
    )
    return [one for one in (Followed(*row) for row in session.execute(asked)) if _tells_nothing(one, reader)]


def _unfinished(of: BoardSession) -> sa.ColumnElement[bool]:
    """Not done by the first day of the session: what is done at it is told as done."""
    action = FollowUpAction
    return sa.or_(action.done_at.is_(None), action.done_at >= datetime.combine(of.since, time.min))


def _tells_nothing(one: Followed, reader: Reader) -> bool:
    states = one.item is not None and one.item.kind is ItemKind.PROPOSALS
    silent = Silent(reader.hidden)
    texts = (one.action.text, one.action.done_note, *(one.item.names.values() if one.item else ()))
    return all(not text or silent.of(text, states=states) == text for text in texts)


def action_at(found: Iterable[Followed], key: int) -> Followed | None:
    """The action of an address among those that somebody may read."""
    return next((one for one in found if one.action.id == key), None)


def overdue(session: Session, fund: Fund, on: date) -> int:
    """How many actions of a fund's sessions are not done although their day has passed; one query."""
    action = FollowUpAction
    asked = (
        sa.select(sa.func.count())
        .select_from(action)
        .join(SessionNumber, SessionNumber.session_id == action.session_id)
        .where(SessionNumber.fund_id == fund.id, action.done_at.is_(None), action.due_on < on)
    )
    return session.scalar(asked) or 0


def is_kept_from(reader: Reader, item: AgendaItem, texts: Iterable[AgendaText]) -> bool:
    """Whether the texts on an item tell of a proposal that is closed to somebody, who then does not write there."""
    silent, states = Silent(reader.hidden), item.kind is ItemKind.PROPOSALS
    return any(silent.of(one.text, states=states) != one.text for one in texts)


def texts_on(session: Session, item: AgendaItem) -> dict[str, AgendaText]:
    """What the minutes say on an item, by language; one query."""
    rows: Sequence[AgendaText] = session.scalars(sa.select(AgendaText).where(AgendaText.item_id == item.id)).all()
    return {one.language: one for one in rows}
