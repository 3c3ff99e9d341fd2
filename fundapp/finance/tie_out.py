"""The tie-out: one donor's contribution of one year in three sources, and where they part. Pure; amounts are cents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fundapp.finance.printed import PrintedDonor
from fundapp.kernel.errors import Fault

Given = Mapping[tuple[int, str], int]  # (year, donor's code) -> cents
DOLLAR = 100


@dataclass(frozen=True, slots=True)
class Tie:
    """A donor's year: printed in Table 2, in the schedule, in the books; None where the source has no such row."""

    year: int
    donor: str
    printed: int | None
    scheduled: int | None
    booked: int | None
    finding: Fault

    @property
    def agrees(self) -> bool:
        """Whether the printed table and the schedule say the same."""
        return self.finding.code == "tie.agrees"

    @property
    def subject(self) -> str:
        """What an annotation of this row is kept under."""
        return f"{self.year}-{self.donor}"


@dataclass(frozen=True, slots=True)
class TieYear:
    """A year's rows with their totals; table1 where the document's Table 1 is for that year."""

    year: int
    ties: tuple[Tie, ...]
    printed: int
    scheduled: int
    booked: int | None
    table1: int | None
    finding: Fault


def single_years(donors: Sequence[PrintedDonor]) -> dict[tuple[int, str], int]:
    """What Table 2 prints for single years; biennia cannot be set beside a schedule by year."""
    return {(row.first, row.donor): row.cents for row in donors if row.first == row.last}


def tie_out(
    donors: Sequence[PrintedDonor], scheduled: Given, booked: Given, table1: Mapping[int, int], names: Mapping[str, str]
) -> tuple[TieYear, ...]:
    """Every year that both Table 2 and the schedule have, row by row.

    table1: year -> contributions by Table 1. names: donor's code -> English name, by which rows are ordered.
    """
    printed = single_years(donors)
    years = sorted({year for year, _ in printed} & {year for year, _ in scheduled})
    return tuple(_year(year, printed, scheduled, booked, table1.get(year), names) for year in years)


def _year(
    year: int, printed: Given, scheduled: Given, booked: Given, table1: int | None, names: Mapping[str, str]
) -> TieYear:
    codes = {code for source in (printed, scheduled) for found, code in source if found == year}
    lacking = None if table1 is None else table1 - sum(c for (y, _), c in printed.items() if y == year)
    ties = tuple(
        Tie(
            year,
            code,
            printed.get((year, code)),
            scheduled.get((year, code)),
            booked.get((year, code)),
            _finding(year, code, printed, scheduled, lacking),
        )
        for code in sorted(codes, key=lambda code: names.get(code, code))
    )
    in_print, in_schedule = sum(tie.printed or 0 for tie in ties), sum(tie.scheduled or 0 for tie in ties)
    in_books = sum(cents for (found, _), cents in booked.items() if found == year)
    has_books = any(found == year for found, _ in booked)
    finding = _of_the_year(in_print - in_schedule)
    return TieYear(year, ties, in_print, in_schedule, in_books if has_books else None, table1, finding)


def _of_the_year(over: int) -> Fault:
    if not over:
        return Fault("tie.agrees")
    return Fault("tie.year-high" if over > 0 else "tie.year-low", {"cents": abs(over)})


def _finding(year: int, code: str, printed: Given, scheduled: Given, lacking: int | None) -> Fault:
    here, there = printed.get((year, code)), scheduled.get((year, code))
    if here == there:
        return Fault("tie.agrees")
    if here is None and there is not None:
        if other := _moved(code, there, printed, scheduled):
            return Fault("tie.moved", {"printed": other, "scheduled": year})
        if lacking is not None and abs(lacking - there) < DOLLAR:
            return Fault("tie.missing-explains", {"cents": lacking})
        return Fault("tie.missing", {"cents": there})
    if here is not None and there is None:
        if other := _moved(code, here, scheduled, printed):
            return Fault("tie.moved", {"printed": year, "scheduled": other})
        return Fault("tie.not-scheduled", {"cents": here})
    assert here is not None and there is not None
    if abs(here - there) <= DOLLAR:
        return Fault("tie.one-dollar", {"cents": here - there})
    return Fault("tie.differs", {"cents": here - there})


def _moved(code: str, cents: int, where: Given, absent: Given) -> int | None:
    """The neighbouring year under which one source has the same amount that the other source has not."""
    return next(
        (
            year
            for (year, donor), amount in where.items()
            if donor == code and amount == cents and (year, code) not in absent
        ),
        None,
    )
