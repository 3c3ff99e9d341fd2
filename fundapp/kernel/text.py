"""Text as people type it, made comparable. Pure."""

from __future__ import annotations

import re
import unicodedata

_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None})
TURNS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))  # signs that turn the direction of what follows
_APART = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """The form in which two spellings of a name are the same: no case, accents, Arabic letter variants or signs."""
    decomposed = unicodedata.normalize("NFKD", text.casefold()).translate(_ARABIC)  # forms for print become letters
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _APART.sub(" ", unicodedata.normalize("NFKC", bare)).strip()


def left_to_right(text: object) -> str:
    """A number, code or day where no markup can stand, kept from left to right: Arabic would turn 2020-001 round."""
    return f"\N{LEFT-TO-RIGHT ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def printable(text: str) -> str:
    """Text for one line of a terminal or a log: what a file holds must not move the cursor or hide what follows."""
    return text if text.isprintable() else "".join("\ufffd" if _moves(letter) else letter for letter in text)


def _moves(letter: str) -> bool:
    """Controls, marks of direction, halves of characters, and ends of lines; a no-break space is none of them."""
    kind = unicodedata.category(letter)
    return kind.startswith("C") or kind in {"Zl", "Zp"}
