"""An extract of expenditure: 100,000 lines read, compared, posted and kept, beside sqlite3 writing the bare rows."""

from __future__ import annotations

import csv
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench import books
from bench.measure import Measure, ms, timed
from fundapp.access.operations import Console
from fundapp.finance.operations import open_books
from fundapp.finance.operations.extracts import COLUMNS, take_extract
from fundapp.finance.rules.extracts import STANDARD
from fundapp.funds.operations import set_up
from fundapp.funds.queries import named_fund
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.queries import verify
from fundapp.recommendations.layouts.incoming import incoming

ROWS = 100_000
CLASSES = ("010", "120", "125", "130", "135", "145", "160")
TARGET, MEMORY = 4, 200  # times sqlite3's executemany of the bare rows; MB
ENTRY = ("id", "fund_id", "posted_on", "memo", "at", "actor", "operation", "digest", "sealed")
POSTING = ("entry_id", "number", "account_id", "fund_id", "posted_on", "donor_id", "project_id", "cents")


def written(path: Path, rows: int, begin: int) -> Path:
    """A file of Umoja: four lines to a document, a year of days."""
    columns = STANDARD["umoja"][1].columns
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(columns.values())
        for n in range(begin, begin + rows):
            day = date(2021, 1, 1) + timedelta(days=n * 365 // rows % 365)
            cells = {
                "posted_on": day.isoformat(), "document": str(5_100_000_000 + n // 4), "line": str(n % 4 + 1),
                "fund": "UPR", "class": CLASSES[n % len(CLASSES)], "text": f"Invoice {n} of a vendor, services",
                "currency": "CHF" if n % 3 else "USD", "minor": f"{n % 90_000 + 1}.{n % 100:02}",
                "cents": f"{n % 100_000 + 1}.{n % 100:02}", "kind": "actual",
            }  # fmt: skip
            out.writerow(cells.get(what, "") for what in columns)
    return path


def _made(file: Path) -> dict[str, list[Sequence[Any]]]:
    """What an import wrote, as rows to write again."""
    with sqlite3.connect(file) as connection:
        lines = connection.execute(f"select id, {', '.join(COLUMNS)} from extract_line").fetchall()
        first = min(row[-1] for row in lines)
        entries = connection.execute(f"select {', '.join(ENTRY)} from journal_entry where id >= ?", (first,)).fetchall()
        moved = connection.execute(f"select {', '.join(POSTING)} from posting where entry_id >= ?", (first,)).fetchall()
        batch = connection.execute("select * from extract_batch").fetchall()
        profile = connection.execute("select * from extract_profile").fetchall()
    return {"extract_profile": profile, "extract_batch": batch, "journal_entry": entries, "posting": moved,
            "extract_line": lines}  # fmt: skip


def _bare(empty: Path, rows: dict[str, list[Sequence[Any]]]) -> float:
    """sqlite3 alone, on a copy of the same empty books: the same rows, keys, triggers and durability."""
    copy = empty.with_name("bare.sqlite")
    shutil.copyfile(empty, copy)
    connection = sqlite3.connect(copy, isolation_level=None)
    for pragma in ("foreign_keys=on", "journal_mode=wal", "synchronous=full", "trusted_schema=off"):
        connection.execute(f"pragma {pragma}")
    names = {"journal_entry": ENTRY, "posting": POSTING, "extract_line": ("id", *COLUMNS)}
    unsealed = [(*row[:-1], 0) for row in rows["journal_entry"]]
    given: dict[str, list[Sequence[Any]]] = {**rows, "journal_entry": [*unsealed]}

    def write() -> None:
        connection.execute("begin immediate")
        for table, found in given.items():
            named = f" ({', '.join(names[table])})" if table in names else ""
            marks = ", ".join("?" * len(found[0]))
            connection.executemany(f"insert into {table}{named} values ({marks})", found)
        connection.execute("update journal_entry set sealed = 1 where not sealed")
        connection.execute("commit")

    seconds = timed(write)
    connection.close()
    return seconds


def _peak(file: Path, folder: Path) -> float:
    """The most memory that the command held for a file, in MB."""
    environ = {**os.environ, "FUNDAPP_INSTANCE": str(folder), "FUNDAPP_DATABASE_URL": ""}
    words = [sys.executable, "-m", "bench.peak", "import", "expenditure", str(file), "--fund", "UPR"]
    said = subprocess.run(words, env=environ, capture_output=True, text=True, check=True).stdout
    return float(said.split()[-1])


def measure(rounds: int) -> Iterator[Measure]:
    """Times in turns, each on a fresh copy of the same empty books; then the memory of the command."""
    with books.instance():
        with unit_of_work(Console()) as work:
            set_up(work, None)
            open_books(work, named_fund(work.session, "UPR"))
        database = books.database()
        file = written(database.with_name("extract.csv"), ROWS, 0)
        db.session.remove()
        db.engine.dispose()
        empty = database.with_name("empty.sqlite")
        with sqlite3.connect(database) as connection:
            connection.execute("pragma wal_checkpoint(truncate)")
        shutil.copyfile(database, empty)
        ours, theirs = [], []
        for n in range(rounds + 1):
            _back(database, empty)
            seconds = timed(lambda: _take(file))
            if not verify(db.session()).holds:
                raise SystemExit("bench: the books do not hold")
            db.session.remove()
            db.engine.dispose()
            other = _bare(empty, _made(database))
            if n:  # the first warms up
                ours.append(seconds)
                theirs.append(other)
        small = written(database.with_name("one.csv"), 1, 0)
        _back(database, empty)
        own = _peak(small, database.parent)
        _back(database, empty)
        held = _peak(file, database.parent)
    against = statistics.median(one / other for one, other in zip(ours, theirs, strict=True))
    mine, bare = statistics.median(ours), statistics.median(theirs)
    yield Measure(f"an extract of {ROWS:,} lines", ms(mine), f"sqlite3, bare rows {ms(bare)}", against, TARGET)
    yield Measure(f"memory for {ROWS:,} lines", f"{held:.0f} MB", f"one line {own:.0f} MB", held, MEMORY)


def _take(file: Path) -> None:
    with unit_of_work(Console()) as work:
        take_extract(work, named_fund(work.session, "UPR"), incoming(file), "umoja")


def _back(database: Path, empty: Path) -> None:
    for ending in ("-wal", "-shm"):
        Path(f"{database}{ending}").unlink(missing_ok=True)
    shutil.copyfile(empty, database)
