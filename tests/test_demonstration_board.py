"""The demonstration's Board: its members, the sessions of 2020 to their end, and one of this year."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from boards import considered, the_board
from calls import fund
from flask import Flask
from visiting import as_a, waiting

from fundapp.board.models import BoardSession, Decision, SessionStage
from fundapp.board.queries.sessions import session_numbered
from fundapp.board.queries.sitting import sitting
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.web.board import demonstrate
from fundapp.web.calls import this_year


def the_session(number: int) -> BoardSession:
    found = session_numbered(db.session(), fund(), number)
    assert found
    return found


def test_the_board_of_2020_and_of_now(held: Flask) -> None:
    of = the_board().id
    then = sitting(db.session(), of, date(2020, 5, 20))
    assert [one.name for one in then if one.chairs] == ["Esi Sutherland-Addy"] and len(then) == 5
    assert "Lin Lim" in {one.name for one in sitting(db.session(), of, date(2020, 2, 1))}
    now = sitting(db.session(), of, today())
    assert len(now) == 5 and all(one.person for one in now)


def test_two_sessions_of_2020_were_held_to_their_end(held: Flask) -> None:
    for number, many in ((13, 4), (14, 2)):
        of = the_session(number)
        assert of.stage is SessionStage.CLOSED and len(considered(of)) == many
        assert of.until < of.stage_since.date() < date(2021, 1, 1)
    decisions = list(db.session().scalars(sa.select(Decision).order_by(Decision.id)))
    assert [one.outcome.value for one in decisions] == [
        "approve", "approve-with-conditions", "defer", "decline", "approve", "approve",
    ]  # fmt: skip
    assert {one.at.year for one in decisions} == {2020}


def test_one_of_this_year_is_open(held: Flask) -> None:
    of = the_session(14 + 2 * (this_year() - 2020))
    assert of.stage is SessionStage.OPEN and of.since > today() and len(considered(of)) == 28
    assert demonstrate() is False


@pytest.mark.usefixtures("one_click")
def test_what_the_board_has_people_see_to_stands_on_their_home_pages(held: Flask) -> None:
    assert waiting(as_a(held, "trustee"))[0] == "Declare your interest in 28 proposals"
    found = waiting(as_a(held, "secretary"))
    assert "1 condition of a decision is overdue" in found and "Answer 1 question of a trustee" in found
    assert "1 action that a session asked for is overdue" in found
    assert not any("seat" in one for one in found)
