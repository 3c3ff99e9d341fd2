"""A proposal as it was handed in: one canonical text, its digest, and what differs between two of them. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from fundapp.proposals.rules.fields import COURTESY, QUESTIONS, Field, Kind, Whole, fields_of

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(content: Mapping[str, Any]) -> str:
    """The one way to write it, so that it has the same digest for ever."""
    return _CANONICAL.encode(content)


def digest(text: str) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two versions say otherwise: its section, its name (of a row's column, "field.column"), the row's id
    or "", and what both say, empty where one says nothing."""

    section: str
    field: str
    row: str
    before: Any
    after: Any


def differences(before: Whole, after: Whole) -> list[Difference]:
    """All that differs, in the order of the pages."""
    names = dict.fromkeys((*before, *after))
    return [found for name in names for found in _in_section(name, before.get(name, {}), after.get(name, {}))]


def _in_section(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    known = fields_of(name, dict.fromkeys((*before, *after)) if name == QUESTIONS else ())
    for field in known:
        if field.kind is Kind.ROWS:
            yield from _in_rows(name, field, before.get(field.name, []), after.get(field.name, []))
            continue
        for key in (field.name, field.name + COURTESY):
            old, new = before.get(key, ""), after.get(key, "")
            if old != new:
                yield Difference(name, key, "", old, new)


def _in_rows(section: str, field: Field, before: list[Any], after: list[Any]) -> Iterator[Difference]:
    old, new = ({row["id"]: row for row in rows} for rows in (before, after))
    for key in dict.fromkeys((*old, *new)):
        one, other = old.get(key, {}), new.get(key, {})
        for column in field.columns:
            if one.get(column.name, "") != other.get(column.name, ""):
                yield Difference(
                    section, f"{field.name}.{column.name}", key, one.get(column.name, ""), other.get(column.name, "")
                )


# ------------------------------------------------------------------------------------------------------- documents

File = Mapping[str, Any]  # as a version names it: kind, title, name, number, digest, size, media_type


class Fate(StrEnum):
    """What became of a document between two versions."""

    ADDED = "added"
    REPLACED = "replaced"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Apart:
    """A document that two versions have otherwise: the file that the earlier names and that of the later, if any."""

    fate: Fate
    kind: str
    title: str
    before: File | None
    after: File | None


def files_apart(before: Sequence[File], after: Sequence[File]) -> list[Apart]:
    """The documents that are not the same in both, by kind and title. Documents have no name of their own in a version:
    those of a kind and title are the same one, and where there are several, those of the same content first."""
    old, new = _by_title(before), _by_title(after)
    return [
        Apart(_fate(one, other), kind, title, one, other)
        for kind, title in dict.fromkeys((*old, *new))
        for one, other in _pairs(old.get((kind, title), []), new.get((kind, title), []))
    ]


def _fate(before: File | None, after: File | None) -> Fate:
    return Fate.ADDED if before is None else Fate.REMOVED if after is None else Fate.REPLACED


def _by_title(files: Sequence[File]) -> dict[tuple[str, str], list[File]]:
    found: dict[tuple[str, str], list[File]] = {}
    for file in files:
        found.setdefault((file["kind"], file["title"]), []).append(file)
    return found


def _pairs(before: list[File], after: list[File]) -> Iterator[tuple[File | None, File | None]]:
    """What is left of each when files that both have are put aside, side by side."""
    old, new = list(before), list(after)
    for file in before:
        same = next((one for one in new if _content(one) == _content(file)), None)
        if same is not None:
            old.remove(file)
            new.remove(same)
    yield from zip_longest(old, new)


def _content(file: File) -> tuple[Any, Any]:
    return file["digest"], file["name"]
