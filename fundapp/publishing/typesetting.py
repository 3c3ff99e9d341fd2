"""Text set in type: which font draws which letter, how wide a line is and where it ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from fundapp.kernel.languages import direction, figure
from fundapp.publishing.blocks import Figure, legible
from fundapp.publishing.breaking import ideographic, lines
from fundapp.publishing.fonts import Face, Script, Weight, face
from fundapp.publishing.shaping import arabic, visual

SCRIPTS: dict[str, Script] = {"ar": "arabic", "zh": "chinese"}
# Figures and words in Latin, Greek and Cyrillic letters, with the spaces and signs inside them: one piece, so that a
# name with an accent or of two words is copied in the order in which it is written
_LETTERS = "0-9A-Za-z\u00c0-\u024f\u0370-\u052f\u1e00-\u1eff"
FOREIGN = re.compile(f"[(<$+-]*[{_LETTERS}](?:[ !-~\u00a0\u2018\u2019{_LETTERS}]*[{_LETTERS}%])?[)>]*")
SHORT = 24  # letters of what is a word
LARGER = {"ar": 1.12}  # Naskh letters are small for their size
LOOSER = {"ar": 1.14, "zh": 1.08}


@dataclass(frozen=True, slots=True)
class Style:
    """How text looks: size and distance of lines in points, weight, and grey from 0 (black) to 1 (white)."""

    size: float
    leading: float
    weight: Weight = "regular"
    grey: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line in one font, and its width in points."""

    font: str
    text: str
    width: float


class Typesetter:
    """Sets the text of one document in its language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.direction = direction(language)
        self._script: Script = SCRIPTS.get(language, "latin")
        self._widths: dict[tuple[str, float, Weight, str], float] = {}  # of words, which come again and again
        self._visual: dict[tuple[str, str], str] = {}

    def scaled(self, size: float, leading: float, weight: Weight = "regular", grey: float = 0.0) -> Style:
        """A style in the proportions of this language's letters."""
        return Style(
            size * LARGER.get(self.language, 1), leading * LOOSER.get(self.language, 1), weight=weight, grey=grey
        )

    def to(self, style: Style, language: str) -> Style:
        """A style of this language in the proportions of another's letters."""
        larger = LARGER.get(language, 1) / LARGER.get(self.language, 1)
        looser = LOOSER.get(language, 1) / LOOSER.get(self.language, 1)
        return replace(style, size=style.size * larger, leading=style.leading * looser)

    def width(self, text: str, style: Style, language: str = "") -> float:
        """How wide a line of text is, in points; language: that of its words, where it is not the document's."""
        if len(text) > SHORT:
            return self._width(text, style, language)
        key = (text, style.size, style.weight, language)
        known = self._widths.get(key)
        if known is None:
            known = self._widths[key] = self._width(text, style, language)
        return known

    def _width(self, text: str, style: Style, language: str) -> float:
        drawn = self._drawn(text, language)
        return sum(font.width(part, style.size) for font, part in self._parts(drawn, style.weight, language))

    def lines(self, text: str, width: float, style: Style, language: str = "") -> list[str]:
        """The text in lines that fit the width."""
        return lines(legible(text), width, lambda line: self.width(line, style, language))

    def figure(self, amount: Figure) -> str:
        """An amount as a table of this language prints it."""
        return figure(amount.minor, self.language, amount.places)

    def runs(self, text: str, style: Style, language: str = "") -> list[Run]:
        """A line as it is drawn from left to right, in pieces of one font each."""
        parts = self._parts(self._drawn(text, language), style.weight, language)
        return [Run(font.name, part, font.width(part, style.size)) for font, part in parts]

    def _drawn(self, text: str, language: str = "") -> str:
        ways = direction(language) if language else self.direction
        known = self._visual.get((text, ways))
        if known is None:
            known = self._visual[text, ways] = visual(legible(text), ways)
        return known

    def _parts(self, drawn: str, weight: Weight, language: str = "") -> Iterator[tuple[Face, str]]:
        """The line in pieces of one font; in Arabic, figures and words of other scripts have their own font."""
        script = SCRIPTS.get(language, "latin") if language else self._script
        if script != "arabic":
            yield from self._covered(drawn, face(script, weight), weight)
            return
        at, latin = 0, face("latin", "bold" if weight == "bold" else "regular")
        for words in FOREIGN.finditer(drawn):
            yield from self._covered(drawn[at : words.start()], face("arabic", weight), weight)
            yield from self._covered(words.group(), latin, weight)
            at = words.end()
        yield from self._covered(drawn[at:], face("arabic", weight), weight)

    def _covered(self, drawn: str, main: Face, weight: Weight) -> Iterator[tuple[Face, str]]:
        """In the font where it has the letters, and in that of their script where it has not."""
        if not drawn:
            return
        if main.characters.issuperset(map(ord, drawn)):
            yield main, drawn
            return
        for font, part in groupby(drawn, key=lambda character: _font(character, main, weight)):
            yield font, "".join(part)


def _font(character: str, main: Face, weight: Weight) -> Face:
    if ord(character) in main.characters:
        return main
    if arabic(character):
        return face("arabic", weight)
    return face("chinese" if ideographic(character) else "latin", weight)
