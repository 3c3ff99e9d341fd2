"""Closing years: the figures are the same before and after, for any period, and nothing gets in any more."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import pytest
import sqlalchemy as sa
from books import CASH, CERTIFIER, CLERK, STAFF, Books, open_books
from flask import Flask

from conftest import vandal
from fundapp.kernel import trail
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.trail import Trace
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.core import Entry
from fundapp.ledger.models import YearTotal
from fundapp.ledger.operations import close_year, correct, post, post_many, reverse
from fundapp.ledger.queries import (
    Receivable,
    StatementFigures,
    accounts,
    balances,
    closed_years,
    contributions,
    movements,
    statement_figures,
    verify,
)
from fundapp.ledger.rules import CONTRIBUTIONS, RECEIVABLE, unpaid


@pytest.fixture
def books(app: Flask) -> Books:
    return open_books()


def put(books: Books, *entries: Entry) -> list[int]:
    with unit_of_work(CLERK) as work:
        return post_many(work, books.fund, entries)


def close(books: Books, *years: int) -> None:
    for year in years:
        with unit_of_work(CERTIFIER) as work:
            close_year(work, books.fund, year)


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [fault.code for fault in refused.value.faults]


def by_hand(books: Books, entries: Sequence[Entry], first: date, last: date) -> StatementFigures:
    """The same figures, added up in Python."""
    names = {number: code for code, number in accounts(db.session()).items()}
    opening: dict[str, int] = {}
    moved: dict[str, int] = {}
    owed: dict[int | None, list[int]] = {}
    for entry in entries:
        if entry.on > last:
            continue
        for line in entry.lines:
            code, into = names[line.account_id], opening if entry.on < first else moved
            into[code] = into.get(code, 0) + line.cents
            if code == RECEIVABLE:
                sums = owed.setdefault(line.donor_id, [0, 0, 0])
                sums[0 if entry.on < first else 1 if line.cents > 0 else 2] += (
                    abs(line.cents) if entry.on >= first else line.cents
                )
    receivable = [
        Receivable(donor, *sums) for donor, sums in sorted(owed.items(), key=lambda i: i[0] or 0) if any(sums)
    ]
    within = sum(first <= entry.on <= last for entry in entries)
    return StatementFigures(
        {c: v for c, v in opening.items() if v}, {c: v for c, v in moved.items() if v}, tuple(receivable), within
    )


def some_entries(books: Books, seed: int, size: int = 150) -> list[Entry]:
    random = Random(seed)
    start = date(2018, 1, 1)
    made = []
    for _ in range(size):
        on = start + timedelta(days=random.randrange(4 * 365))
        if random.random() < 0.2:
            on = random.choice([date(2018, 12, 31), date(2019, 1, 1), date(2019, 12, 31), date(2020, 1, 1)])
        kind = random.choice([books.pledge, books.payment])
        cents, donor = random.randrange(1, 10**7), random.choice([None, 1, 2, 3])
        made.append(books.salary(on, cents) if random.random() < 0.3 else kind(on, cents, donor))
    return made


PERIODS = [
    (date(2018, 1, 1), date(2018, 12, 31)),
    (date(2019, 1, 1), date(2019, 12, 31)),
    (date(2020, 1, 1), date(2020, 12, 31)),
    (date(2018, 1, 1), date(2021, 12, 31)),
    (date(2018, 3, 2), date(2021, 6, 30)),
    (date(2019, 1, 1), date(2020, 6, 30)),
    (date(2019, 12, 31), date(2020, 1, 1)),
    (date(2019, 5, 5), date(2019, 5, 25)),
    (date(2019, 12, 31), date(2019, 12, 31)),
    (date(2020, 1, 1), date(2020, 1, 1)),
    (date(2010, 1, 1), date(2010, 12, 31)),
    (date(2010, 7, 1), date(2030, 12, 31)),
    (date(2025, 1, 1), date(2025, 12, 31)),
    (date(1, 1, 1), date(9999, 12, 30)),
]


@pytest.mark.parametrize("seed", range(3))
def test_closing_changes_no_figure(books: Books, seed: int) -> None:
    """Of any period, with none, some and all of its years closed."""
    entries = some_entries(books, seed)
    put(books, *entries)
    given = (
        contributions(db.session(), books.id, date(2020, 6, 30)),
        contributions(db.session(), books.id, date(2030, 1, 1)),
    )
    first = min(entry.on.year for entry in entries)
    for closed in range(4):
        if closed:
            close(books, first + closed - 1)
        session = db.session()
        for period in PERIODS:
            wanted, found = by_hand(books, entries, *period), statement_figures(session, books.id, *period)
            assert {c: v for c, v in found.opening.items() if v} == wanted.opening, (closed, period)
            assert {c: v for c, v in found.moved.items() if v} == wanted.moved, (closed, period)
            assert (found.receivable, found.entries) == (wanted.receivable, wanted.entries), (closed, period)
            assert movements(session, books.id, *period) == wanted.moved
        for day in (date(2018, 12, 31), date(2019, 7, 1), date(2020, 1, 1), date(2030, 1, 1)):
            after = day + timedelta(days=1)
            assert balances(session, books.id, day) == by_hand(books, entries, after, after).opening
        assert contributions(session, books.id, date(2020, 6, 30)) == given[0]
        assert contributions(session, books.id, date(2030, 1, 1)) == given[1]
    assert verify(db.session()).holds and trail.verify(db.session())[1] is None


def test_figures_are_one_statement(books: Books) -> None:
    put(books, *some_entries(books, 1, 20))
    asked: list[str] = []

    def count(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    session = db.session()
    session.connection()
    sa.event.listen(db.engine, "before_cursor_execute", count)
    try:
        statement_figures(session, books.id, date(2019, 1, 1), date(2019, 12, 31))
        contributions(session, books.id, date(2019, 12, 31))
        movements(session, books.id, date(2019, 1, 1), date(2019, 12, 31))
        balances(session, books.id, date(2019, 12, 31))
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", count)
    assert len(asked) == 4


def test_another_fund_is_another_book(books: Books) -> None:
    other = open_books("AHA")
    for each, cents in ((books, 100), (other, 7)):
        put(each, each.pledge(date(2019, 2, 1), cents, 1), each.pledge(date(2020, 2, 1), cents, 1))
    close(books, 2019)
    for each, cents in ((books, 100), (other, 7)):
        found = statement_figures(db.session(), each.id, date(2020, 1, 1), date(2020, 12, 31))
        assert found == StatementFigures(
            {RECEIVABLE: cents, CONTRIBUTIONS: -cents},
            {RECEIVABLE: cents, CONTRIBUTIONS: -cents},
            (Receivable(1, cents, cents, 0),),
            1,
        )
        assert contributions(db.session(), each.id, date(2020, 12, 31)).rows == ((2019, 1, cents), (2020, 1, cents))
    put(other, other.pledge(date(2019, 3, 1), 1, 1))  # 2019 is closed in the first fund alone
    with pytest.raises(Refusal):
        put(books, books.pledge(date(2019, 3, 1), 1, 1))


def test_what_is_left_of_pledges(books: Books) -> None:
    """The printed statement of 2020: what was owed before settles first."""
    put(
        books,
        books.pledge(date(2019, 5, 1), 105_000_00, 1),
        books.pledge(date(2020, 3, 1), 50_000_00, 1),
        books.payment(date(2020, 6, 1), 120_000_00, 1),
    )
    [owed] = statement_figures(db.session(), books.id, date(2020, 1, 1), date(2020, 12, 31)).receivable
    assert owed == Receivable(1, 105_000_00, 50_000_00, 120_000_00) and owed.closing == 35_000_00
    assert unpaid([owed.opening, owed.debits], owed.credits) == [0, 35_000_00]


def test_a_closed_year_is_recorded(books: Books) -> None:
    put(
        books,
        *[books.pledge(date(2019, 2, n), 10, n % 2 or None) for n in range(1, 11)],
        books.salary(date(2020, 1, 1), 5),
    )
    close(books, 2019)
    [closed] = closed_years(db.session(), books.id)
    assert (closed.year, closed.entries, closed.closed_by, closed.last_day) == (
        2019,
        10,
        "person:8",
        date(2019, 12, 31),
    )
    rows = db.session.execute(sa.select(YearTotal.__table__).order_by(YearTotal.account_id, YearTotal.donor_id)).all()
    wanted = [
        (RECEIVABLE, 0, 50, 0, 5),
        (RECEIVABLE, 1, 50, 0, 5),
        (CONTRIBUTIONS, 0, 0, 50, 5),
        (CONTRIBUTIONS, 1, 0, 50, 5),
    ]
    assert sorted(tuple(row) for row in rows) == sorted(
        (books.id, books.account[code], 2019, *rest) for code, *rest in wanted
    )
    note = db.session.scalars(sa.select(Trace).where(Trace.subject == "closed_year")).one()
    assert (note.operation, note.actor) == ("ledger.close_year", "person:8")
    assert json.loads(note.change)["digest"] == [None, closed.digest]


def test_years_close_in_order_and_once(books: Books) -> None:
    for year, code in ((2019, "year.empty"), (today().year, "year.not-over"), (today().year + 1, "year.not-over")):
        with pytest.raises(Refusal) as refused:
            close(books, year)
        assert codes(refused) == [code]
    put(books, books.pledge(date(2018, 2, 1), 10, 1), books.pledge(date(2020, 2, 1), 10, 1))
    with pytest.raises(Refusal) as refused:
        close(books, 2019)
    assert codes(refused) == ["year.not-in-order"] and refused.value.faults[0].values == {"year": 2019, "due": 2018}
    close(books, 2018, 2019)  # 2019 has no entries and closes all the same
    with pytest.raises(Refusal) as refused:
        close(books, 2018)
    assert codes(refused) == ["year.closed"]
    assert [(year.year, year.entries) for year in closed_years(db.session(), books.id)] == [(2018, 1), (2019, 0)]
    assert verify(db.session()).years == 2


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2019, 1, 1), date(2018, 6, 1), date(1, 1, 1)])
def test_nothing_gets_into_a_closed_year(books: Books, day: date) -> None:
    [number] = put(books, books.pledge(date(2019, 2, 1), 10, 1))
    close(books, 2019)
    late = books.pledge(day, 5, 1)
    for verb in (
        lambda work: post(work, books.fund, late),
        lambda work: post_many(work, books.fund, [books.pledge(date(2020, 1, 1), 5, 1), late]),
        lambda work: reverse(work, books.fund, number, day, "undone"),
        lambda work: correct(work, books.fund, number, late),
    ):
        with pytest.raises(Refusal) as refused, unit_of_work(CLERK) as work:
            verb(work)
        assert codes(refused) == ["entry.year-closed"]
    assert verify(db.session()).entries == 1


def test_a_late_correction_goes_to_the_open_year(books: Books) -> None:
    [number] = put(books, books.pledge(date(2019, 2, 1), 10, 1))
    close(books, 2019)
    with unit_of_work(CLERK) as work:
        correct(work, books.fund, number, books.pledge(date(2020, 1, 15), 12, 1))
    session = db.session()
    assert movements(session, books.id, date(2019, 1, 1), date(2019, 12, 31)) == {RECEIVABLE: 10, CONTRIBUTIONS: -10}
    assert movements(session, books.id, date(2020, 1, 1), date(2020, 12, 31)) == {RECEIVABLE: 2, CONTRIBUTIONS: -2}
    assert contributions(session, books.id, date(2020, 12, 31)).rows == ((2019, 1, 10), (2020, 1, 2))
    assert verify(session).holds


def test_an_unsealed_entry_keeps_the_year_open(books: Books) -> None:
    put(books, books.salary(date(2019, 2, 1), 10))
    with vandal() as connection:
        connection.exec_driver_sql(
            "insert into journal_entry (id, fund_id, posted_on, memo, at, actor, operation, digest)"
            f" values (999, {books.id}, '2019-03-01', '', '2019-03-01', '', '', '')"
        )
    with pytest.raises(Refusal) as refused:
        close(books, 2019)
    assert codes(refused) == ["year.unsealed"] and refused.value.faults[0].values["entries"] == 1


def test_accounts_without_movement_are_left_out(books: Books) -> None:
    put(
        books,
        books.salary(date(2019, 2, 1), 10),
        books.salary(date(2019, 3, 1), 10).reversed(date(2019, 3, 2), "undone"),
    )
    assert movements(db.session(), books.id, date(2019, 1, 1), date(2019, 12, 31)) == {}
    assert movements(db.session(), books.id, date(2019, 2, 1), date(2019, 2, 28)) == {STAFF: 10, CASH: -10}
