"""Who should score what: a plan that fills what can be filled, prefers who reads the language, and balances the load.

A plan is exact. First as few sheets as possible are lacking, spread so that no proposal goes short before its turn;
of such plans, the one in which most proposals are read in a language of their reader's; of these the one in which the
loads are most alike. It is found as a flow of least cost: a first plan, then changes along cycles until none is left
that makes it better, which is when none is better. Of plans that are as good the same is always found. Pure.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fundapp.scoring.rules.rounds import Interest, Reviewer, ToScore, interests

NOBODY = -1  # takes the sheets that nobody gives


@dataclass(frozen=True, slots=True)
class Want:
    """What is to be planned: proposals, those who can score, how many sheets each proposal needs still, how many
    proposals of the call each person has already, and whether nationality is an interest."""

    proposals: tuple[ToScore, ...]
    reviewers: tuple[Reviewer, ...]
    needed: Mapping[int, int]
    load: Mapping[int, int]
    bars_nationality: bool = True


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A proposal for which sheets cannot be found, how many, and why each person does not give one."""

    proposal: ToScore
    sheets: int
    interests: Mapping[Interest, tuple[Reviewer, ...]]
    full: tuple[Reviewer, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Pairs of a proposal and a person, by the order of the proposals; the load of each with it; what is short."""

    pairs: tuple[tuple[int, int], ...]
    load: Mapping[int, int]
    strange: frozenset[tuple[int, int]]  # pairs in which the person does not read the language
    short: tuple[Shortfall, ...]

    @property
    def digest(self) -> str:
        """What tells a plan from another: whoever agreed to one has agreed to no other."""
        return hashlib.sha256(repr(self.pairs).encode()).hexdigest()[:16]


def reads(one: Reviewer, proposal: ToScore) -> bool:
    """Whether somebody reads the language of a proposal, or that of the translation beside it."""
    return not one.languages.isdisjoint({proposal.language, proposal.courtesy})


def plan(want: Want) -> Plan:
    """The best plan."""
    state = _State(want)
    state.begin()
    while cycle := state.better():
        state.turn(cycle)
    return state.end()


@dataclass(slots=True)
class _State:
    """A plan on its way: who has what, how many sheets each proposal lacks. A person is a place in the list; one more
    place stands for nobody."""

    want: Want
    able: list[list[bool]] = field(default_factory=list)
    strange: list[list[int]] = field(default_factory=list)
    has: list[set[int]] = field(default_factory=list)  # place of a person -> places of proposals
    load: list[int] = field(default_factory=list)
    short: list[int] = field(default_factory=list)

    def begin(self) -> None:
        """The first plan: one sheet of each proposal after the other, to whoever is best for it."""
        want = self.want
        self.able = [[_can(one, two, want) for one in want.reviewers] for two in want.proposals]
        self.strange = [[int(not reads(one, two)) for one in want.reviewers] for two in want.proposals]
        self.has = [set() for _ in want.reviewers]
        self.load = [want.load.get(one.id, 0) for one in want.reviewers]
        self.short = [max(0, want.needed.get(one.id, 0)) for one in want.proposals]
        for turn in range(max(self.short, default=0), 0, -1):
            for place, lacks in enumerate(self.short):
                if lacks == turn and (found := self._best(place)) is not None:
                    self._give(place, found)

    def _best(self, place: int) -> int | None:
        able = [
            one for one, can in enumerate(self.able[place]) if can and place not in self.has[one] and self._room(one)
        ]
        return min(able, key=lambda one: (self.strange[place][one], self.load[one], one), default=None)

    def _room(self, one: int) -> bool:
        most = self.want.reviewers[one].most
        return most is None or self.load[one] < most

    def _give(self, place: int, one: int) -> None:
        self.has[one].add(place)
        self.load[one] += 1
        self.short[place] -= 1

    def _take(self, place: int, one: int) -> None:
        self.has[one].discard(place)
        self.load[one] -= 1
        self.short[place] += 1

    # A step leads a proposal's sheet from one person to another, or to nobody, or from nobody. The persons are knots
    # of a graph; a last knot joins the ends of chains: there the load of one falls and that of another rises.

    def better(self) -> list[tuple[int, int, int]]:
        """Steps (from, to, proposal) that together make the plan better; none where it is the best."""
        people = len(self.has)
        steps = self._steps()
        cost = {key: price for key, (price, _) in steps.items()}
        for one in range(people):  # knot `people` is nobody, knot `people + 1` joins the ends
            if self._room(one):
                cost[one, people + 1] = (0, 0, 2 * self.load[one] + 1)
            if self.has[one]:
                cost[people + 1, one] = (0, 0, 1 - 2 * self.load[one])
        cost[people, people + 1] = cost[people + 1, people] = (0, 0, 0)
        cycle = _negative_cycle(people + 2, cost)
        return [(one, two, steps[one, two][1]) for one, two in cycle if (one, two) in steps]

    def _steps(self) -> dict[tuple[int, int], tuple[Cost, int]]:
        """The cheapest step between any two, and the proposal by which it leads."""
        found: dict[tuple[int, int], tuple[Cost, int]] = {}
        nobody = len(self.has)
        for place, able in enumerate(self.able):
            takers = [two for two, can in enumerate(able) if can and place not in self.has[two]]
            lacks, strange = self.short[place], self.strange[place]
            for one in (one for one in range(nobody) if place in self.has[one]):
                for two in takers:
                    _keep(found, one, two, ((0, strange[two] - strange[one], 0), place))
                _keep(found, one, nobody, ((2 * lacks + 1, -strange[one], 0), place))
            if lacks:
                for two in takers:
                    _keep(found, nobody, two, ((1 - 2 * lacks, strange[two], 0), place))
        return found

    def turn(self, cycle: Sequence[tuple[int, int, int]]) -> None:
        """Go these steps."""
        nobody = len(self.has)
        for one, _, place in cycle:
            if one != nobody:
                self._take(place, one)
        for _, two, place in cycle:
            if two != nobody:
                self._give(place, two)

    def end(self) -> Plan:
        """The plan as it stands."""
        want = self.want
        pairs = [
            (place, one)
            for place in range(len(want.proposals))
            for one in range(len(self.has))
            if place in self.has[one]
        ]
        named = [(want.proposals[place].id, want.reviewers[one].id) for place, one in pairs]
        strange = {name for name, (place, one) in zip(named, pairs, strict=True) if self.strange[place][one]}
        load = {one.id: self.load[place] for place, one in enumerate(want.reviewers)}
        return Plan(tuple(named), load, frozenset(strange), tuple(self._shortfalls()))

    def _shortfalls(self) -> Iterator[Shortfall]:
        for place, proposal in enumerate(self.want.proposals):
            if not self.short[place]:
                continue
            kept: dict[Interest, tuple[Reviewer, ...]] = {}
            full: list[Reviewer] = []
            for number, one in enumerate(self.want.reviewers):
                found = interests(one, proposal, bars_nationality=self.want.bars_nationality)
                for interest in found:
                    kept[interest] = (*kept.get(interest, ()), one)
                if not found and one.id not in proposal.by and place not in self.has[number]:
                    full.append(one)
            yield Shortfall(proposal, self.short[place], kept, tuple(full))


Cost = tuple[int, int, int]  # sheets lacking, languages not read, loads: the first that differs decides


def _can(one: Reviewer, proposal: ToScore, want: Want) -> bool:
    return one.id not in proposal.by and not interests(one, proposal, bars_nationality=want.bars_nationality)


def _keep(
    found: dict[tuple[int, int], tuple[Cost, int]], one: int, two: int, step: tuple[Cost, int]
) -> None:  # fmt: skip
    if (one, two) not in found or step < found[one, two]:
        found[one, two] = step


def _add(one: Cost, two: Cost) -> Cost:
    return one[0] + two[0], one[1] + two[1], one[2] + two[2]


def _negative_cycle(knots: int, cost: Mapping[tuple[int, int], Cost]) -> list[tuple[int, int]]:
    """A way round whose costs are below nothing together (Bellman and Ford); none where there is no such."""
    least: list[Cost] = [(0, 0, 0)] * knots
    before = [NOBODY] * knots
    edges = sorted(cost.items())
    changed = NOBODY
    for _ in range(knots):
        changed = NOBODY
        for (one, two), price in edges:
            if (way := _add(least[one], price)) < least[two]:
                least[two], before[two], changed = way, one, two
        if changed == NOBODY:
            return []
    for _ in range(knots):  # back far enough to stand on the way round
        changed = before[changed]
    way_round, here = [], changed
    while True:
        way_round.append((before[here], here))
        here = before[here]
        if here == changed:
            return way_round[::-1]


def needed_for(sheets: int, standing: Counter[int], proposals: Sequence[ToScore]) -> dict[int, int]:
    """How many sheets each proposal needs still; standing: how many of those who score it will give one or have."""
    return {one.id: max(0, sheets - standing[one.id]) for one in proposals}
