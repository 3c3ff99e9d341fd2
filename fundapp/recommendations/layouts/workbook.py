"""The cells of a workbook's first sheet, a row at a time in little memory: its shared texts wait in a file on disk.

Other readers keep those texts in memory, 300 MB for a quarter of a million recommendations.
"""

from __future__ import annotations

import os
import re
from array import array
from collections.abc import Callable, Iterator
from functools import lru_cache
from math import isfinite
from tempfile import TemporaryFile
from typing import IO, Any
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import ZipFile

from fundapp.kernel.errors import refuse
from fundapp.recommendations.layouts.incoming import PART

BOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
LONGEST = 1_000_000  # characters of one cell; a spreadsheet program allows 32,767
MOST_TEXTS = 5_000_000
MOST_COLUMNS = 16_384
LATE = 1_462  # days from 1900 to 1904, which some workbooks count from
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
Row = tuple[int, dict[int, Any]]


class _Local(dict[str, str]):
    """A name of XML without its namespace, worked out once."""

    def __missing__(self, name: str) -> str:
        self[name] = found = name.rpartition(" ")[2]
        return found


_LOCAL = _Local()


class Elements:
    """What happens in a part: subclasses say what elements begin and end. A document type is refused, and with it all
    that could swell by naming itself."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.length = 0
        self.inside = ""  # the element whose words are kept
        parser = self.parser = ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: self.begin(_LOCAL[name], attributes)
        parser.EndElementHandler = lambda name: self.end(_LOCAL[name])
        parser.CharacterDataHandler = self.words
        parser.StartDoctypeDeclHandler = self.no_doctype

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def words(self, text: str) -> None:
        """What stands between tags, where it is wanted."""
        if self.inside:
            self.length += len(text)
            if self.length > LONGEST:
                raise ValueError("too long")
            self.said.append(text)

    def no_doctype(self, *_: object) -> None:
        """A workbook has none."""
        raise ValueError("document type")

    def taken(self) -> str:
        """What was said since the last time."""
        found = "".join(self.said)
        self.said, self.length = [], 0
        if "_x" in found:
            found = _ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), found)
        return found


class Texts(Elements):
    """The shared texts, kept on disk; those that were asked for last are at hand."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self.file, self.ends = file, array("Q", [0])
        self.text = lru_cache(maxsize=20_000)(self._text)
        self.spoken = False  # inside what says how a text is pronounced

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """A text, or a run of one."""
        if name == "rPh":
            self.spoken = True
        elif name == "t" and not self.spoken:
            self.inside = name

    def end(self, name: str) -> None:
        """The whole of a text goes to disk."""
        if name == "t":
            self.inside = ""
        elif name == "rPh":
            self.spoken = False
        elif name == "si":
            if len(self.ends) > MOST_TEXTS:
                raise ValueError("too many texts")
            self.ends.append(self.ends[-1] + self.file.write(self.taken().encode("utf-8", "surrogatepass")))

    def _text(self, number: int) -> str:
        if not 0 <= number < len(self.ends) - 1:
            raise ValueError(number)
        begin = self.ends[number]
        return os.pread(self.file.fileno(), self.ends[number + 1] - begin, begin).decode("utf-8", "replace")


class Cells(Elements):
    """The rows of a sheet: number, and column (from 0) -> what the cell holds; cells without anything are left out."""

    def __init__(self, text: Callable[[int], str], name: str) -> None:
        super().__init__()
        self.text, self.name = text, name
        self.rows: list[Row] = []
        self.row, self.column, self.kind = 0, -1, ""
        self.cells: dict[int, Any] = {}
        self.columns: dict[str, int] = {}
        self.spoken = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """A row, a cell, or what it holds."""
        if name == "c":
            place = attributes.get("r")
            self.column = self._column(place.rstrip("0123456789")) if place else self.column + 1
            self.kind = attributes.get("t", "n")
        elif name == "v" or (name == "t" and not self.spoken):
            self.inside = name
        elif name == "row":
            self.row, self.column, self.cells = int(attributes.get("r") or self.row + 1), -1, {}
        elif name == "rPh":
            self.spoken = True
        elif name == "f":
            raise refuse("package.formula", row=self.row, column=_letters(self.column), name=self.name)

    def end(self, name: str) -> None:
        """What a cell holds is known when it ends."""
        if name == "c":
            if self.said:
                self.cells[self.column] = self._value(self.taken())
        elif name in ("v", "t"):
            self.inside = ""
        elif name == "row":
            self.rows.append((self.row, self.cells))
        elif name == "rPh":
            self.spoken = False

    def _column(self, letters: str) -> int:
        if (found := self.columns.get(letters)) is None:
            found = -1
            for letter in letters:
                found = (found + 1) * 26 + ord(letter) - 65
            if not (letters.isascii() and letters.isupper()) or found >= MOST_COLUMNS:
                raise ValueError(letters)
            self.columns[letters] = found
        return found

    def _value(self, said: str) -> object:
        if self.kind == "s":
            return self.text(int(said))
        if self.kind == "n":
            if not isfinite(number := float(said)):
                raise ValueError(said)
            return int(number) if number.is_integer() else number
        return said == "1" if self.kind == "b" else said


def _letters(column: int) -> str:
    found = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        found, column = chr(65 + rest) + found, column - 1
    return found


class Names(Elements):
    """The sheets of a workbook and the parts that belong to it, as its small parts name them."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[str] = []
        self.parts: dict[str, str] = {}
        self.texts = ""
        self.late = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """A sheet, a relation, or the day that dates are counted from."""
        if name == "sheet":
            self.sheets += [value for key, value in attributes.items() if key.endswith("relationships id")]
        elif name == "workbookPr":
            self.late = attributes.get("date1904") in ("1", "true")
        elif name == "Relationship":
            target = attributes.get("Target", "")
            path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            self.parts[attributes.get("Id", "")] = path
            if attributes.get("Type", "").endswith("/sharedStrings"):
                self.texts = path


class Workbook:
    """The first sheet of an unpacked workbook; `told` hears how much of it is read, from 0 to 1."""

    def __init__(self, package: ZipFile, name: str, told: Callable[[float], None]) -> None:
        self.package, self.name, self.told = package, name, told
        self.read = 0
        book, related = Names(), Names()
        for part, names in ((BOOK, book), (RELATIONS, related)):
            for _ in self._fed(part, names):
                pass
        if not book.sheets or book.sheets[0] not in related.parts:
            raise refuse("package.broken", name=name)
        self.sheet, self.texts, self.late = related.parts[book.sheets[0]], related.texts, book.late

    def rows(self) -> Iterator[Row]:
        """Its rows that have a cell, as they are read."""
        with TemporaryFile() as file:
            texts = Texts(file)
            if self.texts in self.package.namelist():
                for _ in self._fed(self.texts, texts):
                    pass
            file.flush()
            cells = Cells(texts.text, self.name)
            for _ in self._fed(self.sheet, cells):
                yield from cells.rows
                cells.rows.clear()

    def _fed(self, part: str, elements: Elements) -> Iterator[None]:
        """The part handed to what makes something of it, a piece at a time."""
        try:
            with self.package.open(part) as content:
                while piece := content.read(PART):
                    elements.parser.Parse(piece, False)
                    self._tell(len(piece), part)
                    yield
                elements.parser.Parse(b"", True)
                yield
        except (KeyError, ValueError, ExpatError, UnicodeError):
            raise refuse("package.broken", name=self.name) from None

    def _tell(self, length: int, part: str) -> None:
        if part not in (BOOK, RELATIONS):
            self.read += length
            infos = self.package.NameToInfo
            whole = sum(infos[name].file_size for name in (self.sheet, self.texts) if name in infos)
            self.told(min(self.read / max(whole, 1), 1.0))
