"""Extracts of expenditure as files: CSV and workbooks, read a row at a time by the profile of their source. Pure."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from operator import itemgetter

from fundapp.finance.rules.exchange import DOLLARS
from fundapp.finance.rules.extracts import FIELDS, REQUIRED, Layout
from fundapp.finance.rules.revisions import Spent
from fundapp.kernel.errors import Fault, Faults, Refusal, refuse
from fundapp.kernel.money import exponent, parse_typed
from fundapp.kernel.sheets import WIDE, WORKBOOKS, known_headings
from fundapp.kernel.text import printable
from fundapp.ledger.core import LARGEST as LARGEST_CENTS
from fundapp.ledger.core import LARGEST_ORIGINAL
from fundapp.recommendations.layouts.incoming import Incoming
from fundapp.recommendations.layouts.incoming import day as day_of_workbook
from fundapp.recommendations.layouts.package import opened
from fundapp.recommendations.layouts.workbook import Workbook

LARGEST = 128 * 1024 * 1024  # bytes of a file: some 800,000 lines
MOST_ROWS = 500_000
EARLIEST = 2000  # the year before which nothing was spent by any fund of this program
SHOWN = 40
EVERY = 5_000  # rows after which it is told how far the reading is
WIDTHS = {"document": 60, "line": 20, "project": 60, "class": 60, "commitment": 60, "kind": 20, "account": 20}
LONGEST_TEXT = 255
Tick = Callable[[int, float], None]
_PLACES = {name: n for n, name in enumerate(FIELDS)}
_PLAIN = re.compile(r"(-?)(\d{1,15})(?:\.(\d{1,3}))?", re.ASCII)
_WRITTEN = {
    "ymd": re.compile(r"(?P<y>\d{4})[-./]?(?P<m>\d\d)[-./]?(?P<d>\d\d)(?:[T ]00:00(?::00)?)?", re.ASCII),
    "dmy": re.compile(r"(?P<d>\d{1,2})[-./](?P<m>\d{1,2})[-./](?P<y>\d{4})", re.ASCII),
    "mdy": re.compile(r"(?P<m>\d{1,2})[-./](?P<d>\d{1,2})[-./](?P<y>\d{4})", re.ASCII),
}
_CURRENCY = re.compile(r"[A-Z]{3}")


def no_tick(_rows: int, _share: float) -> None:
    """Nobody waits."""


def lines_of(file: Incoming, layout: Layout, today: date, tick: Tick = no_tick) -> Iterator[Spent]:
    """The lines of a file as they are read; at the end it is refused with all that is wrong with it, and of a row all
    that is wrong is told. Nothing may be done with the lines before the end is reached."""
    reader = _Reader(file.name, layout, today)
    rows = _workbook(file, tick) if file.head(4).startswith(WORKBOOKS) else _csv(file, tick)
    for number, cells in rows:
        if (found := reader.take(number, cells)) is not None:
            yield found
    reader.end()


def _csv(file: Incoming, tick: Tick) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file; refused where it ends in the middle of a line, as one that was cut does."""
    size = file.path.stat().st_size
    if size > LARGEST:
        raise refuse("file.too-large", name=file.name, size=size, largest=LARGEST)
    _whole(file, size)
    number = 1
    with file.path.open(encoding="utf-8-sig", newline="") as text:
        separator = _separator(file)
        reader = csv.reader(text, delimiter=separator, strict=True)
        try:
            for cells in reader:
                if any(map(str.strip, cells)):
                    yield number, cells
                number = reader.line_num + 1
                if number % EVERY == 0:
                    tick(number, os.lseek(text.fileno(), 0, os.SEEK_CUR) / size)
        except csv.Error:
            raise refuse("csv.broken", name=file.name, row=number) from None
        except UnicodeDecodeError:
            raise refuse("file.encoding", name=file.name, line=_unreadable(file)) from None


def _unreadable(file: Incoming) -> int:
    """The first line that is not UTF-8; the reader is some thousand signs ahead of the row it gave last."""
    with file.path.open("rb") as content:
        for number, line in enumerate(content, 1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                return number + line.count(b"\r", 0, error.start)  # of a file whose lines end as on old machines
    return 1


def _whole(file: Incoming, size: int) -> None:
    if not size:
        raise refuse("file.empty", name=file.name)
    with file.path.open("rb") as content:
        start = content.read(4096)
        if start.startswith(WIDE):
            raise refuse("file.encoding", name=file.name, line=1)
        if b"\0" in start:
            raise refuse("file.not-text", name=file.name)
        content.seek(size - 1)
        if content.read(1) not in (b"\n", b"\r"):
            raise refuse("extract.cut", name=file.name)


def _separator(file: Incoming) -> str:
    """What parts the cells of the heading row."""
    heading = file.head(4096).decode("utf-8", "replace").lstrip("\ufeff\r\n").splitlines()[:1]
    return next((mark for mark in (";", "\t", ",") if heading and mark in heading[0]), ",")


def _workbook(file: Incoming, tick: Tick) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet, as text."""
    width, reached = 0, [0]
    with opened(file) as package:
        book = Workbook(package, file.name, lambda share: tick(reached[0], share))
        if book.late:
            raise refuse("extract.days-of-1904", name=file.name)
        for number, cells in book.rows():
            width = width or max(cells, default=-1) + 1
            found = [_text(cells.get(column)) for column in range(max(width, max(cells, default=-1) + 1))]
            if any(found):
                reached[0] += 1
                yield number, found


def _text(value: object) -> str:
    return "" if value is None else str(value)


class _Reader:
    """Rows as they are read, into lines."""

    def __init__(self, name: str, layout: Layout, today: date) -> None:
        self.name, self.layout, self.today = name, layout, today
        self.faults = Faults()
        self.width = 0
        self.rows = self.found = self.added = 0  # lines read, lines that are well, and what those come to
        self.total: int | None = None  # cents that a row adding up says
        self.days: dict[str, date | None] = {}
        self.currencies: dict[str, str] = {}  # as they are written -> code
        self.words: dict[str, str] = {}  # texts that repeat are kept once
        self.places: dict[str, int] = {}  # document and line in one text: half the memory of two

    def take(self, number: int, cells: list[str]) -> Spent | None:
        """The line of a row, if it is one and nothing is wrong with it; the first row is the heading."""
        if not self.width:
            self._heading(number, cells)
            return None
        if len(cells) != self.width:
            self._fault("csv.width", number, None, found=len(cells), wanted=self.width)
            return None
        cells.append("")
        values = self.pick(cells)
        if self.total is not None:
            self._fault("extract.after-total", number, "document")
        elif self.layout.total and values[1].strip() == self.layout.total:
            self.total = self._amount(values[5], 2, number, "cents") or 0
        elif not self.layout.left_out or values[9].strip() not in self.layout.left_out:
            return self._line(number, values)
        return None

    def end(self) -> None:
        """Refuse a file with which anything was wrong, or whose lines do not add up to what it says."""
        if not self.width:
            raise refuse("csv.empty", name=self.name)
        if self.faults:
            raise self.faults.refusal()
        if self.total is not None and self.total != self.added:
            raise refuse("extract.total", name=self.name, total_cents=self.total, added_cents=self.added)
        if not self.found:
            raise refuse("extract.no-rows", name=self.name)

    def _heading(self, number: int, cells: Sequence[str]) -> None:
        headings = known_headings([cell.strip() for cell in cells], self.name, number)
        wanted = {what: heading for what, heading in self.layout.columns.items() if heading}
        missing = [wanted[what] for what in REQUIRED if wanted.get(what) not in headings]
        if missing:
            there = ", ".join(headings[:12])
            values = ({"name": self.name, "heading": heading, "there": there} for heading in missing)
            raise Refusal(*(Fault("csv.column-missing", one, number, str(one["heading"])) for one in values))
        self.width = len(headings)
        place = {heading: n for n, heading in enumerate(headings)}
        self.pick = itemgetter(*(place.get(wanted.get(what, ""), self.width) for what in FIELDS))
        self.wanted = wanted

    def _line(self, number: int, values: Sequence[str]) -> Spent | None:
        posted, document, line, project, erp_class, cents, text, currency, minor, kind, commitment, account, fund = (
            values
        )
        self.rows += 1
        if self.rows > MOST_ROWS:
            raise refuse("csv.rows", name=self.name, largest=MOST_ROWS)
        before = len(self.faults)
        on = self._day(posted, number)
        amount = self._amount(cents, 2, number, "cents")
        written = self._currency(currency, number)
        original = self._amount(minor, exponent(written), number, "minor") if minor.strip() else None
        document, line = _number(self._word(document, number, "document")), _number(self._word(line, number, "line"))
        if not document or not line:
            self._fault("extract.no-key", number, "line" if document else "document")
        if self.layout.fund_codes and fund.strip() not in self.layout.fund_codes:
            self._fault("extract.other-fund", number, "fund", text=printable(fund)[:SHOWN])
        if (other := self.places.setdefault(f"{document}\n{line}", number)) != number:
            self._fault("extract.twice", number, "document", document=document, line=line, other=other)
        erp_class = self._word(erp_class, number, "class")
        made = (
            self._word(project, number, "project"), erp_class.zfill(3) if erp_class.isdigit() else erp_class,
            self._word(commitment, number, "commitment"), self._word(kind, number, "kind"), self._said(text), written,
            original,
        )  # fmt: skip
        named = self._word(account, number, "account") if account else ""
        if len(self.faults) > before or on is None or amount is None:
            return None
        self.found += 1
        self.added += amount
        return Spent(number, on, document, line, *made, amount, named)

    def _day(self, text: str, number: int) -> date | None:
        found = self.days.get(text)
        if found is None:
            found = self.days[text] = self._read_day(text.strip())
            if found is None:
                self._fault("extract.no-day", number, "posted_on", text=printable(text)[:SHOWN])
            elif found > self.today or found.year < EARLIEST:
                del self.days[text]
                code = "extract.future" if found > self.today else "extract.too-early"
                self._fault(code, number, "posted_on", day=found.isoformat(), earliest=EARLIEST)
        return found

    def _read_day(self, text: str) -> date | None:
        found = _WRITTEN[self.layout.days].fullmatch(text)
        try:
            if found:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            return day_of_workbook(float(text)) if text.isascii() and text.replace(".", "", 1).isdigit() else None
        except ValueError:
            return None

    def _amount(self, text: str, places: int, number: int, what: str) -> int | None:
        try:
            found = _minor(text, places, self.layout.mark)
        except ValueError:
            self._fault("extract.no-amount", number, what, text=printable(text)[:SHOWN], places=places)
            return None
        if abs(found) > (LARGEST_CENTS if what == "cents" else LARGEST_ORIGINAL):
            self._fault("extract.large", number, what, text=printable(text)[:SHOWN])
            return None
        return found

    def _currency(self, text: str, number: int) -> str:
        found = self.currencies.get(text)
        if found is None:
            said = text.strip()
            if said and not _CURRENCY.fullmatch(said):
                self._fault("extract.no-currency", number, "currency", text=printable(said)[:SHOWN])
                return DOLLARS
            found = self.currencies[text] = said or DOLLARS
        return found

    def _word(self, text: str, number: int, what: str) -> str:
        """A code of the file, of which there is one text however often it stands there."""
        found = self.words.get(text)
        if found is None:
            found = printable(text).strip()
            if what not in ("document", "line"):
                self.words[text] = found
        if len(found) > WIDTHS[what]:
            self._fault("extract.word-long", number, what, largest=WIDTHS[what])
        return found

    def _said(self, text: str) -> str:
        return (text if text.isprintable() else printable(text)).strip()[:LONGEST_TEXT]

    def _fault(self, code: str, number: int, what: str | None, **values: object) -> None:
        column = self.wanted.get(what) if what else None
        self.faults.append(Fault(code, {"name": self.name, **values}, number, column))


def _number(text: str) -> str:
    """A number of a document or a line without zeros before it, which a workbook drops and a CSV file keeps: they are
    the same document, and would be booked twice."""
    return (text.lstrip("0") or "0") if text.startswith("0") and text.isdigit() and text.isascii() else text


def _minor(text: str, places: int, mark: str) -> int:
    """Minor units of an amount as an ERP writes it: 1234.56, 1,234.56, 1234.56-, (1 234.56)."""
    found = _PLAIN.fullmatch(text) if mark == "." else None
    if found and len(part := found[3] or "") <= places:
        value = int(found[2] + part.ljust(places, "0"))
        return -value if found[1] else value
    bare = text.strip()
    negative = False
    if bare.startswith("(") and bare.endswith(")"):
        negative, bare = True, bare[1:-1].strip()
    elif bare.endswith("-"):
        negative, bare = True, bare[:-1].strip()
    if negative and bare.startswith("-"):
        raise ValueError(text)
    binary = _floating(bare, places) if mark == "." else None
    minor = parse_typed(bare, places, mark) if binary is None else binary
    return -minor if negative else minor


def _floating(text: str, places: int) -> int | None:
    """A number of a workbook that is kept in binary: 561.1700000000001 is 561.17."""
    whole, _point, part = text.lstrip("-").partition(".")
    if len(part) < 6 or not (whole.isdigit() and part.isdigit()) or not text.isascii():
        return None
    exact = Decimal(text).scaleb(places)
    minor = int(exact.to_integral_value())
    if abs(exact - minor) > Decimal("0.0001"):
        raise ValueError(text)
    return minor
