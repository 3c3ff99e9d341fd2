"""Workbooks beside openpyxl's write-only mode, and the statement of the command line beside hledger's."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import sqlalchemy as sa

from bench import books
from bench.measure import Measure, in_turns, ms, rate
from fundapp.funds.models import Fund
from fundapp.kernel.database import db
from fundapp.ledger.models import Account, JournalEntry, Posting

ROWS = 100_000
MOST_MEMORY = 64.0  # MiB, of a program that writes a workbook of so many rows and nothing else
ROOT = Path(__file__).resolve().parent.parent


def measure(rounds: int) -> Iterator[Measure]:
    """All of it."""
    yield from _workbooks(rounds)
    yield from _commands(rounds)


def _workbooks(rounds: int) -> Iterator[Measure]:
    """Each in a process of its own, so that the memory of one is not the other's."""
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(_written("bench.sheet_ours"))
        theirs.append(_written("bench.sheet_openpyxl"))
    (one, most), (other, others) = _middle(ours), _middle(theirs)
    title = f"workbook, {ROWS:,} rows"
    yield Measure(title, rate(ROWS, one), f"openpyxl {rate(ROWS, other)}", other / one, 1.5, at_least=True)
    yield Measure(f"{title}: memory", f"{most:.0f} MiB", f"openpyxl {others:.0f} MiB", most, MOST_MEMORY)


def _written(module: str) -> tuple[float, float]:
    """Seconds and MiB."""
    said = subprocess.run(
        (sys.executable, "-m", module, str(ROWS)), cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    return float(said[0]), float(said[1])


def _middle(found: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(one for one, _ in found), max(most for _, most in found)


def _commands(rounds: int) -> Iterator[Measure]:
    """The statement of a year as text, beside what hledger says of the same entries; told without it where it is not
    installed."""
    with books.instance(), tempfile.TemporaryDirectory(prefix="fundapp-bench-") as folder:
        books.load(ROWS)
        env = os.environ | {
            "FUNDAPP_INSTANCE": str(books.database().parent), "FUNDAPP_DATABASE_URL": "", "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        ours = (
            sys.executable, "-m", "fundapp", "statement", "income-expenditure", "UPR", "--from", "2020-01-01", "--to",
            "2020-12-31",
        )  # fmt: skip
        title, hledger = f"statement on the command line, {ROWS:,} entries", shutil.which("hledger")
        if hledger is None:
            [alone] = in_turns(lambda: _run(ours, env), rounds=rounds, warm=1)
            yield Measure(title, ms(statistics.median(alone)), "hledger is not installed", 0)
            return
        journal = _journal(Path(folder) / "all.journal")
        theirs = (hledger, "-f", str(journal), "incomestatement", "UPR:", "-b", "2020-01-01", "-e", "2021-01-01")
        times = in_turns(lambda: _run(ours, env), lambda: _run(theirs, env), rounds=rounds, warm=1)
        one, other = (statistics.median(found) for found in times)
        yield Measure(title, ms(one), f"hledger {ms(other)}", other / one, 12, at_least=True)


def _run(words: Sequence[str], env: Mapping[str, str]) -> None:
    subprocess.run(words, env=env, check=True, stdout=subprocess.DEVNULL)


def _journal(path: Path) -> Path:
    """The books as hledger reads them; each fund's accounts under its code."""
    entry, line, account, fund = (model.__table__ for model in (JournalEntry, Posting, Account, Fund))
    asked = (
        sa.select(
            entry.c.id, entry.c.posted_on, entry.c.memo, fund.c.code, account.c.code, account.c.nature, line.c.cents
        )
        .join(line, line.c.entry_id == entry.c.id)
        .join(account, account.c.id == line.c.account_id)
        .join(fund, fund.c.id == entry.c.fund_id)
        .order_by(entry.c.posted_on, entry.c.id, line.c.number)
    )
    kinds = {"asset": "assets", "liability": "liabilities", "income": "revenues", "expenditure": "expenses"}
    with path.open("w", encoding="utf-8") as file:
        file.write("commodity 1000.00 USD\n")
        for nature, name in kinds.items():
            file.write(f"account {name}  ; type: {nature[0].upper() if nature != 'income' else 'R'}\n")
        before = 0
        for number, on, memo, of, code, nature, cents in db.session.execute(asked):
            if number != before:
                file.write(f"\n{on.isoformat()} {memo}\n")
                before = number
            file.write(f"    {kinds[nature.value]}:{of}:{code}  {cents / 100:.2f} USD\n")
    return path
