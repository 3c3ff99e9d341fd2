"""Rows like those of the general ledger, the same each time, for two programs that write them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

HEADINGS = ("account", "date", "entry", "memo", "source", "donor", "project", "debit", "credit", "balance")
Row = tuple[str | int | Decimal | None, ...]


def rows(size: int) -> Iterator[Row]:
    """That many."""
    balance = 0
    for n in range(size):
        cents = n * 7919 % 1_000_003 - 500_000
        balance += cents
        amount = Decimal(abs(cents)).scaleb(-2)
        sides = (amount, None) if cents > 0 else (None, amount)
        yield (
            f"EXP.{n % 57:02}", f"2020-{n % 12 + 1:02}-{n % 28 + 1:02}", n, f"entry {n}", "A/HRC/47/19",
            "CHE" if n % 3 else "", f"P-{n % 400}", *sides, Decimal(balance).scaleb(-2),
        )  # fmt: skip
