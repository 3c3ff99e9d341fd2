"""Ending that somebody reads proposals for a seat that they do not hold any more."""

from __future__ import annotations

from datetime import date

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.board.models import Trustee
from fundapp.board.queries.readings import readings_of, readings_without_seat
from fundapp.funds.models import Board
from fundapp.kernel.work import Work


@operation(Permission.BOARD_SEAT)
def end_readings(work: Work, board: Board, on: date | None = None) -> int:
    """End what trustees read for sessions that are not over and at which they do not sit by a day (today);
    how many readings."""
    work.session.flush()
    found = readings_without_seat(work.session, board.id, on or work.at.date())
    for one in found:
        one.ended_at, one.ended_by = work.at, str(work.actor)
    return len(found)


@operation(Permission.BOARD_SEAT)
def end_readings_as(work: Work, trustee: Trustee, person_id: int) -> int:
    """End what somebody reads because they declared as a trustee that they do not sign in as any more."""
    found = readings_of(work.session, trustee, person_id)
    for one in found:
        one.ended_at, one.ended_by = work.at, str(work.actor)
    return len(found)
