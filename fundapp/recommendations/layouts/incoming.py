"""A file that someone sends: its size, its digest, its cells as plain text."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from fundapp.kernel.errors import refuse
from fundapp.kernel.text import printable

LARGEST = 1024**3  # bytes: 250,000 recommendations of the Universal Human Rights Index have about half of it
PART = 64 * 1024  # bytes read at a time
_MARK = re.compile(r"^[-–•\u2022*]\s*")
# Controls, signs that turn the writing round for all that follows, and what XML may not hold
_UNSEEN = re.compile("[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
ERRORS = frozenset("#N/A #REF! #NAME? #VALUE! #DIV/0! #NUM! #NULL!".split())  # of a spreadsheet, in place of a value
_SERIAL = timedelta(days=1)
_EPOCH = date(1899, 12, 30)  # day 0 of a workbook
_MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_DAY = re.compile(r"(\d{1,2})[ -/.]([A-Za-z]{3,9}|\d{1,2})[ -/.,]+(\d{4})")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file to be read; `name` is how people know it, on one line."""

    name: str
    path: Path

    def digest(self) -> str:
        """The SHA-256 of its bytes."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def head(self, size: int = PART) -> bytes:
        """How it begins."""
        with self.path.open("rb") as file:
            return file.read(size)


@dataclass(frozen=True, slots=True)
class About:
    """What the person who sends a file says of it, where the file does not: State under review and session."""

    state: str | None = None
    session: int | None = None


def incoming(path: Path, name: str | None = None) -> Incoming:
    """The file that someone names, refused when it is missing, a folder, a device, too large, or not to be read."""
    called = printable(name or path.name)
    try:
        if path.is_dir():
            raise refuse("file.folder", name=called)
        size = path.stat().st_size
        if not path.is_file():
            raise refuse("file.unreadable", name=called, reason="no file")
        if size > LARGEST:
            raise refuse("file.too-large", name=called, size=size, largest=LARGEST)
        found = Incoming(called, path)
        found.head(1)
    except FileNotFoundError:
        raise refuse("file.missing", name=called) from None
    except OSError as error:
        raise refuse("file.unreadable", name=called, reason=error.strerror or str(error)) from None
    return found


def clean(text: str) -> str:
    """The words of a cell on one line: entities as the signs they stand for, one blank between words. Tags stay as
    they are, for text is shown as text."""
    if "&" in text:
        text = html.unescape(text)
    if text.isprintable() and "  " not in text:  # most are: no sign to be taken out, blanks only between words
        return text.strip(" ")
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")  # half a character from a careless JSON
    return " ".join(_UNSEEN.sub("", text).split())


known = lru_cache(maxsize=4096)(clean)  # for cells that repeat: names of States, positions, themes


def in_error(cells: Mapping[str, object]) -> str | None:
    """The first field of a row whose cell holds a spreadsheet's error in the place of a value."""
    return next((field for field, cell in cells.items() if isinstance(cell, str) and cell.strip() in ERRORS), None)


def lines(text: str) -> list[str]:
    """The values of a cell that has one on a line, without the mark before each."""
    return [found for line in text.splitlines() if (found := _MARK.sub("", clean(line)).strip())]


def first_number(text: str) -> str:
    """The number in words like "4th cycle"; the text itself where there is none."""
    found = re.search(r"\d+", text)
    return found[0] if found else text


def day(value: object) -> date | None:
    """The day that a cell means: a date, the number of one in a workbook, or a text like 2019-03-15 or 15 March 2019;
    of 03/04/2019 the first number is the day. ValueError for anything else."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float):
        if 20_000 <= value <= 80_000:
            return _EPOCH + int(value) * _SERIAL
        raise ValueError(value)
    text = clean(str(value or ""))
    return _written(text) if text else None


def _written(text: str) -> date:
    if re.match(r"\d{4}-\d\d-\d\d(?:[T ]|$)", text):
        return date.fromisoformat(text[:10])
    found = _DAY.fullmatch(text)
    if not found:
        raise ValueError(text)
    month = int(found[2]) if found[2].isdigit() else _MONTHS.get(found[2][:3].lower(), 0)
    return date(int(found[3]), month, int(found[1]))


def unique(texts: Iterable[str]) -> tuple[str, ...]:
    """Each text once, in their order."""
    return tuple(dict.fromkeys(texts))
