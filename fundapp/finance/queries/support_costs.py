"""Support costs: base, rate, booked and expected, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.finance.models import SupportCosts
from fundapp.finance.rules.support_costs import BASE, SUPPORT_COSTS, Month, first_of, last_of
from fundapp.funds.models import Fund, SupportCostRate
from fundapp.ledger.models import Account, Posting


def months(session: Session, fund: Fund, year: int) -> list[Month]:
    """The twelve months of a year; three queries."""
    return _months(session, fund, year, range(1, 13))


def month(session: Session, fund: Fund, year: int, number: int) -> Month:
    """One month of it; three queries."""
    return _months(session, fund, year, [number])[0]


def _months(session: Session, fund: Fund, year: int, wanted: Sequence[int]) -> list[Month]:
    moved = _moved(session, fund, first_of(year, wanted[0]), last_of(year, wanted[-1]))
    runs = session.scalars(sa.select(SupportCosts).where(SupportCosts.fund_id == fund.id)).all()
    rates = session.execute(
        sa.select(SupportCostRate.since, SupportCostRate.rate)
        .where(SupportCostRate.fund_id == fund.id)
        .order_by(SupportCostRate.since)
    ).all()
    found = []
    for number in wanted:
        own = [one for one in runs if (one.year, one.month) == (year, number)]
        # what runs of any month posted in this one is counted with the month that it was for
        here = sum(one.booked_cents for one in runs if (one.booked_on.year, one.booked_on.month) == (year, number))
        base, posted = moved.get(number, (0, 0))
        booked = posted - here + sum(one.booked_cents for one in own)
        rate = next((rate for since, rate in reversed(rates) if since <= last_of(year, number)), Decimal(0))
        found.append(Month(year, number, rate, base, booked, len(own)))
    return found


def _moved(session: Session, fund: Fund, first: date, last: date) -> dict[int, tuple[int, int]]:
    """Month -> what was spent that support costs are charged on, and support costs posted; cents."""
    cents = sa.cast(sa.func.sum(Posting.cents), sa.BigInteger)
    asked = (
        sa.select(Account.code, Posting.posted_on, cents)
        .join_from(Account, Posting, Posting.account_id == Account.id)
        .where(Account.code.in_((*BASE, SUPPORT_COSTS)), Posting.fund_id == fund.id)
        .where(Posting.posted_on.between(first, last))
        .group_by(Account.code, Posting.posted_on)
    )
    found: dict[int, tuple[int, int]] = {}
    for code, on, moved in session.execute(asked):
        base, posted = found.get(on.month, (0, 0))
        own = code == SUPPORT_COSTS
        found[on.month] = (base, posted + moved) if own else (base + moved, posted)
    return found


def runs_of(session: Session, fund: Fund, year: int) -> Sequence[SupportCosts]:
    """What was posted for the months of a year, in order."""
    asked = sa.select(SupportCosts).where(SupportCosts.fund_id == fund.id, SupportCosts.year == year)
    return session.scalars(asked.order_by(SupportCosts.month, SupportCosts.run)).all()
