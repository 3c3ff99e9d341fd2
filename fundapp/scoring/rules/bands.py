"""How totals are distributed, in bands of ten of a hundred. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

WIDTH, WHOLE = 10, 100


@dataclass(frozen=True, slots=True)
class Band:
    """Totals from `low` to less than `high`, the last band to a hundred itself, and how many there are."""

    low: int
    high: int
    many: int


def bands(totals: Iterable[Decimal]) -> tuple[Band, ...]:
    """The ten bands, and how many totals lie in each."""
    found = [0] * (WHOLE // WIDTH)
    for total in totals:
        found[min(int(total // WIDTH), len(found) - 1)] += 1
    return tuple(Band(WIDTH * place, WIDTH * (place + 1), many) for place, many in enumerate(found))
