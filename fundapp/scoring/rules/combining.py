"""How the sheets of several reviewers become one score and a ranking. Pure.

Per criterion the mean of those who scored it. A proposal's total is the weighted mean of where those means lie on their
scales, of 100; a criterion that nobody scored is left out and the weights of the others rescale. What is printed has
two decimals, rounded half up; it is that which is ranked, and held against a threshold.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from fundapp.proposals.rules.stages import Stage
from fundapp.scoring.rules.scales import Scale
from fundapp.scoring.rules.totals import Share, Spread, Tariff, deviation, printed, spread

# what a proposal of the call may stand in and not be ranked; later packages' stages all come behind "eligible"
NOT_RANKED = frozenset(stage.value for stage in Stage if stage is not Stage.ELIGIBLE)
Steps = tuple[int | None, ...]
Spreads = tuple[Spread | None, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """What a reviewer gave a proposal on a criterion; no step for "not applicable"."""

    proposal: int
    reviewer: int
    criterion: str
    step: int | None


class Sheet(NamedTuple):  # made by the thousand, in half the time of a dataclass
    """A sheet that counts: a step for each criterion in their order, None for "not applicable"."""

    proposal: int
    reviewer: int
    steps: Steps


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
    rank: int | None
    spreads: Spreads
    sheets: tuple[Sheet, ...]
    sd: Decimal | None
    flags: tuple[Flag, ...]
    scales: Sequence[Scale] = field(repr=False, compare=False)

    @property
    def n(self) -> int:
        """How many reviewers."""
        return len(self.sheets)

    @property
    def exact(self) -> Fraction | None:
        """The total before it was rounded."""
        found = Tariff.of(self.scales).total([one.steps if one else () for one in self.spreads])
        return Fraction(*found) if found else None

    @property
    def own(self) -> tuple[Decimal | None, ...]:
        """The total that each sheet alone would make, as it is printed."""
        tariff = Tariff.of(self.scales)
        return tuple(_printed(tariff.own(sheet.steps)) for sheet in self.sheets)


def ranked(candidates: Iterable[Candidate], sheets: Iterable[Sheet], terms: Terms) -> tuple[Ranked, ...]:
    """The ranking of the candidates by the sheets that count: best first, those of the same rank in the order given;
    then those without a total; then those left out, whose sheets do not count."""
    given: dict[int, list[Sheet]] = {}
    for sheet in sheets:
        given.setdefault(sheet.proposal, []).append(sheet)
    tariff, says = Tariff.of(terms.scales), _Says.of(terms)
    own = lru_cache(maxsize=None)(tariff.own)  # of this ranking alone; several give the same
    totalled, rest, out = list[_Totalled](), list[Ranked](), list[Ranked]()
    for one in candidates:
        if one.left_out:
            out.append(_left_out(one, terms))
            continue
        its = tuple(given.get(one.proposal, ()))
        total, spreads, sd = _combined(its, tariff, own)
        flags = tuple(says.flags(one, total, spreads, its))
        if total is None:
            rest.append(Ranked(one.proposal, None, None, spreads, its, sd, flags, terms.scales))
        else:
            totalled.append((total, one.proposal, spreads, its, sd, flags))
    return (*_placed(totalled, terms.scales), *rest, *out)


_Totalled = tuple[Decimal, int, Spreads, tuple[Sheet, ...], Decimal | None, tuple[Flag, ...]]
_Own = Callable[[Steps], Share | None]


def sheets_of(marks: Iterable[Mark], scales: Sequence[Scale]) -> tuple[Sheet, ...]:
    """Marks as the sheets that they are on; a sheet is given whole, so none of its marks may be missing."""
    found: dict[tuple[int, int], dict[str, int | None]] = {}
    for one in marks:
        found.setdefault((one.proposal, one.reviewer), {})[one.criterion] = one.step
    return tuple(Sheet(*whose, tuple(steps[scale.code] for scale in scales)) for whose, steps in found.items())


def _combined(sheets: Sequence[Sheet], tariff: Tariff, own: _Own) -> tuple[Decimal | None, Spreads, Decimal | None]:
    """The total, what became of each criterion, and the deviation of the reviewers' own totals."""
    columns = zip(*(sheet.steps for sheet in sheets), strict=True) if sheets else [()] * len(tariff.each)
    given = [_given(column) for column in columns]
    owns = [share for sheet in sheets if (share := own(sheet.steps))]
    spreads = tuple(spread(steps) if steps else None for steps in given)
    return _printed(tariff.total(given)), spreads, deviation(owns)


def _given(column: Sequence[int | None]) -> tuple[int, ...]:
    """The steps that a criterion was given, in their order."""
    steps = column if None not in column else [step for step in column if step is not None]
    return tuple(sorted(steps))  # type: ignore[arg-type]


def _printed(share: Share | None) -> Decimal | None:
    return printed(*share) if share else None


def _left_out(one: Candidate, terms: Terms) -> Ranked:
    flags = (Flag(Kind.LEFT_OUT, one.left_out),)
    return Ranked(one.proposal, None, None, (None,) * len(terms.scales), (), None, flags, terms.scales)


@dataclass(frozen=True, slots=True)
class _Says:
    """What may be said beside a rank; the flags of each criterion are made once."""

    terms: Terms
    thresholds: tuple[tuple[int, Decimal], ...]  # of those criteria that have one, by place
    under: tuple[Flag, ...]
    apart: tuple[Flag, ...]

    @classmethod
    def of(cls, terms: Terms) -> _Says:
        """What the terms ask for."""
        thresholds = [(place, one.threshold) for place, one in enumerate(terms.scales) if one.threshold is not None]
        under, apart = (tuple(Flag(kind, one.code) for one in terms.scales) for kind in (Kind.UNDER, Kind.APART))
        return cls(terms, tuple(thresholds), under, apart)

    def flags(self, one: Candidate, total: Decimal | None, spreads: Spreads, sheets: Sequence[Sheet]) -> Iterator[Flag]:
        """Of a proposal."""
        terms = self.terms
        if total is not None and terms.threshold is not None and total < terms.threshold:
            yield Flag(Kind.UNDER)
        for place, threshold in self.thresholds:
            if (each := spreads[place]) and each.mean < threshold:
                yield self.under[place]
        for place, each in enumerate(spreads):
            if each and each.apart:
                yield self.apart[place]
        if len(sheets) < terms.wanted:
            yield Flag(Kind.FEW, found=len(sheets), wanted=terms.wanted)
            if one.excepted:
                yield Flag(Kind.EXCEPTION)
        if len(sheets) == 1:
            yield Flag(Kind.ONE)
        if terms.lost and (lost := sum(sheet.reviewer in terms.lost for sheet in sheets)):
            yield Flag(Kind.LOST, found=lost)
        if sheets and total is None:
            yield Flag(Kind.SKIPPED)


def _placed(found: list[_Totalled], scales: Sequence[Scale]) -> Iterator[Ranked]:
    """With their ranks: the same for the same total, and as many are skipped as share one."""
    rank, before = 0, Decimal(-1)
    ordered = sorted(found, key=itemgetter(0), reverse=True)
    for place, (total, proposal, spreads, sheets, sd, flags) in enumerate(ordered, 1):
        if total != before:
            rank, before = place, total
        yield Ranked(proposal, total, rank, spreads, sheets, sd, flags, scales)
