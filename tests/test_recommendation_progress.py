"""How far a file is: said by each layout as it reads, heard by whoever imports, drawn on a terminal alone."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from lists import CYCLE4, FIRST, SECOND, annotation, as_json, info, table, word, workbook, world

from bench import made
from conftest import ROOT, Instance
from fundapp.access.operations import Console
from fundapp.kernel.database import db
from fundapp.kernel.errors import Faults
from fundapp.kernel.work import TOGETHER, unit_of_work
from fundapp.recommendations import queries
from fundapp.recommendations.layouts import recognise, rows
from fundapp.recommendations.layouts.incoming import About, incoming
from fundapp.recommendations.models import Recommendation, RecommendationText
from fundapp.recommendations.operations import BATCH, GLANCE, import_file, preview
from fundapp.recommendations.rules import Reading, searchable


def shares(path: Path) -> Iterator[float]:
    file = incoming(path)
    reading = Reading(file.name, world(), Faults())
    for _ in rows(file, recognise(file), reading, About()):
        yield reading.share
    assert not reading.faults
    yield reading.share


LARGE: dict[str, Callable[[Path], Path]] = {
    "csv": lambda path: info(path, *({"Text": f"Do it {n} {'a' * 200}"} for n in range(2_000))),
    "json": lambda path: as_json(path, *(annotation(AnnotationId=f"a{n}", Text="a" * 200) for n in range(2_000))),
    "xlsx": lambda path: workbook(path, *({"Text": f"Do it {n} {'a' * 200}"} for n in range(2_000))),
    "docx": lambda path: word(path, table(CYCLE4, FIRST), table(CYCLE4, SECOND)),
}


@pytest.mark.parametrize("kind", LARGE)
def test_each_layout_says_how_far_it_is(tmp_path: Path, kind: str) -> None:
    found = list(shares(LARGE[kind](tmp_path / f"a.{kind}")))
    assert found == sorted(found) and found[0] < 0.8 and 0.7 < found[-1] <= 1.0
    assert len(set(found)) > (1 if kind == "docx" else 3)
    assert max(later - sooner for sooner, later in pairwise(found)) < 0.6


def test_whoever_imports_hears_rows_and_share(seeded: Flask, tmp_path: Path) -> None:
    path = info(tmp_path / "a.csv", *({"Text": f"Do it {n}"} for n in range(BATCH + 10)))
    file = incoming(path)
    for take, size in ((previewed, GLANCE), (imported, BATCH)):
        told: list[tuple[int, float]] = []
        take(Reading(file.name, queries.world(db.session()), Faults()), path, lambda *said: told.append(said))  # noqa: B023
        assert [done for done, _ in told] == [*range(size, BATCH + 1, size), BATCH + 10]
        assert 0.0 < told[0][1] <= told[-1][1] <= 1.0 and told[-1][1] > 0.8


def test_rows_are_stored_as_they_were_read(seeded: Flask, tmp_path: Path) -> None:
    """Hundreds go in with one statement, the rest one by one; the folded words stand where an index takes them from."""
    path = made.upr_info(tmp_path / "a.csv", TOGETHER + 10)
    reading = Reading("a.csv", queries.world(db.session()), Faults())
    given = {row.key: row for row in rows(incoming(path), "upr-info", reading, About())}
    imported(reading, path, lambda *_: None)
    ids = db.session.scalars(sa.select(Recommendation.id)).all()
    assert {row.key: row for row in queries.stored(db.session(), ids).values()} == given
    kept = db.session.execute(sa.select(RecommendationText.text, RecommendationText.search)).all()
    assert all(words == ("" if db.engine.name == "sqlite" else searchable(text)) for text, words in kept)
    assert len(kept) == TOGETHER + 10


def previewed(reading: Reading, path: Path, tick: Callable[[int, float], None]) -> None:
    preview(db.session(), rows(incoming(path), "upr-info", reading, About()), reading, tick)
    db.session.remove()


def imported(reading: Reading, path: Path, tick: Callable[[int, float], None]) -> None:
    with unit_of_work(Console()) as work:
        import_file(work, None, incoming(path), "upr-info", reading, tick=tick)


def test_a_bar_on_a_terminal_and_nothing_elsewhere(instance: Instance, tmp_path: Path) -> None:
    path = info(tmp_path / "a.csv", *({"Text": f"Do it {n}"} for n in range(3)))
    elsewhere = instance("import", "recommendations", path, "--dry-run")
    assert (elsewhere.status, elsewhere.err) == (0, "")
    ours, theirs = pty.openpty()
    env = {**os.environ, "FUNDAPP_INSTANCE": str(instance.folder), "FUNDAPP_DATABASE_URL": "", "TERM": "xterm"}
    words = [sys.executable, "-m", "fundapp", "import", "recommendations", str(path)]
    try:
        done = subprocess.run(words, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=theirs, check=False, timeout=60)
        drawn = os.read(ours, 65_536).decode()
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == 0 and b"3 were added" in done.stdout
    assert re.search(r"Reading  \[-+\] +0%", drawn) and re.search(r"\[#+\]  100%  3 rows", drawn)


# -------------------------------------------------------------------------------------------------------- the bench


@pytest.mark.parametrize("shared", [True, False])
def test_what_the_bench_makes_is_taken_in(tmp_path: Path, shared: bool) -> None:
    files = [
        made.upr_info(tmp_path / "a.csv", 60),
        made.uhri_json(tmp_path / "a.json", 60),
        made.uhri_xlsx(tmp_path / "a.xlsx", 60, shared=shared),
    ]
    found = []
    for path in files:
        file, reading = incoming(path), Reading(path.name, world(), Faults())
        found.append(list(rows(file, recognise(file), reading, About())))
        assert not reading.faults and len(found[-1]) == 60
        lengths = [len(row.texts["en"]) for row in found[-1]]
        assert min(lengths) > 250 and max(lengths) <= 401
    assert [row._replace(row=0) for row in found[1]] == [row._replace(row=0) for row in found[2]]
    assert made.upr_info(tmp_path / "b.csv", 60).read_bytes() == files[0].read_bytes()
