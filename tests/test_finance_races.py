"""Two at once with the same money: a file is loaded once, and income is given to a donor once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from crowd import meeting, together
from flask import Flask
from money import LAST, PARTS, tables
from opened import fund, load
from sqlalchemy.exc import IntegrityError

from conftest import vandal
from fundapp.access.demonstration import invented
from fundapp.access.models import Scope
from fundapp.access.operations import Console
from fundapp.access.policy import Role
from fundapp.contributions.operations import load_schedule
from fundapp.contributions.queries import donors, scheduled, schedules
from fundapp.contributions.rules import UN_SCHEDULE, Given
from fundapp.finance.operations import attribute
from fundapp.finance.queries import documents, unattributed
from fundapp.funds.queries import funds
from fundapp.kernel import trail
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.queries import verify
from fundapp.web.cli.answers import database_trouble

ROWS = [Given(2, 2020, "UPR", "France", "FRA", 500), Given(3, 2020, "AHA", "Ford Foundation", None, 100)]


@pytest.fixture
def begun(seeded: Flask, tmp_path: Path) -> Iterator[Flask]:
    with meeting(seeded, tmp_path) as app:
        yield app


@pytest.fixture
def demonstrated(demo: Flask, tmp_path: Path) -> Iterator[Flask]:
    with meeting(demo, tmp_path) as app:
        yield app


def a_schedule() -> int:
    with unit_of_work(Console()) as work:
        every = funds(work.session)
        return load_schedule(work, None, ROWS, name="s.csv", layout=UN_SCHEDULE, funds=every).added


def a_document(symbol: str) -> int:
    return load(tables(), symbol, *PARTS).entries


def all_of_it() -> int:
    officer = invented(db.session(), Role.FINANCE_OFFICER)
    with unit_of_work(officer) as work:
        return attribute(work, fund(), donors(work.session)["ROU"], 4779013, LAST, "the agreement says so")


def test_a_schedule_is_loaded_once(begun: Flask) -> None:
    answers = together(begun, *[a_schedule] * 4)
    assert sorted(map(str, answers)) == ["2", *["schedule.nothing-new"] * 3]
    with begun.app_context():
        assert len(schedules(db.session())) == 1 and scheduled(db.session(), fund().id) == {(2020, "FRA"): 500}
        assert trail.verify(db.session())[1] is None


def test_a_document_is_loaded_once(begun: Flask) -> None:
    answers = together(begun, *[lambda: a_document("A/HRC/47/19")] * 3)
    assert sorted(map(str, answers)) == ["57", *["published.already"] * 2]


def test_the_books_are_opened_once(begun: Flask) -> None:
    """Two documents at once: the second finds the books open, and the donors known."""
    answers = together(begun, lambda: a_document("A/HRC/47/19"), lambda: a_document("A/HRC/47/19/Corr.1"), a_schedule)
    assert sorted(map(str, answers)) == ["0", "2", "57"]
    with begun.app_context():
        assert sorted(one.booked for one in documents(db.session(), fund())) == [False, True]
        assert verify(db.session()).holds


def test_income_is_given_to_a_donor_once(demonstrated: Flask) -> None:
    answers = together(demonstrated, *[all_of_it] * 3)
    assert sorted(map(str, answers))[1:] == ["attribution.amount"] * 2
    with demonstrated.app_context():
        assert unattributed(db.session(), fund().id, 2020) == 0 and verify(db.session()).holds


def test_who_comes_second_to_a_key_is_told_to_try_again(begun: Flask) -> None:
    """What no lock foresees: PostgreSQL says so, on SQLite writers stand in line."""
    with begun.app_context():
        with pytest.raises(IntegrityError) as error, vandal() as connection:
            connection.execute(sa.insert(Scope.__table__).values(id=10**6, kind="fund", code="UPR"))
        met = "same records at the same time" in database_trouble(error.value)
        assert met == (db.engine.name == "postgresql")
