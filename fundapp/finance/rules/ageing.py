"""How long what donors promised has been due. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fundapp.finance.rules.receiving import Standing

MOST_REMINDERS = 2
BETWEEN_REMINDERS = 14  # days at least, between the first and the second


class Age(StrEnum):
    """How long something has been due."""

    CURRENT = "current"
    MONTH = "1-30"
    QUARTER = "31-90"
    YEAR = "91-365"
    OLDER = "older"


LIMITS = ((30, Age.MONTH), (90, Age.QUARTER), (365, Age.YEAR))


def age(due_on: date, on: date) -> Age:
    """How long an instalment has been due by a day: not yet, or by so many days."""
    days = (on - due_on).days
    if days <= 0:
        return Age.CURRENT
    return next((found for limit, found in LIMITS if days <= limit), Age.OLDER)


@dataclass(frozen=True, slots=True)
class Unpaid:
    """An instalment of which something is outstanding; cents: of that, as booked, or at the rate of the day."""

    instalment_id: int
    pledge: str
    number: int
    reference: str
    donor_id: int
    donor: str  # its code
    name: str
    currency: str
    language: str
    due_on: date
    stands: Standing
    cents: int
    on: date
    reminders: tuple[date, ...]

    @property
    def age(self) -> Age:
        """How long it has been due."""
        return age(self.due_on, self.on)

    @property
    def days(self) -> int:
        """How many days it has been due, none where it is not yet."""
        return max(0, (self.on - self.due_on).days)

    @property
    def next_reminder(self) -> int | None:
        """Which reminder comes next: the first or the second; none where it is not due, or was reminded of twice."""
        number = len(self.reminders) + 1
        return number if self.days and number <= MOST_REMINDERS else None


def by_age(rows: Iterable[Unpaid]) -> dict[Age, int]:
    """Age -> cents outstanding; every age, in order."""
    sums = dict.fromkeys(Age, 0)
    for row in rows:
        sums[row.age] += row.cents
    return sums
