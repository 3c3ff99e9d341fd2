"""How the sheets of several reviewers become one score and a ranking. Pure, and exact until it is printed.

Per criterion the mean of those who scored it. A proposal's total is the weighted mean of where those means lie on their
scales, of 100; a criterion that nobody scored is left out and the weights of the others rescale. What is printed has
two decimals, rounded half up; it is that which is ranked, and held against a threshold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import isqrt, lcm

from fundapp.scoring.rules.scales import Scale

HUNDRED = 100  # what a proposal with the highest step everywhere totals
APART = 2  # steps from which on reviewers disagree on a criterion
Steps = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """What a reviewer gave a proposal on a criterion; no step for "not applicable"."""

    proposal: int
    reviewer: int
    criterion: str
    step: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that counts: a step for each criterion in their order, None for "not applicable"."""

    proposal: int
    reviewer: int
    steps: Steps


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


class Kind(StrEnum):
    """What a ranking says of a proposal beside its place."""

    UNDER = "under-threshold"  # the total, or a criterion's mean
    APART = "apart"  # on a criterion
    FEW = "few-sheets"  # found of wanted
    EXCEPTION = "exception"  # it may be ranked on few
    ONE = "one-reviewer"
    LOST = "lost-role"  # so many of its reviewers hold the role no more; their sheets count
    SKIPPED = "not-applicable-only"  # nobody scored anything: no total, no rank
    LEFT_OUT = "left-out"  # in the stage that `of` names: no total, no rank


@dataclass(frozen=True, slots=True)
class Flag:
    """One of those. of: a criterion or a stage; found and wanted: how many."""

    kind: Kind
    of: str = ""
    found: int = 0
    wanted: int = 0

    def __str__(self) -> str:
        if self.kind is Kind.FEW:
            return f"{self.kind}:{self.found}/{self.wanted}"
        return f"{self.kind}:{self.of}" if self.of else self.kind.value


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposal of a call that is scored. left_out: the stage for which it is not ranked; excepted: it may be ranked
    on fewer sheets than are asked for."""

    proposal: int
    left_out: str = ""
    excepted: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """By what a ranking is made: the criteria in their order, the sheets that each proposal needs, the total under
    which one is marked, and who is a reviewer no more."""

    scales: Sequence[Scale]
    wanted: int
    threshold: Decimal | None = None
    lost: Collection[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A proposal in a ranking: its total of 100 and its rank, none where there is nothing to rank by; a spread for each
    criterion, none where nobody scored it; the sample standard deviation of the reviewers' own totals."""

    proposal: int
    total: Decimal | None
    exact: Fraction | None  # the total before it was rounded
    rank: int | None
    spreads: tuple[Spread | None, ...]
    sheets: tuple[Sheet, ...]
    own: tuple[Decimal | None, ...]  # the total of each sheet
    sd: Decimal | None
    flags: tuple[Flag, ...]

    @property
    def n(self) -> int:
        """How many reviewers."""
        return len(self.sheets)


def ranked(candidates: Iterable[Candidate], sheets: Iterable[Sheet], terms: Terms) -> tuple[Ranked, ...]:
    """The ranking of the candidates by the sheets that count: best first, those of the same rank in the order given;
    then those without a total; then those left out, whose sheets do not count."""
    given: dict[int, list[Sheet]] = {}
    for sheet in sheets:
        given.setdefault(sheet.proposal, []).append(sheet)
    found, out = [], []
    for one in candidates:
        if one.left_out:
            out.append(_left_out(one, terms))
        else:
            found.append(_combined(one, tuple(given.get(one.proposal, ())), terms))
    found.sort(key=lambda one: (one.total is None, -(one.total or 0)))
    return (*_placed(found), *out)


def sheets_of(marks: Iterable[Mark], scales: Sequence[Scale]) -> tuple[Sheet, ...]:
    """Marks as the sheets that they are on; a sheet is given whole, so none of its marks may be missing."""
    found: dict[tuple[int, int], dict[str, int | None]] = {}
    for one in marks:
        found.setdefault((one.proposal, one.reviewer), {})[one.criterion] = one.step
    return tuple(Sheet(*whose, tuple(steps[scale.code] for scale in scales)) for whose, steps in found.items())


def own_total(steps: Sequence[int | None], scales: Sequence[Scale]) -> Fraction | None:
    """The total that one sheet alone would make; none where all of it is "not applicable"."""
    return weighted([step if step is None else (step, 1) for step in steps], scales)


def weighted(sums: Sequence[tuple[int, int] | None], scales: Sequence[Scale]) -> Fraction | None:
    """The total, of 100: each criterion's sum of steps and how many gave one, none for a criterion nobody scored."""
    scored = [(*one, scale) for one, scale in zip(sums, scales, strict=True) if one]
    if not scored:
        return None
    whole = lcm(*(n * (scale.highest - scale.lowest) for _, n, scale in scored))
    points = sum(
        scale.weight * (total - n * scale.lowest) * (whole // (n * (scale.highest - scale.lowest)))
        for total, n, scale in scored
    )
    return Fraction(HUNDRED * points, whole * sum(scale.weight for *_, scale in scored))


@lru_cache(maxsize=4_096)  # reviewers often give the same few steps
def spread(steps: tuple[int, ...]) -> Spread:
    """What became of a criterion: `steps` from lowest to highest, at least one."""
    n, middle = len(steps), len(steps) // 2
    exact = Fraction(sum(steps), n)
    median = Decimal(steps[middle] if n % 2 else steps[middle - 1] + steps[middle]) / (1 if n % 2 else 2)
    sd = deviation([Fraction(step) for step in steps])
    return Spread(steps, printed(exact), exact, median, sd, steps[-1] - steps[0] >= APART)


def printed(value: Fraction) -> Decimal:
    """A figure as it is printed: two decimals, rounded half up (from zero)."""
    above, below = value.as_integer_ratio()
    cents = (200 * abs(above) + below) // (2 * below)
    return Decimal(-cents if above < 0 else cents).scaleb(-2)


def deviation(values: Sequence[Fraction]) -> Decimal | None:
    """The sample standard deviation as it is printed; none of fewer than two values."""
    n = len(values)
    if n < 2:
        return None
    whole = lcm(*(value.denominator for value in values))
    points = [value.numerator * (whole // value.denominator) for value in values]
    above, below = n * sum(point * point for point in points) - sum(points) ** 2, n * (n - 1) * whole * whole
    return Decimal((isqrt(40_000 * above // below) + 1) // 2).scaleb(-2)


def _left_out(one: Candidate, terms: Terms) -> Ranked:
    flags = (Flag(Kind.LEFT_OUT, one.left_out),)
    return Ranked(one.proposal, None, None, None, (None,) * len(terms.scales), (), (), None, flags)


def _combined(one: Candidate, sheets: tuple[Sheet, ...], terms: Terms) -> Ranked:
    """A proposal with its total, before its rank is known."""
    columns = zip(*(sheet.steps for sheet in sheets), strict=True) if sheets else [()] * len(terms.scales)
    given = [tuple(sorted(step for step in column if step is not None)) for column in columns]
    spreads = tuple(spread(steps) if steps else None for steps in given)
    exact = weighted([(sum(steps), len(steps)) if steps else None for steps in given], terms.scales)
    totals = [own_total(sheet.steps, terms.scales) for sheet in sheets]
    sd = deviation([total for total in totals if total is not None])
    total = None if exact is None else printed(exact)
    own = tuple(None if each is None else printed(each) for each in totals)
    flags = tuple(_flags(one, total, spreads, sheets, terms))
    return Ranked(one.proposal, total, exact, None, spreads, sheets, own, sd, flags)


def _flags(
    one: Candidate, total: Decimal | None, spreads: Sequence[Spread | None], sheets: Sequence[Sheet], terms: Terms
) -> Iterator[Flag]:
    if total is not None and terms.threshold is not None and total < terms.threshold:
        yield Flag(Kind.UNDER)
    for scale, each in zip(terms.scales, spreads, strict=True):
        if each and scale.threshold is not None and each.mean < scale.threshold:
            yield Flag(Kind.UNDER, scale.code)
    for scale, each in zip(terms.scales, spreads, strict=True):
        if each and each.apart:
            yield Flag(Kind.APART, scale.code)
    if len(sheets) < terms.wanted:
        yield Flag(Kind.FEW, found=len(sheets), wanted=terms.wanted)
        if one.excepted:
            yield Flag(Kind.EXCEPTION)
    if len(sheets) == 1:
        yield Flag(Kind.ONE)
    if lost := sum(sheet.reviewer in terms.lost for sheet in sheets):
        yield Flag(Kind.LOST, found=lost)
    if sheets and total is None:
        yield Flag(Kind.SKIPPED)


def _placed(found: Sequence[Ranked]) -> Iterator[Ranked]:
    """With their ranks: the same for the same total, and as many are skipped as share one."""
    rank, before = 0, None
    for place, one in enumerate(found, 1):
        if one.total is not None and one.total != before:
            rank, before = place, one.total
        yield one if one.total is None else replace(one, rank=rank)
