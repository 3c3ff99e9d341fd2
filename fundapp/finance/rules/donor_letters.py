"""What letters to a donor and its own statement say. Pure: facts, no words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Addressed:
    """From which fund a letter is, to whom, and when it was drawn up; names by language.

    person: whom to write to at the donor's, with function and address, line by line.
    """

    fund: Mapping[str, str]
    fund_code: str
    donor: Mapping[str, str]
    person: tuple[str, ...]
    generated_at: datetime


@dataclass(frozen=True, slots=True)
class ReminderFacts:
    """A reminder of an instalment that is due."""

    to: Addressed
    number: int  # the first or the second
    on: date
    first_on: date | None  # when the first was, in the second
    pledge: str
    reference: str
    announced_on: date
    instalment: int
    due_on: date
    currency: str
    promised: int
    outstanding: int


@dataclass(frozen=True, slots=True)
class Paid:
    """What a receipt settles of an instalment, in minor units."""

    pledge: str
    instalment: int
    minor: int


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """A receipt to the donor for what it paid; cents: in dollars, at the rate of the day."""

    to: Addressed
    number: str
    on: date
    reference: str
    currency: str
    minor: int
    cents: int
    rate: str
    settled: tuple[Paid, ...]
    left: int


@dataclass(frozen=True, slots=True)
class ThanksFacts:
    """A letter of thanks for what was paid; on: the day it was sent, or that of the receipt while it was not."""

    of: ReceiptFacts
    on: date


@dataclass(frozen=True, slots=True)
class PromisedRow:
    """A pledge in a donor's statement, in minor units; cents: what the books hold as receivable of it."""

    number: str
    on: date
    reference: str
    currency: str
    minor: int
    paid: int
    lowered: int
    outstanding: int
    cents: int
    earmark: str
    earmarked_for: str


@dataclass(frozen=True, slots=True)
class PaidRow:
    """A receipt in a donor's statement, in minor units and in dollars; left: what settles nothing yet."""

    number: str
    on: date
    currency: str
    minor: int
    cents: int
    left: int


@dataclass(frozen=True, slots=True)
class SpentRow:
    """What the fund spent in the year on a line of its statement."""

    names: Mapping[str, str]
    cents: int


@dataclass(frozen=True, slots=True)
class DonorAccount:
    """A donor's own statement by the end of a day: promised, paid, outstanding, and what the fund spent in the year.

    given: its part of the year's contributions (whole: of all donors) in dollars, as the books have them.
    """

    to: Addressed
    code: str
    last: date
    promised: tuple[PromisedRow, ...]
    paid: tuple[PaidRow, ...]
    spent: tuple[SpentRow, ...]
    given: int
    whole: int

    @property
    def outstanding(self) -> int:
        """What the books hold as receivable, in cents."""
        return sum(row.cents for row in self.promised)

    @property
    def received(self) -> int:
        """What was paid, in cents."""
        return sum(row.cents for row in self.paid)
