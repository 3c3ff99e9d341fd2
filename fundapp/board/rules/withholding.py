"""Texts without the paragraphs that name a proposal which their reader must not know of. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from fundapp.kernel.text import fold

SHORTEST_TITLE = 4  # letters of a title that is looked for: a shorter one is a word of everyday
_BETWEEN = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Hidden:
    """A proposal that somebody must not know of, by what a text would call it; names of its State in any language."""

    reference: str
    title: str = ""
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Silent:
    """What is kept from a reader, and the references of what is open to them: a paragraph on the same State that names
    one of these is about that."""

    hidden: Collection[Hidden]
    opened: Collection[str] = ()

    def of(self, text: str, *, states: bool = False) -> str:
        """The text without the paragraphs that name what is kept from the reader; states=True: also without those that
        name a State of it, where proposals are spoken of."""
        if not self.hidden or not text:
            return text
        kept = [part for part in _BETWEEN.split(text) if not self._tells(_bare(part), states=states)]
        return "\n\n".join(kept)

    def _tells(self, part: str, *, states: bool) -> bool:
        if any(_names(part, one.reference) or _calls(part, one.title) for one in self.hidden):
            return True
        if not states or any(_names(part, one) for one in self.opened):
            return False
        return any(_has(part, state) for one in self.hidden for state in one.states)


def _bare(text: str) -> str:
    return fold("".join(str(unicodedata.decimal(letter, letter)) for letter in text))


def _names(part: str, reference: str) -> bool:
    return bool(re.search(rf"(?<!\d){re.escape(_bare(reference))}(?!\d)", part))


def _calls(part: str, title: str) -> bool:
    return len(title) >= SHORTEST_TITLE and _bare(title) in part


def _has(part: str, state: str) -> bool:
    """Whether a State is named: as words, where its language sets blanks between them."""
    bare = _bare(state)
    if not bare:
        return False
    return bare in part if _unspaced(bare) else bool(re.search(rf"(?<!\w){re.escape(bare)}(?!\w)", part))


def _unspaced(text: str) -> bool:
    return any(unicodedata.name(letter, "").startswith("CJK") for letter in text)
