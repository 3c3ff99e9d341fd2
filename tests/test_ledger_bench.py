"""The books that the bench measures on are books: the same each time, balanced, in the trail, and they verify."""

from __future__ import annotations

from itertools import islice

import sqlalchemy as sa

from bench import books
from bench.measure import Measure, table
from fundapp.kernel import trail
from fundapp.kernel.database import db
from fundapp.ledger.models import ClosedYear
from fundapp.ledger.queries import accounts, statement_figures, verify


def test_the_same_books_each_time() -> None:
    keys = {line.code: number for number, line in enumerate(books.CHART, 1)}
    one, other = (list(islice(books.entries(4_000, [1, 2, 3], keys), 4_000)) for _ in range(2))
    assert one == other and len(keys) == 60
    assert sum(len(entry.lines) for entry in one) == 4_000 * 2.75
    assert [entry.on for entry in one] == sorted(entry.on for entry in one)
    assert (one[0].on, {entry.on.year for entry in one}) == (books.FIRST, set(range(2016, 2026)))


def test_they_verify_and_close() -> None:
    with books.instance():
        books.load(2_000)
        books.close_years()
        result = verify(db.session())
        assert result.holds and (result.entries, result.postings, result.years) == (2_000, 5_500, 27)
        assert trail.verify(db.session())[1] is None
        triggers = (
            sa.select(sa.func.count()).select_from(sa.table("sqlite_master")).where(sa.column("type") == "trigger")
        )
        assert (db.session.scalar(triggers) or 0) > 30  # the guards are back
        assert db.session.scalar(sa.select(sa.func.sum(ClosedYear.entries))) == 1_801
        figures = statement_figures(db.session(), 99, books.FIRST, books.LAST)
        assert (
            sum(figures.moved.values()) == 0
            and figures.entries > 600
            and set(figures.moved) <= set(accounts(db.session()))
        )


def test_what_the_table_says() -> None:
    found = [
        Measure("fast enough", "1 ms", "2 ms", 0.5, 1.0),
        Measure("too slow", "3 ms", "2 ms", 1.5, 1.0),
        Measure("too few", "3 /s", "2 /s", 1.5, 10, at_least=True),
        Measure("only told", "3 ms", "2 ms", 1.5),
    ]
    assert [one.reached for one in found] == [True, False, False, True]
    assert [line.split()[-1] for line in table(found).splitlines()[2:]] == ["reached", "MISSED", "MISSED", "told"]
