"""The tie-out: one donor's contribution of one year in three sources, and where they part. Pure; amounts are cents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fundapp.finance.printed import PrintedDonor
from fundapp.kernel.errors import Fault
from fundapp.kernel.text import fold

Given = Mapping[tuple[int, str], int]  # (year, donor's code) -> cents
DOLLAR = 100  # cents: what rounding to whole dollars may hide
NOBODY = ""  # the code under which the books' income of no donor comes


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
    """A year's rows with their totals; table1 where the document's Table 1 is for that year.

    unattributed: the part of what is booked that names no donor.
    """

    year: int
    ties: tuple[Tie, ...]
    printed: int
    scheduled: int
    booked: int | None
    table1: int | None
    finding: Fault
    unattributed: int = 0


def single_years(donors: Sequence[PrintedDonor]) -> dict[tuple[int, str], int]:
    """What Table 2 prints for single years; biennia cannot be set beside a schedule by year. A nil is no row."""
    return {(row.first, row.donor): row.cents for row in donors if row.first == row.last and row.cents}


def tie_out(
    donors: Sequence[PrintedDonor], scheduled: Given, booked: Given, table1: Mapping[int, int], names: Mapping[str, str]
) -> tuple[TieYear, ...]:
    """Every year that the schedule has and Table 2 or Table 1 is for, row by row.

    table1: year -> contributions by Table 1. names: donor's code -> English name, by which rows are ordered.
    """
    single, biennial = {row.first for row in donors if row.first == row.last}, _within_biennia(donors)
    given = {key: cents for key, cents in scheduled.items() if cents}  # who gave nothing is no row either
    years = sorted((single | {*table1} - biennial) & {year for year, _ in scheduled})
    sources = _Sources(single_years(donors), given, booked, frozenset(years), bool(donors))
    return tuple(_year(year, sources, table1.get(year), names) for year in years)


def _within_biennia(donors: Sequence[PrintedDonor]) -> set[int]:
    """Years of which Table 2 says only what they and others together brought."""
    return {year for row in donors if row.first != row.last for year in range(row.first, row.last + 1)}


@dataclass(frozen=True, slots=True)
class _Sources:
    """The three sources by (year, donor's code), and the years they are set beside each other for."""

    printed: Given
    scheduled: Given
    booked: Given
    years: frozenset[int]
    has_table2: bool


def _year(year: int, sources: _Sources, table1: int | None, names: Mapping[str, str]) -> TieYear:
    printed, scheduled, booked = sources.printed, sources.scheduled, sources.booked
    codes = {code for source in (printed, scheduled) for found, code in source if found == year}
    if not sources.has_table2:
        codes.clear()
    lacking = None if table1 is None else table1 - _of(printed, year)
    ties = tuple(
        Tie(
            year,
            code,
            printed.get((year, code)),
            scheduled.get((year, code)),
            booked.get((year, code)),
            _finding(year, code, sources, lacking),
        )
        for code in sorted(codes, key=lambda code: fold(names.get(code, code)))
    )
    in_print, in_schedule, in_books = _of(printed, year), _of(scheduled, year), _of(booked, year)
    has_books = any(found == year for found, _ in booked)
    finding = _of_the_year(in_print - in_schedule) if sources.has_table2 else Fault("tie.no-table2")
    nobody = booked.get((year, NOBODY), 0)
    return TieYear(year, ties, in_print, in_schedule, in_books if has_books else None, table1, finding, nobody)


def _of(source: Given, year: int) -> int:
    """All that a source has of a year."""
    return sum(cents for (found, _), cents in source.items() if found == year)


def _of_the_year(over: int) -> Fault:
    if not over:
        return Fault("tie.agrees")
    return Fault("tie.year-high" if over > 0 else "tie.year-low", {"cents": abs(over)})


def _finding(year: int, code: str, sources: _Sources, lacking: int | None) -> Fault:
    here, there = sources.printed.get((year, code)), sources.scheduled.get((year, code))
    if here == there:
        return Fault("tie.agrees")
    if here is None and there is not None:
        if other := _moved(year, code, there, sources.printed, sources):
            return Fault("tie.moved", {"printed": other, "scheduled": year})
        if lacking is not None and abs(lacking - there) < DOLLAR:
            return Fault("tie.missing-explains", {"cents": lacking})
        return Fault("tie.missing", {"cents": there})
    if here is not None and there is None:
        if other := _moved(year, code, here, sources.scheduled, sources):
            return Fault("tie.moved", {"printed": year, "scheduled": other})
        return Fault("tie.not-scheduled", {"cents": here})
    assert here is not None and there is not None
    if abs(here - there) <= DOLLAR:
        return Fault("tie.one-dollar", {"cents": here - there})
    return Fault("tie.differs", {"cents": here - there})


def _moved(year: int, code: str, cents: int, where: Given, sources: _Sources) -> int | None:
    """The neighbouring year under which this source has the same amount, and the other source nothing."""
    absent = sources.scheduled if where is sources.printed else sources.printed
    return next(
        (
            other
            for other in (year - 1, year + 1)
            if other in sources.years and where.get((other, code)) == cents and (other, code) not in absent
        ),
        None,
    )
