"""What is evidence for a recommendation of the review, and how it was found. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

SHORTEST_REASON, LONGEST_REASON = 10, 2_000  # characters


class Way(StrEnum):
    """How a match was found: by a person, or by what both speak of."""

    PERSON = "person"
    SAME_THEME = "same-theme"
    SAME_TARGET = "same-target"
    RELATED_THEME = "related-theme"


class Strength(StrEnum):
    """How much a match says, the weakest first."""

    RELATED = "related"
    TARGET = "target"
    THEME = "theme"
    BOTH = "theme-and-target"
    PERSON = "person"

    @property
    def rank(self) -> int:
        """Its place, the weakest being 0."""
        return _RANKS[self]


_RANKS = {strength: rank for rank, strength in enumerate(Strength)}


@dataclass(frozen=True, slots=True)
class Sought:
    """What evidence is looked for: themes, targets and goals, and the themes that are related to one of these.

    number: the recommendation that it is for, 0 where it is for none; numbers: those whose judgements apply.
    """

    themes: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    goals: frozenset[int] = frozenset()
    near: Mapping[str, frozenset[str]] = field(default_factory=dict)
    number: int = 0
    numbers: frozenset[int] = frozenset()

    def meets(self, themes: frozenset[str], goals: frozenset[str]) -> bool:
        """Whether anything is in common that makes a match."""
        apart = themes.isdisjoint(self.themes) and goals.isdisjoint(self.targets) and themes.isdisjoint(self.near)
        return not apart


@dataclass(frozen=True, slots=True)
class Match:
    """A match with all the ways in which it was found and what is in common.

    related: (theme of what was found, theme that was sought); goals: in common, whether or not a target is.
    """

    ways: tuple[Way, ...]
    themes: tuple[str, ...] = ()
    related: tuple[tuple[str, str], ...] = ()
    targets: tuple[str, ...] = ()
    goals: tuple[int, ...] = ()

    @property
    def strength(self) -> Strength:
        """How much it says, by the best of its ways."""
        if Way.PERSON in self.ways:
            return Strength.PERSON
        if Way.SAME_THEME in self.ways:
            return Strength.BOTH if Way.SAME_TARGET in self.ways else Strength.THEME
        return Strength.TARGET if Way.SAME_TARGET in self.ways else Strength.RELATED


@lru_cache(maxsize=1024)  # asked for each match, of some 200 targets
def goal_of(code: str) -> int:
    """The goal of a target: of 16.3 it is 16, and of 16 too."""
    return int(code.partition(".")[0])


def target_order(code: str) -> tuple[int, int, str]:
    """Targets in the order of the goals: 3.2 before 3.10, 3.10 before 3.a."""
    goal, _, rest = code.partition(".")
    return int(goal), int(rest) if rest.isdigit() else 1000, rest


def seek(
    themes: Iterable[str],
    goals: Iterable[str],
    related: Callable[[str], frozenset[str]],
    *,
    number: int = 0,
    numbers: Iterable[int] = (),
) -> Sought:
    """What to look for by themes and by goals ("16") or targets ("16.3")."""
    own, codes = frozenset(themes), frozenset(goals)
    near: dict[str, set[str]] = defaultdict(set)
    for theme in own:
        for other in related(theme) - own:
            near[other].add(theme)
    return Sought(
        own,
        frozenset(code for code in codes if "." in code),
        frozenset(map(goal_of, codes)),
        {theme: frozenset(of) for theme, of in near.items()},
        number,
        frozenset(numbers),
    )


def match(sought: Sought, themes: Iterable[str], goals: Iterable[str], *, linked: bool = False) -> Match | None:
    """How something on these themes and goals or targets matches; None where it does not. A goal alone says too
    little to be a match, and is told beside one."""
    own, codes = frozenset(themes), frozenset(goals)
    if not (linked or sought.meets(own, codes)):  # asked of thousands, and few match
        return None
    same, targets = own & sought.themes, codes & sought.targets
    near = own & sought.near.keys()
    found = ((Way.PERSON, linked), (Way.SAME_THEME, same), (Way.SAME_TARGET, targets), (Way.RELATED_THEME, near))
    return Match(
        tuple(way for way, there in found if there),
        tuple(sorted(same)),
        tuple((theme, of) for theme in sorted(near) for of in sorted(sought.near[theme])),
        tuple(sorted(targets, key=target_order)),
        tuple(sorted(sought.goals & set(map(goal_of, codes)))),
    )


def strong_enough(strength: Strength, at_least: Strength | None) -> bool:
    """Whether a match says as much as was asked for."""
    return at_least is None or strength.rank >= at_least.rank
