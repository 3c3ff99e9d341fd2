"""The same questions asked of DuckDB, over the same rows in tables of its own, warm and prepared."""

from __future__ import annotations

import csv
import sqlite3
import tempfile
from contextlib import closing
from datetime import date
from pathlib import Path

import duckdb

from fundapp.ledger.queries import ContributionFigures, Receivable, StatementFigures
from fundapp.ledger.rules import CONTRIBUTIONS, RECEIVABLE

THREADS = 2
# Copies of fund and day are in its postings as in ours: without them it would have a million entries to join as well.
TABLES = {
    "account": ("id bigint, code varchar", "select id, code from account"),
    "entry": (
        "id bigint, fund_id bigint, posted_on date",
        "select id, fund_id, posted_on from journal_entry order by id",
    ),
    "posting": (
        "entry_id bigint, number smallint, account_id bigint, fund_id bigint, posted_on date, donor_id bigint,"
        " cents bigint",
        "select entry_id, number, account_id, fund_id, posted_on, donor_id, cents from posting"
        " order by entry_id, number",
    ),
}
STATEMENT = f"""
prepare statement as
with moved as (
  select account_id, case when a.code = '{RECEIVABLE}' then coalesce(donor_id, 0) end as donor,
    sum(cents) filter (posted_on < $2) as opening,
    sum(cents) filter (posted_on >= $2 and cents > 0) as debits,
    sum(cents) filter (posted_on >= $2 and cents < 0) as credits
  from posting join account a on a.id = account_id
  where fund_id = $1 and posted_on <= $3 group by all)
select code, donor, coalesce(opening, 0)::bigint, coalesce(debits, 0)::bigint, coalesce(credits, 0)::bigint
from moved join account a on a.id = account_id
union all
select null, null, count(*), 0, 0 from entry where fund_id = $1 and posted_on between $2 and $3
"""
CONTRIBUTED = f"""
prepare contributed as
select year(posted_on), coalesce(donor_id, 0), -sum(cents)::bigint, count(*)
from posting join account a on a.id = account_id
where a.code = '{CONTRIBUTIONS}' and fund_id = $1 and posted_on <= $2 group by all
"""


class Duck:
    """DuckDB with a copy of the books."""

    def __init__(self, file: Path) -> None:
        self.connection = duckdb.connect(config={"threads": THREADS})
        for name, (columns, rows) in TABLES.items():
            self._copy(file, name, columns, rows)
        self.connection.execute(STATEMENT)
        self.connection.execute(CONTRIBUTED)

    def _copy(self, file: Path, name: str, columns: str, rows: str) -> None:
        """Through a file of comma-separated values: its own reader of SQLite would have to be fetched from the net."""
        with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as text:
            with closing(sqlite3.connect(file)) as books:
                csv.writer(text).writerows(books.execute(rows))
            text.flush()
            self.connection.execute(f"create table {name} ({columns})")
            self.connection.execute(f"copy {name} from '{text.name}' (header false)")

    def statement(self, fund_id: int, first: date, last: date) -> StatementFigures:
        """As ledger.queries.statement_figures."""
        opening: dict[str, int] = {}
        moved: dict[str, int] = {}
        owed, entries = [], 0
        for code, donor, before, debits, credits_ in self.connection.execute(
            f"execute statement({fund_id}, '{first}'::date, '{last}'::date)"
        ).fetchall():
            if code is None:
                entries = before
                continue
            opening[code] = opening.get(code, 0) + before
            moved[code] = moved.get(code, 0) + debits + credits_
            if donor is not None:
                owed.append(Receivable(donor or None, before, debits, -credits_))
        return StatementFigures(opening, moved, tuple(sorted(owed, key=lambda debt: debt.donor_id or 0)), entries)

    def contributions(self, fund_id: int, last: date) -> ContributionFigures:
        """As ledger.queries.contributions; an entry here has one line of income, so its lines are counted."""
        found = self.connection.execute(f"execute contributed({fund_id}, '{last}'::date)").fetchall()
        rows = tuple((year, donor or None, cents) for year, donor, cents, _ in sorted(found))
        return ContributionFigures(rows, sum(row[3] for row in found))
