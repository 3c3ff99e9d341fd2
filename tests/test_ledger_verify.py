"""The journal added up again: it holds after all that the program does, and any change behind its back shows."""

from __future__ import annotations

import tracemalloc
from datetime import date
from decimal import Decimal

import pytest
from books import CASH, CERTIFIER, CLERK, Books, open_books
from flask import Flask

from conftest import raw_sqlite, vandal
from fundapp.kernel import trail
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.money import Money
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.core import Entry, Line, Origin
from fundapp.ledger.operations import close_year, correct, post, post_many
from fundapp.ledger.queries import Verification, verify
from fundapp.ledger.rules import RECEIVABLE

TABLES = ("account", "journal_entry", "posting", "posting_origin", "closed_year", "year_total", "trace")


@pytest.fixture
def books(app: Flask) -> Books:
    """Entries 1 to 6 of 2019 (closed) and 2020; the third has evidence, the last two correct the fourth."""
    found = open_books()
    evidence = Line(found.account[CASH], 10_989, None, None, Origin(Money(10_000, "EUR"), Decimal("0.91")))
    with unit_of_work(CLERK) as work:
        post_many(work, found.fund, [found.pledge(date(2019, 2, 1), 100, 1), found.salary(date(2019, 3, 1), 70)])
        paid = Line(found.account[RECEIVABLE], -10_989, 1)
        post(work, found.fund, Entry(found.id, date(2020, 2, 1), "in euros", (evidence, paid), "A/HRC/47/19"))
        wrong = post(work, found.fund, found.pledge(date(2020, 3, 1), 5, 2))
    with unit_of_work(CLERK) as work:
        correct(work, found.fund, wrong, found.pledge(date(2020, 3, 2), 6, 2))
    with unit_of_work(CERTIFIER) as work:
        close_year(work, found.fund, 2019)
    return found


def numbers() -> list[int]:
    with db.engine.connect() as connection:
        return [row[0] for row in connection.exec_driver_sql("select id from journal_entry order by id")]


def spoil(*harms: str) -> Verification:
    """Change the tables with their guards asleep, look, and wake the guards."""
    db.session.rollback()
    ids, sleep = numbers(), _asleep()
    if db.engine.name == "sqlite":
        raw_sqlite().execute("PRAGMA foreign_keys=OFF")
    with vandal() as connection:
        for line in sleep:
            connection.exec_driver_sql(line)
        for harm in harms:
            connection.exec_driver_sql(harm.format(*[None, *ids], new=max(ids) + 50))
    try:
        return verify(db.session())
    finally:
        db.session.rollback()
        if db.engine.name == "sqlite":
            raw_sqlite().execute("PRAGMA foreign_keys=ON")
        else:
            with vandal() as connection:
                for table in TABLES:
                    connection.exec_driver_sql(f"alter table {table} enable trigger all")


def _asleep() -> list[str]:
    """What puts triggers to sleep; on PostgreSQL foreign keys are triggers too."""
    if db.engine.name == "postgresql":
        return [f"alter table {table} disable trigger all" for table in TABLES]
    with db.engine.connect() as connection:
        names = connection.exec_driver_sql("select name from sqlite_master where type = 'trigger'").scalars().all()
    return [f"drop trigger {name}" for name in names]


def said(result: Verification) -> set[tuple[str, object]]:
    return {(fault.code, fault.values.get("entry", fault.values.get("year"))) for fault in result.faults}


def test_it_holds(books: Books) -> None:
    result = verify(db.session())
    assert result.holds and (result.entries, result.postings, result.years) == (6, 12, 1)
    assert trail.verify(db.session())[1] is None


def test_empty_books_hold(app: Flask) -> None:
    assert verify(db.session()) == Verification()


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        ("update posting set cents = cents + 1 where entry_id = {2} and number = 1", {"journal.unbalanced"}),
        ("update posting set cents = cents * 2 where entry_id = {2}", {"journal.changed", "year.totals-differ"}),
        ("update posting set cents = cents * 2 where entry_id = {4}", {"journal.changed"}),
        ("update posting set donor_id = 3 where entry_id = {4}", {"journal.changed"}),
        ("update posting set project_id = 3 where entry_id = {4}", {"journal.changed"}),
        ("update posting set account_id = (select min(id) from account) where entry_id = {4}", {"journal.changed"}),
        ("update posting_origin set rate = '0.92' where entry_id = {3}", {"journal.changed"}),
        ("delete from posting_origin where entry_id = {3}", {"journal.changed"}),
        ("update journal_entry set memo = 'else' where id = {3}", {"journal.changed"}),
        ("update journal_entry set source = null where id = {3}", {"journal.changed"}),
        ("update journal_entry set corrects_id = null where id = {5}", {"journal.changed"}),
        ("update journal_entry set actor = 'person:9' where id = {3}", {"journal.trail-differs"}),
        ("update journal_entry set operation = 'x' where id = {3}", {"journal.trail-differs"}),
        ("update journal_entry set at = '2020-01-01 00:00:00.000000' where id = {3}", {"journal.trail-differs"}),
        ("update journal_entry set digest = 'x' where id = {3}", {"journal.changed", "journal.trail-differs"}),
        ("update journal_entry set sealed = false where id = {3}", {"journal.unsealed"}),
        ("update journal_entry set posted_on = '2020-02-02' where id = {3}", {"journal.changed", "journal.copies"}),
        ("delete from posting where entry_id = {3} and number = 2", {"journal.unbalanced", "journal.changed"}),
        ("delete from posting where entry_id = {3}", {"journal.unbalanced", "journal.changed"}),
        ("update posting set number = number + 5 where entry_id = {4}", {"journal.line-missing"}),
        ("delete from trace where subject = 'journal_entry' and subject_id = {3}", {"journal.not-in-trail"}),
        ("update trace set subject_id = {3} where subject = 'journal_entry' and subject_id = {4}", set()),
    ],
)
def test_a_changed_row_shows(books: Books, harm: str, found: set[str]) -> None:
    result = spoil(harm)
    if "subject_id = {4}" in harm:
        assert {"journal.twice-in-trail", "journal.not-in-trail"} <= {fault.code for fault in result.faults}
        return
    number = numbers()[int(harm.partition("= {")[2][0]) - 1] if "= {" in harm else None
    assert found <= {fault.code for fault in result.faults} and not result.holds
    about = {fault.values["entry"] for fault in result.faults if "entry" in fault.values}
    assert about == {number}


def test_a_deleted_entry_shows(books: Books) -> None:
    number = numbers()[3]
    result = spoil(
        "update journal_entry set corrects_id = null where corrects_id = {4}",
        "delete from posting where entry_id = {4}",
        "delete from journal_entry where id = {4}",
    )
    assert ("journal.missing", number) in said(result)


def test_lines_without_their_entry_show(books: Books) -> None:
    number = numbers()[2]
    assert ("journal.missing", number) in said(spoil("delete from journal_entry where id = {3}"))


NEW = (
    "insert into journal_entry (id, fund_id, posted_on, memo, at, actor, operation, digest, sealed)"
    " select {new}, fund_id, {day}, memo, at, actor, operation, digest, true from journal_entry where id = {{1}}",
    "insert into posting (entry_id, number, account_id, fund_id, posted_on, donor_id, cents)"
    " select {new}, number, account_id, fund_id, {day}, donor_id, cents from posting where entry_id = {{1}}",
)


@pytest.mark.parametrize("day", ["posted_on", "'2020-02-01'"])
def test_an_inserted_entry_shows(books: Books, day: str) -> None:
    """Its copy in every column, or dated into the open year."""
    new = max(numbers()) + 50
    result = spoil(*(line.format(new="{new}", day=day) for line in NEW))
    assert ("journal.not-in-trail", new) in said(result)
    assert (("year.totals-differ", 2019) in said(result)) == (day == "posted_on")
    assert (("year.entries-differ", 2019) in said(result)) == (day == "posted_on")


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        ("update year_total set debits = debits + 1, credits = credits + 1", "year.totals-differ"),
        ("update year_total set entries = entries + 1", "year.totals-differ"),
        ("delete from year_total", "year.totals-differ"),
        ("update closed_year set digest = 'x'", "year.changed"),
        ("update closed_year set entries = 5", "year.entries-differ"),
        ("update closed_year set last_day = '2020-12-31'", "year.changed"),
        ("update closed_year set year = 2020, last_day = '2020-12-31'", "year.not-in-order"),
        ("delete from trace where subject = 'closed_year'", "year.changed"),
        ("delete from closed_year", "year.totals-without"),
    ],
)
def test_a_changed_closing_shows(books: Books, harm: str, code: str) -> None:
    result = spoil(harm)
    assert code in {fault.code for fault in result.faults}


def test_faults_are_counted_and_not_all_kept(books: Books) -> None:
    with unit_of_work(CLERK) as work:
        post_many(work, books.fund, [books.pledge(date(2020, 5, 1), n, 1) for n in range(1, 300)])
    result = spoil("update posting set donor_id = 9 where posted_on = '2020-05-01'")
    assert len(result.faults) == 100 and result.found == 299 and isinstance(result.faults[0], Fault)


@pytest.mark.slow
def test_it_reads_a_stream(books: Books) -> None:
    """Four times the entries take no more memory: nothing is kept of an entry that holds."""

    def peak(entries: int) -> int:
        with unit_of_work(CLERK) as work:
            post_many(work, books.fund, [books.pledge(date(2020, 5, 1), n, 1) for n in range(1, entries)])
        db.session.remove()
        tracemalloc.start()
        assert verify(db.session()).holds
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)  # what is compiled once
    few = peak(2_500)
    assert peak(7_500) < few * 1.5
