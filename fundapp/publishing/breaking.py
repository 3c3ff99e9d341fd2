"""Where a line may end: at spaces, and in Chinese between characters but never before a closing sign. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

NO_START = frozenset("，。、；：！？）》」』】〕〉’”…·%,.;:!?)]}»％‰℃年月日")
NO_END = frozenset("（《「『【〔〈‘“([{«$￥")
IDEOGRAPHS = ((0x2E80, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF), (0x20000, 0x3FFFF))
# What of a text without ideographs a line may begin with: what follows a space and is neither one nor a closing sign
_AFTER_SPACE = re.compile(f"(?<= )(?![ {re.escape(''.join(sorted(NO_START)))}])")
_IDEOGRAPH = re.compile(f"[{''.join(f'{chr(first)}-{chr(last)}' for first, last in IDEOGRAPHS)}]")
LONG = 400  # letters, of which no line holds as many
JOINER = "\u200d"
Measure = Callable[[str], float]


def lines(text: str, width: float, measure: Measure) -> list[str]:
    """The text in lines no wider than `width`; only a single character may be wider."""
    if len(text) <= LONG and measure(text) <= width:
        return [text]
    broken, current, used = [], "", 0.0
    for unit, size in _units(text, width, measure):
        if current and used + size > width:
            broken.append(current.rstrip(" "))
            current, used = "", 0.0
        current += unit
        used += measure(unit) if unit[-1] == " " else size
    return [*broken, current.rstrip(" ")]


def _units(text: str, width: float, measure: Measure) -> Iterator[tuple[str, float]]:
    """Pieces that are not broken, and how wide they are without the space at their end; one that is wider than the
    line falls into its characters."""
    for piece in pieces(text):
        size = measure(piece.rstrip(" "))
        if size <= width:
            yield piece, size
        else:
            yield from ((part, measure(part.rstrip(" "))) for part in clusters(piece))


def pieces(text: str) -> Iterator[str]:
    """The text cut wherever a line may end; a space stays with what it follows."""
    if not _IDEOGRAPH.search(text):
        yield from filter(None, _AFTER_SPACE.split(text))
        return
    start = 0
    for place in range(1, len(text)):
        if _may_end(text[place - 1], text[place]):
            yield text[start:place]
            start = place
    if text:
        yield text[start:]


def clusters(text: str) -> Iterator[str]:
    """The text in single characters, each with the signs set on it."""
    start = 0
    for place in range(1, len(text)):
        if not _clings(text[place - 1], text[place]):
            yield text[start:place]
            start = place
    yield text[start:]


def _may_end(before: str, after: str) -> bool:
    if before == " ":
        return after != " " and after not in NO_START
    if not (ideographic(before) or ideographic(after)):
        return False
    return not (before in NO_END or after in NO_START or after == " " or "\u00a0" in (before, after))


def ideographic(character: str) -> bool:
    """Whether it is a Chinese character or sign, beside which a line may end."""
    code = ord(character)
    return any(first <= code <= last for first, last in IDEOGRAPHS)


def _clings(before: str, after: str) -> bool:
    return before == JOINER or after == JOINER or unicodedata.category(after).startswith("M")
