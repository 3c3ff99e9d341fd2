"""Two at once, on a real file and on PostgreSQL: a year closes once, and no entry slips into it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from books import CERTIFIER, CLERK, Books, open_books
from crowd import meeting, together
from flask import Flask

from fundapp.kernel import trail
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.models import JournalEntry
from fundapp.ledger.operations import close_year, correct, post, post_many
from fundapp.ledger.queries import closed_years, movements, verify
from fundapp.ledger.rules import RECEIVABLE

DAY = date(2019, 2, 1)


@pytest.fixture
def shared(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    with meeting(app, tmp_path) as found:
        yield found


def opened(app: Flask) -> Books:
    with app.app_context():
        books = open_books()
        with unit_of_work(CLERK) as work:
            post(work, books.fund, books.pledge(DAY, 100, 1))
        db.session.remove()
    return books


def close(books: Books) -> int:
    with unit_of_work(CERTIFIER) as work:
        return close_year(work, books.fund, 2019).year


def add(books: Books, cents: int) -> int:
    with unit_of_work(CLERK) as work:
        return post(work, books.fund, books.pledge(DAY, cents, 1))


def test_a_year_closes_once(shared: Flask) -> None:
    books = opened(shared)
    answers = together(shared, *[lambda: close(books)] * 4)
    assert sorted(map(str, answers)) == ["2019", "year.closed", "year.closed", "year.closed"]
    with shared.app_context():
        assert len(closed_years(db.session(), books.id)) == 1 and verify(db.session()).holds
        assert trail.verify(db.session())[1] is None


def test_the_closer_waits_for_an_entry_on_its_way(shared: Flask) -> None:
    """The entry is in and not yet committed when the closing begins: it counts."""
    books, inside, closing = opened(shared), threading.Event(), threading.Event()

    def post_slowly() -> str:
        with unit_of_work(CLERK) as work:
            post(work, books.fund, books.pledge(DAY, 11, 1))
            inside.set()
            closing.wait(10)
            threading.Event().wait(0.3)  # long enough for the closer to have gone past, were it not waiting
        return "posted"

    def close_meanwhile() -> int:
        inside.wait(10)
        closing.set()
        return close(books)

    assert together(shared, post_slowly, close_meanwhile) == ["posted", 2019]
    with shared.app_context():
        assert closed_years(db.session(), books.id)[0].entries == 2
        assert movements(db.session(), books.id, DAY, date(2019, 12, 31))[RECEIVABLE] == 111
        assert movements(db.session(), books.id, date(2019, 1, 1), date(2019, 12, 31))[RECEIVABLE] == 111
        assert verify(db.session()).holds


def test_an_entry_that_waited_for_the_closer_is_refused(shared: Flask) -> None:
    """The year looked open when the entry set out; it was closed by the time the entry could go in."""
    books, closed, posting = opened(shared), threading.Event(), threading.Event()

    def close_slowly() -> int:
        with unit_of_work(CERTIFIER) as work:
            year = close_year(work, books.fund, 2019).year
            closed.set()
            posting.wait(10)
            threading.Event().wait(0.3)
        return year

    def post_meanwhile() -> int:
        closed.wait(10)
        posting.set()
        return add(books, 11)

    assert together(shared, close_slowly, post_meanwhile) == [2019, "entry.year-closed"]
    with shared.app_context():
        assert closed_years(db.session(), books.id)[0].entries == 1 and verify(db.session()).holds


@pytest.mark.parametrize("round_", range(3))
def test_posters_and_closers_in_a_crowd(shared: Flask, round_: int) -> None:
    """Whoever wins, the totals of the closed year are those of its entries."""
    books, start = opened(shared), threading.Barrier(7, timeout=10)

    def crowd(job: Callable[[], object]) -> Callable[[], object]:
        def run() -> object:
            db.session.execute(sa.select(1))
            start.wait()
            return job()

        return run

    def many() -> int:
        with unit_of_work(CLERK) as work:
            return len(post_many(work, books.fund, [books.pledge(DAY, n, 2) for n in range(1, 30)]))

    jobs = [crowd(lambda n=n: [add(books, n + k) for k in range(5)]) for n in range(4)]  # type: ignore[misc]
    answers = together(shared, *jobs, crowd(many), crowd(lambda: close(books)), crowd(lambda: close(books)))
    assert sorted(map(str, answers[5:])) == ["2019", "year.closed"]
    with shared.app_context():
        result = verify(db.session())
        assert result.holds and result.years == 1
        assert closed_years(db.session(), books.id)[0].entries == result.entries


def test_an_entry_is_corrected_once(shared: Flask) -> None:
    books = opened(shared)
    with shared.app_context():
        number = db.session.scalars(sa.select(JournalEntry.id)).one()
        db.session.remove()

    def put_right() -> str:
        with unit_of_work(CLERK) as work:
            correct(work, books.fund, number, books.pledge(DAY, 120, 1))
        return "corrected"

    assert sorted(map(str, together(shared, *[put_right] * 4))) == ["corrected"] + ["entry.corrected"] * 3
    with shared.app_context():
        assert movements(db.session(), books.id, DAY, DAY)[RECEIVABLE] == 120 and verify(db.session()).holds
