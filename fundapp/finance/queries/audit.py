"""What an auditor takes away of a year: its entries as they were sealed, and what the trail says of the money."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.contributions import models as contributions
from fundapp.finance import models as finance
from fundapp.finance.models import Certificate, CertificateStage
from fundapp.finance.queries.certifying import kept_from
from fundapp.funds.models import Fund
from fundapp.kernel import trail
from fundapp.kernel.base import Base
from fundapp.kernel.errors import refuse
from fundapp.kernel.trail import Trace
from fundapp.ledger import models as ledger
from fundapp.ledger.models import ClosedYear, JournalEntry, Posting, PostingOrigin

CHUNK = 2_000
ENTRY, LINE, ORIGIN, TRACE = (table.__table__ for table in (JournalEntry, Posting, PostingOrigin, Trace))
_TEXT = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)


class SealedEntry(NamedTuple):
    """An entry, and the text whose SHA-256 is its digest."""

    id: int
    on: date
    memo: str
    source: str | None
    corrects: int | None
    at: datetime
    actor: str
    operation: str
    digest: str
    text: str


class Sealed(NamedTuple):
    """A row of the trail with the hash of the one before it, and the text whose SHA-256 is its own."""

    id: int
    at: datetime
    actor: str
    operation: str
    subject: str
    subject_id: int
    change: str
    previous: str
    hash: str
    text: str


def may_be_packed(session: Session, fund: Fund, year: int, closed: Collection[int]) -> int:
    """How many entries a year has; one without any, or books that an interest keeps the reader from a part of, are
    refused: a pack is whole or it proves nothing."""
    if kept_from(session, fund.id, closed):
        raise refuse("audit.closed")
    many = session.scalar(
        sa.select(sa.func.count())
        .select_from(ENTRY)
        .where(ENTRY.c.fund_id == fund.id, ENTRY.c.posted_on.between(date(year, 1, 1), date(year, 12, 31)))
    )
    if not many:
        raise refuse("audit.year", fund=fund.code, year=year)
    return int(many)


def sealed_entries(session: Session, fund_id: int, first: date, last: date) -> Iterator[SealedEntry]:
    """The entries of a period in the order of their numbers, as they were sealed."""
    asked = (
        sa.select(
            ENTRY, LINE.c.account_id, LINE.c.cents, LINE.c.donor_id, LINE.c.project_id, ORIGIN.c.minor,
            ORIGIN.c.currency, ORIGIN.c.rate,
        )
        .join(LINE, LINE.c.entry_id == ENTRY.c.id)
        .outerjoin(ORIGIN, (ORIGIN.c.entry_id == LINE.c.entry_id) & (ORIGIN.c.number == LINE.c.number))
        .where(ENTRY.c.fund_id == fund_id, ENTRY.c.posted_on.between(first, last))
        .order_by(ENTRY.c.id, LINE.c.number)
        .execution_options(yield_per=CHUNK)
    )  # fmt: skip
    for _, rows in groupby(session.execute(asked), key=lambda row: row.id):
        lines = list(rows)
        one = lines[0]
        said = [_line(line) for line in lines]
        text = _TEXT.encode([one.fund_id, one.posted_on.isoformat(), one.memo, one.source, one.corrects_id, said])
        yield SealedEntry(
            one.id, one.posted_on, one.memo, one.source, one.corrects_id, one.at, one.actor, one.operation,
            one.digest, text,
        )  # fmt: skip


def _line(row: Any) -> list[object]:
    """A line as the core's digest writes it."""
    plain = [row.account_id, row.cents, row.donor_id, row.project_id]
    return plain if row.minor is None else [*plain, row.minor, row.currency, str(row.rate)]


def trail_of(session: Session, fund_id: int, since: date, first: date, last: date) -> Iterator[Sealed]:
    """What the trail says of the money of a fund: of the entries of a period, and of all else since a day."""
    before = sa.alias(TRACE)
    ours = sa.or_(
        sa.and_(
            TRACE.c.subject == ENTRY.name,
            TRACE.c.subject_id.in_(
                sa.select(ENTRY.c.id).where(ENTRY.c.fund_id == fund_id, ENTRY.c.posted_on.between(first, last))
            ),
        ),
        sa.and_(
            TRACE.c.at >= datetime(since.year, since.month, since.day),  # noqa: DTZ001 - moments are kept in UTC
            sa.or_(*(
                sa.and_(TRACE.c.subject == table.name, TRACE.c.subject_id.in_(keys))
                for table, keys in _tables(fund_id)
            )),
        ),
    )  # fmt: skip
    asked = (
        sa.select(TRACE, before.c.hash.label("previous"))
        .outerjoin(before, before.c.id == TRACE.c.id - 1)
        .where(ours)
        .order_by(TRACE.c.id)
        .execution_options(yield_per=CHUNK)
    )
    for row in session.execute(asked):
        previous = row.previous or trail.ORIGIN
        parts = [
            previous, row.id, row.at.isoformat(), row.actor, row.operation, row.subject, row.subject_id, row.change,
        ]  # fmt: skip
        yield Sealed(
            row.id, row.at, row.actor, row.operation, row.subject, row.subject_id, row.change, previous, row.hash,
            trail.canonical(parts),
        )  # fmt: skip


def _tables(fund_id: int) -> Iterator[tuple[sa.Table, Any]]:
    """The tables of the money whose rows belong to a fund, each with the keys of those that do."""
    for part in (ledger, contributions, finance):
        for model in vars(part).values():
            if not (isinstance(model, type) and issubclass(model, Base) and hasattr(model, "__tablename__")):
                continue
            table: Any = model.__table__
            if table.name != ENTRY.name and "id" in table.c:
                keys = _of_fund(table, fund_id)
                if keys is not None:
                    yield table, keys


def _of_fund(table: sa.Table, fund_id: int, deep: int = 0) -> Any:
    """The keys of a table's rows that belong to a fund, found through what they are part of; None where nothing is."""
    if "fund_id" in table.c:
        return sa.select(table.c.id).where(table.c.fund_id == fund_id)
    for column in table.c:
        for key in column.foreign_keys:
            above = key.column.table
            if deep < 2 and above.name in PARENTS and (keys := _of_fund(above, fund_id, deep + 1)) is not None:
                return sa.select(table.c.id).where(column.in_(keys))
    return None


# What rows without a fund of their own are part of
PARENTS = frozenset({"pledge", "instalment", "receipt", "commitment", "allotment", "period"})


def certified(session: Session, fund_id: int, first: date, last: date) -> list[tuple[str, str, str, str]]:
    """The statements of a period that were certified: number, kind, content, digest."""
    rows = session.execute(
        sa.select(Certificate.number, Certificate.kind, Certificate.content, Certificate.digest)
        .where(
            Certificate.fund_id == fund_id,
            Certificate.stage == CertificateStage.CERTIFIED,
            Certificate.last.between(first, last),
        )
        .order_by(Certificate.id)
    )
    return [(number or "", kind.value, content, digest) for number, kind, content, digest in rows]


def closings(session: Session, fund_id: int) -> list[tuple[int, int, datetime, str, str]]:
    """The years that were closed for good: year, entries, when, by whom, digest."""
    rows = session.execute(
        sa.select(ClosedYear.year, ClosedYear.entries, ClosedYear.closed_at, ClosedYear.closed_by, ClosedYear.digest)
        .where(ClosedYear.fund_id == fund_id)
        .order_by(ClosedYear.year)
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]
