"""Tables laid out on paper: row by row, so that the work grows with the rows and not with their square."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from fundapp.kernel.languages import direction
from fundapp.publishing.blocks import Cell, Column, Figure, Line, Said, Table, cell_lines
from fundapp.publishing.breaking import pieces
from fundapp.publishing.paper import Stack, base
from fundapp.publishing.typesetting import Style

INDENT = 11.0
GUTTER, SMALL_GUTTER = 14.0, 9.0
GROUP_SPACE = 7.0
NARROWEST, TIGHTEST = 54.0, 24.0
ROUND = 0.1  # or a word that just fits would be broken by the last digit of a sum
TALLEST = 30  # lines of one row before it is cut in two, so that no row is taller than a sheet
TOTALS = ("total", "grand")
HEADS = ("group", "header")
LOW = 40.0  # points: higher rows stand alone beside a head, lower ones in twos
BUNDLE = 200.0  # the most that is kept on one sheet, in points
AGAIN = 110.0  # what the head of a table and of a group take of a sheet at most, in points


@dataclass(frozen=True, slots=True)
class Span:
    """Where a column lies, from the start edge, and the white at its end."""

    start: float
    end: float
    gutter: float = GUTTER


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell cut into lines; language: that of words in another language than the document's."""

    lines: list[str]
    style: Style
    language: str = ""

    @property
    def height(self) -> float:
        """How much of the sheet the lines take, in points."""
        return len(self.lines) * self.style.leading


@dataclass(frozen=True, slots=True)
class Row:
    """A row cut into lines, with the height it takes."""

    line: Line
    texts: tuple[Piece, ...]
    style: Style
    above: float
    height: float
    last: bool = True


class TableLayout:
    """Puts one table on the sheets of a stack."""

    def __init__(self, stack: Stack, table: Table) -> None:
        self.stack, self.table = stack, table
        self.setter = stack.setter
        scaled = self.setter.scaled
        self.plain = scaled(9, 12)
        self.bold = scaled(9, 12, "bold")
        self.memo = scaled(9, 12, "italic", 0.25)
        self.head = scaled(8, 10.5, "italic")
        self.mark = scaled(6.2, 8)
        self.hang = self.setter.width(")", self.bold)
        self.spans = self._spans()

    def place(self, tail: float = 0.0) -> None:
        """Put the whole table down, its head again on each sheet; tail: how much of the last must be left under its
        last rows, in points."""
        bundles = self.bundles
        self.stack.need(self.least)
        self._open(self.table.unit)
        group = ""
        for bundle in bundles:
            if self.stack.need(_height(bundle) + (tail if bundle is bundles[-1] else 0.0)):
                self._again(group if bundle[0].line.kind != "group" else "")
            for row in bundle:
                group = _names(row, group)
                self._put(row)
        if not bundles or bundles[-1][-1].line.kind != "grand":
            self.stack.rule(self.stack.y, 0.7)
        self.stack.y += 4

    @cached_property
    def bundles(self) -> list[list[Row]]:
        """The rows, in what stays together on a sheet."""
        return list(_bundles(list(self._rows()), self.stack.whole - AGAIN / 2))

    @property
    def least(self) -> float:
        """What a sheet must have room for, in points, for the table to begin on it."""
        return 40 + (_height(self.bundles[0]) if self.bundles else 0)

    def _again(self, group: str) -> None:
        """The head of the table on a new sheet, and the group that goes on there."""
        self._open(self.table.continued % {"title": self.table.title} if self.table.title else self.table.unit)
        if group:
            cells = (self.table.continued % {"title": group}, *[None] * (len(self.table.columns) - 1))
            for row in self._cut(Line("group", cells)):
                self._put(row)

    def _spans(self) -> list[Span]:
        """Figures take the width of the widest; text columns share the rest."""
        columns = self.table.columns
        figures = [self._widest(place) if column.figures else 0.0 for place, column in enumerate(columns)]
        left = max(self.stack.measure - sum(figures), 120.0)
        shares = sum(column.share for column in columns if not column.figures) or 1.0
        spans, at = [], 0.0
        for column, width in zip(columns, figures, strict=True):
            to = at + (width if column.figures else left * column.share / shares)
            spans.append(Span(at, to, SMALL_GUTTER if column.tight else GUTTER))
            at = to
        return spans

    def _widest(self, place: int) -> float:
        cells = (row.cells[place] for row in self.table.rows)
        widths = [self.setter.width(self.setter.figure(cell), self.bold) for cell in cells if isinstance(cell, Figure)]
        column = self.table.columns[place]
        words = [part for line in cell_lines(column.title) for part in (pieces(line) if column.tight else [line])]
        title = max((self.setter.width(part.rstrip(), self.head) for part in words), default=0.0) + self.hang
        least, white = (TIGHTEST, SMALL_GUTTER + ROUND) if column.tight else (NARROWEST, GUTTER)
        return max(least, title, self.hang + max(widths, default=0.0)) + white

    def _open(self, above: str) -> None:
        """The head of the table: what it is in, then the titles of its columns between rules."""
        stack, titles = self.stack, self._titles()
        if above:
            stack.ink(above, 0, stack.y + base(self.head), self.head)
            stack.y += self.head.leading + 3
        stack.rule(stack.y, 0.9)
        if self.table.headless:
            return
        height = max(len(lines) for lines in titles) * self.head.leading
        for column, span, lines in zip(self.table.columns, self.spans, titles, strict=True):
            top = stack.y + 3 + height - len(lines) * self.head.leading
            for number, line in enumerate(lines):
                self._title(column, span, line, top + number * self.head.leading + base(self.head))
        stack.y += height + 6
        stack.rule(stack.y, 0.5)

    def _titles(self) -> list[list[str]]:
        pairs = zip(self.table.columns, self.spans, strict=True)
        return [self._broken(Said(column.title, ""), self._inside(span), self.head) for column, span in pairs]

    def _title(self, column: Column, span: Span, text: str, y: float) -> None:
        if column.figures:
            self.stack.ink(text, self._edge(span) - self.hang, y, self.head, "right")
        else:
            self.stack.ink(text, span.start, y, self.head)

    def _edge(self, span: Span) -> float:
        """The right-hand end of a column of figures, from the left of the text."""
        return span.end if self.setter.direction == "ltr" else self.stack.measure - span.start

    def _inside(self, span: Span, indent: float = 0.0) -> float:
        return max(span.end - span.start - span.gutter - indent, TIGHTEST)

    def _style(self, line: Line) -> Style:
        if line.kind == "memo":
            return self.memo
        return self.bold if line.kind in ("group", *TOTALS) else self.plain

    def _rows(self) -> Iterator[Row]:
        for line in self.table.rows:
            yield from self._cut(line)

    def _cut(self, line: Line) -> Iterator[Row]:
        style = self._style(line)
        tallest = min(TALLEST, int((self.stack.whole - AGAIN) / style.leading))
        return _cut(line, tuple(self._texts(line, style)), style, (tallest, self.stack.pad))

    def _texts(self, line: Line, style: Style) -> Iterator[Piece]:
        for place, (cell, span) in enumerate(zip(line.cells, self.spans, strict=True)):
            indent = line.level * INDENT if place == 0 else 0.0
            yield self._piece(cell, style, self.stack.measure if line.kind == "group" else self._inside(span, indent))

    def _piece(self, cell: Cell, style: Style, width: float) -> Piece:
        if cell is None or isinstance(cell, Figure):
            return Piece([], style)
        said = cell if isinstance(cell, Said) else Said(cell, "")
        own = self.setter.to(style, said.language) if said.language else style
        return Piece(self._broken(said, width, own), own, said.language)

    def _broken(self, said: Said, width: float, style: Style) -> list[str]:
        """Words in lines that fit; a line end in them stays one."""
        broken = (self.setter.lines(line, width, style, said.language) for line in cell_lines(said.text))
        return [line for lines in broken for line in lines]

    def _put(self, row: Row) -> None:
        stack = self.stack
        stack.y += 0 if stack.fresh() else row.above
        if row.line.kind in TOTALS:
            stack.rule(stack.y, 0.6)
        for place, cell in enumerate(row.line.cells):
            self._cell(row, place, cell)
        stack.y += row.height - row.above
        if row.last:
            self._under(row.line)

    def _cell(self, row: Row, place: int, cell: Cell) -> None:
        span, top = self.spans[place], self.stack.y + self.stack.pad
        if isinstance(cell, Figure):
            text = self.setter.figure(cell)
            edge = self._edge(span) - (0 if text.endswith(")") else self.hang)
            self.stack.ink(text, edge, top + base(row.style), row.style, "right")
            return
        piece = row.texts[place]
        against = piece.language and direction(piece.language) != self.setter.direction
        x = span.start + (row.line.level * INDENT if place == 0 else 0.0)
        for number, line in enumerate(piece.lines):
            y = top + number * piece.style.leading + base(piece.style)
            if against:  # it begins where its own language does
                end = self.stack.measure if row.line.kind == "group" else span.end - span.gutter
                self.stack.ink(line, end, y, piece.style, "end", piece.language)
            else:
                self.stack.ink(line, x, y, piece.style, language=piece.language)
        if place == 0 and row.last and row.line.mark:
            self._mark(row, x, top)

    def _mark(self, row: Row, x: float, top: float) -> None:
        lines = row.texts[0].lines or [""]
        end = x + self.setter.width(lines[-1], row.style) + 2
        y = top + (len(lines) - 1) * row.style.leading + base(row.style) - row.style.size * 0.36
        self.stack.ink(row.line.mark, end, y, self.mark)

    def _under(self, line: Line) -> None:
        """The rule under a row: a hair under a line, a rule under a group or a sum, two under the last sum."""
        y = self.stack.y
        if line.kind in TOTALS or line.kind == "group":
            self.stack.rule(y, 0.6 if line.kind in TOTALS else 0.4)
        else:
            self.stack.rule(y, 0.3, 0.72)
        if line.kind == "grand":
            self.stack.rule(y + 1.8, 0.6)


def _bundles(rows: list[Row], most: float) -> Iterator[list[Row]]:
    """Rows that stay on one sheet: a head with its first two lines, a sum with the last two that it adds up.

    most: what a sheet holds of rows, in points.
    """
    bundle: list[Row] = []
    for place, row in enumerate(rows):
        if bundle and _height(bundle) + row.height > most:
            yield bundle
            bundle = []
        bundle.append(row)
        if _height(bundle) > BUNDLE or not _stays(rows, place):
            yield bundle
            bundle = []
    if bundle:
        yield bundle


def _stays(rows: list[Row], place: int) -> bool:
    """Whether this row is kept with the next."""
    kinds = [row.line.kind for row in rows[max(place - 1, 0) : place + 3]]
    before = kinds.pop(0) if place else "account"
    here, after, beyond = (*kinds, "group", "group")[:3]
    if len(kinds) < 2 or after == "group":
        return False
    paired = rows[place].height <= LOW and (before == "group" or beyond == "group")
    return here in HEADS or paired or after in TOTALS or beyond in TOTALS


def _height(bundle: list[Row]) -> float:
    return sum(row.height for row in bundle)


def _names(row: Row, group: str) -> str:
    """The group that the rows after this one belong to."""
    if row.line.kind == "group":
        first = row.line.cells[0]
        return first.text if isinstance(first, Said) else str(first)
    return "" if row.line.kind in TOTALS else group


def _cut(line: Line, texts: tuple[Piece, ...], style: Style, of: tuple[int, float]) -> Iterator[Row]:
    """The row, or where it is taller than a sheet its parts; only the first shows its figures. of: how many lines a
    part has at most, and the white above and under them."""
    most, pad = of
    tallest = max((len(piece.lines) for piece in texts), default=0)
    for start in range(0, max(tallest, 1), most):
        part = tuple(replace(piece, lines=piece.lines[start : start + most]) for piece in texts)
        height = max(style.leading, *(piece.height for piece in part))
        above = GROUP_SPACE if line.kind == "group" and not start else 0.0
        shown = line if not start else Line(line.kind, _words(line.cells), line.level, line.mark)
        yield Row(shown, part, style, above, above + 2 * pad + height, start + most >= tallest)


def _words(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    return tuple(None if isinstance(cell, Figure) else cell for cell in cells)
