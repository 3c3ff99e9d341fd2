"""The Board as a body for tests: changed as the secretary does, and as it is seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from boards import seated, the_board
from calls import fund, someone
from commands import everything
from flask.testing import FlaskClient
from visiting import text_of

from fundapp.access.operation import operation
from fundapp.access.policy import Permission, Role
from fundapp.board.models import Trustee, TrusteeTerm
from fundapp.board.queries.members import Body, body
from fundapp.board.rules.seats import graver, to_see_to
from fundapp.funds.models import Board
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import Work, unit_of_work

HERE = "/UPR/board"
DAY = timedelta(days=1)
Change = Callable[[Work, Board], Any]


def send(client: FlaskClient, address: str, **data: Any) -> tuple[int, str]:
    """Status and page of what is posted; where it leads, that page."""
    answer = client.post(f"{HERE}{address}", data=data)
    if answer.status_code == 302:
        return 302, text_of(client, answer.headers["Location"])
    return answer.status_code, answer.get_data(as_text=True)


def do(change: Change) -> Any:
    """Do it to the Board as the secretary."""
    with unit_of_work(someone(Role.SECRETARY)) as work:
        return change(work, work.session.get_one(Board, the_board().id))


def refused(change: Change) -> set[tuple[str, str | None]]:
    """Codes and fields of a refusal, after which all is as it was."""
    before = everything()
    with pytest.raises(Refusal) as said:
        do(change)
    assert everything() == before
    return {(fault.code, fault.field) for fault in said.value.faults}


def trustee(number: int = 0) -> Trustee:
    return db.session.get_one(Trustee, seated()[number].id)


def term_of(one: Trustee) -> TrusteeTerm:
    """The last term of a trustee."""
    asked = sa.select(TrusteeTerm).where(TrusteeTerm.trustee_id == one.id).order_by(TrusteeTerm.since.desc())
    return db.session.scalars(asked).first() or pytest.fail("no term")


def seen(day: date | None = None) -> Body:
    db.session().rollback()
    return body(db.session(), the_board(), fund().id, day or today(), "en")


def said_of(found: Body) -> list[str]:
    return [fault.code for fault in (*graver(found.state), *to_see_to(found.state))]


@operation(Permission.BOARD_SEAT, name="tests.move_term")
def move(work: Work, board: Board, one: TrusteeTerm, since: date, until: date) -> None:
    """Give a term other days, whatever the rules say of them."""
    found = work.session.get_one(TrusteeTerm, one.id)
    found.since, found.until = since, until


def until(one: Trustee, last: date) -> None:
    """Have the last term of a trustee end on a day."""
    of = term_of(one)
    do(lambda work, board: move(work, board, of, min(of.since, last - 300 * DAY), last))
