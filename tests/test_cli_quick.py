"""A statement said quickly is the one that the whole application says, and nothing unusual is said quickly."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.engine import make_url

from fundapp.kernel.database import db
from fundapp.web.cli import quick
from fundapp.web.cli.main import answer

PERIOD = ("--from", "2020-01-01", "--to", "2020-12-31")
ASKED = [
    ("income-expenditure", "UPR", *PERIOD),
    ("income-expenditure", "UPR", *PERIOD, "--language", "ar", "--format", "csv"),
    ("contributions", "UPR", "--to", "2020-12-31", "--format", "csv", "--language", "fr"),
    ("contributions", "--to", "2020-12-31", "UPR"),
]
UNUSUAL = [
    ("income-expenditure", "NONE", *PERIOD),
    ("income-expenditure", "UPR", "--from", "x", "--to", "2020-12-31"),
    ("income-expenditure", "UPR", "--from", "2020-12-31", "--to", "2020-01-01"),
    ("income-expenditure", "UPR", "--to", "2020-12-31"),
    ("income-expenditure", "UPR", *PERIOD, "--format", "pdf"),
    ("income-expenditure", "UPR", *PERIOD, "--output", "file.csv"),
    ("income-expenditure", "UPR", "AHA", *PERIOD),
    ("contributions", "UPR", "--to"),
    ("contributions", "--help"),
]


@pytest.fixture
def elsewhere(demo: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The books of the test as an instance of its own, as a process would find them."""
    found = make_url(db.engine.url)
    if found.get_backend_name() != "sqlite":
        monkeypatch.setenv("FUNDAPP_DATABASE_URL", found.render_as_string(hide_password=False))
    else:
        with closing(sqlite3.connect(tmp_path / "fundapp.sqlite")) as copy:
            db.session.connection().connection.driver_connection.backup(copy)  # type: ignore[union-attr]
    monkeypatch.setenv("FUNDAPP_INSTANCE", str(tmp_path))


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("words", ASKED)
def test_it_is_the_same(capfdbinary: pytest.CaptureFixture[bytes], words: tuple[str, ...]) -> None:
    assert quick.said(words)
    fast = capfdbinary.readouterr().out
    with force_locale("en"):
        assert answer(["statement", *words]) == 0
    assert fast == capfdbinary.readouterr().out


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("words", UNUSUAL)
def test_what_is_unusual_is_left_to_the_whole(
    capfdbinary: pytest.CaptureFixture[bytes], words: tuple[str, ...]
) -> None:
    assert not quick.said(words)
    assert not capfdbinary.readouterr().out
