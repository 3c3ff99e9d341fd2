"""A small table that somebody sends, as CSV or as the first sheet of a workbook: headings and rows of text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice

from python_calamine import CalamineError, CalamineWorkbook

from fundapp.kernel.errors import refuse
from fundapp.kernel.sheets import HARMFUL, LARGEST, LONGEST, MOST_ROWS, Source, SourceRow, known_headings, read_csv
from fundapp.kernel.sheets import read_bytes as content_of
from fundapp.recommendations.layouts.incoming import Incoming
from fundapp.recommendations.layouts.package import opened, refuse_formulas

PACKED = b"PK\x03\x04"
WORKBOOK = "xl/workbook.xml"
_LINE = re.compile(r"\r\n|\r|\n")
_GUARDED = re.compile(rf"'+[{re.escape(''.join(HARMFUL))}]")


def cell_text(cell: object) -> str:
    """A cell as text: a workbook keeps 48 as 48.0, and a day with its midnight."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, bool):
        return str(cell).lower()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def table(file: Incoming, said: Callable[[object], str] = cell_text) -> Source:
    """The headings and rows of a file; refused where it is too large, no such file, or runs or hides anything.

    said: what a cell of a workbook says as text.
    """
    if not file.head(4).startswith(PACKED):
        return _counted(read_csv(content_of(file.path), file.name))
    if (size := file.path.stat().st_size) > LARGEST:
        raise refuse("file.too-large", name=file.name, size=size, largest=LARGEST)
    with opened(file) as package:
        if WORKBOOK not in package.namelist():
            raise refuse("package.broken", name=file.name)
        refuse_formulas(package, file.name)
    return _sheet(file, said)


def _counted(source: Source) -> Source:
    """Rows counted as a spreadsheet shows them: a text of three lines in a cell is one row, and not three."""
    more = sum(len(_LINE.findall(heading)) for heading in source.headings)
    rows = []
    for row in source.rows:
        rows.append(SourceRow(row.number - more, row.cells))
        more += sum(len(_LINE.findall(cell)) for cell in row.cells.values())
    return Source(source.name, source.headings, tuple(rows))


def _sheet(file: Incoming, said: Callable[[object], str]) -> Source:
    try:
        sheet = CalamineWorkbook.from_path(file.path).get_sheet_by_index(0)
    except (CalamineError, IndexError):
        raise refuse("package.broken", name=file.name) from None
    start = sheet.start[0] + 1 if sheet.start else 1
    filled = ((n, [said(cell) for cell in row]) for n, row in enumerate(sheet.iter_rows(), start))
    rows = ((n, cells) for n, cells in filled if any(cell.strip() for cell in cells))
    number, head = next(rows, (1, []))
    headings = _headings(head, file.name, number)
    return Source(file.name, headings, tuple(_rows(rows, headings, file.name)))


def _headings(cells: Sequence[str], name: str, row: int) -> tuple[str, ...]:
    """The headings as far as there are any: a sheet may have empty columns behind them."""
    found = [" ".join(cell.split()) for cell in cells]
    while found and not found[-1]:
        found.pop()
    if not found:
        raise refuse("csv.empty", name=name)
    return known_headings(found, name, row)


def _rows(rows: Iterator[tuple[int, list[str]]], headings: tuple[str, ...], name: str) -> Iterator[SourceRow]:
    for n, (number, cells) in enumerate(rows):
        if n == MOST_ROWS:
            raise refuse("csv.rows", name=name, largest=MOST_ROWS)
        if any(cell.strip() for cell in islice(cells, len(headings), None)):
            raise refuse("csv.width", name=name, row=number, found=len(cells), wanted=len(headings))
        for heading, cell in zip(headings, cells, strict=False):
            if len(cell) > LONGEST:
                raise refuse("csv.cell-long", name=name, row=number, column=heading, largest=LONGEST)
        yield SourceRow(number, dict(zip(headings, cells, strict=False)))


def bare(cell: str) -> str:
    """The cell without the apostrophe that kept a spreadsheet from running it."""
    return cell[1:] if _GUARDED.match(cell) else cell


def guarded(cell: str) -> str:
    """A text for a file: one that begins like such a guarded cell is guarded itself, so that it comes in unchanged."""
    return f"'{cell}" if _GUARDED.match(cell) else cell
