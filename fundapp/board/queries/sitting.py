"""Who sits on a Board on a day: trustees in their seats, and the chair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.board.models import BoardRules, BoardSeat, ChairTerm, Trustee, TrusteeTerm
from fundapp.reference.rules import Group


@dataclass(frozen=True, slots=True)
class Sitting:
    """A trustee in a seat on a day; `chairs`: whether it is they who chair."""

    trustee: int
    person: int | None
    name: str
    country: str | None
    group: Group
    chairs: bool


def rules_of(session: Session, board_id: int) -> BoardRules:
    """What a Board goes by."""
    return session.scalars(sa.select(BoardRules).where(BoardRules.board_id == board_id)).one()


def sitting(session: Session, board_id: int, on: date) -> Sequence[Sitting]:
    """The trustees of a day, by the order of names; one query."""
    term, chair = TrusteeTerm, ChairTerm
    chairs = sa.exists().where(
        chair.trustee_id == Trustee.id, chair.since <= on, sa.or_(chair.until.is_(None), chair.until >= on)
    )
    asked = (
        sa.select(Trustee.id, Trustee.person_id, Trustee.name, Trustee.country, BoardSeat.regional_group, chairs)
        .join(term, term.trustee_id == Trustee.id)
        .join(BoardSeat, BoardSeat.id == term.seat_id)
        .where(
            Trustee.board_id == board_id,
            term.since <= on,
            term.until >= on,
            sa.or_(term.ended_on.is_(None), term.ended_on >= on),
        )
        .order_by(Trustee.name, Trustee.id)
    )
    return [Sitting(*row) for row in session.execute(asked)]
