"""The financial situation of a fund on a day, as a Board reads it: what there is, what is kept back. Pure; cents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Situation:
    """What the books of a fund say on a day, of its year so far.

    adjustments: of prior years. pledges: promised and not paid yet, within the balance. reserve_rate: the share of a
    year's expenditure that is kept back; reserve_year: the year that it is worked out on, none without books, and
    reserve_base what was spent in it. last_entry: the day of the newest entry on or before that day. commitments: open
    and not yet expenditure; allotted: to projects, neither committed nor spent.
    """

    on: date
    opening: int
    income: int
    expenditure: int
    adjustments: int
    pledges: int
    reserve_rate: Decimal
    reserve_year: int | None
    reserve_base: int
    last_entry: date | None
    commitments: int = 0
    allotted: int = 0

    @property
    def balance(self) -> int:
        """What the fund has, paid or promised."""
        return self.opening + self.income - self.expenditure + self.adjustments

    @property
    def cash(self) -> int:
        """What has been paid in: money is committed against nothing else."""
        return self.balance - self.pledges

    @property
    def reserve(self) -> int:
        """What is kept back, to the cent."""
        return int((self.reserve_base * self.reserve_rate).quantize(Decimal(1), ROUND_HALF_UP))

    @property
    def to_commit(self) -> int:
        """What may be committed within allotments that are there."""
        return self.cash - self.reserve - self.commitments

    @property
    def free(self) -> int:
        """What is free for new projects: the envelope that scenarios offer."""
        return self.to_commit - self.allotted


def kept(one: Situation) -> dict[str, Any]:
    """A situation as JSON: days and the rate as text."""
    found = asdict(one)
    last = one.last_entry.isoformat() if one.last_entry else None
    return found | {"on": one.on.isoformat(), "reserve_rate": str(one.reserve_rate), "last_entry": last}


def situation_from(said: Mapping[str, Any]) -> Situation:
    """A situation out of JSON."""
    last = date.fromisoformat(said["last_entry"]) if said["last_entry"] else None
    changed = {"on": date.fromisoformat(said["on"]), "reserve_rate": Decimal(said["reserve_rate"]), "last_entry": last}
    return Situation(**{**said, **changed})
