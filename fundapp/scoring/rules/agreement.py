"""How far reviewers agree: Krippendorff's alpha over a call; how lenient each is; a ranking that allows for it. Pure.

Alpha compares how far apart the steps given to the same proposal on the same criterion are with how far apart steps are
over the whole call: 1 is perfect agreement, 0 what chance alone would bring. Its ordinal metric asks only for the order
of steps; who did not score, or scored "not applicable", is missing and no disagreement. Steps count as shares of their
scale, so that criteria of different scales may be taken together.

A reviewer's leniency is what they give above the others who scored the same proposals on the same criteria: the mean of
those differences, weighted as in a total and in its points of 100. The normalised ranking takes from each total the
mean leniency of the reviewers who scored the proposal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from fundapp.scoring.rules.combining import Ranked
from fundapp.scoring.rules.scales import Scale
from fundapp.scoring.rules.totals import HUNDRED, printed

TENTATIVE, RELIABLE = Decimal("0.667"), Decimal("0.800")  # as Krippendorff draws the lines
THOUSANDTH = Decimal("0.001")
Unit = Sequence[Fraction]  # what several gave the same thing
Histogram = tuple[tuple[Fraction, int], ...]


class Meaning(StrEnum):
    """What an alpha says."""

    RELIABLE = "reliable"
    TENTATIVE = "tentative"  # good enough for tentative conclusions
    WEAK = "weak"  # no conclusion can rest on it
    AGAINST = "against"  # below what chance would bring
    NO_PAIRS = "no-pairs"  # nothing was scored by two
    NO_VARIATION = "no-variation"  # everybody gave the same step everywhere: there is nothing to tell apart


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha as it is printed, with three decimals; none where it is not defined. units: the proposals and criteria that
    two or more scored; values: what they gave."""

    alpha: Decimal | None
    meaning: Meaning
    units: int
    values: int


@dataclass(frozen=True, slots=True)
class Leniency:
    """What a reviewer gives above the others, in points of 100 of a total; none where nobody else scored the same.
    compared: on how many proposals and criteria."""

    reviewer: int
    exact: Fraction | None
    compared: int

    @property
    def points(self) -> Decimal | None:
        """As it is printed."""
        return None if self.exact is None else printed(*self.exact.as_integer_ratio())


@dataclass(frozen=True, slots=True)
class Normalised:
    """A proposal's total less the mean leniency of its reviewers, and the rank by that; it may lie outside 0 to 100."""

    proposal: int
    total: Decimal
    rank: int


def agreement(ranking: Iterable[Ranked], code: str | None = None) -> Agreement:
    """How far the reviewers of a call agree: on all its criteria together, or on one."""
    units = _units(ranking, code)
    values = sum(times * sum(many for _, many in unit) for unit, times in units.items())
    alpha, meaning = _alpha(units)
    return Agreement(alpha, meaning, units.total(), values)


def alpha_of(units: Iterable[Unit]) -> Fraction | None:
    """Krippendorff's alpha with the ordinal metric, exactly; none where nothing was scored by two, or all the same."""
    counted = Counter(tuple(sorted(Counter(unit).items())) for unit in units if len(unit) > 1)
    return _exact(counted)


def _alpha(units: Mapping[Histogram, int]) -> tuple[Decimal | None, Meaning]:
    if not units:
        return None, Meaning.NO_PAIRS
    if (exact := _exact(units)) is None:
        return None, Meaning.NO_VARIATION
    alpha = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(THOUSANDTH, ROUND_HALF_UP)
    if alpha < 0:
        return alpha, Meaning.AGAINST
    return alpha, Meaning.RELIABLE if alpha >= RELIABLE else Meaning.TENTATIVE if alpha >= TENTATIVE else Meaning.WEAK


def _exact(units: Mapping[Histogram, int]) -> Fraction | None:
    """One less the disagreement that there is, of the disagreement to be expected."""
    totals = Counter[Fraction]()
    for unit, times in units.items():
        for value, many in unit:
            totals[value] += many * times
    apart, n = distances(totals), totals.total()
    expected = sum(totals[one] * totals[other] * distance for (one, other), distance in apart.items())
    if not expected:
        return None
    observed = sum((times * _within(unit, apart) for unit, times in units.items()), Fraction(0))
    return 1 - (n - 1) * observed / expected


def _within(unit: Histogram, apart: Mapping[tuple[Fraction, Fraction], int]) -> Fraction:
    """How far apart what was given to one thing is, each value with each of the others'."""
    found = sum(many * more * apart[one, other] for one, many in unit for other, more in unit if one < other)
    return Fraction(found, sum(many for _, many in unit) - 1)


def distances(totals: Mapping[Fraction, int]) -> dict[tuple[Fraction, Fraction], int]:
    """The ordinal metric, four times over so that it is whole: how many of all values lie from one to the other, those
    at both ends by half, squared."""
    values, found = sorted(totals), dict[tuple[Fraction, Fraction], int]()
    for place, one in enumerate(values):
        between = totals[one]
        for other in values[place + 1 :]:
            between += totals[other]
            found[one, other] = (2 * between - totals[one] - totals[other]) ** 2
    return found


def _units(ranking: Iterable[Ranked], code: str | None) -> Counter[Histogram]:
    """What two or more scored, by what they gave; the same is counted, for there is little that it can be."""
    scales: Sequence[Scale] = ()
    counted = Counter[tuple[int, tuple[int, ...]]]()
    for one in ranking:
        scales = one.scales
        for place, each in enumerate(one.spreads):
            if each and each.n > 1:
                counted[place, each.steps] += 1
    found = Counter[Histogram]()
    for (place, steps), times in counted.items():
        if code in (None, scales[place].code):
            found[_histogram(scales[place], steps)] += times
    return found


def _histogram(scale: Scale, steps: Sequence[int]) -> Histogram:
    counted = Counter(steps)
    return tuple((Fraction(step - scale.lowest, scale.highest - scale.lowest), many) for step, many in counted.items())


def leniencies(ranking: Iterable[Ranked]) -> dict[int, Leniency]:
    """How lenient each reviewer is, by reviewer."""
    scales: Sequence[Scale] = ()
    # whole numbers by reviewer, criterion and how many scored it: thousands are added up, few divided
    above, times = Counter[tuple[int, int, int]](), Counter[tuple[int, int, int]]()
    for one in ranking:
        scales = one.scales
        sums = [(sum(each.steps), each.n) if each else (0, 0) for each in one.spreads]
        for sheet in one.sheets:
            for place, (step, (total, n)) in enumerate(zip(sheet.steps, sums, strict=True)):
                if step is not None:
                    key = (sheet.reviewer, place, n)
                    above[key] += n * step - total  # n - 1 times what it is above the mean of the others
                    times[key] += 1
    return {reviewer: _leniency(reviewer, scales, above, times) for reviewer in sorted({key[0] for key in times})}


def _leniency(
    reviewer: int, scales: Sequence[Scale], above: Mapping[tuple[int, int, int], int], times: Mapping[Any, int]
) -> Leniency:
    points, weight, compared = Fraction(0), 0, 0
    for key, many in times.items():
        whose, place, n = key
        if whose == reviewer and n > 1:
            scale = scales[place]
            points += Fraction(above[key] * scale.weight, (n - 1) * (scale.highest - scale.lowest))
            weight, compared = weight + many * scale.weight, compared + many
    return Leniency(reviewer, HUNDRED * points / weight if weight else None, compared)


def normalised(ranking: Iterable[Ranked]) -> dict[int, Normalised]:
    """Total and rank of each proposal that has them, less the mean leniency of its reviewers: beside the plain ones and
    never instead. A reviewer whose leniency is not known counts as neither lenient nor severe."""
    known = [one for one in ranking if one.rank is not None]
    lenient = {key: one.exact or Fraction(0) for key, one in leniencies(known).items()}
    totals: dict[int, Decimal] = {}
    for one in known:
        taken = [lenient.get(sheet.reviewer, Fraction(0)) for sheet in one.sheets]
        rest = (one.exact or Fraction(0)) - sum(taken, Fraction(0)) / len(taken)
        totals[one.proposal] = printed(*rest.as_integer_ratio())
    above = Counter(totals.values())
    ranks, place = dict[Decimal, int](), 1
    for total in sorted(above, reverse=True):
        ranks[total] = place
        place += above[total]
    return {proposal: Normalised(proposal, total, ranks[total]) for proposal, total in totals.items()}
