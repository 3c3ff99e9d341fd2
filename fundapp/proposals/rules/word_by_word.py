"""Two texts word by word: which words one has and the other lacks, in every script. Pure."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import groupby

Part = tuple[str, bool]  # some of a text, and whether the other text lacks it
MOST = 4_000_000  # pairs of words: what is longer is not looked at word by word
# East Asian letters one by one, since nothing parts their words
_PIECE = re.compile(r"\s+|[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+")


def marked(before: str, after: str) -> tuple[list[Part], list[Part]]:
    """Both texts in parts, and whether the other text lacks each; put together again they are what they were."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    if len(old) * len(new) > MOST:
        return _whole(before), _whole(after)
    found: tuple[list[Part], list[Part]] = [], []
    for tag, *(first, last, begin, end) in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for parts, pieces in zip(found, (old[first:last], new[begin:end]), strict=True):
            parts += [(piece, tag != "equal" and bool(piece.strip())) for piece in pieces]
    return _joined(found[0]), _joined(found[1])


def _whole(text: str) -> list[Part]:
    return [(text, True)] if text else []


def _joined(parts: list[Part]) -> list[Part]:
    """Neighbours of a kind as one; a blank between two that are lacking is lacking too."""
    flat = [
        (text, lacking or (not text.strip() and 0 < at < len(parts) - 1 and parts[at - 1][1] and parts[at + 1][1]))
        for at, (text, lacking) in enumerate(parts)
    ]
    return [("".join(text for text, _ in some), lacking) for lacking, some in groupby(flat, key=lambda part: part[1])]
