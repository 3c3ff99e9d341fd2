"""When the demonstration's proposals to the open call went which way: over the weeks before it is put in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

FRESH = frozenset({"submitted"})  # of these some came in a few days ago, others have waited for long


@dataclass(frozen=True, slots=True)
class Moments:
    """What happened to a proposal and when, as far as it went; each is a day or more after the one before."""

    begun: datetime
    written: datetime
    papers: datetime
    cleared: datetime
    submitted: datetime
    screening: datetime
    marked: datetime
    decided: datetime
    changed: datetime
    again: datetime
    aside: datetime  # a draft that was put aside, or commented on
    withdrawn: datetime


def moments(turn: int, ends: str, at: datetime) -> Moments:
    """The moments of a proposal by its turn and end: begun seven weeks before, cleared three to four, at hours in which
    people work."""
    cleared = 4 + turn % 14 if ends in FRESH else 31 - 7 * turn % 12
    screening = cleared - 3 - turn % 3
    days = (
        52 - turn % 10, 39 - turn % 5, 34 - turn % 3, cleared, cleared - 1, screening, screening - 1, screening - 3,
        screening - 7, screening - 9, 25 - turn % 4, cleared - 7,
    )  # fmt: skip
    hour, minute = 7 + turn % 9, 13 * turn % 60
    return Moments(*((at - timedelta(days=day)).replace(hour=hour, minute=minute, second=0) for day in days))
