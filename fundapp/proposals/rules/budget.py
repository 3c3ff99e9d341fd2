"""A proposal's budget: its lines by class of expenditure, what they come to, and what is wrong with them. Pure.

Amounts are whole cents of United States dollars. A line is its unit cost times its quantity, rounded half up to the
cent. Support costs are worked out on the sum at the fund's rate, never typed; where they are shared out between
activities or quarters, the shares add up to the cent (largest remainder).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from fundapp.kernel.errors import Fault
from fundapp.kernel.money import Money, seen
from fundapp.proposals.rules.amounts import LARGEST, LARGEST_QUANTITY, PLACES


class ErpClass(StrEnum):
    """Classes of expenditure of the organisation's ERP."""

    STAFF = "010"
    CONTRACTUAL = "120"
    OPERATING = "125"
    SUPPLIES = "130"
    EQUIPMENT = "135"
    PARTNERS = "140"  # transfers to implementing partners
    GRANTS = "145"  # grants out
    SUPPORT = "155"  # programme support costs
    TRAVEL = "160"


TYPED = tuple(one for one in ErpClass if one is not ErpClass.SUPPORT)  # the classes that a line may have
GRANT_LIMIT = 50_000_00  # cents: grants out stay below it, each; A/HRC/47/19, Table 1
MONTH = "month"  # the unit of every line of staff
MOST_LINES = 500
MOST_MONTHS = 600  # of one line of staff: fifty posts for a year
DEAREST_MONTH = 50_000_00  # cents: no grade costs as much in a month
LONGEST = {"what": 300, "unit": 60, "activity": 40, "grade": 20, "reason": 1_000}
YEARS = range(2009, 2100)  # the fund was set up in 2009
Key = TypeVar("Key")
_QUARTER = re.compile(
    r"(?P<y>\d{4})(?:[ /-]*[QTК]|[ /-])(?P<n>[1-4])|[QTК]?(?P<n2>[1-4])[ /-](?P<y2>\d{4})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months of a calendar year; number 1 begins in January."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    def following(self) -> Quarter:
        """The quarter after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)


@lru_cache(maxsize=1_000)  # a proposal names the same few in each of its activities and lines
def quarter_of(text: str) -> Quarter | None:
    """The quarter that people write as 2027-Q1, 2027/1, Q1 2027 or T1 2027; None for what is none."""
    found = _QUARTER.fullmatch(seen(text).strip())
    if not found:
        return None
    year, number = int(found["y"] or found["y2"]), int(found["n"] or found["n2"])
    return Quarter(year, number) if year in YEARS else None


def quarters(first: Quarter, last: Quarter) -> tuple[Quarter, ...]:
    """The quarters from one to another, both with them; none where the last is before the first."""
    found = []
    while first <= last:
        found.append(first)
        first = first.following()
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a budget; `quarter` None: evenly over all of the proposal's, `activity` "": for all of them.

    Of staff, the unit is a month, the quantity months of work, and the unit cost the monthly rate of the grade.
    reason: why a grant out reaches the limit that grants stay below.
    """

    erp_class: ErpClass
    what: str
    unit: str
    unit_cents: int
    quantity: Decimal
    activity: str = ""
    quarter: Quarter | None = None
    grade: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        if not self.quantity.is_finite():
            raise ValueError(f"{self.quantity} is no quantity")

    @property
    def cents(self) -> int:
        """What the line comes to."""
        return _half_up(self.unit_cents, self.quantity)


def staff(grade: str, months: Decimal, monthly_cents: int, what: str, activity: str = "") -> Line:
    """A line of staff: so many months of a grade at its monthly rate."""
    return Line(ErpClass.STAFF, what, MONTH, monthly_cents, months, activity, grade=grade)


def _half_up(cents: int, factor: Decimal) -> int:
    """Cents times a decimal, exactly, in whole cents; half a cent is rounded away from nothing."""
    over, under = factor.as_integer_ratio()
    whole = (2 * abs(cents * over) + under) // (2 * under)
    return whole if cents * over >= 0 else -whole


# -------------------------------------------------------------------------------------------------------- totals


@dataclass(frozen=True, slots=True)
class Totals:
    """What a budget comes to, in cents; each of the four views adds up to `total`, support costs and all.

    by_activity: "" is what no activity is named for. by_quarter: None is what no quarter is known for.
    """

    direct: int
    support: int
    by_class: Mapping[ErpClass, int]
    by_year: Mapping[int | None, int]
    by_activity: Mapping[str, int]
    by_quarter: Mapping[Quarter | None, int]

    @property
    def total(self) -> int:
        """Everything: what the fund is asked for."""
        return self.direct + self.support


def support_costs(direct: int, rate: Decimal) -> int:
    """Programme support costs in cents on an amount; Decimal("0.13") is 13 per cent."""
    if not 0 <= rate < 1:
        raise ValueError(f"{rate} is no rate of support costs")
    return _half_up(direct, rate)


def totals(lines: Iterable[Line], rate: Decimal, over: Sequence[Quarter] = ()) -> Totals:
    """The sums of a budget; lines that are nothing, negative, beyond any fund or typed support costs are left out, as
    faults() says.

    over: the quarters of the proposal, for lines that name none.
    """
    counted = [line for line in lines if 0 < line.cents <= LARGEST and line.erp_class in TYPED]
    direct = sum(line.cents for line in counted)
    support = support_costs(direct, rate)
    parts = [part for line in counted for part in _parts(line, over)]
    shares = Money(support).split([cents for _, _, cents in parts]) if direct else ()
    whole = [(name, quarter, cents + share.minor) for (name, quarter, cents), share in zip(parts, shares, strict=True)]
    by_class = _summed((line.erp_class, line.cents) for line in counted)
    by_class |= {ErpClass.SUPPORT: support} if support else {}
    by_quarter = _in_time((quarter, cents) for _, quarter, cents in whole)
    by_year = _summed((quarter.year if quarter else None, cents) for quarter, cents in by_quarter.items())
    by_activity = _summed((name, cents) for name, _, cents in whole)
    return Totals(direct, support, dict(sorted(by_class.items())), by_year, by_activity, by_quarter)


def _parts(line: Line, over: Sequence[Quarter]) -> Iterator[tuple[str, Quarter | None, int]]:
    """The line by quarter; one without a quarter is spread evenly over those of the proposal."""
    if line.quarter is not None or not over:
        yield line.activity, line.quarter, line.cents
        return
    for quarter, share in zip(over, Money(line.cents).split([1] * len(over)), strict=True):
        if share:
            yield line.activity, quarter, share.minor


def _summed(found: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    sums: dict[Key, int] = {}
    for key, cents in found:
        sums[key] = sums.get(key, 0) + cents
    return sums


def _in_time(found: Iterable[tuple[Quarter | None, int]]) -> dict[Quarter | None, int]:
    """Sums in the order of time, what has none at the end."""
    sums = _summed(found)
    return {key: sums[key] for key in sorted(sums, key=lambda key: (key is None, key or Quarter(0, 0)))}


# -------------------------------------------------------------------------------------------------------- faults


@dataclass(frozen=True, slots=True)
class Limits:
    """What a call and the proposal allow: the total in cents, the quarters and the activities that lines may name."""

    floor: int | None = None
    ceiling: int | None = None
    quarters: Collection[Quarter] = ()
    activities: Collection[str] = ()


def faults(lines: Sequence[Line], rate: Decimal, limits: Limits, rows: Sequence[int] = ()) -> list[Fault]:
    """All that is wrong with a budget, line by line and as a whole; rows: how the lines are numbered, else from 1."""
    numbers = rows or range(1, len(lines) + 1)
    found = [fault for number, line in zip(numbers, lines, strict=True) for fault in _wrong(number, line, limits)]
    return found + whole_faults(lines, rate, limits)


def whole_faults(lines: Sequence[Line], rate: Decimal, limits: Limits) -> list[Fault]:
    """What is wrong with a budget as a whole: nothing in it, too many lines, above the ceiling, below the floor."""
    total = totals(lines, rate).total
    found = []
    if len(lines) > MOST_LINES:
        found.append(Fault("budget.many", {"found": len(lines), "largest": MOST_LINES}))
    if total == 0:
        found.append(Fault("budget.nothing"))
    elif limits.floor is not None and total < limits.floor:
        values = {"total_cents": total, "floor_cents": limits.floor, "lacking_cents": limits.floor - total}
        found.append(Fault("budget.below", values))
    if limits.ceiling is not None and total > limits.ceiling:
        values = {"total_cents": total, "ceiling_cents": limits.ceiling, "over_cents": total - limits.ceiling}
        found.append(Fault("budget.above", values))
    return found


def _wrong(row: int, line: Line, limits: Limits) -> Iterator[Fault]:
    yield from _wrong_words(row, line)
    yield from _wrong_figures(row, line)
    if line.erp_class is ErpClass.SUPPORT:
        yield Fault("budget.support-typed", {}, row, "class")
    if line.erp_class is ErpClass.STAFF:
        yield from _wrong_staff(row, line)
    elif line.grade:
        yield Fault("budget.grade-no-staff", {"grade": line.grade[:20]}, row, "grade")
    if line.erp_class is ErpClass.GRANTS and line.cents >= GRANT_LIMIT and not line.reason.strip():
        yield Fault("budget.grant-large", {"cents": line.cents, "limit_cents": GRANT_LIMIT}, row, "reason")
    if line.quarter is not None and limits.quarters and line.quarter not in limits.quarters:
        known = f"{min(limits.quarters)} - {max(limits.quarters)}"
        yield Fault("budget.quarter-outside", {"text": str(line.quarter), "known": known}, row, "quarter")
    if line.activity and limits.activities and line.activity not in limits.activities:
        known_activities = sorted(limits.activities)[:20]
        yield Fault("budget.activity-unknown", {"text": line.activity[:40], "known": known_activities}, row, "activity")


def _wrong_words(row: int, line: Line) -> Iterator[Fault]:
    if not line.what.strip():
        yield Fault("budget.no-what", {}, row, "what")
    if not line.unit.strip():
        yield Fault("budget.no-unit", {}, row, "unit")
    for name, largest in LONGEST.items():
        if (found := len(getattr(line, name))) > largest:
            yield Fault("budget.long", {"found": found, "largest": largest}, row, name)


def _wrong_figures(row: int, line: Line) -> Iterator[Fault]:
    """Nothing, negative or absurd; a figure that is wrong by itself leaves nothing to say of the product."""
    before = [*_wrong_unit_cost(row, line), *_wrong_quantity(row, line)]
    yield from before
    if not before and line.cents == 0:
        yield Fault("budget.line-nothing", {}, row, "quantity")
    elif not before and line.cents > LARGEST:
        yield Fault("budget.line-large", {"largest_cents": LARGEST}, row, "unit_cost")


def _wrong_unit_cost(row: int, line: Line) -> Iterator[Fault]:
    if line.unit_cents <= 0:
        code = "budget.cost-negative" if line.unit_cents else "budget.cost-nothing"
        yield Fault(code, {}, row, "unit_cost")
    elif line.unit_cents > LARGEST:
        yield Fault("budget.line-large", {"largest_cents": LARGEST}, row, "unit_cost")


def _wrong_quantity(row: int, line: Line) -> Iterator[Fault]:
    if line.quantity <= 0:
        code = "budget.quantity-negative" if line.quantity else "budget.quantity-nothing"
        yield Fault(code, {}, row, "quantity")
    elif line.quantity > LARGEST_QUANTITY:
        yield Fault("budget.quantity-large", {"largest_count": LARGEST_QUANTITY}, row, "quantity")
    elif line.quantity != round(line.quantity, PLACES):
        yield Fault("budget.quantity-decimals", {"most": PLACES}, row, "quantity")


def _wrong_staff(row: int, line: Line) -> Iterator[Fault]:
    if not line.grade.strip():
        yield Fault("budget.no-grade", {}, row, "grade")
    if line.quantity > MOST_MONTHS:
        yield Fault("budget.months-large", {"largest": MOST_MONTHS}, row, "quantity")
    if DEAREST_MONTH < line.unit_cents <= LARGEST:
        yield Fault("budget.rate-large", {"largest_cents": DEAREST_MONTH}, row, "unit_cost")
