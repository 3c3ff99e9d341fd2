"""Two people at once with one import: what somebody says of a recommendation does not lose it to whoever undoes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from crowd import meeting, together
from flask import Flask
from lists import info
from test_recommendations import take, undo

from fundapp.access.operations import Console
from fundapp.kernel import trail
from fundapp.kernel.database import db
from fundapp.kernel.work import Work, unit_of_work
from fundapp.recommendations.operations import add_measure, open_plan, record_follow_up
from fundapp.recommendations.operations.following import GivenFollowUp
from fundapp.recommendations.queries import Wanted, search
from fundapp.recommendations.rules import Progress, Says
from fundapp.recommendations.rules.plans import Doing, Planned
from fundapp.reference.queries import resolve


def follows(work: Work, number: int) -> None:
    given = GivenFollowUp(Progress.UNDER_WAY, date(2025, 1, 1), Says.STATE, "The ministry", "en")
    record_follow_up(work, None, number, given)


def plans(work: Work, number: int) -> None:
    country = resolve(work.session, "Slovenia")
    assert country is not None
    made = open_plan(work, country, Planned("Plan", "en"))
    work.session.flush()
    add_measure(work, made, Doing("1", "Do it", "", None, "", Progress.NOT_STARTED, ""), [number])


@pytest.mark.slow
@pytest.mark.parametrize("points", [follows, plans])
def test_an_import_is_not_undone_under_what_somebody_is_writing(
    seeded: Flask, tmp_path: Path, points: Callable[[Work, int], None]
) -> None:
    outcome = take(info(tmp_path / "a.csv", {"Text": "Do it"}))
    assert outcome.import_id is not None
    [row] = search(db.session(), Console(), Wanted())
    db.session.remove()
    answers: list[object] = []
    with meeting(seeded, tmp_path) as app, app.app_context():
        undoing = Thread(target=lambda: answers.extend(together(app, lambda: undo(outcome.import_id or 0))))
        with unit_of_work(Console()) as work:
            points(work, row.number)
            work.session.flush()
            undoing.start()
            undoing.join(0.5)  # whoever does not wait for us is done by then
        undoing.join(30)
        assert answers == ["import.in-use"]
        assert len(search(db.session(), Console(), Wanted())) == 1
        assert trail.verify(db.session())[1] is None
        db.session.remove()
