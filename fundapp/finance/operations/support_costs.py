"""Support costs of a month, posted once it is over, and trued up where its expenditure changed afterwards."""

from __future__ import annotations

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.finance.models import SupportCosts
from fundapp.finance.queries.support_costs import month as month_of
from fundapp.finance.rules.books import CASH
from fundapp.finance.rules.support_costs import MEMO, SUPPORT_COSTS, last_of
from fundapp.funds.models import Fund
from fundapp.funds.queries import hold
from fundapp.kernel.clock import today
from fundapp.kernel.errors import refuse
from fundapp.kernel.work import Work
from fundapp.ledger.core import Entry, Line
from fundapp.ledger.operations import post
from fundapp.ledger.queries import accounts, first_open_day


@operation(Permission.SUPPORT_COSTS_POST)
def post_support_costs(work: Work, fund: Fund, year: int, month: int, seen: int | None = None) -> SupportCosts:
    """Book what the rate comes to on a month's expenditure, less what is booked already, on its last day or the first
    open one after it. seen: the difference that the one who posts saw, in cents."""
    hold(work.session, [fund])
    if last_of(year, month) >= today():
        raise refuse("support.not-over", month=f"{year:04}-{month:02}")
    found = month_of(work.session, fund, year, month)
    if not found.rate:
        raise refuse("support.no-rate", month=found.name)
    if seen is not None and seen != found.difference:
        raise refuse("support.changed", month=found.name)
    if not found.difference:
        raise refuse("support.nothing", month=found.name)
    ids = accounts(work.session)
    day = first_open_day(work.session, fund.id, found.last)
    lines = (Line(ids[SUPPORT_COSTS], found.difference), Line(ids[CASH], -found.difference))
    made = SupportCosts(
        fund_id=fund.id, year=year, month=month, run=found.runs + 1, rate=found.rate, base_cents=found.base,
        expected_cents=found.expected, booked_cents=found.difference, booked_on=day,
        entry_id=post(work, fund, Entry(fund.id, day, f"{MEMO}{found.name}", lines)), at=work.at, by=str(work.actor),
    )  # fmt: skip
    work.session.add(made)
    work.session.flush()
    return made
