"""Sheets of paper and what is put on them.

Places are in points, from the start edge of the text (left, or right in Arabic) and from the top of the sheet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from fundapp.publishing.typesetting import Style, Typesetter

Anchor = Literal["start", "end", "right"]

HEIGHT, WIDTH = 841.89, 595.28  # A4
SIDE = 62.0
TOP = 54.0
BOTTOM = 66.0
MEASURE = WIDTH - 2 * SIDE


@dataclass(frozen=True, slots=True)
class Ink:
    """A line of text. Anchor "right" is the right-hand end wherever the language starts: figures are never turned."""

    text: str
    x: float
    y: float
    style: Style
    anchor: Anchor = "start"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule across the page, from one place to another."""

    x: float
    to: float
    y: float
    weight: float
    grey: float = 0.0


@dataclass(slots=True)
class Sheet:
    """One page; `entries` are the places the outline of the document leads to."""

    marks: list[Ink | Rule] = field(default_factory=list)
    entries: list[tuple[str, float]] = field(default_factory=list)


class Stack:
    """Sheets filled from the top of the first to the foot of the last."""

    def __init__(self, setter: Typesetter) -> None:
        self.setter = setter
        self.sheets = [Sheet()]
        self.y = TOP
        self.opening = TOP  # where the text of this sheet begins

    @property
    def sheet(self) -> Sheet:
        """The sheet being filled."""
        return self.sheets[-1]

    @property
    def room(self) -> float:
        """How much of the sheet is left, in points."""
        return HEIGHT - BOTTOM - self.y

    @property
    def whole(self) -> float:
        """How much a fresh sheet holds, in points."""
        return HEIGHT - BOTTOM - TOP - 22

    def fresh(self) -> bool:
        """Whether nothing is on this sheet yet."""
        return self.y <= self.opening

    def turn(self) -> None:
        """Go on with a new sheet; its first lines are left to the running head."""
        self.sheets.append(Sheet())
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

    def ink(self, text: str, x: float, y: float, style: Style, anchor: Anchor = "start") -> None:
        """Put a line of text on the sheet, its base line at y."""
        self.sheet.marks.append(Ink(text, x, y, style, anchor))

    def rule(self, y: float, weight: float, grey: float = 0.0, x: float = 0.0, to: float = MEASURE) -> None:
        """Put a rule on the sheet."""
        self.sheet.marks.append(Rule(x, to, y, weight, grey))

    def write(self, text: str, style: Style, x: float = 0.0, width: float = MEASURE) -> None:
        """Set text in lines one under the other, over as many sheets as they take."""
        for line in self.setter.lines(text, width, style):
            self.need(style.leading)
            self.ink(line, x, self.y + base(style), style)
            self.y += style.leading


def base(style: Style) -> float:
    """How far under the top of its line the letters stand."""
    return (style.leading + style.size) / 2 - style.size * 0.14
