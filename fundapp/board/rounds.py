"""A round of seats: what somebody read for a seat that they lost overnight is closed to them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from fundapp.access.operations import Console
from fundapp.board.operations.readings import end_readings
from fundapp.board.queries.readings import readings_without_seat
from fundapp.funds.models import Board
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work


def seats_due(at: datetime) -> int:
    """End the readings of trustees whose terms ran out; how many."""
    ended = 0
    for key in db.session().scalars(sa.select(Board.id).order_by(Board.id)).all():
        if readings_without_seat(db.session(), key, at.date()):
            with unit_of_work(Console()) as work:
                ended += end_readings(work, work.session.get_one(Board, key), at.date())
    return ended
