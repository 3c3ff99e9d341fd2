"""The register: how fast a file is taken in, in how much memory, and lists and search over all of it."""

from __future__ import annotations

import csv
import gc
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from bench import books, made, pages
from bench.measure import Measure, ms, timed
from fundapp.access.operations import Console
from fundapp.kernel.database import db
from fundapp.kernel.errors import Faults
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.layouts import recognise
from fundapp.recommendations.layouts.incoming import incoming
from fundapp.recommendations.operations import import_file
from fundapp.recommendations.queries import Wanted, count, search, world
from fundapp.recommendations.rules import Mechanism, Position, Reading
from fundapp.web.seed import initialise

ROWS = 10_000  # of the file that is taken in
MEMORY = 300.0  # MB that taking in the whole index may need at most
PAGE, ENDPOINT = "/recommendations", "recommendations.register"
LISTS: dict[str, tuple[Wanted, dict[str, str]]] = {
    "all": (Wanted(), {}),
    "a State": (Wanted(state="SVN"), {"state": "SVN"}),
    "a State's cycle": (Wanted(state="SVN", cycle=3), {"state": "SVN", "cycle": "3"}),
    "a theme": (Wanted(theme="right-health"), {"theme": "right-health"}),
    "a goal": (Wanted(goal=5), {"goal": "5"}),
    "a mechanism and position": (
        Wanted(mechanism=Mechanism.UPR, position=Position.NOTED),
        {"mechanism": Mechanism.UPR.value, "position": Position.NOTED.value},
    ),
    "who recommends": (Wanted(recommending="FRA"), {"by": "FRA"}),
}
SEARCHES = {
    "a frequent word": "rights",
    "four words": "torture health women ratify",
    "the beginning of a word": "ratif",
    "a symbol": "A/HRC/47/19",
}


def measure(size: int, rounds: int) -> Iterator[Measure]:
    """All of it."""
    with tempfile.TemporaryDirectory(prefix="fundapp-bench-") as name:
        folder = Path(name)
        yield from _speed(folder, max(rounds // 2, 3))
        for shared in (True, False):
            file = made.uhri_xlsx(folder / "index.xlsx", size, shared=shared)
            with books.instance():
                initialise(demo=False)
                kind = "shared" if shared else "in its cells"
                yield _memory(f"{size:,} rows of XLSX, texts {kind}", file)
        with (
            open(os.devnull, "w", encoding="utf-8") as nowhere,
            redirect_stderr(nowhere),
            books.instance(mode="demonstration", WTF_CSRF_ENABLED=False, FUNDAPP_LOG="json") as app,
        ):
            initialise(demo=True)
            yield _memory(f"{size:,} rows of JSON", made.uhri_json(folder / "index.json", size))
            yield from _read(app, rounds)


def _speed(folder: Path, rounds: int) -> Iterator[Measure]:
    """A file of UPR Info's, beside csv and one executemany into a table without indexes or links."""
    file = made.upr_info(folder / "upr.csv", ROWS)
    times = [(_taken_in(file), _bare(file, folder)) for _ in range(rounds)]
    ours, bare = (statistics.median(found) for found in zip(*times, strict=True))
    ratio = statistics.median(one / other for one, other in times)
    yield Measure(f"{ROWS:,} rows of CSV", ms(ours), f"csv + executemany {ms(bare)}", ratio, 4.0)


def _taken_in(path: Path) -> float:
    """Recognised, read, validated, compared and stored with its links and its index of words."""
    with books.instance():
        initialise(demo=False)
        db.session.remove()
        gc.collect()
        gc.freeze()

        def job() -> None:
            file = incoming(path)
            reading = Reading(file.name, world(db.session()), Faults())
            with unit_of_work(Console()) as work:
                outcome = import_file(work, None, file, recognise(file), reading)
            if outcome.added != ROWS:
                raise SystemExit(f"bench: {outcome.added} recommendations of {ROWS} were taken in")

        found = timed(job)
        gc.unfreeze()
        return found


def _bare(path: Path, folder: Path) -> float:
    """The same cells in a plain table with a key, as durably and with the same room for pages."""
    for left in folder.glob("bare.sqlite*"):
        left.unlink()
    connection = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    for pragma in ("journal_mode=wal", "synchronous=full", "cache_size=-32000"):
        connection.execute(f"pragma {pragma}")
    names = [f"c{n}" for n in range(len(made.INFO))]
    cells = ", ".join(f"{name} text not null" for name in names)
    connection.execute(f"create table plain (id integer primary key, {cells})")
    insertion = f"insert into plain ({', '.join(names)}) values ({', '.join('?' * len(names))})"

    def job() -> None:
        with path.open(encoding="utf-8", newline="") as text:
            rows = csv.reader(text)
            next(rows)
            connection.execute("begin immediate")
            connection.executemany(insertion, rows)
            connection.execute("commit")

    found = timed(job)
    connection.close()
    return found


def _memory(name: str, file: Path) -> Measure:
    """What the command needs at most, as a process of its own, in the application's instance."""
    db.session.remove()
    db.engine.dispose()
    env = {**os.environ, "FUNDAPP_INSTANCE": str(books.database().parent), "FUNDAPP_DATABASE_URL": ""}
    words = [sys.executable, "-m", "bench.peak", "import", "recommendations", str(file)]
    start = perf_counter()
    done = subprocess.run(words, env=env, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise SystemExit(f"bench: {file.name} was not taken in")
    most = float(done.stdout.split()[-1])
    return Measure(name, f"{most:,.0f} MB", f"{perf_counter() - start:.0f} s", most, MEMORY)


def _read(app: Flask, rounds: int) -> Iterator[Measure]:
    client = pages.signed_in(app)
    for name, (wanted, filters) in LISTS.items():
        yield from _page(app, client, f"list: {name}", wanted, filters, 2.0, rounds)
    for name, words in SEARCHES.items():
        yield from _page(app, client, f"search: {name}", Wanted(words=words), {"q": words}, 3.0, rounds)


def _page(
    app: Flask, client: FlaskClient, name: str, wanted: Wanted, filters: dict[str, str], target: float, rounds: int
) -> Iterator[Measure]:
    """The page where there is one; else what it will ask, and the empty page."""
    there = ENDPOINT in app.view_functions
    page = _address(client, filters) if there else _asking(client, wanted)
    found = pages.beside(client, page, rounds, series=3)
    yield found.line(name if there else f"{name} (queries alone)", target)
    yield Measure(f"{name}, queries", str(found.queries), f"of them any page's {found.common}", found.queries, 4)


def _address(client: FlaskClient, filters: dict[str, str]) -> Callable[[], object]:
    return lambda: pages.get(client, f"{PAGE}?{urlencode(filters)}")


def _asking(client: FlaskClient, wanted: Wanted) -> Callable[[], object]:
    def page() -> object:
        pages.get(client, pages.EMPTY)
        with Session(db.engine) as session:
            return search(session, Console(), wanted), count(session, Console(), wanted)

    return page
