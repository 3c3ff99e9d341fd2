"""What the pages of the money share: their place in the address, and reading a period from it."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, g

from fundapp.access.gate import actor
from fundapp.access.policy import Permission, Refused, may
from fundapp.access.views.address import day, language, number
from fundapp.finance.queries import latest_year
from fundapp.funds.models import Fund
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import refuse

__all__ = ["FIRST_YEAR", "blueprint", "day", "fund_for", "language", "number", "period", "years"]
blueprint = Blueprint("finance", __name__, url_prefix="/<fund:fund>/finance")
FIRST_YEAR = 2008  # before the first contribution to any of the funds


def fund_for(permission: Permission) -> Fund:
    """The fund of the address, where the one who asks may do this in it."""
    fund: Fund = g.fund
    if not may(actor(), permission, fund):
        raise Refused(f"{permission} in {fund.code}")
    return fund


def period(fund: Fund) -> tuple[date, date]:
    """The period of the address: a year, or else two dates, or else the newest year in the books."""
    year, first, last = number("year"), day("from"), day("to")
    if year is None and (first or last):
        first = first or date((last or today()).year, 1, 1)
        last = last or date(first.year, 12, 31)
        if last < first:
            raise refuse("period.upside-down", first=first.isoformat(), last=last.isoformat())
        return first, last
    if year is not None and not FIRST_YEAR <= year <= today().year + 1:
        raise refuse("address.no-year", text=str(year), first=FIRST_YEAR, last=today().year + 1)
    year = year or latest_year(db.session(), fund.id) or today().year
    return date(year, 1, 1), date(year, 12, 31)


def years() -> list[int]:
    """The years a reader may ask for, newest first."""
    return list(range(today().year, FIRST_YEAR - 1, -1))
