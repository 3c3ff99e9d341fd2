"""Recommendations of the review that a proposal may name: those to its State, supported ones before noted ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor
from fundapp.recommendations.models import REC
from fundapp.recommendations.queries.listing import Listed, Wanted, listed, listing, may_read, searched
from fundapp.recommendations.rules import Mechanism, Position

PAGE = 25
LONGEST_NUMBER = 18  # figures: what a column holds


@dataclass(frozen=True, slots=True)
class Looked:
    """What somebody looks for: words, a cycle of the review, the State's position, and after which row to go on."""

    words: str = ""
    cycle: int | None = None
    position: Position = Position.SUPPORTED
    after: int = 0


def offered(session: Session, actor: Actor, state: str, looked: Looked, language: str) -> tuple[list[Listed], int]:
    """A page of the recommendations to a State, newest first, and how many there are; one query, two if empty."""
    wanted = Wanted(looked.words, state, Mechanism.UPR, looked.cycle, looked.position)
    return searched(session, actor, wanted, language=language, limit=PAGE, after=looked.after)


def is_number(text: str) -> bool:
    """Whether a text can be the number of a recommendation."""
    return text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER


def linked(session: Session, actor: Actor, numbers: Iterable[str], language: str) -> dict[str, Listed]:
    """The recommendations of these numbers that stand, by number as text; one query."""
    may_read(actor)
    known = [int(number) for number in numbers if is_number(number)]
    if not known:
        return {}
    return {str(row.number): listed(row) for row in session.execute(_named(language), {"numbers": known})}


@lru_cache  # for each language: to put it together takes longer than to ask
def _named(language: str) -> sa.Select[Any]:
    numbers: sa.BindParameter[Any] = sa.bindparam("numbers", expanding=True)
    return listing(language).where(REC.c.number.in_(numbers), REC.c.standing).order_by(REC.c.turn)


def is_of(session: Session, number: str, state: str | None) -> bool:
    """Whether a number is that of a recommendation of the review to a State, which stands."""
    if not is_number(number) or state is None:
        return False
    where = (REC.c.number == int(number), REC.c.standing, REC.c.state == state, REC.c.mechanism == Mechanism.UPR)
    return bool(session.scalar(sa.select(sa.exists().where(*where))))
