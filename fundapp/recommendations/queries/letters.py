"""Reading the High Commissioner's letters and the areas they name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.recommendations.models import HighCommissionerLetter, LetterArea, LetterAreaGoal


@dataclass(frozen=True, slots=True)
class Area:
    """An area that a letter names; `goals` are goals and targets as they are written: "16", "5.2"."""

    row: LetterArea
    goals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LetterOf:
    """A letter with the areas that stand."""

    row: HighCommissionerLetter
    areas: tuple[Area, ...]


def letters_of(session: Session, state: str) -> list[LetterOf]:
    """The letters to a State that stand, newest first, with their areas and goals; three queries."""
    asked = sa.select(HighCommissionerLetter).where(
        HighCommissionerLetter.state == state, HighCommissionerLetter.withdrawn_at.is_(None)
    )
    order = (HighCommissionerLetter.sent_on.desc(), HighCommissionerLetter.id.desc())
    return _whole(session, session.scalars(asked.order_by(*order)).all())


def letter_by_key(session: Session, key: int) -> LetterOf | None:
    """One letter, also one that was withdrawn; three queries."""
    found = session.get(HighCommissionerLetter, key)
    return _whole(session, [found])[0] if found else None


def area_by_key(session: Session, key: int) -> LetterArea | None:
    """One area of a letter, also one that was withdrawn."""
    return session.get(LetterArea, key)


def _whole(session: Session, letters: Sequence[HighCommissionerLetter]) -> list[LetterOf]:
    asked = sa.select(LetterArea).where(
        LetterArea.letter_id.in_([letter.id for letter in letters]), LetterArea.withdrawn_at.is_(None)
    )
    rows = session.scalars(asked.order_by(LetterArea.id)).all()
    goals = _goals(session, [row.id for row in rows])
    areas: defaultdict[int, list[Area]] = defaultdict(list)
    for row in rows:
        areas[row.letter_id].append(Area(row, tuple(goals.get(row.id, ()))))
    return [LetterOf(letter, tuple(areas[letter.id])) for letter in letters]


def _goals(session: Session, ids: Iterable[int]) -> dict[int, list[str]]:
    table = LetterAreaGoal.__table__
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row in session.execute(sa.select(table).where(table.c.area_id.in_(ids)).order_by(table.c.id)):
        found[row.area_id].append(row.target or str(row.goal))
    return found
