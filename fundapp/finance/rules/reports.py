"""The statements beside the first two, as facts: rows of labels and amounts, each amount with what it opens. Pure.

A label or a head is a name that is data (six languages), plain text, or a Term: a code that `publishing` puts in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from fundapp.finance.statements import FundFacts
from fundapp.kernel.languages import is_whole_years

BALANCE, COMPARED, BUDGET = "changes-in-balance", "compared", "budget-actual"
COMMITMENTS, RECEIVABLES, AVAILABLE, TRIAL = "commitments", "receivables", "available", "trial-balance"
KINDS = (BALANCE, COMPARED, BUDGET, COMMITMENTS, RECEIVABLES, AVAILABLE, TRIAL)
ON_A_DAY = frozenset({COMMITMENTS, RECEIVABLES, AVAILABLE})  # they say how things stand, not what happened in a period
BEGINNING = date(1908, 1, 1)  # before any entry: figures that stand on a day open those since then
RowKind = Literal["group", "account", "total", "grand", "memo"]


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the program, by its code, with what is put into it."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


Label = Mapping[str, str] | Term | str


@dataclass(frozen=True, slots=True)
class Opens:
    """What a figure opens: the entries of a line of the statement or an account in a period, perhaps those of a donor
    or a project. With `thing`: a project, a commitment or a pledge by its number; what is allotted to a project, or the
    commitments of it, by the last day, `line` being classes; the projects with what they have by then."""

    line: str = ""
    first: date | None = None
    last: date | None = None
    donor: str = ""
    project: str = ""
    thing: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """Cents, and what they open; nil opens nothing."""

    cents: int
    opens: Opens | None = None


ReportCell = Amount | date | Label | None


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """A column: its code, by which files know it, its head, and whether it holds amounts."""

    code: str
    head: Label
    figures: bool = True


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A row: what files know it by, its label, and a cell for each column behind the label; opens: what the label leads
    to; warns: that it wants looking at (spent beyond the budget, expired)."""

    code: str
    kind: RowKind
    level: int
    label: Label
    cells: tuple[ReportCell, ...]
    opens: Opens | None = None
    warns: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A statement of a fund for a period, or (first None) on a day; notes stand under it. entries: how many are behind
    it, None where it is not drawn from entries alone."""

    kind: str
    fund: FundFacts
    first: date | None
    last: date
    basis: str
    head: Label  # of the column of labels
    columns: tuple[ReportColumn, ...]
    rows: tuple[ReportRow, ...]
    notes: tuple[Term, ...]
    entries: int | None
    generated_at: datetime

    def amount(self, row: str, column: str) -> int:
        """The cents of a cell."""
        place = next(n for n, one in enumerate(self.columns) if one.code == column)
        cell = next(one for one in self.rows if one.code == row).cells[place]
        return cell.cents if isinstance(cell, Amount) else 0


def year_before(first: date, last: date) -> tuple[date, date]:
    """The period that a statement is compared with: whole years with as many before them, other days with the same days
    a year (or as many years as they run over) earlier."""
    years = last.year - first.year + 1
    back = years if is_whole_years(first, last) else max(1, years)
    return _earlier(first, back), _earlier(last, back)


def _earlier(day: date, years: int) -> date:
    """The same day of an earlier year; 29 February is the 28th where there is none."""
    year = max(day.year - years, date.min.year)
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def eve(day: date) -> date:
    """The day before; the calendar has none before its first."""
    return day - timedelta(days=1) if day > date.min else day


def class_groups(accounts: Mapping[str, str | None]) -> dict[str, tuple[str, ...]]:
    """Class of expenditure ("125") -> the accounts it is booked on, which others may share (125 and 130 on one).

    accounts: code -> its classes, "125,130".
    """
    found: dict[str, tuple[str, ...]] = {}
    for code, classes in sorted(accounts.items()):
        for one in (classes or "").split(","):
            if one:
                found[one] = (*found.get(one, ()), code)
    return found


def sums(rows: Sequence[Sequence[ReportCell]], width: int, always: int = 0) -> tuple[ReportCell, ...]:
    """What the amounts of each column add up to, without what they open; no total where a column has no amount, but nil
    in the last columns, as many as there must always be one of."""
    totals: list[ReportCell] = []
    for place in range(width):
        amounts = [cell.cents for row in rows if isinstance(cell := row[place], Amount)]
        totals.append(Amount(sum(amounts)) if amounts or place >= width - always else None)
    return tuple(totals)
