"""Arabic letters joined and set in the order in which they are drawn, left to right. Pure.

The font holds the joined letters under codes of their own. Three things are drawn under private codes, so that the
text that is copied or searched stays as it was written (see `written`):
- a lam-alef is one glyph for two letters, and readers disagree on the order of a glyph that stands for two: the glyph
  stands for the lam, and a blank one before it for the alef;
- a bracket in a right-to-left run is drawn turned round, but stands for the bracket that was written;
- a vowel sign over an alef with hamza, where it would be drawn into the hamza, is left white.
"""

from __future__ import annotations

import re
import unicodedata

from arabic_reshaper import ArabicReshaper
from bidi import algorithm
from bidi.mirror import MIRRORED

LAM = "\u0644"
BLANK = "\u200b"
_ALEFS = {
    "\ufef5": "\u0622",
    "\ufef6": "\u0622",
    "\ufef7": "\u0623",
    "\ufef8": "\u0623",
    "\ufef9": "\u0625",
    "\ufefa": "\u0625",
    "\ufefb": "\u0627",
    "\ufefc": "\u0627",
}
_BLANKS = {"\u0622": "\ue000", "\u0623": "\ue001", "\u0625": "\ue002", "\u0627": "\ue003"}
_VOWELS = {"\u064e": "\ue004", "\u064f": "\ue005"}
_OVER_HAMZA = re.compile("[\u064e\u064f](?=\ue001?[\ufe83\ufe84\ufef7\ufef8])")
_TURNED = {bracket: chr(0xE010 + place) for place, bracket in enumerate("()[]{}<>\u00ab\u00bb\u2039\u203a")}
# private code -> the character whose glyph it is drawn with
PRIVATE = {
    **dict.fromkeys((*_BLANKS.values(), *_VOWELS.values()), BLANK),
    **{code: str(MIRRORED[bracket]) for bracket, code in _TURNED.items()},
}
_WRITTEN = {
    **{code: letter for letter, code in (_BLANKS | _VOWELS).items()},
    **{code: bracket for bracket, code in _TURNED.items()},
    **dict.fromkeys(_ALEFS, LAM),
}
_RESHAPER = ArabicReshaper(
    configuration={"delete_harakat": False, "support_ligatures": True, "ARABIC LIGATURE ALLAH": False}
)
_STEPS = (
    algorithm.explicit_embed_and_overrides,
    algorithm.resolve_weak_types,
    algorithm.resolve_neutral_types,
    algorithm.resolve_implicit_levels,
    algorithm.reorder_resolved_levels,
)


def right_to_left(text: str) -> bool:
    """Whether the text has a letter that is written from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text)


def arabic(character: str) -> bool:
    """Whether it is a letter, sign or private code that only an Arabic font draws."""
    code = ord(character)
    return 0x600 <= code <= 0x8FF or 0xFB50 <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFE or character in PRIVATE


def visual(text: str, direction: str) -> str:
    """One line as it is drawn from left to right, in a paragraph of that direction ("rtl" or "ltr").

    A line of figures alone is not turned in any language.
    """
    text = _public(text)
    if not right_to_left(text) and (direction == "ltr" or not any(map(str.isalpha, text))):
        return _drawn(text)
    ordered = "".join(_reordered(_RESHAPER.reshape(text), direction))
    return _drawn(_OVER_HAMZA.sub(lambda vowel: _VOWELS[vowel.group()], ordered))


def written(code: int) -> str:
    """The character that a drawn code stands for when it is copied; the missing glyph stands for U+FFFD."""
    character = chr(code)
    if character in _WRITTEN:
        return _WRITTEN[character]
    if 0xFB50 <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFC:
        return unicodedata.normalize("NFKC", character)
    return character if code else "\ufffd"


def _public(text: str) -> str:
    """Private codes in what someone wrote are not ours."""
    if text.isascii():
        return text
    return "".join("\ufffd" if character in PRIVATE else character for character in text)


def _reordered(text: str, direction: str) -> list[str]:
    """The characters from left to right, brackets turned where the line runs right to left (UAX 9, P2 to L4)."""
    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = (1, "R") if direction == "rtl" else (0, "L")
    algorithm.get_embedding_levels(text, storage)
    for step in _STEPS:
        step(storage, False)
    return [_facing(place["ch"], place["level"] % 2 == 1) for place in storage["chars"]]


def _facing(character: str, leftward: bool) -> str:
    if not leftward:
        return character
    if character in _ALEFS:
        return _BLANKS[_ALEFS[character]] + character
    return _TURNED.get(character, character)


def _drawn(text: str) -> str:
    """Without the signs that only steer: joiners and direction marks have ink in some fonts."""
    if text.isprintable():
        return text
    return "".join(c for c in text if c == "\u00a0" or unicodedata.category(c) != "Cf" or c in PRIVATE)
