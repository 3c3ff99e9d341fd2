"""The register as facts to be printed: the matrix of one State's recommendations, and their trend. Pure.

Names are given by language; what the register has only as a file wrote it is given by `as_written`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from fundapp.kernel.languages import LANGUAGES
from fundapp.recommendations.rules import Position

Names = Mapping[str, str]


def as_written(label: str) -> Names:
    """A label that the register does not know: the same in every language."""
    return dict.fromkeys(LANGUAGES, label)


@dataclass(frozen=True, slots=True)
class MatrixTheme:
    """A theme of a recommendation; without a code it is a label as a file wrote it."""

    code: str | None
    names: Names


@dataclass(frozen=True, slots=True)
class MatrixGoal:
    """A goal of a recommendation with its short title, and the targets of it that are named."""

    number: int
    names: Names
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One recommendation: its text in the language it has, who made it, the position on it (None: not known)."""

    paragraph: str
    text: str
    language: str
    states: tuple[Names, ...] = ()
    position: Position | None = None
    themes: tuple[MatrixTheme, ...] = ()
    persons: tuple[Names, ...] = ()
    goals: tuple[MatrixGoal, ...] = ()


@dataclass(frozen=True, slots=True)
class MatrixSection:
    """The recommendations under one theme; without a theme those that have none in use."""

    theme: MatrixTheme | None
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class MatrixFacts:
    """The recommendations of one review of a State, each once; sources are symbols or names of files."""

    state: Names
    cycle: int
    session: int | None
    generated_at: datetime
    sources: tuple[str, ...]
    sections: tuple[MatrixSection, ...]

    @property
    def rows(self) -> tuple[MatrixRow, ...]:
        """All recommendations in the order in which they are printed."""
        return tuple(row for section in self.sections for row in section.rows)


class Tally(NamedTuple):
    """How many recommendations are supported, noted, and wait for the State's position."""

    supported: int
    noted: int
    pending: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self)


NONE = Tally(0, 0)


@dataclass(frozen=True, slots=True)
class TrendRow:
    """A theme in this cycle and in the one before; names None for themes that are not in use."""

    names: Names | None
    now: Tally
    before: Tally = NONE


@dataclass(frozen=True, slots=True)
class TrendFacts:
    """Recommendations to a State by theme, this cycle beside an earlier one (None where there is none to compare).

    A recommendation counts under each of its themes; the totals count it once.
    """

    state: Names
    cycle: int
    before: int | None
    generated_at: datetime
    rows: tuple[TrendRow, ...]
    total_now: Tally
    total_before: Tally = NONE


def sections(rows: Iterable[MatrixRow], order: Sequence[str]) -> tuple[MatrixSection, ...]:
    """The rows, each under the first of its themes that is in use; order: the codes of themes as they are printed."""
    themes: dict[str, MatrixTheme] = {}
    found: defaultdict[str | None, list[MatrixRow]] = defaultdict(list)
    for row in rows:
        first = next((theme for theme in row.themes if theme.code), None)
        code = first.code if first else None
        if first and code:
            themes.setdefault(code, first)
        found[code].append(row)
    places = {code: place for place, code in enumerate(order)}
    codes = sorted(themes, key=lambda code: places.get(code, len(places)))
    named = [MatrixSection(themes[code], tuple(found[code])) for code in codes]
    return (*named, MatrixSection(None, tuple(found[None]))) if found[None] else tuple(named)
