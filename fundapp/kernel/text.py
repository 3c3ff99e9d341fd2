"""Text as people type it, made comparable. Pure."""

from __future__ import annotations

import re
import unicodedata

_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None})
_APART = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """The form in which two spellings of a name are the same: no case, accents, Arabic letter variants or signs."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_ARABIC).casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _APART.sub(" ", unicodedata.normalize("NFKC", bare)).strip()


def printable(text: str) -> str:
    """Text for one line of a terminal or a log: what a file holds must not move the cursor or hide what follows."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
