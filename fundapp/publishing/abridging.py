"""How much of several texts is given where there is no room for all of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

LETTERS = 220  # of which no line holds more: what is far beyond the room need not be broken into lines
ELLIPSIS = "…"


SENTENCE = re.compile(r"[.!?؟。！？](?=\s|$|(?<=[。！？]))")


def excerpt(text: str, most: int) -> str:
    """The beginning of a text, no longer than so many letters: whole sentences where one ends in its second half, or
    else whole words, with an ellipsis where something is left out."""
    said = " ".join(text.split())
    if len(said) <= most:
        return said
    ends = [found.end() for found in SENTENCE.finditer(said, 0, most)]
    if ends and ends[-1] > most // 2:
        return f"{said[: ends[-1]]} {ELLIPSIS}"
    return f"{said[:most].rpartition(' ')[0] or said[:most]} {ELLIPSIS}"


def fair(wanted: Sequence[int], room: int) -> list[int]:
    """How many of `room` lines each text gets that wants so many: all it wants where that is less than its part, and
    what it leaves is for the others; at least one line each."""
    given, left = [0] * len(wanted), room
    for place, one in enumerate(sorted(range(len(wanted)), key=wanted.__getitem__)):
        given[one] = max(min(wanted[one], left // (len(wanted) - place)), min(wanted[one], 1))
        left -= given[one]
    return given


def shortened(lines: Sequence[str], many: int) -> list[str]:
    """The first lines of a text; where some are left out, the last ends in an ellipsis in the place of a word."""
    if len(lines) <= many:
        return list(lines)
    kept = list(lines[:many])
    begun, _, _rest = kept[-1].rpartition(" ")
    kept[-1] = (begun or kept[-1][:-2]).rstrip(" ,;:،，、；") + f" {ELLIPSIS}"
    return kept


def beginning(text: str, lines: int) -> tuple[list[str], bool]:
    """The paragraphs of a text as far as so many lines can hold them, and whether that is all of it."""
    most = lines * LETTERS
    found = [one.strip() for one in text[:most].splitlines() if one.strip()]
    return found, len(text.rstrip()) <= most
