"""Recommendations whole, one after the other, for files of any length."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.recommendations.models import REC
from fundapp.recommendations.queries.comparing import stored
from fundapp.recommendations.queries.listing import Wanted, conditions
from fundapp.recommendations.rules import Recommended

PIECE = 500  # recommendations that lie in memory at a time


def every(session: Session, wanted: Wanted) -> Iterator[tuple[int, Recommended]]:
    """(number, recommendation) of all that are asked for, by number; six queries for each piece."""
    asked = sa.select(REC.c.id, REC.c.number).where(*conditions(wanted)).order_by(REC.c.number).limit(PIECE)
    last = 0
    while rows := session.execute(asked.where(REC.c.number > last)).all():
        facts = stored(session, [row.id for row in rows])
        yield from ((row.number, facts[row.id]) for row in rows)
        last = rows[-1].number
