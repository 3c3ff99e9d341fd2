"""United Nations operational rates of exchange as a file: a row for each rate, or a column for each day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from fundapp.kernel.errors import Fault, Faults, refuse
from fundapp.kernel.sheets import Source
from fundapp.kernel.text import fold
from fundapp.recommendations.layouts.incoming import Incoming
from fundapp.recommendations.layouts.sheet import bare, cell_text, table
from fundapp.reference.rules import GivenRate

LIST, GRID = "list", "grid"
DOLLARS = "USD"
FIRST_DAY = date(1990, 1, 1)
LARGEST = Decimal(10) ** 12  # units for a dollar
DECIMALS = 12
# What the columns may be called, folded; of several the first that is there is taken
CODE = ("currency code", "code", "abbreviation", "abbrev", "iso", "iso code", "currency", "ccy")
SINCE = ("effective date", "effective from", "effective", "since", "valid from", "from", "date")
RATE = ("rate", "operational rate", "un operational rate", "exchange rate", "rate of exchange", "units per dollar",
        "units per usd", "units per us dollar")  # fmt: skip
_CODE = re.compile(r"[A-Z]{3}")
_ISO = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ].*)?")
_WORDY = re.compile(r"(\d{1,2})[ ./-]*([A-Za-z]{3})[A-Za-z]*[ .,/-]*(\d{4}|\d{2})")
_FIGURES = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_GROUPED = re.compile(r"\d{1,3}(?:([ \u00a0\u202f,])\d{3})(?:\1\d{3})*(?:\.\d+)?")
_COMMA = re.compile(r"0,\d+|\d+,(?:\d{1,2}|\d{4,})")


@dataclass(frozen=True, slots=True)
class RatesFile:
    """A file of rates that was read; left_out: codes that are no currency known here, with the rows of each."""

    name: str
    layout: str
    rates: tuple[GivenRate, ...]
    left_out: Mapping[str, int]
    rows: int


@dataclass(frozen=True, slots=True)
class _Cell:
    """A rate as it is written: in which row and column, of what, from when."""

    row: int
    code: str
    since: str
    rate: str
    since_column: str
    rate_column: str
    code_column: str


def read_rates(file: Incoming, known: Collection[str], last: date, faults: Faults) -> RatesFile:
    """The rates of a file; what is wrong goes to the faults. known: the codes of the currencies; last: no rate may take
    effect after that day."""
    source = table(file, _said)
    layout, written = _laid_out(source)
    cells = list(written)
    if not cells:
        raise refuse("rate.none", name=source.name)
    order = _order(source.name, [cell.since for cell in cells], faults)
    reader = _Reader(source.name, frozenset(known), last, order, faults)
    for cell in cells:
        reader.take(cell)
    rates = tuple(sorted(reader.found.values(), key=lambda one: one.row))
    return RatesFile(source.name, layout, rates, dict(reader.left_out), len(cells))


def _said(cell: object) -> str:
    """A workbook keeps rates as binary fractions: twelve figures are what was typed."""
    if isinstance(cell, float) and not isinstance(cell, bool):
        return f"{Decimal(f'{cell:.12g}'):f}" if abs(cell) < LARGEST * 1000 else str(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell_text(cell)


def _laid_out(source: Source) -> tuple[str, Iterator[_Cell]]:
    """How the file is laid out, and its rates; refused where it is neither way."""
    folded = {fold(heading): heading for heading in source.headings}
    code = next((folded[word] for word in CODE if word in folded), None)
    since = next((folded[word] for word in SINCE if word in folded), None)
    rate = next((folded[word] for word in RATE if word in folded), None)
    if code and since and rate:
        return LIST, _listed(source, code, since, rate)
    days = [heading for heading in source.headings if _looks_like_day(heading)]
    if code and days:
        return GRID, _gridded(source, code, days)
    raise refuse("rate.no-layout", name=source.name, there=", ".join(source.headings[:12]))


def _listed(source: Source, code: str, since: str, rate: str) -> Iterator[_Cell]:
    for row in source.rows:
        what, day, units = (bare(row.cells.get(heading, "")).strip() for heading in (code, since, rate))
        if what or day or units:
            yield _Cell(row.number, what, day, units, since, rate, code)


def _gridded(source: Source, code: str, days: Collection[str]) -> Iterator[_Cell]:
    """A row for each currency, a column for each day; an empty cell says that the rate before it goes on."""
    for row in source.rows:
        text = row.cells.get(code, "").strip()
        for heading in days:
            if cell := bare(row.cells.get(heading, "")).strip():
                yield _Cell(row.number, text, heading, cell, heading, heading, code)


def _looks_like_day(text: str) -> bool:
    return any(pattern.fullmatch(text.strip()) for pattern in (_ISO, _WORDY, _FIGURES))


def _order(name: str, texts: Collection[str], faults: Faults) -> str:
    """Whether days written like 03/04/2020 put the day first or the month, as far as the file tells; empty where it
    does not."""
    written = [(int(found[1]), int(found[3])) for text in set(texts) if (found := _FIGURES.fullmatch(text.strip()))]
    day_first = any(first > 12 for first, _second in written)
    month_first = any(second > 12 for _first, second in written)
    if day_first and month_first:
        faults.append(Fault("rate.days-mixed", {"name": name}))
    return "day" if day_first else "month" if month_first else ""


def day_of(text: str, order: str) -> date | None:
    """The day that a text means; none for one that could be two. ValueError for what is no day at all."""
    plain = text.strip()
    if found := _ISO.fullmatch(plain):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _WORDY.fullmatch(plain):
        year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
        return date(year, _MONTHS.get(found[2].lower(), 0), int(found[1]))
    found = _FIGURES.fullmatch(plain)
    if not found:
        raise ValueError(text)
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if found[2] == "." or order == "day" or first == second:
        return date(year, second, first)
    return date(year, first, second) if order == "month" else None


def rate_of(text: str) -> Decimal:
    """Units for one dollar: 0.97, 1 234.5, 1,234.5 or 0,97; ValueError for what could mean two things, or nothing."""
    plain = text.strip()
    if _COMMA.fullmatch(plain):
        plain = plain.replace(",", ".")
    elif _GROUPED.fullmatch(plain) and ("." in plain or plain.count(",") != 1):
        plain = re.sub("[ \u00a0\u202f,]", "", plain)
    if not _PLAIN.fullmatch(plain) or not plain.isascii():
        raise ValueError(text)
    found = Decimal(plain).normalize()
    if not 0 < found < LARGEST or -int(found.as_tuple().exponent) > DECIMALS:
        raise ValueError(text)
    return Decimal(f"{found:f}")


class _Reader:
    """Takes rate by rate, and keeps what is wrong with any."""

    def __init__(self, name: str, known: frozenset[str], last: date, order: str, faults: Faults) -> None:
        self.name, self.known, self.last, self.order, self.faults = name, known, last, order, faults
        self.found: dict[tuple[str, date], GivenRate] = {}
        self.left_out: Counter[str] = Counter()

    def take(self, cell: _Cell) -> None:
        """One rate; what countries share stands in a list many times, and must be the same each time."""
        before = len(self.faults)
        code = cell.code.upper()
        if not _CODE.fullmatch(code):
            self._wrong(cell, cell.code_column, "rate.no-code", text=cell.code[:40])
        since, rate = self._since(cell), self._rate(cell)
        if len(self.faults) > before or since is None or rate is None:
            return
        if code == DOLLARS:
            if rate != 1:
                self._wrong(cell, cell.rate_column, "rate.dollars", text=cell.rate[:40])
        elif code not in self.known:
            self.left_out[code] += 1
        elif (earlier := self.found.setdefault((code, since), GivenRate(cell.row, code, since, rate))).rate != rate:
            values = {"currency": code, "since": since.isoformat(), "other": earlier.row}
            self._wrong(cell, cell.rate_column, "rate.twice", **values)

    def _since(self, cell: _Cell) -> date | None:
        try:
            found = day_of(cell.since, self.order)
        except ValueError:
            self._wrong(cell, cell.since_column, "rate.no-day", text=cell.since[:40])
            return None
        if found is None:
            self._wrong(cell, cell.since_column, "rate.two-days", text=cell.since[:40])
        elif not FIRST_DAY <= found <= self.last:
            days = {"first": FIRST_DAY.isoformat(), "last": self.last.isoformat()}
            self._wrong(cell, cell.since_column, "rate.day-far", day=found.isoformat(), **days)
        return found

    def _rate(self, cell: _Cell) -> Decimal | None:
        try:
            return rate_of(cell.rate)
        except ValueError:
            self._wrong(cell, cell.rate_column, "rate.no-rate", text=cell.rate[:40])
            return None

    def _wrong(self, cell: _Cell, column: str, code: str, **values: object) -> None:
        self.faults.append(Fault(code, {"name": self.name, **values}, cell.row, column))
