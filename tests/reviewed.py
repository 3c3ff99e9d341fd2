"""What tests of reviews, letters and follow-up begin with: two recommendations to Slovenia, and days of its review."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from lists import CYCLE4, FIRST, SECOND, table, word

from fundapp.access.operations import Console
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Faults, Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.layouts import recognise
from fundapp.recommendations.layouts.incoming import incoming
from fundapp.recommendations.models import Recommendation, Review
from fundapp.recommendations.operations import GivenReview, import_file, record_review
from fundapp.recommendations.queries import world
from fundapp.recommendations.rules import Days, Reading

REVIEWED = date(2025, 1, 28)  # the 48th session began in January 2025
DAYS = Days(48, date(2024, 7, 15), REVIEWED, date(2025, 6, 30), None, date(2027, 6, 30), date(2029, 7, 2))


def take(path: Path) -> int:
    """Take a file in; the number of the import."""
    file = incoming(path)
    reading = Reading(file.name, world(db.session()), Faults())
    with unit_of_work(Console()) as work:
        found = import_file(work, None, file, recognise(file), reading).import_id
    assert found is not None
    return found


def slovenia(folder: Path) -> list[int]:
    """Two recommendations to Slovenia in cycle 4, session 48; their numbers."""
    take(word(folder / "slovenia.docx", table(CYCLE4, FIRST, SECOND)))
    kept = Recommendation.__table__
    found = list(db.session.scalars(sa.select(kept.c.number).where(kept.c.state == "SVN").order_by(kept.c.number)))
    db.session.remove()
    return found


def record(
    days: Days = DAYS, state: str = "SVN", cycle: int = 4, version: int = 0, symbol: str = "", by: Any = None
) -> int:
    """Record the days of a review; the version it has then."""
    with unit_of_work(by or Console()) as work:
        found: Review = record_review(work, None, state, cycle, GivenReview(days, symbol), version)
        version = found.version
    return version


@contextmanager
def faults(*wanted: tuple[str, str | None]) -> Iterator[list[Fault]]:
    """What is done within is refused for these reasons: code and field."""
    found: list[Fault] = []
    with pytest.raises(Refusal) as error:
        yield found
    db.session.remove()
    found.extend(error.value.faults)
    assert [(fault.code, fault.field) for fault in found] == list(wanted)


def as_a(app: Flask, role: str) -> FlaskClient:
    """A browser in which the demonstration's person of a role has signed in, in English."""
    client = app.test_client()
    assert client.post("/demonstration", data={"role": role}).status_code == 302
    client.get("/help?lang=en")
    return client


def ahead(days: int) -> date:
    """A day that is still to come."""
    return today() + timedelta(days=days)


@contextmanager
def questions() -> Iterator[list[str]]:
    """What the database is asked in the meantime."""
    asked: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            asked.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
