"""Commands as tests give them: in this process on either database, or as a process of their own."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask_babel import force_locale

from conftest import Said
from fundapp.kernel.base import Base
from fundapp.kernel.database import db
from fundapp.kernel.languages import NO_BREAK
from fundapp.web.cli.main import answer

Command = Callable[..., Said]


@pytest.fixture
def command(capsysbinary: pytest.CaptureFixture[bytes]) -> Command:
    """Run `fundapp …` inside the application of the test."""

    def given(*words: str | Path) -> Said:
        capsysbinary.readouterr()
        with force_locale("en"):
            status = answer([str(word) for word in words])
        db.session.remove()
        out, err = capsysbinary.readouterr()
        return Said(status, out.decode("utf-8", "surrogateescape"), err.decode("utf-8", "replace"))

    return given


def everything() -> dict[str, list[Any]]:
    """All rows of all tables: what must be the same when nothing was changed."""
    found = {
        table.name: sorted(map(repr, db.session.execute(sa.select(table)))) for table in Base.metadata.sorted_tables
    }
    db.session.remove()
    return found


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def one_sentence(said: Said) -> str:
    """What a refused command says: on the error stream alone, without a traceback."""
    assert said.out == ""
    assert "Traceback" not in said.err
    assert said.err.endswith("\n")
    assert said.err.strip()
    assert all(line.replace(NO_BREAK, " ").isprintable() for line in said.err.splitlines())
    return said.err.strip()
