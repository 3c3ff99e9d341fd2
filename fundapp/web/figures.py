"""The figures of a fund's newest year, for its home page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.queries import names_of
from fundapp.finance.queries import latest_year, newest_entries, statement
from fundapp.finance.statements import IncomeExpenditure, Row
from fundapp.finance.views.memos import said
from fundapp.funds.models import Fund
from fundapp.kernel.trail import Trace

LATEST = 5
LOOKED_AT = 200  # rows in which the latest are found: one step may write hundreds


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the books as its statement says it; amounts are cents."""

    number: int
    statement: IncomeExpenditure

    def cents(self, line: str) -> int:
        """The amount of a line, nil where the statement has no such line."""
        return next((row.amount or 0 for row in self.statement.rows if row.line == line), 0)

    @property
    def owed(self) -> int:
        """Pledges not paid yet, positive: the memorandum lines print them in parentheses."""
        return -sum(row.amount or 0 for row in self.statement.rows if row.kind == "memo")

    def shares(self) -> Iterator[Share]:
        """Each line of expenditure that moved, with its part of the total."""
        spent = [row for row in self.statement.rows if row.section == "expenditure" and row.amount]
        total = self.cents("EXP.TOTAL")
        widest = max((abs(row.amount or 0) for row in spent), default=0)
        for row in spent if total else ():
            yield Share(row, Decimal(row.amount or 0) * 100 / total, Decimal(row.amount or 0) / widest)


@dataclass(frozen=True, slots=True)
class Share:
    """A line, its part of the total in per cent, and its length beside the longest bar, -1 to 1."""

    row: Row
    percent: Decimal
    length: Decimal


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that was written down: when (UTC), what, by whom, and how many entries at once."""

    at: datetime
    text: str
    actor: str
    number: int = 1


def newest_year(session: Session, fund: Fund) -> Year | None:
    """The year of the fund's last entry; none before the books are opened."""
    year = latest_year(session, fund.id)
    return Year(year, statement(session, fund, date(year, 1, 1), date(year, 12, 31))) if year else None


def latest_entries(session: Session, fund: Fund) -> list[Happened]:
    """What was last written into the fund's books, newest first; entries of one step are one line."""
    newest = newest_entries(session, fund.id, LOOKED_AT)
    steps = [list(step) for _, step in groupby(newest, lambda row: (row[0], row[2], row[3]))][:LATEST]
    names = names_of(session, {step[0][3] for step in steps})
    return [
        Happened(at, source if source and len(step) > 1 else said(memo, {}), names.get(actor, actor), len(step))
        for step in steps
        for at, memo, source, actor in step[:1]
    ]


def latest_traces(session: Session) -> list[Happened]:
    """The last changes of the record, newest first; the text is the operation's code."""
    columns = (Trace.at, Trace.operation, Trace.actor)
    newest = session.execute(sa.select(*columns).order_by(Trace.id.desc()).limit(LOOKED_AT))
    steps = [list(step) for _, step in groupby(newest, lambda row: (row.at, row.actor, row.operation))][:LATEST]
    names = names_of(session, {step[0].actor for step in steps})
    return [Happened(step[0].at, step[0].operation, names.get(step[0].actor, step[0].actor), 1) for step in steps]
