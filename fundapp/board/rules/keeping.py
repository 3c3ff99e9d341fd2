"""Facts as canonical JSON, by which they are kept and known by a digest, and back. Pure."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Facts = TypeVar("Facts")
Read = Callable[[Any], Any]
MOMENTS: dict[type, Read] = {date: date.fromisoformat, datetime: datetime.fromisoformat}


def canonical(facts: Any) -> str:
    """Facts as JSON, the same for the same facts for ever."""
    return json.dumps(_plain(facts), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(content: str) -> str:
    """The SHA-256 of what is kept."""
    return hashlib.sha256(content.encode()).hexdigest()


def read(kind: type[Facts], content: str) -> Facts:
    """The facts of a kind that were kept; what the kind has gained since has its default."""
    whole: Any = kind
    found: Facts = _of_fields(whole)(json.loads(content))
    return found


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


@cache
def _reader(kind: Any) -> Read:
    """How a value of a kind is read out of JSON."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (UnionType, Union):
        known = next(one for one in inner if one is not NoneType)
        return lambda value: None if value is None else _reader(known)(value)
    if origin is tuple:
        return lambda value: tuple(_reader(inner[0])(one) for one in value)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _of_fields(kind)
    return MOMENTS.get(kind, lambda value: value)


@cache
def _of_fields(kind: Any) -> Read:
    hints = get_type_hints(kind)

    def made(value: dict[str, Any]) -> Any:
        return kind(**{name: _reader(hints[name])(one) for name, one in value.items() if name in hints})

    return made
