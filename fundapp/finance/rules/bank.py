"""A bank statement as it was read: whether it is whole, and by what a movement is known. Pure."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fundapp.finance.rules.receiving import FIRST_DAY
from fundapp.kernel.errors import refuse
from fundapp.kernel.money import Money, exponent

LONGEST = 255  # characters of a reference or of who paid
LONGEST_TEXT = 2000
LARGEST_MINOR = 10**17


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that moved on an account; minor units, negative where it was paid out."""

    booked_on: date
    minor: int
    reference: str
    counterparty: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadStatement:
    """A statement as its file says: the account, what it held before and after, and what moved between."""

    layout: str
    account: str
    currency: str
    number: str
    opening: int
    closing: int
    first: date
    last: date
    movements: tuple[Movement, ...]

    @property
    def balances(self) -> tuple[Money, Money]:
        """What the account held before and after."""
        return Money(self.opening, self.currency), Money(self.closing, self.currency)

    def __post_init__(self) -> None:
        """A statement that does not add up was cut, or was changed."""
        moved = sum(one.minor for one in self.movements)
        if self.opening + moved != self.closing:
            before, between, after = (Money(minor, self.currency) for minor in (self.opening, moved, self.closing))
            raise refuse("bank.sums", number=self.number, opening=before, moved=between, closing=after)


def soon_enough(statement: ReadStatement, today: date) -> None:
    """Refuse a day before there was any fund, or after tomorrow: a bank east of here may be a day ahead."""
    for day in (statement.first, statement.last):
        if day < FIRST_DAY or (day - today).days > 1:
            raise refuse("bank.day", number=statement.number, day=day.isoformat(), first=FIRST_DAY.isoformat())


def in_minor(amount: Decimal, currency: str) -> int:
    """Minor units of an amount; one with more decimals than its currency has is refused."""
    minor = amount.scaleb(exponent(currency))
    if minor != minor.to_integral_value() or abs(minor) > LARGEST_MINOR:
        raise refuse("bank.amount", text=str(amount)[:40], currency=currency)
    return int(minor)


def one_line(text: str | None, longest: int = LONGEST) -> str:
    """The words of a text on one line, without signs that nobody sees."""
    words = " ".join((text or "").split())
    return "".join(letter for letter in words if letter.isprintable())[:longest]


def marks(statement: ReadStatement) -> Iterator[str]:
    """What each movement is known by where statements overlap: the account and all that is said of it, and which of
    several alike on a day it is."""
    met: Counter[tuple[object, ...]] = Counter()
    for one in statement.movements:
        said = (one.booked_on.isoformat(), one.minor, one.reference, one.counterparty, one.text)
        met[said] += 1
        content = json.dumps([statement.account, statement.currency, *said, met[said]], ensure_ascii=False)
        yield hashlib.sha256(content.encode()).hexdigest()
