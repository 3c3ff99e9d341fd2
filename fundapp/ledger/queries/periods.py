"""Which days of a fund take entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.ledger.models import ClosedYear, Period, PeriodStage
from fundapp.ledger.rules import open_day


def periods(session: Session, fund_id: int) -> Sequence[Period]:
    """The periods of a fund that were ever begun to close, oldest first; one query."""
    return session.scalars(sa.select(Period).where(Period.fund_id == fund_id).order_by(Period.first, Period.last)).all()


def shut(session: Session, fund_id: int) -> list[tuple[date, date]]:
    """The days that take no entries, as first and last of each closed period, oldest first; two queries."""
    closed = session.scalar(sa.select(sa.func.max(ClosedYear.last_day)).where(ClosedYear.fund_id == fund_id))
    days = sa.select(Period.first, Period.last).where(
        Period.fund_id == fund_id, Period.stage == PeriodStage.CLOSED
    )  # fmt: skip
    found = [(first, last) for first, last in session.execute(days.order_by(Period.first))]
    return found if closed is None else [(date.min, closed), *found]


def first_open_day(session: Session, fund_id: int, on: date) -> date:
    """The day itself where it takes entries, and else the first one after it that does: a late item posts there."""
    return open_day(on, shut(session, fund_id))
