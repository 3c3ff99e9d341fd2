"""Documents as XLSX workbooks: a sheet for each table, figures as numbers, everything else as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from tempfile import TemporaryDirectory

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from fundapp.kernel.languages import NO_BREAK, direction, figure
from fundapp.publishing.blocks import (
    Block,
    Cell,
    Figure,
    Heading,
    Line,
    Masthead,
    Note,
    Notes,
    Paragraph,
    Properties,
    Said,
    Table,
    Title,
    cell_lines,
    legible,
    properties,
)

LONGEST_NAME = 31  # what a spreadsheet allows of a sheet's name
LONGEST_TEXT = 32_000  # and, with room for escapes, of a cell
EXACT = 10**15  # from here on a spreadsheet rounds a number
TEXT_WIDTH, FIGURE_WIDTH = 66, 18
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
RULES = {"total": {"top": 1, "bottom": 1}, "grand": {"top": 1, "bottom": 6}, "group": {"bottom": 1}}
BOLD = frozenset({"group", "total", "grand"})


@dataclass(slots=True)
class Part:
    """What one sheet holds: the text over the table, the table, the notes under it."""

    above: list[Block] = field(default_factory=list)
    table: Table | None = None
    below: list[Note] = field(default_factory=list)


def render(document: Sequence[Block], language: str) -> bytes:
    """The document as a workbook; the sheets of Arabic run from right to left."""
    file = BytesIO()
    said = properties(document)
    with (
        TemporaryDirectory(prefix="fundapp-xlsx-") as folder,
        Workbook(file, {**OPTIONS, "tmpdir": folder}) as book,
    ):
        book.set_properties({"title": said.title, "author": said.author, "subject": said.subject})
        for name, part in _named(parts(document), said):
            _Sheet(book, book.add_worksheet(name), language).write(part)
    return file.getvalue()


def number_format(amount: Figure) -> str:
    """How a spreadsheet shows the amount: space between thousands, negative in parentheses, nil "-".

    A space is no group mark of its own there: the format is written out as long as the amount is.
    """
    digits = max(len(str(abs(amount.minor))) - amount.places, 1)
    groups = [f"#{NO_BREAK}", *[f"###{NO_BREAK}"] * ((digits - 1) // 3 - 1)] if digits > 3 else []
    shown = "".join(groups) + ("##0" if groups else "0") + ("." + "0" * amount.places if amount.places else "")
    return f"{shown}_);({shown});-_)"


def parts(document: Iterable[Block]) -> list[Part]:
    """The blocks by sheet: each table takes what stands before it and the notes that follow it."""
    sheets = [Part()]
    for block in document:
        if isinstance(block, Notes):
            sheets[-1].below.extend(block.items)
        elif isinstance(block, Masthead | Title | Heading | Paragraph | Table):
            if sheets[-1].table:
                sheets.append(Part())
            if isinstance(block, Table):
                sheets[-1].table = block
            else:
                sheets[-1].above.append(block)
    return sheets


def _named(sheets: list[Part], said: Properties) -> Iterator[tuple[str, Part]]:
    taken: set[str] = set()
    for part in sheets:
        name = _name(part.table.title if part.table else said.title, taken)
        taken.add(name.casefold())
        yield name, part


def _name(title: str, taken: set[str]) -> str:
    """The title as a sheet may be called, and as no other is."""
    bare = re.sub(r"[\[\]:*?/\\]", " ", legible(title)).strip(" '")[:LONGEST_NAME].strip(" '") or "1"
    number, name = 1, bare
    while name.casefold() in taken or name.casefold() == "history":
        number += 1
        name = f"{bare[: LONGEST_NAME - len(str(number)) - 1]} {number}"
    return name


class _Sheet:
    """One sheet, written from the top down: rows that are written are not kept."""

    def __init__(self, book: Workbook, sheet: Worksheet, language: str) -> None:
        self.book, self.sheet, self.language = book, sheet, language
        self.row = 0
        self.formats: dict[tuple[tuple[str, object], ...], Format] = {}

    def write(self, part: Part) -> None:
        """Everything the sheet holds."""
        self._set_up(part.table)
        for block in part.above:
            for text, size, bold in _texts(block):
                self._text(text, {"font_size": size, "bold": bold})
        if part.table:
            self._table(part.table)
        self.row += 1
        for note in part.below:
            self._text(f"{note.mark} {note.text}".strip(), {"font_size": 9, "font_color": "#444444"})

    def _set_up(self, table: Table | None) -> None:
        if direction(self.language) == "rtl":
            self.sheet.right_to_left()
        self.sheet.hide_gridlines(2)
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&C&P / &N")
        for place, column in enumerate(table.columns if table else ()):
            self.sheet.set_column(place, place, FIGURE_WIDTH if column.figures else TEXT_WIDTH * column.share)

    def _table(self, table: Table) -> None:
        self._text(table.unit, {"italic": True, "font_color": "#444444"})
        for place, column in enumerate(table.columns):
            look = {"bold": True, "top": 2, "bottom": 1, "text_wrap": True}
            self._string(place, column.title, look | ({"align": "right"} if column.figures else {}))
        self.sheet.repeat_rows(self.row)
        self.row += 1
        self.sheet.freeze_panes(self.row, 0)
        for line in table.rows:
            self._line(line)

    def _line(self, line: Line) -> None:
        look: dict[str, object] = {"valign": "top", **RULES.get(line.kind, {})}
        look |= {"bold": True} if line.kind in BOLD else {}
        look |= {"italic": True} if line.kind == "memo" else {}
        for place, cell in enumerate(line.cells):
            self._cell(place, cell, look | ({"indent": line.level} if place == 0 and line.level else {}), line.mark)
        self.row += 1

    def _cell(self, place: int, cell: Cell, look: dict[str, object], mark: str) -> None:
        if isinstance(cell, str | Said):
            text = cell.text if isinstance(cell, Said) else cell
            marked = f"{text} ({mark})" if mark and place == 0 else text
            self._string(place, marked, look | {"text_wrap": True})
        elif cell is None:
            self.sheet.write_blank(self.row, place, None, self._format(look))
        elif abs(cell.minor) >= EXACT:
            self._string(place, figure(cell.minor, self.language, cell.places), look | {"align": "right"})
        else:
            amount = cell.minor / 10**cell.places
            self.sheet.write_number(self.row, place, amount, self._format(look | {"num_format": number_format(cell)}))

    def _text(self, text: str, look: dict[str, object]) -> None:
        """A line of its own, running over the columns beside it."""
        self._string(0, text, look)
        self.row += 1

    def _string(self, place: int, text: str, look: dict[str, object]) -> None:
        """Text, and never a formula, a number or a link, whatever it begins with."""
        whole = "\n".join(cell_lines(text)) if "text_wrap" in look else legible(text)
        shown = whole if len(whole) <= LONGEST_TEXT else f"{whole[:LONGEST_TEXT]}…"
        self.sheet.write_string(self.row, place, shown, self._format(look))

    def _format(self, look: dict[str, object]) -> Format:
        key = tuple(sorted(look.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"font_name": "Arial", "font_size": 10, **look})
        return self.formats[key]


def _texts(block: Block) -> Iterator[tuple[str, int, bool]]:
    """The lines of a block over the table, with size and weight."""
    if isinstance(block, Masthead):
        yield f"{block.fund} ({block.symbol})", 10, False
        for text in block.particulars:
            yield text, 9, False
    elif isinstance(block, Title):
        yield block.text, 14, True
        yield block.sub, 10, False
    elif isinstance(block, Heading | Paragraph):
        yield block.text, 10, isinstance(block, Heading)
