"""A document's tables as they were printed, read and understood. Pure; amounts are US cents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fundapp.kernel.errors import Fault, Faults, refuse
from fundapp.kernel.money import parse_printed
from fundapp.kernel.sheets import Source, SourceRow, require

TABLE1, TABLE2, STATED = "table1", "table2", "stated"
COLUMNS = {
    TABLE1: ("line", "section", "printed"),
    TABLE2: ("period", "donor_iso3", "printed"),
    STATED: ("paragraph", "fact", "value"),
}
TOTAL = "TOTAL"
LARGEST = 10**13  # cents; a hundred billion dollars is a slip of the pen, and a table full of them still adds up
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")
_PERIOD = re.compile(r"((?:19|20)[0-9]{2})(?:-((?:19|20)[0-9]{2}))?")
_COUNT = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of Table 1; cents None for a header line, text as it was printed."""

    line: str
    cents: int | None
    text: str


@dataclass(frozen=True, slots=True)
class PrintedDonor:
    """A row of Table 2: what one donor gave in the years `first` to `last`."""

    period: str
    first: int
    last: int
    donor: str
    cents: int
    text: str


@dataclass(frozen=True, slots=True)
class StatedFact:
    """Something a paragraph says: ("45", "donor_count", "18")."""

    paragraph: str
    fact: str
    value: str


@dataclass(frozen=True, slots=True)
class Printed:
    """All that a document prints of a fund's money, for the period of its Table 1."""

    first: date
    last: date
    lines: tuple[PrintedLine, ...]
    donors: tuple[PrintedDonor, ...]
    total: PrintedLine | None
    facts: tuple[StatedFact, ...]

    def line(self, code: str) -> PrintedLine | None:
        """A line of Table 1 by its code, if it was printed."""
        return next((line for line in self.lines if line.line == code), None)

    def cents(self, code: str) -> int | None:
        """The amount of a line of Table 1; None where it is not printed."""
        found = self.line(code)
        return found.cents if found else None

    def stated(self, fact: str) -> list[StatedFact]:
        """What the paragraphs say about one thing."""
        return [found for found in self.facts if found.fact == fact]


def parts(sources: Iterable[Source]) -> dict[str, Source]:
    """Which file is which table, by its headings; the file nearest to a layout is told what it lacks."""
    found: dict[str, Source] = {}
    for source in sources:
        overlap = {part: len({*columns} & {*source.headings}) for part, columns in COLUMNS.items()}
        part = max(overlap, key=lambda name: overlap[name] / len(COLUMNS[name]))
        if not overlap[part]:
            raise refuse("published.no-table", name=source.name, there=", ".join(source.headings[:12]))
        require(source, *COLUMNS[part])
        if part in found:
            raise refuse("published.part-twice", name=source.name, other=found[part].name, part=part)
        found[part] = source
    if TABLE1 not in found:
        raise refuse("published.no-table1")
    return found


def understand(
    sources: Mapping[str, Source],
    layout: Mapping[str, str],
    known: Callable[[str], bool],
    nearest: Callable[[str], str],
    period: tuple[date, date] | None = None,
) -> Printed:
    """The printed tables as figures; every cell that cannot be understood is named before anything is refused.

    layout: line code -> kind. known: whether a donor's code is one. nearest: what a wrong code may have meant.
    """
    faults = Faults()
    lines = [*_lines(sources[TABLE1], layout, faults)]
    donors, total = _donors(sources.get(TABLE2), known, nearest, faults)
    facts = [*_facts(sources.get(STATED), faults)]
    if faults:
        raise faults.refusal()
    first, last = period or _period(sources[TABLE1], donors)
    if last < first:
        raise refuse("published.period-upside-down", first=first.isoformat(), last=last.isoformat())
    return Printed(first, last, tuple(lines), tuple(donors), total, tuple(facts))


def _amount(row: SourceRow, name: str, faults: Faults) -> int | None:
    text = row.cells["printed"]
    try:
        cents = parse_printed(text)
    except ValueError:
        faults.append(Fault("published.no-figure", {"name": name, "text": text[:60]}, row.number, "printed"))
        return None
    if cents is not None and abs(cents) > LARGEST:
        faults.append(Fault("published.figure-large", {"name": name, "text": text[:60]}, row.number, "printed"))
        return None
    return cents


def _lines(source: Source, layout: Mapping[str, str], faults: Faults) -> Iterator[PrintedLine]:
    seen: set[str] = set()
    for row in source.rows:
        code = row.cells["line"].strip()
        before = len(faults)
        if code not in layout:
            values = {"name": source.name, "line": code[:40]}
            faults.append(Fault("published.line-unknown", values, row.number, "line"))
        elif code in seen:
            faults.append(Fault("published.line-twice", {"name": source.name, "line": code}, row.number, "line"))
        seen.add(code)
        cents = _amount(row, source.name, faults)
        if len(faults) > before:
            continue
        if (cents is None) != (layout[code] == "header"):
            wrong = "published.figure-missing" if cents is None else "published.header-figure"
            faults.append(Fault(wrong, {"name": source.name, "line": code}, row.number, "printed"))
        yield PrintedLine(code, cents, row.cells["printed"].strip())
    for code in ("INC.CONTRIB", "OPENING"):
        if code not in seen:
            faults.append(Fault("published.line-missing", {"name": source.name, "line": code}, None, "line"))


def _donors(
    source: Source | None, known: Callable[[str], bool], nearest: Callable[[str], str], faults: Faults
) -> tuple[list[PrintedDonor], PrintedLine | None]:
    found: list[PrintedDonor] = []
    total: PrintedLine | None = None
    seen: set[tuple[str, str]] = set()
    for row in source.rows if source else ():
        assert source
        cents = _amount(row, source.name, faults)
        if row.cells["period"].strip() == TOTAL:
            if total or cents is None:
                faults.append(Fault("published.total-wrong", {"name": source.name}, row.number, "period"))
            total = PrintedLine(TOTAL, cents, row.cells["printed"].strip())
            continue
        donor = _donor(row, source.name, known, nearest, faults)
        years = _years(row, source.name, faults)
        if cents is None and row.cells["printed"].strip() == "":
            faults.append(Fault("published.no-figure", {"name": source.name, "text": ""}, row.number, "printed"))
        if donor is None or years is None or cents is None:
            continue
        period = row.cells["period"].strip()
        if (period, donor) in seen:
            values = {"name": source.name, "donor": donor, "period": period}
            faults.append(Fault("published.donor-twice", values, row.number, "donor_iso3"))
        seen.add((period, donor))
        found.append(PrintedDonor(period, *years, donor, cents, row.cells["printed"].strip()))
    return found, total


def _donor(
    row: SourceRow, name: str, known: Callable[[str], bool], nearest: Callable[[str], str], faults: Faults
) -> str | None:
    code = row.cells["donor_iso3"].strip()
    if known(code):
        return code
    values = {"name": name, "donor": code[:80], "nearest": nearest(code[:80])}
    faults.append(Fault("donor.unknown", values, row.number, "donor_iso3"))
    return None


def _years(row: SourceRow, name: str, faults: Faults) -> tuple[int, int] | None:
    text = row.cells["period"].strip()
    found = _PERIOD.fullmatch(text)
    if not found:
        faults.append(Fault("published.no-period", {"name": name, "text": text[:40]}, row.number, "period"))
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    if last < first:
        values = {"name": name, "first": str(first), "last": str(last)}
        faults.append(Fault("published.years-upside-down", values, row.number, "period"))
        return None
    return first, last


def _facts(source: Source | None, faults: Faults) -> Iterator[StatedFact]:
    for row in source.rows if source else ():
        assert source
        fact = StatedFact(*(row.cells[column].strip() for column in COLUMNS[STATED]))
        if not fact.fact or not fact.value:
            column = "value" if fact.fact else "fact"
            faults.append(Fault("published.fact-empty", {"name": source.name}, row.number, column))
        elif fact.fact.endswith("_count") and not _COUNT.fullmatch(fact.value):
            values = {"name": source.name, "text": fact.value[:40]}
            faults.append(Fault("published.no-figure", values, row.number, "value"))
        yield fact


def _period(table: Source, donors: Sequence[PrintedDonor]) -> tuple[date, date]:
    """Table 1 says its period in the labels of its balances; else it is that of Table 2's newest rows."""
    labels = [heading for heading in table.headings if heading.startswith("label")]
    years = {
        code: {int(year) for row in table.rows if row.cells["line"].strip() == code
               for label in labels for year in _YEAR.findall(row.cells[label])}
        for code in ("OPENING", "CLOSING")
    }  # fmt: skip
    opening, closing = years["OPENING"], years["CLOSING"]
    if len(opening) == 1 and len(closing) == 1:
        return date(min(opening), 1, 1), date(min(closing), 12, 31)
    if len(opening | closing) == 1:
        [year] = opening | closing
        return date(year, 1, 1), date(year, 12, 31)
    if donors:
        newest = max(donors, key=lambda donor: donor.last)
        return date(newest.first, 1, 1), date(newest.last, 12, 31)
    raise refuse("published.period-unknown")
