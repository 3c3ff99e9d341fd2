"""What a document is made of, whatever draws it. Pure: figures are still amounts here, not yet text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["group", "header", "account", "total", "grand", "memo"]


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount of minor units with so many decimals: a number for a spreadsheet, `(144 497.12)` for a page."""

    minor: int
    places: int = 2


Cell = str | Figure | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; text columns divide by `share` what the figures leave."""

    title: str
    figures: bool = False
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: a cell for each column, how far it is set in, and the mark of its note."""

    kind: Kind
    cells: tuple[Cell, ...]
    level: int = 0
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Figures to compare; `continued`, with %(title)s in it, names the table and a group again on the next page."""

    title: str
    unit: str
    columns: tuple[Column, ...]
    rows: tuple[Line, ...]
    continued: str = "%(title)s"


@dataclass(frozen=True, slots=True)
class Masthead:
    """The head of the first page: whose document it is, its symbol or code, and what to know of it (date, standing)."""

    fund: str
    symbol: str
    particulars: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Title:
    """What the document is called, and the time it covers."""

    text: str
    sub: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a part of the document."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A note to a table; without a mark it is to the whole of it."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes under a table."""

    items: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a new page."""


@dataclass(frozen=True, slots=True)
class Foot:
    """The foot of each page; `folio` holds %(page)s and %(pages)s."""

    text: str
    folio: str


Block = Masthead | Title | Heading | Paragraph | Table | Notes | PageBreak | Foot


@dataclass(frozen=True, slots=True)
class Properties:
    """What a file says of itself: title, author (the fund) and subject (the time it covers)."""

    title: str = ""
    author: str = ""
    subject: str = ""


def properties(blocks: Iterable[Block]) -> Properties:
    """The properties of the file that holds these blocks."""
    title, author = Title(""), ""
    for block in blocks:
        if isinstance(block, Title) and not title.text:
            title = block
        elif isinstance(block, Masthead):
            author = block.fund
    return Properties(legible(title.text), legible(author), legible(title.sub))


def legible(text: str) -> str:
    """Text that can be printed: no line ends or control characters, no halves of characters."""
    if text.isprintable():
        return text
    return "".join(_printed(character) for character in text)


def _printed(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    return "\ufffd" if category == "Cs" else character
