"""Four people posting at once, each a process of its own, on both databases: nobody is refused, nothing is lost, and
the balances are what the journal adds up to. Bounded: so many entries each."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import perf_counter

import psycopg
import sqlalchemy as sa
from flask_migrate import upgrade

from bench import books
from bench.measure import Measure, rate
from fundapp.access.operations import Console
from fundapp.funds.operations import set_up
from fundapp.funds.queries import named_fund
from fundapp.kernel import trail
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.core import Entry, Line
from fundapp.ledger.models import JournalEntry
from fundapp.ledger.operations import open_accounts, post
from fundapp.ledger.queries import accounts, balances, verify
from fundapp.ledger.rules import RECEIVABLE
from fundapp.web.assemble import create_app

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tests"))
from postgres import server  # noqa: E402 - the tests' folder is no package

PEOPLE, DAY = 4, date(2025, 6, 30)


def measure(each: int) -> Iterator[Measure]:
    """Both databases, `each` entries a person."""
    with books.instance() as app:
        books.begin()
        yield _soak("SQLite", app.instance_path, "", each)
    with _postgresql() as address:
        yield _soak("PostgreSQL", os.environ["FUNDAPP_INSTANCE"], address, each)


@contextmanager
def _postgresql() -> Iterator[str]:
    """The tests' own PostgreSQL, with the books begun in it."""
    with server() as address, tempfile.TemporaryDirectory(prefix="fundapp-bench-") as folder:
        with psycopg.connect(plain(address), autocommit=True) as keeper:
            keeper.execute("create database soak")
        before = dict(os.environ)
        os.environ["FUNDAPP_INSTANCE"] = folder
        url = address.format(database="soak")
        app = create_app(FUNDAPP_MODE="development", FUNDAPP_DATABASE_URL=url)
        with app.app_context():
            upgrade()
            with unit_of_work(Console()) as work:
                set_up(work, None)
                open_accounts(work, None, books.CHART)
            yield url
            db.session.remove()
            db.engine.dispose()
        os.environ.clear()
        os.environ |= before


def plain(address: str) -> str:
    """The address as psycopg writes it, of the database that is always there."""
    return address.format(database="postgres").replace("+psycopg", "")


def _soak(name: str, folder: str, url: str, each: int) -> Measure:
    db.session.remove()
    start = perf_counter()
    environ = {**os.environ, "FUNDAPP_INSTANCE": folder, "FUNDAPP_DATABASE_URL": url, "FUNDAPP_MODE": "development"}
    people = [
        subprocess.Popen([sys.executable, "-m", "bench.soak", str(number), str(each)], cwd=ROOT, env=environ)
        for number in range(1, PEOPLE + 1)
    ]
    ends = [person.wait() for person in people]
    took = perf_counter() - start
    session = db.session()
    fund = named_fund(session, "UPR")
    entry = JournalEntry.__table__
    posted = session.scalar(sa.select(sa.func.count()).select_from(entry).where(entry.c.fund_id == fund.id)) or 0
    found = balances(session, fund.id, DAY)
    due = sum(number * (1 + n) for number in range(1, PEOPLE + 1) for n in range(each))
    right = found.get(books.CASH) == due == -found.get(RECEIVABLE, 0)
    holds = verify(session).holds and trail.verify(session)[1] is None
    db.session.remove()
    wrong = sum(end != 0 for end in ends) + (PEOPLE * each - posted) + (not right) + (not holds)
    told = f"{posted:,} of {PEOPLE * each:,} entries, {rate(posted, took)}"
    return Measure(f"four people posting at once, {name}", told, "lost, refused or wrong", wrong, 0)


def person(number: int, each: int) -> None:
    """One of them: posts entry after entry, each in a unit of work of its own."""
    with create_app().app_context():
        keys = accounts(db.session())
        cash, owed = keys[books.CASH], keys[RECEIVABLE]
        db.session.remove()
        for n in range(each):
            with unit_of_work(Console()) as work:
                fund, cents = named_fund(work.session, "UPR"), number * (1 + n)
                lines = (Line(cash, cents), Line(owed, -cents, number))
                post(work, fund, Entry(fund.id, DAY, f"person {number}, {n}", lines))


if __name__ == "__main__":
    person(int(sys.argv[1]), int(sys.argv[2]))
