"""What was approved in a year, summed up by region, focus area and situation of the State. Pure; amounts are cents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Approved:
    """A proposal that was approved: its State and region under their names, the codes of its focus areas, whether the
    State was a least developed country or a small island developing State on that day."""

    reference: str
    title: str
    language: str
    country: str  # code, or empty
    state: str
    region: str
    areas: tuple[str, ...]
    statuses: tuple[str, ...]
    cents: int
    asked: int
    conditions: bool
    on: date
    office: str

    @property
    def priority(self) -> bool:
        """Whether the money goes where the fund's priority lies."""
        return bool({"ldc", "sids"} & set(self.statuses))


@dataclass(frozen=True, slots=True)
class Sum:
    """How many proposals were approved under a name, with which sum, and what of that goes to least developed countries
    and small island developing States."""

    name: str
    many: int
    cents: int
    priority: int


def total(rows: Iterable[Approved], name: str = "") -> Sum:
    """All of them together."""
    found = list(rows)
    return Sum(name, len(found), sum(one.cents for one in found), sum(one.cents for one in found if one.priority))


def sums(rows: Sequence[Approved], names: Callable[[Approved], Iterable[str]]) -> list[Sum]:
    """Sums by name, the largest first; what has several names is counted under each."""
    known = dict.fromkeys(name for one in rows for name in names(one))
    found = [total((one for one in rows if name in names(one)), name) for name in known]
    return sorted(found, key=lambda one: (-one.cents, one.name))
