"""Sheets of paper and what is put on them.

Sheets are A4, upright or across.
Places are in points, from the start edge of the text (left, or right in Arabic) and from the top of the sheet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from fundapp.kernel.languages import direction
from fundapp.publishing.typesetting import Style, Typesetter

Anchor = Literal["start", "middle", "end", "right"]
START: Anchor = "start"
END: Anchor = "end"

HEIGHT, WIDTH = 841.89, 595.28  # A4
SIDE = 62.0
TOP = 54.0
BOTTOM = 66.0
PAD, CLOSE_PAD = 2.4, 1.2  # above and under the words of a row; of a table that is set close
MEASURE = WIDTH - 2 * SIDE  # of an upright sheet


@dataclass(frozen=True, slots=True)
class Size:
    """How high and how wide a sheet is, in points, and how wide the text on it."""

    height: float
    width: float

    @property
    def measure(self) -> float:
        """The width of the text."""
        return self.width - 2 * SIDE


UPRIGHT, ACROSS = Size(HEIGHT, WIDTH), Size(WIDTH, HEIGHT)


@dataclass(frozen=True, slots=True)
class Ink:
    """A line of text. Anchor "right" is the right-hand end wherever the language starts: figures are never turned.

    language: that of words in another language than the document's.
    """

    text: str
    x: float
    y: float
    style: Style
    anchor: Anchor = "start"
    language: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A filled box, its corner at the start edge and the top; `outline` is the grey of its frame."""

    x: float
    y: float
    width: float
    height: float
    grey: float
    outline: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule across the page, from one place to another."""

    x: float
    to: float
    y: float
    weight: float
    grey: float = 0.0


@dataclass(frozen=True, slots=True)
class Link:
    """A place of a sheet that leads to an entry of the outline, by its number from 0; its corner as a box has it."""

    x: float
    y: float
    width: float
    height: float
    entry: int


Mark = Ink | Rule | Box | Link


@dataclass(slots=True)
class Sheet:
    """One page; `entries` are the places the outline of the document leads to."""

    marks: list[Mark] = field(default_factory=list)
    entries: list[tuple[str, float]] = field(default_factory=list)
    size: Size = UPRIGHT


class Stack:
    """Sheets filled from the top of the first to the foot of the last."""

    def __init__(self, setter: Typesetter, close: bool = False) -> None:
        self.setter = setter
        self.pad = CLOSE_PAD if close else PAD
        self.sheets = [Sheet()]
        self.y = TOP
        self.opening = TOP  # where the text of this sheet begins

    def lie(self, size: Size) -> None:
        """Take sheets of that size, from the first on."""
        self.sheet.size = size

    @property
    def sheet(self) -> Sheet:
        """The sheet being filled."""
        return self.sheets[-1]

    @property
    def room(self) -> float:
        """How much of the sheet is left, in points."""
        return self.sheet.size.height - BOTTOM - self.y

    @property
    def measure(self) -> float:
        """How wide the text on this sheet is, in points."""
        return self.sheet.size.measure

    @property
    def whole(self) -> float:
        """How much a fresh sheet holds, in points."""
        return self.sheet.size.height - BOTTOM - TOP - 22

    def fresh(self) -> bool:
        """Whether nothing is on this sheet yet."""
        return self.y <= self.opening

    def turn(self) -> None:
        """Go on with a new sheet; its first lines are left to the running head."""
        self.sheets.append(Sheet(size=self.sheet.size))
        self.y = self.opening = TOP + 22

    def need(self, height: float) -> bool:
        """Make room for something of this height; True if that took a new sheet."""
        if height <= self.room or self.fresh():
            return False
        self.turn()
        return True

    def down(self, height: float) -> None:
        """Leave white, but not at the head of a sheet."""
        if not self.fresh():
            self.y += height

    def ink(self, text: str, x: float, y: float, style: Style, anchor: Anchor = "start", language: str = "") -> None:
        """Put a line of text on the sheet, its base line at y."""
        self.sheet.marks.append(Ink(text, x, y, style, anchor, language))

    def rule(self, y: float, weight: float, grey: float = 0.0) -> None:
        """Put a rule over the whole width of the text."""
        self.sheet.marks.append(Rule(0.0, self.measure, y, weight, grey))

    def box(self, box: Box) -> None:
        """Put a filled box on the sheet."""
        self.sheet.marks.append(box)

    def write(self, text: str, style: Style, x: float = 0.0, width: float | None = None, language: str = "") -> None:
        """Set text in lines one under the other, over as many sheets as they take; words of another language begin
        where their own does."""
        room = self.measure - x if width is None else width
        own = self.setter.to(style, language) if language else style
        self.put(self.setter.lines(text, room, own, language), own, x, room, language)

    def put(self, lines: Iterable[str], own: Style, x: float, room: float, language: str = "") -> None:
        """Put lines down that were broken already, in the style of their own language."""
        against = bool(language) and direction(language) != self.setter.direction
        start, anchor = (x + room, END) if against else (x, START)
        for line in lines:
            self.need(own.leading)
            self.ink(line, start, self.y + base(own), own, anchor, language)
            self.y += own.leading


def base(style: Style) -> float:
    """How far under the top of its line the letters stand."""
    return (style.leading + style.size) / 2 - style.size * 0.14
