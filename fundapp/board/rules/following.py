"""Conditions after a decision: where each stands, and when somebody is reminded. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

AHEAD = (14, 3)  # days before it is due
AGAIN = 30  # days between reminders of one that is overdue
SOON = 30  # days before it is due in which a condition counts as near


class Standing(StrEnum):
    """Where a condition stands: open with time left, due soon, overdue, met, waived; lapsed with a decision that
    another took the place of."""

    OPEN = "open"
    SOON = "soon"
    OVERDUE = "overdue"
    MET = "met"
    WAIVED = "waived"
    LAPSED = "lapsed"


OPEN = frozenset({Standing.OPEN, Standing.SOON, Standing.OVERDUE})


def standing(last: str | None, due_on: date, today: date, *, lapsed: bool = False) -> Standing:
    """Where a condition stands on a day, after the last step taken on it."""
    if last in (Standing.MET, Standing.WAIVED):
        return Standing(last)
    if lapsed:
        return Standing.LAPSED
    if due_on < today:
        return Standing.OVERDUE
    return Standing.SOON if (due_on - today).days <= SOON else Standing.OPEN


def reminder(due_on: date, today: date) -> str | None:
    """Which reminder of a condition is due on a day, by name: the nearest of the days ahead that has come; once it is
    past, the first of each thirty days. None while none has come."""
    left = (due_on - today).days
    if left < 0:
        return f"late-{(-left - 1) // AGAIN}"
    ahead = [days for days in AHEAD if days >= left]
    return f"ahead-{min(ahead)}" if ahead else None
