"""Books of any size, the same for the same seed: three funds, 60 accounts, ten years, 200 donors, 2.75 lines an entry.

Written straight into SQLite with the guards taken off and put back, because posting a million entries through the door
takes minutes; digests and the trail's chain are made as the door makes them, so that verifying the books passes.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from fundapp.access.operations import Console
from fundapp.funds.models import Fund
from fundapp.funds.operations import set_up
from fundapp.kernel import trail
from fundapp.kernel.database import db
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.core import Entry, Line, digest
from fundapp.ledger.operations import close_year, open_accounts
from fundapp.ledger.queries import accounts
from fundapp.ledger.rules import CONTRIBUTIONS, RECEIVABLE, ChartLine, Nature
from fundapp.web.assemble import create_app

SEED = 17
FIRST, LAST = date(2016, 1, 1), date(2025, 12, 31)
YEARS = range(FIRST.year, LAST.year)  # those that are closed: all but the last
FUNDS, DONORS = 3, 200
CASH = "AST.CASH"
POSTED = datetime.fromisoformat("2026-01-02T03:04:05.678901")
CHUNK = 20_000
CHART = [
    ChartLine(CASH, Nature.ASSET, dict.fromkeys(LANGUAGES, "Cash")),
    ChartLine(RECEIVABLE, Nature.ASSET, dict.fromkeys(LANGUAGES, "Receivable")),
    ChartLine(CONTRIBUTIONS, Nature.INCOME, dict.fromkeys(LANGUAGES, "Contributions"), CONTRIBUTIONS),
    *(ChartLine(f"EXP.{n:02}", Nature.EXPENDITURE, dict.fromkeys(LANGUAGES, f"Object {n}"), f"EXP.{n:02}")
      for n in range(1, 58)),
]  # fmt: skip


@contextmanager
def instance(mode: str = "development", **settings: object) -> Iterator[Flask]:
    """An application with an empty database of its own on disk, gone afterwards."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="fundapp-bench-") as folder:
        os.environ |= {"FUNDAPP_INSTANCE": folder, "FUNDAPP_DATABASE_URL": "", "FUNDAPP_MODE": mode}
        app = create_app(**settings)
        os.environ.clear()
        os.environ |= before
        with app.app_context():
            upgrade()
            yield app
            db.session.remove()
            db.engine.dispose()


def database() -> Path:
    """The file of the application's database."""
    name = db.engine.url.database
    assert name
    return Path(name)


def begin() -> list[Fund]:
    """The funds, one more than the program sets up, and the accounts."""
    with unit_of_work(Console()) as work:
        set_up(work, None)
        open_accounts(work, None, CHART)
    with _unguarded() as connection:
        columns = ", ".join(
            row[1] for row in connection.execute("pragma table_info(fund)") if row[1] not in ("id", "code")
        )
        connection.execute("insert into scope (id, kind, code) values (99, 'fund', 'BENCH')")
        connection.execute(f"insert into fund (id, code, {columns}) select 99, 'BENCH', {columns} from fund limit 1")
    return list(db.session.scalars(sa.select(Fund).order_by(Fund.id)))


def entries(size: int, funds: list[int], account: dict[str, int]) -> Iterator[Entry]:
    """Entries in the order of their days: a quarter contributions, a quarter payments, the rest expenditure."""
    random = Random(SEED)
    objects = [number for code, number in account.items() if code.startswith("EXP.")]
    cash, owed, income = account[CASH], account[RECEIVABLE], account[CONTRIBUTIONS]
    days = (LAST - FIRST).days + 1
    for n in range(size):
        on, fund, cents = FIRST + timedelta(days=n * days // size), random.choice(funds), random.randrange(1, 10**7)
        kind, donor = n % 4, random.randrange(1, DONORS + 1)
        if kind == 0:
            lines = [Line(owed, cents, donor), Line(income, -cents, donor)]
        elif kind == 1:
            lines = [Line(cash, cents), Line(owed, -cents, donor)]
        else:
            # Two objects or three: with the cash 2 + 2 + 3 + 4 lines, 2.75 on average
            spent = [Line(random.choice(objects), random.randrange(1, 10**6)) for _ in range(kind)]
            lines = [*spent, Line(cash, -sum(line.cents for line in spent))]
        yield Entry(fund, on, f"entry {n}", tuple(lines))


def load(size: int) -> None:
    """Write that many entries, sealed and in the trail; the guards are back when it returns."""
    funds = [fund.id for fund in begin()]
    made = entries(size, funds, accounts(db.session()))
    with _unguarded() as connection:
        length, head = connection.execute("select length, hash from trail_head").fetchone()
        first = 1
        while chunk := list(islice(made, CHUNK)):
            head = _write(connection, chunk, first, length + first, head)
            first += len(chunk)
        connection.execute("update trail_head set length = ?, hash = ?", (length + size, head))


def _write(connection: sqlite3.Connection, chunk: list[Entry], first: int, trace: int, head: str) -> str:
    """The rows of some entries; returns the last hash of the trail."""
    at = POSTED.isoformat(" ")
    rows, lines, traces = [], [], []
    for number, entry in enumerate(chunk, first):
        mark, day = digest(entry), entry.on.isoformat()
        rows.append((number, entry.fund_id, day, entry.memo, at, "console", "ledger.post_many", mark, 1))
        lines += [
            (number, n, line.account_id, entry.fund_id, day, line.donor_id, line.cents)
            for n, line in enumerate(entry.lines, 1)
        ]
        row: trail.Row = {
            "id": trace + number - first,
            "at": POSTED,
            "actor": "console",
            "operation": "ledger.post_many",
            "subject": "journal_entry",
            "subject_id": number,
            "change": trail.canonical({"digest": mark}),
        }
        head = trail.digest(head, row)
        traces.append(
            (row["id"], at, *(row[key] for key in ("actor", "operation", "subject", "subject_id", "change")), head)
        )
    many = connection.executemany
    many(
        "insert into journal_entry (id, fund_id, posted_on, memo, at, actor, operation, digest, sealed)"
        " values (?,?,?,?,?,?,?,?,?)",
        rows,
    )
    many(
        "insert into posting (entry_id, number, account_id, fund_id, posted_on, donor_id, cents)"
        " values (?,?,?,?,?,?,?)",
        lines,
    )
    many(
        "insert into trace (id, at, actor, operation, subject, subject_id, change, hash) values (?,?,?,?,?,?,?,?)",
        traces,
    )
    return head


@contextmanager
def _unguarded() -> Iterator[sqlite3.Connection]:
    """The database with its triggers off, in one transaction; they are put back before it commits."""
    db.session.remove()
    db.engine.dispose()
    connection = sqlite3.connect(database(), isolation_level=None)
    connection.executescript("pragma synchronous=off; pragma cache_size=-400000; begin")
    guards = connection.execute("select name, sql from sqlite_master where type = 'trigger'").fetchall()
    try:
        for name, _ in guards:
            connection.execute(f"drop trigger {name}")
        yield connection
        for _, sql in guards:
            connection.execute(sql)
        connection.execute("commit")
        connection.execute("pragma wal_checkpoint(truncate)").fetchall()
    finally:
        connection.close()


def close_years() -> None:
    """Close all years but the last, in every fund, through the door."""
    for year in YEARS:
        with unit_of_work(Console()) as work:
            for fund in work.session.scalars(sa.select(Fund).order_by(Fund.id)).all():
                close_year(work, fund, year)
    db.session.remove()
