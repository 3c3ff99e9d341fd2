"""The figures of scoring: means, spreads, totals of 100. Pure, and exact until they are printed: with two decimals,
rounded half up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import isqrt, lcm
from operator import mul

from fundapp.scoring.rules.scales import Scale

HUNDRED = 100  # what a proposal with the highest step everywhere totals
APART = 2  # steps from which on reviewers disagree on a criterion


@dataclass(frozen=True, slots=True)
class Spread:
    """What became of a criterion: the steps it was given in their order, their mean, median, sample standard deviation
    (none of fewer than two), and whether lowest and highest are two steps or more apart."""

    steps: tuple[int, ...]
    mean: Decimal  # as it is printed
    exact: Fraction
    median: Decimal
    sd: Decimal | None
    apart: bool

    @property
    def n(self) -> int:
        """How many scored it."""
        return len(self.steps)

    @property
    def lowest(self) -> int:
        """The lowest step that was given."""
        return self.steps[0]

    @property
    def highest(self) -> int:
        """The highest."""
        return self.steps[-1]


Share = tuple[int, int]  # a fraction as it comes: so many of so many


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a step on each criterion is worth, in whole numbers: a ranking adds them up by the thousand. `lowest` and
    `each`, what a step above it is worth; `full`, what all the steps of the scale are. Of all criteria: `base`, what
    the lowest steps would be worth, and `whole`, what the highest are above it."""

    lowest: tuple[int, ...]
    each: tuple[int, ...]
    full: tuple[int, ...]
    base: int
    whole: int

    @classmethod
    def of(cls, scales: Sequence[Scale]) -> Tariff:
        """That of a call's criteria."""
        common = lcm(*(scale.highest - scale.lowest for scale in scales))
        lowest = tuple(scale.lowest for scale in scales)
        each = tuple(scale.weight * common // (scale.highest - scale.lowest) for scale in scales)
        full = tuple(scale.weight * common for scale in scales)
        return cls(lowest, each, full, sum(map(mul, lowest, each)), sum(full))

    def own(self, steps: Sequence[int | None]) -> Share | None:
        """What one sheet alone would total, of 100; none where all of it is "not applicable"."""
        if None not in steps:
            return HUNDRED * (sum(map(mul, steps, self.each)) - self.base), self.whole
        points = whole = 0
        for step, lowest, each, full in zip(steps, self.lowest, self.each, self.full, strict=True):
            if step is not None:
                points += (step - lowest) * each
                whole += full
        return (HUNDRED * points, whole) if whole else None

    def total(self, given: Sequence[Sequence[int]]) -> Share | None:
        """What the steps given on each criterion total, of 100, by their means: a criterion that nobody scored is left
        out, and the weights of the others rescale; none where nobody scored any."""
        common = lcm(*(len(steps) for steps in given if steps))
        points = whole = 0
        for steps, lowest, each, full in zip(given, self.lowest, self.each, self.full, strict=True):
            if n := len(steps):
                points += (sum(steps) - n * lowest) * each * (common // n)
                whole += full
        return (HUNDRED * points, common * whole) if whole else None


@lru_cache(maxsize=4_096)  # reviewers often give the same few steps
def spread(steps: tuple[int, ...]) -> Spread:
    """What became of a criterion: `steps` from lowest to highest, at least one."""
    n, middle = len(steps), len(steps) // 2
    exact = Fraction(sum(steps), n)
    median = Decimal(steps[middle] if n % 2 else steps[middle - 1] + steps[middle]) / (1 if n % 2 else 2)
    return Spread(
        steps,
        printed(sum(steps), n),
        exact,
        median,
        deviation([(step, 1) for step in steps]),
        steps[-1] - steps[0] >= APART,
    )


def printed(above: int, below: int) -> Decimal:
    """A fraction as it is printed: two decimals, rounded half up (from zero)."""
    cents = (2 * HUNDRED * abs(above) + below) // (2 * below)
    return Decimal(-cents if above < 0 else cents).scaleb(-2)


def deviation(values: Sequence[Share]) -> Decimal | None:
    """The sample standard deviation of fractions, as it is printed; none of fewer than two. The root is that of a
    fraction, so it is right to its last digit."""
    if (n := len(values)) < 2:
        return None
    whole = lcm(*{below for _, below in values})
    points = [above * (whole // below) for above, below in values]
    above, below = n * sum(map(mul, points, points)) - sum(points) ** 2, n * (n - 1) * whole * whole
    return Decimal((isqrt(4 * HUNDRED * HUNDRED * above // below) + 1) // 2).scaleb(-2)
