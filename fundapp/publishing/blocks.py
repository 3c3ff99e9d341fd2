"""What a document is made of, whatever draws it. Pure: figures are still amounts here, not yet text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

NO_CHARACTERS = "\ufffe\uffff"  # Unicode keeps them free, and XML does not know them
Kind = Literal["group", "header", "account", "total", "grand", "memo"]


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount of minor units with so many decimals: a number for a spreadsheet, `(144 497.12)` for a page."""

    minor: int
    places: int = 2


@dataclass(frozen=True, slots=True)
class Said:
    """Words in another language than the document's: kept as they are, and set in their own direction."""

    text: str
    language: str


Cell = str | Said | Figure | None  # a line end in words begins a new line of the cell


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; text columns divide by `share` what the figures leave. The title may have line ends.

    tight: a column of figures among many, with little white and no wider than the longest word of its title.
    """

    title: str
    figures: bool = False
    share: float = 1.0
    tight: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: a cell for each column, how far it is set in, and the mark of its note."""

    kind: Kind
    cells: tuple[Cell, ...]
    level: int = 0
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Figures to compare; `continued`, with %(title)s in it, names the table and a group again on the next page. One
    whose columns have no titles is a list of things with what there is to know of each: it has no head."""

    title: str
    unit: str
    columns: tuple[Column, ...]
    rows: tuple[Line, ...]
    continued: str = "%(title)s"

    @property
    def headless(self) -> bool:
        """Whether no column has a title."""
        return not any(column.title for column in self.columns)


@dataclass(frozen=True, slots=True)
class BarRow:
    """A label and its bars: for each bar the counts of its parts, in the order of the chart's bars and parts."""

    label: str
    values: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Counts to compare as bars that lie: under each label a bar for each of `bars`, made of `parts`.

    description: what it shows, for whoever does not see it. continued: as a table has it.
    """

    title: str
    description: str
    unit: str
    bars: tuple[str, ...]
    parts: tuple[str, ...]
    rows: tuple[BarRow, ...]
    continued: str = "%(title)s"


@dataclass(frozen=True, slots=True)
class Paper:
    """How the sheets lie, upright or across; it stands before everything else. Without it they are upright."""

    across: bool = False


@dataclass(frozen=True, slots=True)
class Masthead:
    """The head of the first page: whose document it is, its symbol or code, and what to know of it (date, standing).

    drawn: when the document was drawn up, which files keep as the day they were made.
    """

    fund: str
    symbol: str
    particulars: tuple[str, ...] = ()
    drawn: datetime | None = None


@dataclass(frozen=True, slots=True)
class Title:
    """What the document is called, or a part of it that begins on a page of its own, and the time it covers; language:
    that of the name where it is another one, sub_language that of what stands under it."""

    text: str
    sub: str = ""
    language: str = ""
    sub_language: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a part of the document; level 2 is that of a text in it, level 3 what stands over a translation."""

    text: str
    level: Literal[1, 2, 3] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; language: that of its words, where it is not the document's. A line end begins a new paragraph."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text under its title; language: that of its words, where it is not the document's."""

    title: str
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Abridged:
    """Texts of which as much is given as ends on so many sheets, counted from the last page break; each as fair a part
    of the room as the others. One that is not given whole ends in an ellipsis."""

    passages: tuple[Passage, ...]
    sheets: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Figures that lie apart, in hundredths: the lowest and the highest of them, and the one that stands for all."""

    label: str
    low: int
    high: int
    middle: int


@dataclass(frozen=True, slots=True)
class Spreads:
    """Spreads to compare, one under the other on the same scale from nothing to `whole`. continued: as a table has
    it."""

    title: str
    unit: str
    whole: int
    rows: tuple[Spread, ...]
    continued: str = "%(title)s"


@dataclass(frozen=True, slots=True)
class Contents:
    """The titles and heads of parts that follow, each with its page; it stands on the sheets before them."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note to a table; without a mark it is to the whole of it."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes under a table. signed: with signatures, which do not stand on a page without its last rows."""

    items: tuple[Note, ...]
    signed: bool = False


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a new page."""


@dataclass(frozen=True, slots=True)
class Foot:
    """The foot of each page; `folio` holds %(page)s and %(pages)s."""

    text: str
    folio: str


Block = (
    Paper
    | Masthead
    | Title
    | Heading
    | Paragraph
    | Abridged
    | Table
    | Bars
    | Spreads
    | Contents
    | Notes
    | PageBreak
    | Foot
)


@dataclass(frozen=True, slots=True)
class Properties:
    """What a file says of itself: title, author (the fund), subject (the time it covers), and when it was drawn up."""

    title: str = ""
    author: str = ""
    subject: str = ""
    drawn: datetime | None = None


def properties(blocks: Iterable[Block]) -> Properties:
    """The properties of the file that holds these blocks."""
    title, head = Title(""), Masthead("", "")
    for block in blocks:
        if isinstance(block, Title) and not title.text:
            title = block
        elif isinstance(block, Masthead):
            head = block
    return Properties(legible(title.text), legible(head.fund), legible(title.sub), head.drawn)


def cell_lines(text: str) -> list[str]:
    """The words of a cell line by line, each of them legible."""
    return [legible(line) for line in text.replace("\r\n", "\n").split("\n")]


def legible(text: str) -> str:
    """Text that can be printed: no line ends or control characters, no halves of characters."""
    if text.isprintable():
        return text
    return "".join(_printed(character) for character in text)


def _printed(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    return "\ufffd" if category == "Cs" or character in NO_CHARACTERS else character
