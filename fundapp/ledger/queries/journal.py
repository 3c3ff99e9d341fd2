"""The journal itself: an entry, the entries behind a figure, the accounts and the years that are closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.kernel.money import Money
from fundapp.ledger.core import Entry, Line, Origin
from fundapp.ledger.models import Account, ClosedYear, JournalEntry, Posting, PostingOrigin
from fundapp.ledger.rules import NO_DONOR, first_day, last_day

ACCOUNT, ENTRY, LINE, ORIGIN = (table.__table__ for table in (Account, JournalEntry, Posting, PostingOrigin))
PAGE = 50
CHUNK = 10_000  # entries of a file that are read at a time


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A line of an entry as a list shows it; cents, debit positive."""

    account: str
    cents: int
    donor_id: int | None
    project_id: int | None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry with all its lines; `cents` is what the lines that were asked for add up to."""

    id: int
    fund_id: int
    on: date
    memo: str
    source: str | None
    corrects_id: int | None
    corrected_by: tuple[int, ...]
    at: datetime
    actor: str
    operation: str
    cents: int
    lines: tuple[EntryLine, ...]

    @property
    def place(self) -> tuple[date, int]:
        """Where the entry stands in a list: give it to `postings(after=…)` to go on behind it."""
        return self.on, self.id


@dataclass(frozen=True, slots=True)
class EntryList:
    """A page of the entries behind a figure, oldest first; count and cents are of all of them, so that the cents are
    the figure itself. `after` leads to the next page, None on the last."""

    rows: tuple[EntryRow, ...]
    count: int
    cents: int
    after: tuple[date, int] | None


class Total(NamedTuple):
    """What an account moved for a donor (0: none) in a year, as the closing writes it; cents."""

    account_id: int
    donor_id: int
    debits: int
    credits: int
    entries: int


def accounts(session: Session) -> dict[str, int]:
    """Account code -> the key that lines name it by."""
    return dict(session.execute(sa.select(ACCOUNT.c.code, ACCOUNT.c.id)).all())


def closed_years(session: Session, fund_id: int) -> Sequence[ClosedYear]:
    """The years of the fund that take no more entries, in order."""
    return session.scalars(sa.select(ClosedYear).where(ClosedYear.fund_id == fund_id).order_by(ClosedYear.year)).all()


def last_closed(session: Session, fund_id: int) -> int | None:
    """The last year that is closed."""
    return session.scalar(sa.select(sa.func.max(ClosedYear.year)).where(ClosedYear.fund_id == fund_id))


def earliest_year(session: Session, fund_id: int) -> int | None:
    """The year of the fund's first entry."""
    day: date | None = session.scalar(sa.select(sa.func.min(ENTRY.c.posted_on)).where(ENTRY.c.fund_id == fund_id))
    return None if day is None else day.year


def movement_of_year(session: Session, fund_id: int, year: int) -> list[Total]:
    """What each account moved for each donor in a year, from the postings, in the order of the keys."""
    debit, credit = (
        sa.case((LINE.c.cents > 0, LINE.c.cents), else_=0),
        sa.case((LINE.c.cents < 0, -LINE.c.cents), else_=0),
    )
    donor = sa.func.coalesce(LINE.c.donor_id, NO_DONOR)
    found = session.execute(
        sa.select(
            LINE.c.account_id,
            donor,
            sa.cast(sa.func.sum(debit), sa.BigInteger),  # PostgreSQL adds up to numeric
            sa.cast(sa.func.sum(credit), sa.BigInteger),
            sa.func.count(LINE.c.entry_id.distinct()),
        )
        # Through the accounts: a range of the covering index for each
        .select_from(ACCOUNT.join(LINE, LINE.c.account_id == ACCOUNT.c.id))
        .where(LINE.c.fund_id == fund_id, LINE.c.posted_on.between(first_day(year), last_day(year)))
        .group_by(LINE.c.account_id, donor)
        .order_by(LINE.c.account_id, donor)
    )
    return [Total(*row) for row in found]


def entry(session: Session, number: int) -> EntryRow | None:
    """One entry with its lines and their evidence."""
    return next(iter(_rows(session, sa.select(sa.literal(number, sa.BigInteger).label("entry_id")).subquery())), None)


def entry_as_posted(session: Session, number: int) -> Entry:
    """An entry as the core knows it, to be undone."""
    found = entry(session, number)
    assert found is not None
    keys = accounts(session)
    lines = tuple(Line(keys[li.account], li.cents, li.donor_id, li.project_id, li.origin) for li in found.lines)
    return Entry(found.fund_id, found.on, found.memo, lines, found.source)


@dataclass(frozen=True, slots=True)
class Behind:
    """Which entries: those that moved the accounts in a period, both days included; donor_id 0: lines of no donor,
    project_id 0: of no project."""

    fund_id: int
    codes: tuple[str, ...]
    first: date
    last: date
    donor_id: int | None = None
    project_id: int | None = None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """What their lines have in common."""
        asked = [
            LINE.c.account_id.in_(sa.select(ACCOUNT.c.id).where(ACCOUNT.c.code.in_(self.codes))),
            LINE.c.fund_id == self.fund_id,
            LINE.c.posted_on.between(self.first, self.last),
        ]
        if self.donor_id is not None:
            asked.append(LINE.c.donor_id == self.donor_id if self.donor_id else LINE.c.donor_id.is_(None))
        if self.project_id is not None:
            asked.append(LINE.c.project_id == self.project_id if self.project_id else LINE.c.project_id.is_(None))
        return asked


_CENTS = sa.cast(sa.func.sum(LINE.c.cents), sa.BigInteger)  # PostgreSQL adds up to numeric


def how_many(session: Session, behind: Behind) -> tuple[int, int]:
    """How many entries are behind a figure, and the figure itself, in cents."""
    counted = sa.select(sa.func.count(LINE.c.entry_id.distinct()), sa.func.coalesce(_CENTS, 0))
    count, cents = session.execute(counted.where(*behind.conditions())).one()
    return count, int(cents)


def postings(session: Session, behind: Behind, *, after: tuple[date, int] | None = None, size: int = PAGE) -> EntryList:
    """The entries behind a figure, a page at a time."""
    count, cents = how_many(session, behind)
    rows = _page(session, behind, after, size + 1)
    return EntryList(tuple(rows[:size]), count, cents, rows[size - 1].place if len(rows) > size else None)


def every_entry(session: Session, behind: Behind, size: int = CHUNK) -> Iterator[EntryRow]:
    """All entries behind a figure, oldest first, `size` of them in memory at a time."""
    after = None
    while rows := _page(session, behind, after, size):
        yield from rows
        after = rows[-1].place


def _page(session: Session, behind: Behind, after: tuple[date, int] | None, size: int) -> list[EntryRow]:
    page = sa.select(LINE.c.entry_id, LINE.c.posted_on, _CENTS.label("cents")).where(*behind.conditions())
    if after is not None:
        day, number = after
        page = page.where((LINE.c.posted_on > day) | ((LINE.c.posted_on == day) & (LINE.c.entry_id > number)))
    page = page.group_by(LINE.c.posted_on, LINE.c.entry_id).order_by(LINE.c.posted_on, LINE.c.entry_id)
    return _rows(session, page.limit(size).subquery())


def _rows(session: Session, page: sa.Subquery) -> list[EntryRow]:
    """The entries of a page with their lines, in one statement."""
    sums = page.c.cents if "cents" in page.c else sa.literal(0, sa.BigInteger)
    later = ENTRY.alias()
    found = session.execute(
        sa.select(
            ENTRY,
            sums.label("cents"),
            ACCOUNT.c.code,
            LINE.c.cents.label("line_cents"),
            LINE.c.donor_id,
            LINE.c.project_id,
            ORIGIN.c.minor,
            ORIGIN.c.currency,
            ORIGIN.c.rate,
            sa.exists().where(later.c.corrects_id == ENTRY.c.id).label("is_corrected"),
        )
        .select_from(page)
        .join(ENTRY, ENTRY.c.id == page.c.entry_id)
        .join(LINE, LINE.c.entry_id == ENTRY.c.id)
        .join(ACCOUNT, ACCOUNT.c.id == LINE.c.account_id)
        .outerjoin(ORIGIN, (ORIGIN.c.entry_id == LINE.c.entry_id) & (ORIGIN.c.number == LINE.c.number))
        .order_by(ENTRY.c.posted_on, ENTRY.c.id, LINE.c.number)
    ).all()
    corrected = _corrections(session, {row.id for row in found if row.is_corrected})
    return [_row(list(rows), corrected) for _, rows in groupby(found, key=lambda row: row.id)]


def _corrections(session: Session, numbers: set[int]) -> dict[int, tuple[int, ...]]:
    """Entry -> those that undo or replace it; asked only where there are any."""
    if not numbers:
        return {}
    found: dict[int, tuple[int, ...]] = {}
    for number, by in session.execute(
        sa.select(ENTRY.c.corrects_id, ENTRY.c.id).where(ENTRY.c.corrects_id.in_(numbers)).order_by(ENTRY.c.id)
    ):
        found[number] = (*found.get(number, ()), by)
    return found


def _row(rows: list[Any], corrected: dict[int, tuple[int, ...]]) -> EntryRow:
    first = rows[0]
    lines = tuple(
        EntryLine(
            row.code,
            row.line_cents,
            row.donor_id,
            row.project_id,
            None if row.minor is None else Origin(Money(row.minor, row.currency), row.rate),
        )
        for row in rows
    )
    return EntryRow(
        id=first.id,
        fund_id=first.fund_id,
        on=first.posted_on,
        memo=first.memo,
        source=first.source,
        corrects_id=first.corrects_id,
        corrected_by=corrected.get(first.id, ()),
        at=first.at,
        actor=first.actor,
        operation=first.operation,
        cents=first.cents,
        lines=lines,
    )
