"""Sessions for tests: planned as one says, changed as somebody, refused; and what is sent to their pages."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from boards import seated, the_board
from calls import fund, someone
from commands import Command, command, everything, one_sentence  # noqa: F401
from flask.testing import FlaskClient
from visiting import text_of

from fundapp.access.operation import operation
from fundapp.access.policy import Permission, Role
from fundapp.board.models import (
    Advice,
    AdviceOutcome,
    AdviceWay,
    BoardSession,
    Considered,
    Interest,
    InterestKind,
    SessionMove,
    Way,
)
from fundapp.board.operations.sessions import (
    GivenSession,
    plan_session,
)
from fundapp.funds.models import Board, Fund
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import Work, unit_of_work

HERE = "/UPR/board/sessions"
DAY = timedelta(days=1)
WHY = "Travel is not possible."


def said(number: int = 40, **more: Any) -> GivenSession:
    first = today() + 30 * DAY
    return replace(GivenSession(first, first + DAY, Way.ONLINE, "Europe/Zurich", {fund().id: number}), **more)


def key_of(row: Any) -> int:
    """The id of a row, also of one that was read in a session that is over."""
    return int(sa.inspect(row).identity[0])


def plan(given: GivenSession, by: Any = None) -> BoardSession:
    """A session as one says, planned by the secretary."""
    seated()
    with unit_of_work(by or someone(Role.SECRETARY)) as work:
        return plan_session(work, work.session.get_one(Board, the_board().id), given)


def again(of: BoardSession) -> BoardSession:
    db.session().rollback()
    return db.session().get_one(BoardSession, key_of(of))


Change = Callable[[Work, BoardSession], Any]


def do(of: BoardSession, change: Change, by: Any = None) -> None:
    with unit_of_work(by or someone(Role.SECRETARY)) as work:
        change(work, work.session.get_one(BoardSession, key_of(of)))


def refused(of: BoardSession, change: Change, by: Any = None) -> list[tuple[str, str | None]]:
    """The codes and fields of a refusal, after which all is as it was."""
    before = everything()
    with pytest.raises(Refusal) as found:
        do(of, change, by)
    assert everything() == before
    return [(fault.code, fault.field) for fault in found.value.faults]


def moves(of: BoardSession) -> list[str]:
    asked = sa.select(SessionMove.move).where(SessionMove.session_id == key_of(of)).order_by(SessionMove.id)
    return list(db.session().scalars(asked))


def other_fund() -> Fund:
    return next(one for one in the_board().funds if one.id != fund().id)


@operation(Permission.ADVICE_RECORD, name="tests.advise_row")
def advise(work: Work, found: Considered, outcome: AdviceOutcome) -> None:
    """The Board's advice, as its own part records it."""
    work.session.add(
        Advice(
            considered_id=found.id, outcome=outcome, way=AdviceWay.CONSENSUS, reasons="", conditions="", votes_for=0,
            votes_against=0, abstained=0, recused=0, taking_part=5, at=work.at, by=str(work.actor),
        )
    )  # fmt: skip


@operation(Permission.TRUSTEE_DECLARE, name="tests.declare_row")
def declare(work: Work, found: Considered, trustee: int) -> None:
    """That a trustee has no interest."""
    work.session.add(
        Interest(
            considered_id=found.id, trustee_id=trustee, kind=InterestKind.NONE, reason="", at=work.at,
            by=str(work.actor),
        )
    )  # fmt: skip


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.replace("<wbr>", "")))


def send(client: FlaskClient, address: str, **data: Any) -> tuple[int, str]:
    """Status and page of what is posted; where it leads, that page."""
    answer = client.post(f"{HERE}{address}", data=data)
    if answer.status_code == 302:
        return 302, text_of(client, answer.headers["Location"])
    return answer.status_code, answer.get_data(as_text=True)


def listed(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    """The list as a file of comma-separated values."""
    text = client.get(f"{HERE}/list.csv{query}", buffered=True).get_data(as_text=True)
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def typed(**more: str) -> dict[str, str]:
    first = today() + timedelta(days=20)
    values = {
        "since": first.isoformat(), "until": "", "way": "online", "place": "", "hosts": "", "zone": "Europe/Zurich",
        "silent_on": "", "silent_hour": "", "version": "0", f"number_{fund().id}": "30",
    }  # fmt: skip
    return values | more


def session_of(number: int) -> BoardSession:
    db.session().rollback()
    asked = sa.select(BoardSession).order_by(BoardSession.id.desc())
    return next(one for one in db.session().scalars(asked) if (fund().id, number) in {
        (each.fund_id, each.number) for each in one.numbers
    })  # fmt: skip
