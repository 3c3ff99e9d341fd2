"""The tables and paragraphs of a Word document, as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DEEPEST = 100  # elements one in the other; real documents have 30
_AROUND = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "customXml"))
# What stands elsewhere, or a second time: words that were moved away, a text box for older programs
_NOT_HERE = frozenset({f"{W}moveFrom", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"})
_SIGNS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": " ", f"{W}noBreakHyphen": "-"}


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its cells as text, the columns that each spans, whether one hangs together with a cell above."""

    number: int
    cells: tuple[str, ...]
    spans: tuple[int, ...]
    joined: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its rows are counted over all tables of the document, from 1."""

    rows: tuple[Row, ...]


def too_deep(document: Element) -> bool:
    """Whether elements lie one in the other without end: each would be looked through for all those around it."""
    layer: list[Element] = [document]
    for _ in range(DEEPEST):
        layer = [child for element in layer for child in element]
        if not layer:
            return False
    return True


def tables(document: Element) -> list[Table]:
    """The tables of a document in their order."""
    numbers = count(1)
    return [
        Table(tuple(_row(row, next(numbers)) for row in _within(table, "tr"))) for table in document.iter(f"{W}tbl")
    ]


def paragraphs(document: Element) -> Iterator[str]:
    """What the paragraphs of a part say, one by one."""
    return (_text(paragraph) for paragraph in document.iter(f"{W}p"))


def _within(element: Element, name: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, also those in a content control; not those of a table inside."""
    waiting = [*reversed(element)]
    while waiting:  # and no recursion: a hostile document has thousands, one in the other
        child = waiting.pop()
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in _AROUND:
            waiting += reversed(child)


def _row(row: Element, number: int) -> Row:
    cells = list(_within(row, "tc"))
    spans = tuple(_number(cell.find(f"{W}tcPr/{W}gridSpan")) for cell in cells)
    merges = [cell.find(f"{W}tcPr/{W}vMerge") for cell in cells]
    joined = any(merge is not None and merge.get(f"{W}val") != "restart" for merge in merges)
    return Row(number, tuple("\n".join(map(_text, cell.iter(f"{W}p"))) for cell in cells), spans, joined)


def _number(span: Element | None) -> int:
    value = span.get(f"{W}val", "1") if span is not None else "1"
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def _text(paragraph: Element) -> str:
    said, waiting = [], [paragraph]
    while waiting:
        part = waiting.pop()
        if part.tag not in _NOT_HERE:
            said.append(part.text or "" if part.tag == f"{W}t" else _SIGNS.get(part.tag, ""))
            waiting += reversed(part)
    return "".join(said)
