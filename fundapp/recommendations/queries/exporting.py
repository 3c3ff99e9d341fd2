"""Recommendations whole, one after the other, for files of any length."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.recommendations.models import REC
from fundapp.recommendations.queries.comparing import stored
from fundapp.recommendations.queries.listing import Wanted, some
from fundapp.recommendations.rules import Recommended

PIECE = 500  # recommendations that lie in memory at a time


def every(session: Session, wanted: Wanted) -> Iterator[tuple[int, Recommended]]:
    """(number, recommendation) of all that are asked for, in the order of lists; seven queries for each piece."""
    last = 0
    while found := some(session, wanted, PIECE, last):
        ids = [key for key, _ in found]
        facts, numbers = stored(session, ids), _numbers(session, ids)
        yield from ((numbers[key], facts[key]) for key in ids)
        last = found[-1][1]


def _numbers(session: Session, ids: list[int]) -> dict[int, int]:
    return dict(session.execute(sa.select(REC.c.id, REC.c.number).where(REC.c.id.in_(ids))).all())
