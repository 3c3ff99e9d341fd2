"""Tables as files: reading a CSV that people send, writing CSV and XLSX that a spreadsheet opens without harm."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from pathlib import Path

from fundapp.kernel.errors import Fault, Refusal, refuse

LARGEST = 20 * 1024 * 1024  # bytes of a file; the largest real one so far has 2 MB
MOST_ROWS = 100_000  # of a table; the largest real one so far has 254
LONGEST = 10_000  # characters of a cell
LONGEST_HEADING = 80
PIECE = 500  # rows of a CSV file that are written at a time
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods, and the older .xls
WIDE = (b"\xff\xfe", b"\xfe\xff")  # the marks of UTF-16, which holds zero bytes and is text all the same
# What a spreadsheet takes for a formula; the wide forms too, where East Asian text is typed
HARMFUL = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
Cell = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row as it stands in a file; `number` counts lines of the file from 1, the heading included."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: its headings in order and its rows."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[SourceRow, ...]


def read_bytes(path: Path) -> bytes:
    """The content of a file that someone names, refused when it is missing, a folder, or too large."""
    try:
        if path.is_file() and path.stat().st_size > LARGEST:
            raise refuse("file.too-large", name=path.name, size=path.stat().st_size, largest=LARGEST)
        with path.open("rb") as file:
            return file.read(LARGEST + 1)  # a device or a pipe has no size and may have no end
    except FileNotFoundError:
        raise refuse("file.missing", name=str(path)) from None
    except IsADirectoryError:
        raise refuse("file.folder", name=str(path)) from None
    except OSError as error:
        raise refuse("file.unreadable", name=str(path), reason=error.strerror or str(error)) from None


def decode(content: bytes, name: str) -> str:
    """The text of a file in UTF-8, with or without a byte order mark; anything else is refused, never guessed."""
    if len(content) > LARGEST:
        raise refuse("file.too-large", name=name, size=len(content), largest=LARGEST)
    if content.startswith(WORKBOOKS):
        raise refuse("file.is-workbook", name=name)
    if content.startswith(WIDE):
        raise refuse("file.encoding", name=name, line=1)
    if b"\0" in content:
        raise refuse("file.not-text", name=name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].replace(b"\r\n", b"\n")
        line = before.count(b"\n") + before.count(b"\r") + 1
        raise refuse("file.encoding", name=name, line=line) from None


def read_csv(content: bytes, name: str) -> Source:
    """A CSV file: commas, or semicolons where the heading has them and no comma; blank lines are passed over."""
    text = decode(content, name)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    headings: tuple[str, ...] = ()
    rows: list[SourceRow] = []
    number = 1  # of the line that the row begins on: a cell in quotation marks may run over several
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if not headings:
                    headings = known_headings([cell.strip() for cell in cells], name, number)
                elif len(rows) == MOST_ROWS:
                    raise refuse("csv.rows", name=name, largest=MOST_ROWS)
                else:
                    rows.append(_row(cells, headings, number, name))
            number = reader.line_num + 1
    except csv.Error:
        raise refuse("csv.broken", name=name, row=number) from None
    if not headings:
        raise refuse("csv.empty", name=name)
    return Source(name, headings, tuple(rows))


def _separator(text: str) -> str:
    """What parts the cells of the heading row."""
    heading = next((line for line in io.StringIO(text, newline=None) if line.strip()), "")
    return next((mark for mark in (",", ";", "\t") if mark in heading), ",")


def known_headings(found: Sequence[str], name: str, row: int) -> tuple[str, ...]:
    """Headings, trimmed already; one that is empty, too long or there twice is a Refusal with its place."""
    for n, heading in enumerate(found, 1):
        if not heading:
            raise refuse("csv.heading-empty", row=row, name=name, number=n)
        if len(heading) > LONGEST_HEADING:
            raise refuse("csv.heading-long", row=row, name=name, number=n, largest=LONGEST_HEADING)
        if heading in found[: n - 1]:
            raise refuse("csv.heading-twice", row=row, column=heading, name=name, heading=heading)
    return tuple(found)


def _row(cells: Sequence[str], headings: tuple[str, ...], number: int, name: str) -> SourceRow:
    if len(cells) != len(headings):
        raise refuse("csv.width", name=name, row=number, found=len(cells), wanted=len(headings))
    for heading, cell in zip(headings, cells, strict=True):
        if len(cell) > LONGEST:
            raise refuse("csv.cell-long", name=name, row=number, column=heading, largest=LONGEST)
    return SourceRow(number, dict(zip(headings, cells, strict=True)))


def require(source: Source, *columns: str) -> None:
    """Refuse a file that lacks a column, naming each that is missing and those that are there."""
    missing = [column for column in columns if column not in source.headings]
    if missing:
        there = ", ".join(source.headings[:12])
        raise Refusal(
            *(Fault("csv.column-missing", {"name": source.name, "heading": c, "there": there}, 1, c) for c in missing)
        )


def harmless(cell: Cell) -> str:
    """A cell as CSV writes it: text that a spreadsheet would run gets an apostrophe before it; numbers stay numbers."""
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return str(cell)
    return f"'{cell}" if cell.startswith(HARMFUL) else cell


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A CSV file with Unix line ends; amounts as Decimal are numbers, text is kept harmless."""
    return "".join(csv_pieces(headings, rows))


def csv_pieces(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The same in pieces of some hundred rows, so that a long list never lies in memory whole."""
    return _pieces([harmless(cell) for cell in row] for row in chain((headings,), rows))


def csv_rows(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV with Unix line ends, as they are: for a copy of what was sent. All else goes through csv_text."""
    return "".join(_pieces(rows))


def _pieces(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    lines = _Lines()
    writer = csv.writer(lines, lineterminator=_Lines.END)
    for row in rows:
        writer.writerow(row)
        if len(lines) == PIECE:
            yield "".join(lines)
            lines.clear()
    yield "".join(lines)


class _Lines(list[str]):
    """Takes the writer's rows. Python 3.11 puts a cell in quotation marks only for line ends that are its own end."""

    END = "\r\n"

    def write(self, row: str) -> int:
        self.append(f"{row.removesuffix(self.END)}\n")
        return len(row)
