"""Sessions for tests: planned as one says, changed as somebody, refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from boards import seated, the_board
from calls import fund, someone
from commands import everything

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


@operation(Permission.ADVICE_RECORD, name="tests.advise")
def advise(work: Work, found: Considered, outcome: AdviceOutcome) -> None:
    """The Board's advice, as its own part records it."""
    work.session.add(
        Advice(
            considered_id=found.id, outcome=outcome, way=AdviceWay.CONSENSUS, reasons="", conditions="", votes_for=0,
            votes_against=0, abstained=0, recused=0, taking_part=5, at=work.at, by=str(work.actor),
        )
    )  # fmt: skip


@operation(Permission.TRUSTEE_DECLARE, name="tests.declare")
def declare(work: Work, found: Considered, trustee: int) -> None:
    """That a trustee has no interest."""
    work.session.add(
        Interest(
            considered_id=found.id, trustee_id=trustee, kind=InterestKind.NONE, reason="", at=work.at,
            by=str(work.actor),
        )
    )  # fmt: skip
