"""Posting: one durable commit for each entry, and a thousand in one, beside raw sqlite3 writing the same rows."""

from __future__ import annotations

import shutil
import sqlite3
import statistics
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from bench import books
from bench.measure import Measure, in_turns, rate
from fundapp.access.operations import Console
from fundapp.kernel import trail
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.core import Entry
from fundapp.ledger.operations import post, post_many
from fundapp.ledger.queries import accounts, verify

SINGLES, BATCH = 50, 1_000
AT = books.POSTED.isoformat(" ")


class Raw:
    """sqlite3 alone, on a copy of the same database: the same rows, triggers, keys and durability."""

    def __init__(self, file: Path) -> None:
        copy = file.with_name("raw.sqlite")
        shutil.copyfile(file, copy)
        self.connection = sqlite3.connect(copy, isolation_level=None)
        for pragma in ("foreign_keys=on", "journal_mode=wal", "synchronous=full", "trusted_schema=off"):
            self.connection.execute(f"pragma {pragma}")

    def post(self, entries: Sequence[tuple[Entry, str]]) -> None:
        """Each entry in a transaction of its own."""
        run, many = self.connection.execute, self.connection.executemany
        for entry, mark in entries:
            run("begin immediate")
            day = entry.on.isoformat()
            number = run(
                "insert into journal_entry (fund_id, posted_on, memo, source, corrects_id, at, actor, operation,"
                " digest, sealed) values (?,?,?,?,?,?,?,?,?,0) returning id",
                (entry.fund_id, day, entry.memo, None, None, AT, "console", "ledger.post", mark),
            ).fetchone()[0]
            many(
                "insert into posting (entry_id, number, account_id, fund_id, posted_on, donor_id, project_id, cents)"
                " values (?,?,?,?,?,?,?,?)",
                [
                    (number, n, line.account_id, entry.fund_id, day, line.donor_id, None, line.cents)
                    for n, line in enumerate(entry.lines, 1)
                ],
            )
            run("update journal_entry set sealed = 1 where id = ?", (number,))
            length, _ = run("select length, hash from trail_head where id = 1").fetchone()
            run(
                "insert into trace (id, at, actor, operation, subject, subject_id, change, hash)"
                " values (?,?,?,?,?,?,?,?)",
                (
                    length + 1,
                    AT,
                    "console",
                    "ledger.post",
                    "journal_entry",
                    number,
                    f'{{"digest":"{mark}"}}',
                    f"{number:064}",
                ),
            )
            run("update trail_head set length = ?, hash = ? where id = 1", (length + 1, f"{number:064}"))
            run("commit")


def measure(rounds: int) -> Iterator[Measure]:
    """Rates of entries, in turns; the books are verified afterwards."""
    with books.instance():
        fund = books.begin()[0]
        made = list(
            islice(books.entries(10**6, [fund.id], accounts(db.session())), (rounds + 3) * (BATCH + 2 * SINGLES))
        )
        db.session.expunge(fund)  # read once, as whoever posts one entry after the other does
        db.session.remove()
        db.engine.dispose()
        raw, given = Raw(books.database()), iter(made)

        def ours() -> None:
            for entry in islice(given, SINGLES):
                with unit_of_work(Console()) as work:
                    post(work, fund, entry)

        def theirs() -> None:
            raw.post([(entry, "0" * 64) for entry in islice(given, SINGLES)])

        def batch() -> None:
            with unit_of_work(Console()) as work:
                post_many(work, fund, list(islice(given, BATCH)))

        times = in_turns(ours, theirs, batch, rounds=rounds)
        raw.connection.close()
        held = verify(db.session())
        if not held.holds or trail.verify(db.session())[1]:
            raise SystemExit(f"bench: the books do not hold: {held.faults[:3]}")
    one, alone, thousand = (statistics.median(found) for found in times)
    # Of each round, since a noisy neighbour slows the disk for both: the middle one of the ratios
    against = statistics.median(theirs / ours for ours, theirs, _ in zip(*times, strict=True))
    faster = statistics.median(BATCH / SINGLES * ours / batch for ours, _, batch in zip(*times, strict=True))
    singly = rate(SINGLES, one)
    yield Measure("posting, a commit each", singly, f"sqlite3 {rate(SINGLES, alone)}", against, 0.30, True)
    yield Measure(f"posting, {BATCH:,} a commit", rate(BATCH, thousand), f"singly {singly}", faster, 10, True)
