"""Support costs of a month: what they are charged on, and what a run still books. Pure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from fundapp.finance.rules.books import ERP_CLASSES

SUPPORT_COSTS = "EXP.PSC"
BASE = tuple(code for code in ERP_CLASSES if code != SUPPORT_COSTS)  # what they are charged on
MEMO = "Support costs: "  # and the month; finance/views/memos.py says it in six languages


def expected(base: int, rate: Decimal) -> int:
    """Cents of support costs on a base of cents, half a cent rounded away from nil."""
    return int((base * rate).quantize(Decimal(1), ROUND_HALF_UP))


def first_of(year: int, month: int) -> date:
    """The day a month begins on."""
    return date(year, month, 1)


def last_of(year: int, month: int) -> date:
    """The day a month ends on."""
    return date(year, month, monthrange(year, month)[1])


@dataclass(frozen=True, slots=True)
class Month:
    """A month's support costs; cents. booked: what the books hold for it already, whoever booked it; runs: how often
    it was posted."""

    year: int
    month: int
    rate: Decimal
    base: int
    booked: int
    runs: int

    @property
    def expected(self) -> int:
        """What the rate comes to."""
        return expected(self.base, self.rate)

    @property
    def difference(self) -> int:
        """What is still to be booked; negative where too much is."""
        return self.expected - self.booked

    @property
    def last(self) -> date:
        """The last day of it."""
        return last_of(self.year, self.month)

    @property
    def name(self) -> str:
        """The month for an address: 2020-03."""
        return f"{self.year:04}-{self.month:02}"
