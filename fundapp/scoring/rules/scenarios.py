"""Which proposals can be funded: candidates, the limits that a secretary sets, and what a choice must hold to. Pure.

A choice funds each candidate whole, in one of the steps that are allowed, or not at all. It is worth the sum of the
scores, a proposal that is funded in part counting for that part of its score. Of choices that are worth the same, the
cheapest. Amounts are cents, shares and steps whole per cents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

from fundapp.kernel.errors import Fault

WHOLE = 100  # per cent
LARGEST = 10**12  # cents
MOST_STEPS, LEAST_STEP = 5, 10
HUNDREDTHS = 100  # of a score: all sums are whole numbers of them


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposal that could be funded: its id and reference, score (of 100), what it asks for, its State's regional
    group and code, and whether that is a least developed country or a small island developing State."""

    id: int
    reference: str
    score: Decimal
    cents: int
    group: str
    country: str
    priority: bool

    def at(self, step: int) -> int:
        """What it gets at a step, in cents; half a cent goes up."""
        return (self.cents * step * 2 + WHOLE) // (WHOLE * 2)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a choice must hold to.

    envelope: cents at most. floors: regional group -> proposals at least. priority_share: the least per cent of the
    money that goes to least developed countries and small island developing States. per_country: proposals at most for
    one State. include, exclude: ids. steps: the per cents at which a proposal may be funded; partial: those for which
    steps under 100 are allowed, none for all.
    """

    envelope: int
    floors: Mapping[str, int] = field(default_factory=dict)
    priority_share: int = 0
    per_country: int | None = None
    include: frozenset[int] = frozenset()
    exclude: frozenset[int] = frozenset()
    steps: tuple[int, ...] = (WHOLE,)
    partial: frozenset[int] | None = None

    def steps_of(self, one: Candidate) -> tuple[int, ...]:
        """The steps at which a candidate may be funded."""
        if one.id in self.exclude:
            return ()
        some = self.partial is None or one.id in self.partial
        return tuple(step for step in self.steps if step == WHOLE or some) or (WHOLE,)


@dataclass(frozen=True, slots=True)
class Row:
    """A condition on a choice: the sum of its terms lies between two bounds. name: of which limit it is; terms: (place
    of the candidate, step) -> what it counts for."""

    name: str
    terms: Mapping[tuple[int, int], int]
    least: int | None = None
    most: int | None = None

    def holds(self, chosen: Mapping[int, int]) -> bool:
        """Whether a choice (place -> step) holds to it."""
        total = sum(self.terms.get(pair, 0) for pair in chosen.items())
        return (self.least is None or total >= self.least) and (self.most is None or total <= self.most)


def faults_of(limits: Limits, candidates: Sequence[Candidate]) -> Iterator[Fault]:
    """What is wrong with limits before anything is solved."""
    if not 0 < limits.envelope <= LARGEST:
        yield Fault("scenario.envelope", field="envelope")
    if not 0 <= limits.priority_share <= WHOLE:
        yield Fault("scenario.share", field="priority_share")
    if limits.per_country is not None and limits.per_country < 1:
        yield Fault("scenario.per-country", field="per_country")
    if WHOLE not in limits.steps or not all(LEAST_STEP <= step <= WHOLE for step in limits.steps):
        yield Fault("scenario.steps", {"least": LEAST_STEP}, field="steps")
    elif len(limits.steps) > MOST_STEPS:
        yield Fault("scenario.many-steps", {"most": MOST_STEPS}, field="steps")
    names = {one.id: one.reference for one in candidates}
    if both := sorted(names.get(one, "?") for one in limits.include & limits.exclude):
        yield Fault("scenario.both", {"references": ", ".join(both)}, field="exclude")
    if not candidates:
        yield Fault("scenario.nobody")


def rows_of(limits: Limits, candidates: Sequence[Candidate]) -> list[Row]:
    """The conditions that the limits mean for these candidates."""
    pairs = {(place, step): one for place, one in enumerate(candidates) for step in limits.steps_of(one)}
    rows = [Row("envelope", {pair: one.at(pair[1]) for pair, one in pairs.items()}, most=limits.envelope)]
    for place, one in enumerate(candidates):
        own = {(place, step): 1 for step in limits.steps_of(one)}
        if one.id in limits.include:
            rows.append(Row("include", own, least=1))
        if len(own) > 1:  # no limit of anybody's: it holds where a limit is left out to see whether it clashes, too
            rows.append(Row("", own, most=1))
    for group, least in sorted(limits.floors.items()):
        if least > 0:
            rows.append(Row(f"floor:{group}", {pair: 1 for pair, one in pairs.items() if one.group == group}, least))
    if limits.priority_share:
        share = limits.priority_share
        worth = {pair: one.at(pair[1]) * ((WHOLE if one.priority else 0) - share) for pair, one in pairs.items()}
        rows.append(Row("priority", worth, least=0))
    if limits.per_country is not None:
        many = Counter(one.country for one in candidates)
        for country in sorted(code for code, number in many.items() if number > limits.per_country):
            of = {pair: 1 for pair, one in pairs.items() if one.country == country}
            rows.append(Row("per-country", of, most=limits.per_country))
    return rows


def worth(one: Candidate, step: int) -> int:
    """What a candidate at a step adds to a choice: hundredths of a score times per cents."""
    return int(one.score * HUNDREDTHS) * step


def total_of(candidates: Sequence[Candidate], chosen: Mapping[int, int]) -> int:
    """The sum of the scores of a choice (place -> step), in hundredths; half a one goes up."""
    return (sum(worth(candidates[place], step) for place, step in chosen.items()) * 2 + WHOLE) // (WHOLE * 2)


def cost_of(candidates: Sequence[Candidate], chosen: Mapping[int, int]) -> int:
    """What a choice costs, in cents."""
    return sum(candidates[place].at(step) for place, step in chosen.items())


def why_out(one: Candidate, limits: Limits, candidates: Sequence[Candidate], chosen: Mapping[int, int]) -> Fault:
    """Why a candidate is left out, as far as one sees without solving again: taken out, larger than the envelope, its
    State has as many as it may, or others are worth more for the money."""
    if one.id in limits.exclude:
        return Fault("scenario.out-excluded")
    least = min(one.at(step) for step in limits.steps_of(one))
    if least > limits.envelope:
        return Fault("scenario.out-too-large", {"least_cents": least})
    same = [place for place in chosen if candidates[place].country == one.country]
    if limits.per_country is not None and len(same) >= limits.per_country:
        return Fault("scenario.out-country", {"references": ", ".join(candidates[place].reference for place in same)})
    left = limits.envelope - cost_of(candidates, chosen)
    if least <= left:
        return Fault("scenario.out-limits", {"left_cents": left})
    return Fault("scenario.out-worth", {"left_cents": left, "least_cents": least})


# ------------------------------------------------------------------------------------------------- as it is kept

LONGEST_NAME = 120  # characters


def numbered(name: str) -> Iterator[str]:
    """The same name with a number behind it, 2 and up, each as long as a name may be."""
    for number in count(2):
        behind = f" ({number})"
        yield name[: LONGEST_NAME - len(behind)] + behind


def kept_limits(limits: Limits) -> dict[str, Any]:
    """Limits as JSON."""
    return {
        "envelope": limits.envelope,
        "floors": dict(limits.floors),
        "priority_share": limits.priority_share,
        "per_country": limits.per_country,
        "include": sorted(limits.include),
        "exclude": sorted(limits.exclude),
        "steps": list(limits.steps),
        "partial": None if limits.partial is None else sorted(limits.partial),
    }


def limits_from(kept: Mapping[str, Any]) -> Limits:
    """Limits out of JSON."""
    partial = kept["partial"]
    return Limits(
        kept["envelope"], kept["floors"], kept["priority_share"], kept["per_country"], frozenset(kept["include"]),
        frozenset(kept["exclude"]), tuple(kept["steps"]), None if partial is None else frozenset(partial),
    )  # fmt: skip


def kept_candidates(candidates: Sequence[Candidate]) -> list[list[Any]]:
    """Candidates as JSON, a row each; scores as text, for a float would not be the same."""
    return [
        [one.id, one.reference, str(one.score), one.cents, one.group, one.country, one.priority] for one in candidates
    ]


def candidates_from(kept: Sequence[Sequence[Any]]) -> list[Candidate]:
    """Candidates out of JSON."""
    return [Candidate(row[0], row[1], Decimal(row[2]), *row[3:]) for row in kept]
