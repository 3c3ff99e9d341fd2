"""`python3 dev.py bench`: measure what was promised and say whether it is reached."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
from collections.abc import Callable, Iterator
from time import perf_counter

import django
import duckdb

from bench import (
    board,
    dossier,
    extracts,
    figures,
    pages,
    posting,
    proposals,
    recommendations,
    scoring,
    soak,
    statements,
)
from bench.measure import Measure, memory, table

ROUNDS = {
    "figures": 40, "posting": 20, "pages": 200, "recommendations": 12, "proposals": 100, "dossier": 12, "scoring": 60,
    "board": 6, "soak": 300, "extracts": 6, "statements": 6,
}  # fmt: skip
QUICK = 100_000
REGISTER = 250_000  # recommendations; a tenth of them when it is to be quick


def arguments() -> argparse.ArgumentParser:
    """What can be asked for."""
    parser = argparse.ArgumentParser("python3 dev.py bench", description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000, help="how many the books have (%(default)s)")
    parser.add_argument(
        "--quick", action="store_true", help=f"{QUICK:,} entries, a tenth of the register, a third of the rounds"
    )
    parser.add_argument("--only", choices=ROUNDS, action="append", help="this part alone; may be given twice")
    parser.add_argument("--report", action="store_true", help="end with 0 also where a target is missed")
    return parser


def parts(entries: int, shorter: int) -> dict[str, Callable[[], Iterator[Measure]]]:
    """The parts by name."""
    return {
        "posting": lambda: posting.measure(ROUNDS["posting"] // shorter),
        "pages": lambda: pages.measure(ROUNDS["pages"] // shorter),
        "recommendations": lambda: recommendations.measure(
            REGISTER if shorter == 1 else REGISTER // 10, ROUNDS["recommendations"] // shorter
        ),
        "proposals": lambda: proposals.measure(ROUNDS["proposals"] // shorter),
        "dossier": lambda: dossier.measure(ROUNDS["dossier"] // shorter),
        "board": lambda: board.measure(max(ROUNDS["board"] // shorter, 3)),
        "extracts": lambda: extracts.measure(max(ROUNDS["extracts"] // shorter, 3)),
        "soak": lambda: soak.measure(ROUNDS["soak"] // shorter),
        "scoring": lambda: scoring.measure(ROUNDS["scoring"] // shorter),
        "statements": lambda: statements.measure(max(ROUNDS["statements"] // shorter, 3)),
        "figures": lambda: figures.measure(entries, max(entries // 10, 1_000), ROUNDS["figures"] // shorter),
    }


def say(text: str) -> None:
    """To whoever measures."""
    print(text, flush=True)


def main(words: list[str]) -> int:
    """Measure and print the table; 1 if a target is missed."""
    options = arguments().parse_args(words)
    entries = min(options.entries, QUICK) if options.quick else options.entries
    say(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, DuckDB {duckdb.__version__}, "
        f"Django {django.__version__}, "
        f"{os.cpu_count()} processors; ratios are of this run")  # fmt: skip
    found: list[Measure] = []
    for name, measure in parts(entries, 3 if options.quick else 1).items():
        if options.only and name not in options.only:
            continue
        start = perf_counter()
        found += measure()
        say(f"{name}: {perf_counter() - start:.0f} s")
    say(f"\n{table(found)}\n\nmost memory: {memory()}")
    missed = [one.name for one in found if not one.reached]
    if missed:
        say(f"missed: {', '.join(missed)}")
    return 1 if missed and not options.report else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
