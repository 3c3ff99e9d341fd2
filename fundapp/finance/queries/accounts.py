"""The general ledger: the lines of an account in a period, one after the other, with the balance after each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.finance.models import ProjectAccount
from fundapp.ledger.models import Account, JournalEntry, Posting, PostingOrigin

PAGE = 50
CHUNK = 5_000
LINE, ENTRY, ACCOUNT = Posting.__table__, JournalEntry.__table__, Account.__table__
PROJECT, ORIGIN = ProjectAccount.__table__, PostingOrigin.__table__
Place = tuple[date, int, int]  # day, entry, line


class CardLine(NamedTuple):
    """A line of an account: cents, debit positive; minor, currency and rate where it was another currency."""

    on: date
    entry: int
    number: int
    memo: str
    source: str | None
    donor_id: int | None
    project: str | None
    proposal_id: int | None
    cents: int
    minor: int | None
    currency: str | None
    rate: Any
    account: str

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.on, self.entry, self.number


@dataclass(frozen=True, slots=True)
class Card:
    """A page of an account: what it held before the period and before the first line shown, its lines with the balance
    after each, what it moved in the period and holds at its end; cents, debit positive."""

    opening: int
    brought: int
    lines: tuple[tuple[CardLine, int], ...]
    debits: int
    credits: int
    count: int
    after: Place | None

    @property
    def closing(self) -> int:
        """What it holds when the period ends."""
        return self.opening + self.debits - self.credits


def named_account(session: Session, code: str) -> Account | None:
    """The account of a code."""
    return session.scalar(sa.select(Account).where(Account.code == code))


def card(session: Session, fund_id: int, account_id: int, first: date, last: date, after: Place | None = None) -> Card:
    """An account in a period, a page at a time. Two or three queries."""
    opening, debits, credit, count = _sums(session, fund_id, account_id, first, last)
    brought = opening
    page = _lines(fund_id, first, last).where(LINE.c.account_id == account_id)
    if after is not None:
        day, entry, number = after
        place = sa.tuple_(LINE.c.posted_on, LINE.c.entry_id, LINE.c.number)
        key = sa.tuple_(sa.literal(day, sa.Date), sa.literal(entry, sa.BigInteger), sa.literal(number, sa.BigInteger))
        page = page.where(place > key)
        before = sa.select(sa.func.coalesce(sa.cast(sa.func.sum(LINE.c.cents), sa.BigInteger), 0)).where(
            LINE.c.account_id == account_id, LINE.c.fund_id == fund_id, LINE.c.posted_on >= first, place <= key
        )
        brought += int(session.scalar(before) or 0)
    ordered = page.order_by(LINE.c.posted_on, LINE.c.entry_id, LINE.c.number).limit(PAGE + 1)
    rows = [CardLine(*row) for row in session.execute(ordered)]
    more = rows[PAGE - 1].place if len(rows) > PAGE else None
    return Card(opening, brought, tuple(_running(rows[:PAGE], brought)), debits, credit, count, more)


def _running(rows: Sequence[CardLine], balance: int) -> Iterator[tuple[CardLine, int]]:
    for row in rows:
        balance += row.cents
        yield row, balance


def _sums(session: Session, fund_id: int, account_id: int, first: date, last: date) -> tuple[int, int, int, int]:
    """What it held before, its debits and credits, and how many lines it has in the period."""
    inside = LINE.c.posted_on >= first

    def added(condition: sa.ColumnElement[bool], value: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
        return sa.cast(sa.func.coalesce(sa.func.sum(sa.case((condition, value), else_=0)), 0), sa.BigInteger)

    cents = LINE.c.cents
    row = session.execute(
        sa.select(
            added(~inside, cents),
            added(inside & (cents > 0), cents),
            added(inside & (cents < 0), -cents),
            added(inside, sa.literal(1)),
        ).where(LINE.c.account_id == account_id, LINE.c.fund_id == fund_id, LINE.c.posted_on <= last)
    ).one()
    return int(row[0]), int(row[1]), int(row[2]), int(row[3])


def _lines(fund_id: int, first: date, last: date) -> sa.Select[Any]:
    """The columns of CardLine."""
    return (
        sa.select(
            LINE.c.posted_on, LINE.c.entry_id, LINE.c.number, ENTRY.c.memo, ENTRY.c.source, LINE.c.donor_id,
            PROJECT.c.code, PROJECT.c.proposal_id, LINE.c.cents, ORIGIN.c.minor, ORIGIN.c.currency, ORIGIN.c.rate,
            ACCOUNT.c.code.label("account"),
        )
        .select_from(LINE)
        .join(ENTRY, ENTRY.c.id == LINE.c.entry_id)
        .join(ACCOUNT, ACCOUNT.c.id == LINE.c.account_id)
        .outerjoin(PROJECT, PROJECT.c.id == LINE.c.project_id)
        .outerjoin(ORIGIN, (ORIGIN.c.entry_id == LINE.c.entry_id) & (ORIGIN.c.number == LINE.c.number))
        .where(LINE.c.fund_id == fund_id, LINE.c.posted_on.between(first, last))
    )  # fmt: skip


def general_ledger(
    session: Session, fund_id: int, first: date, last: date, account_id: int | None = None
) -> Iterator[CardLine]:
    """All lines of a period by account and day, or those of one account, some thousand in memory at a time."""
    asked = _lines(fund_id, first, last)
    if account_id is not None:
        asked = asked.where(LINE.c.account_id == account_id)
    asked = asked.order_by(ACCOUNT.c.code, LINE.c.posted_on, LINE.c.entry_id, LINE.c.number)
    for row in session.execute(asked.execution_options(yield_per=CHUNK)):
        yield CardLine(*row)


def journal_lines(session: Session, fund_id: int, first: date, last: date) -> Iterator[CardLine]:
    """All lines of a period in the order in which they were entered into the books."""
    asked = _lines(fund_id, first, last).order_by(LINE.c.entry_id, LINE.c.number)
    for row in session.execute(asked.execution_options(yield_per=CHUNK)):
        yield CardLine(*row)


def lines_of(session: Session, fund_id: int, first: date, last: date, account_id: int | None = None) -> int:
    """How many lines that is."""
    asked = sa.select(sa.func.count()).select_from(LINE).where(
        LINE.c.fund_id == fund_id, LINE.c.posted_on.between(first, last)
    )  # fmt: skip
    if account_id is not None:
        asked = asked.where(LINE.c.account_id == account_id)
    return int(session.scalar(asked) or 0)
