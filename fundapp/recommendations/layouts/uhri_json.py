"""The Universal Human Rights Index as JSON, read an annotation at a time: the whole would not fit in memory."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from typing import Any

from fundapp.kernel.errors import refuse
from fundapp.recommendations.layouts.incoming import PART, About, Incoming, clean, lines
from fundapp.recommendations.layouts.uhri import Annotation, recommended
from fundapp.recommendations.rules import Here, Reading, Recommended

COLUMNS = {
    "id": "AnnotationId",
    "text": "Text",
    "body": "Body",
    "symbol": "Symbol",
    "issued": "PublicationDate",
    "countries": "Countries",
    "themes": "Themes",
    "persons": "AffectedPersons",
    "goals": "Sdgs",
    "cycle": "UprCycle",
    "session": "UprSession",
    "positions": "UprPositions",
    "recommending": "UprRecommendingCountry",
}
LARGEST = 4 * 1024**2  # characters of one annotation
_BEGIN = re.compile(r'\s*(?:\{\s*"[^"]{0,80}"\s*:\s*)?\[')
_APART = re.compile(r"[\s,]*")
_TAG = re.compile(r"<(?:([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*|[/!?][^<>]*)>")
_APART_BY = frozenset({"p", "br", "li", "div", "tr", "td"})
# How the whole ends: a list alone, or in an object that says words, figures and nothing else beside it
_BESIDE = r',\s*"[^"\\]*"\s*:\s*(?:"[^"\\]*"|[\w.+-]+)\s*'
_END = re.compile(rf"\]\s*(?:(?:{_BESIDE})*\}}\s*)?\Z")
TWICE = "\0twice"  # a name that an object has twice; no file has a name like it


def recognises(file: Incoming) -> bool:
    """Whether the file begins as JSON does."""
    return file.head().removeprefix(codecs.BOM_UTF8).lstrip()[:1] in (b"[", b"{")


def rows(file: Incoming, reading: Reading, about: About) -> Iterator[Recommended]:
    """The recommendations of the file; rows are counted from 1."""
    for number, found in enumerate(members(file, reading.reached), 1):
        here = Here(reading, number)
        if not isinstance(found, dict):
            here.wrong("recommendation.no-object", "-")
        elif TWICE in found:
            here.wrong("recommendation.name-twice", clean(found[TWICE])[:80])
        elif odd := next((column for column in COLUMNS.values() if _holds_objects(found.get(column))), None):
            here.wrong("recommendation.no-words", odd)
        else:
            yield from _row(found, here)


def _holds_objects(value: object) -> bool:
    """Whether a field holds what is neither words nor a list of words."""
    parts = value if isinstance(value, list) else [value]
    return any(isinstance(part, dict | list) for part in parts)


def members(file: Incoming, told: Callable[[float], None]) -> Iterator[Any]:
    """The members of the list that the file is, or that its first name holds, one after the other; `told` hears how
    much of it is read, from 0 to 1."""
    decoder, number, size = json.JSONDecoder(object_pairs_hook=_object), 0, file.path.stat().st_size
    with file.path.open("rb") as content, TextIOWrapper(content, "utf-8-sig") as text:
        try:
            buffer = text.read(PART)
            if not (begun := _BEGIN.match(buffer)):
                raise refuse("json.no-list", name=file.name)
            at = begun.end()
            while True:
                at = _skip(buffer, at)
                if buffer.startswith("]", at):
                    if _END.match(buffer[at:] + text.read(PART)):
                        return
                    raise refuse("json.more", row=number + 1, name=file.name)
                try:
                    found, at = decoder.raw_decode(buffer, at)
                except json.JSONDecodeError:
                    more = text.read(PART)
                    if not more or len(buffer) - at > LARGEST:
                        raise refuse("json.broken", row=number + 1, name=file.name) from None
                    buffer, at = buffer[at:] + more, 0
                    told(content.tell() / size)
                    continue
                number += 1
                yield found
        except (ValueError, RecursionError):  # no UTF-8, a number of thousands of figures, one list in the other
            raise refuse("json.broken", row=number + 1, name=file.name) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, with the name that it has twice: of two texts the first would be lost, and nobody told."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        found[TWICE] = next(name for name in names if names.count(name) > 1)
    return found


def _skip(buffer: str, at: int) -> int:
    found = _APART.match(buffer, at)
    return found.end() if found else at


def _blank(tag: re.Match[str]) -> str:
    return " " if (tag[1] or "").lower() in _APART_BY else ""


def words(text: str) -> str:
    """The words of a text that is HTML: what is between tags, whatever the tags would do. Not by the parser of the
    language, which a tag that is opened and never closed keeps busy for minutes."""
    return clean(_TAG.sub(_blank, text) if "<" in text else text)


def _several(value: object) -> list[str]:
    """A field that holds a list, or its values on lines."""
    if isinstance(value, list):
        return [text for item in value if (text := clean(str(item)))]
    return lines(str(value)) if value not in (None, "") else []


def _one(value: object) -> str:
    return ", ".join(_several(value))


def _row(cells: dict[str, Any], here: Here) -> Iterator[Recommended]:
    value = {field: cells.get(column) for field, column in COLUMNS.items()}
    found = Annotation(
        id=_one(value["id"]),
        text=words(str(value["text"] or "")),
        body=_one(value["body"]),
        symbol=_one(value["symbol"]),
        issued=value["issued"],
        countries=_several(value["countries"]),
        themes=_several(value["themes"]),
        persons=_several(value["persons"]),
        goals=_several(value["goals"]),
        cycle=_one(value["cycle"]),
        session=_one(value["session"]),
        positions=_several(value["positions"]),
        recommending=_several(value["recommending"]),
    )
    yield from recommended(found, here, COLUMNS)
