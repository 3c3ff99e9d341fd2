"""How each reviewer of a call scores beside the others: for the secretariat alone. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from fundapp.scoring.rules.agreement import leniencies
from fundapp.scoring.rules.combining import Ranked
from fundapp.scoring.rules.totals import Share, Tariff, deviation, printed


@dataclass(frozen=True, slots=True)
class Scoring:
    """Of a reviewer: the mean of the totals that their sheets alone would make and their sample standard deviation,
    and by how many points of 100 they give more than others to the same; none where there is nothing to say."""

    mean: Decimal | None
    sd: Decimal | None
    above: Decimal | None


def of_reviewers(ranking: Iterable[Ranked]) -> dict[int, Scoring]:
    """How each reviewer scores, by reviewer."""
    rows = list(ranking)
    lenient, owns = leniencies(rows), _owns(rows)
    return {
        key: Scoring(_mean(totals), deviation(totals), lenient[key].points if key in lenient else None)
        for key, totals in owns.items()
    }


def mean_of_all(ranking: Iterable[Ranked]) -> Decimal | None:
    """The mean of the totals of all sheets; none where there is none."""
    return _mean([total for totals in _owns(ranking).values() for total in totals])


def _owns(ranking: Iterable[Ranked]) -> dict[int, list[Share]]:
    found: dict[int, list[Share]] = {}
    for one in ranking:
        tariff = Tariff.of(one.scales)
        for sheet in one.sheets:
            totals = found.setdefault(sheet.reviewer, [])
            if own := tariff.own(sheet.steps):
                totals.append(own)
    return found


def _mean(totals: list[Share]) -> Decimal | None:
    if not totals:
        return None
    mean = sum((Fraction(*one) for one in totals), Fraction(0)) / len(totals)
    return printed(*mean.as_integer_ratio())
