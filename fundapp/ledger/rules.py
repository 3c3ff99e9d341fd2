"""What an account is, when a year may close, and which of several debts a payment settles. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from fundapp.kernel.errors import refuse
from fundapp.kernel.languages import LANGUAGES

RECEIVABLE = "AST.RECEIVABLE"  # contributions promised and not yet paid, by donor
CONTRIBUTIONS = "INC.CONTRIB"
NO_DONOR = 0  # in the totals of a closed year; keys of donors begin at 1


class Nature(StrEnum):
    """What an account holds; assets and expenditure grow by debits, the others by credits."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENDITURE = "expenditure"


@dataclass(frozen=True, slots=True)
class ChartLine:
    """An account as a chart of accounts lists it; `line` is the line of the statement it is printed in."""

    code: str
    nature: Nature
    names: Mapping[str, str]
    line: str | None = None
    erp_class: str | None = None

    def __post_init__(self) -> None:
        if missing := [language for language in LANGUAGES if not self.names.get(language)]:
            raise refuse("account.unnamed", code=self.code, languages=", ".join(missing))


def first_day(year: int) -> date:
    """The day a financial year begins on; financial years are calendar years."""
    return date(year, 1, 1)


def last_day(year: int) -> date:
    """The day a financial year ends on."""
    return date(year, 12, 31)


def may_close(year: int, closed: int | None, earliest: int | None, today: date) -> None:
    """Refuse to close a year that is not over, is closed already or would leave an earlier one open.

    closed: the last year that is closed; earliest: the year of the first entry; None where there is none.
    """
    if last_day(year) >= today:
        raise refuse("year.not-over", year=year)
    if closed is not None and year <= closed:
        raise refuse("year.closed", year=year)
    due = closed + 1 if closed is not None else earliest
    if due is None:
        raise refuse("year.empty", year=year)
    if year != due:
        raise refuse("year.not-in-order", year=year, due=due)


def open_day(on: date, shut: Sequence[tuple[date, date]]) -> date:
    """The day itself where no closed period holds it, and else the first after it that none does."""
    for _, last in sorted(period for period in shut if period[1] >= on):
        if any(first <= on <= until for first, until in shut):
            on = max(on, last + timedelta(days=1))
    return on


@dataclass(frozen=True, slots=True)
class Window:
    """A period cut at year ends: whole years (which may be closed and so already added up), and the days before them.

    before: the last year that is over when the period begins. whole_from..whole_to: the whole years inside, none when
    from > to. head_last: the last day before those whole years, or the day before the period where there are none.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise refuse("period.upside-down", first=self.first.isoformat(), last=self.last.isoformat())

    @property
    def before(self) -> int:
        return self.first.year - 1

    @property
    def whole_from(self) -> int:
        return self.first.year if self.first == first_day(self.first.year) else self.first.year + 1

    @property
    def whole_to(self) -> int:
        return self.last.year if self.last == last_day(self.last.year) else self.last.year - 1

    @property
    def head_last(self) -> date:
        return min(self.last, last_day(self.whole_from - 1)) if self.whole_from > 1 else date.min


def unpaid(amounts: Sequence[int], paid: int) -> list[int]:
    """What is left of each promise, oldest first, when what was paid settles the oldest first (FIFO); cents.

    More paid than promised leaves a negative amount on the newest: a donor in credit.
    """
    left = []
    for amount in amounts:
        settled = min(amount, paid)
        left.append(amount - settled)
        paid -= settled
    if paid and left:
        left[-1] -= paid
    return left
