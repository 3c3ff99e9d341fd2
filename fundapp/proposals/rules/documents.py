"""The documents of a proposal: how their files are called, and how much there may be. Pure."""

from __future__ import annotations

import re
import unicodedata

from fundapp.kernel.errors import Fault

MEGABYTE = 1024 * 1024
PART = MEGABYTE  # bytes of a file on its way that are sent at once, at most
MOST = 60  # documents of a proposal
MOST_OPEN = 20  # files of a person that are on their way
LONGEST_TITLE, LONGEST_NAME = 200, 150
_PLACES = re.compile(r"[\\/:]")
_APART = re.compile(r"\s+")
# Names that some machines keep for themselves, whatever follows the point
_KEPT = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def plain(text: str) -> str:
    """A line as it may be shown: no controls, no marks that turn the writing round, no blanks in a row."""
    seen = "".join(" " if _blank(letter) else letter for letter in text if not _hidden(letter))
    return _APART.sub(" ", unicodedata.normalize("NFC", seen)).strip()


def _blank(letter: str) -> bool:
    return letter in "\t\r\n" or unicodedata.category(letter) in ("Zl", "Zp")


def _hidden(letter: str) -> bool:
    """Joiners stay: words of several scripts are written with them."""
    return unicodedata.category(letter).startswith("C") and letter not in "\t\r\n\u200c\u200d"


def file_name(sent: str) -> str:
    """The name under which a file that somebody sent is kept: of its place on their machine only the last part, short
    enough, and none that a machine or a person would take for something else."""
    name = plain(_PLACES.split(sent)[-1]).strip(". ") or "document"
    name = f"_{name}" if _KEPT.fullmatch(name) else name
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return name[:LONGEST_NAME]


def stem_of(name: str) -> str:
    """A file's name without its ending: what a document is called that has no title."""
    stem, dot, _ending = name.rpartition(".")
    return (stem if dot and stem else name)[:LONGEST_TITLE]


def too_long(title: str) -> Fault | None:
    """What is wrong with a title that nobody would read to its end."""
    if len(title) <= LONGEST_TITLE:
        return None
    return Fault("call.long", {"found": len(title), "largest": LONGEST_TITLE}, field="title")
