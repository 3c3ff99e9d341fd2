"""Looking for recommendations: what is wanted, lists and counts of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor, Permission, Refused, may
from fundapp.recommendations.models import BY, GOAL, LABEL, REC, TEXT
from fundapp.recommendations.rules import Mechanism, Position, searchable


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; an empty field asks for nothing. `words` are all to be found, in any language."""

    words: str = ""
    state: str = ""
    mechanism: Mechanism | None = None
    cycle: int | None = None
    position: Position | None = None
    theme: str = ""
    goal: int | None = None
    recommending: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A recommendation in a list; `text` is in the language asked for, or the first there is."""

    number: int
    state: str
    mechanism: Mechanism
    body: str
    cycle: int | None
    symbol: str
    paragraph: str
    position: Position | None
    text: str
    language: str


def search(
    session: Session, actor: Actor, wanted: Wanted, *, language: str = "en", limit: int = 50, after: int = 0
) -> list[Listed]:
    """The recommendations that stand and are asked for, in the order of the register; one query."""
    may_read(actor)
    asked = listing(language).where(*conditions(wanted)).where(REC.c.number > after)
    return [listed(row) for row in session.execute(asked.order_by(REC.c.number).limit(limit))]


def count(session: Session, actor: Actor, wanted: Wanted) -> int:
    """How many there are."""
    may_read(actor)
    return session.scalar(sa.select(sa.func.count()).select_from(REC).where(*conditions(wanted))) or 0


def counts() -> list[sa.ColumnElement[bool]]:
    """What makes a row count: it stands, and was not joined to the same recommendation from another source."""
    return [REC.c.standing, REC.c.joined_to.is_(None)]


def may_read(actor: Actor) -> None:
    """Refuse whoever may not read the register."""
    if not may(actor, Permission.RECOMMENDATION_READ):
        raise Refused(f"recommendations need {Permission.RECOMMENDATION_READ}")


def listing(language: str) -> sa.Select[Any]:
    """A list's columns; the text in the language asked for, else in the first there is."""
    first = [
        sa.select(column)
        .where(TEXT.c.recommendation_id == REC.c.id)
        .order_by(sa.case((TEXT.c.language == language, 0), else_=1), TEXT.c.language)
        .limit(1)
        .scalar_subquery()
        for column in (TEXT.c.text, TEXT.c.language)
    ]
    return sa.select(
        REC.c.number, REC.c.state, REC.c.mechanism, REC.c.body, REC.c.cycle, REC.c.symbol, REC.c.paragraph,
        REC.c.position, first[0].label("text"), first[1].label("language"),
    )  # fmt: skip


def listed(row: sa.Row[Any]) -> Listed:
    """A row of those columns."""
    return Listed(
        row.number,
        row.state,
        row.mechanism,
        row.body,
        row.cycle,
        row.symbol,
        row.paragraph,
        row.position,
        row.text,
        row.language,
    )


def conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """What a row must be to be in the list."""
    equal = ("state", "mechanism", "cycle", "position")
    found = counts()
    found += [REC.c[name] == value for name in equal if (value := getattr(wanted, name)) not in ("", None)]
    if wanted.theme:
        found.append(sa.exists().where(LABEL.c.recommendation_id == REC.c.id, LABEL.c.code == wanted.theme))
    if wanted.goal is not None:
        found.append(sa.exists().where(GOAL.c.recommendation_id == REC.c.id, GOAL.c.goal == wanted.goal))
    if wanted.recommending:
        found.append(sa.exists().where(BY.c.recommendation_id == REC.c.id, BY.c.country == wanted.recommending))
    for word in searchable(wanted.words).split():
        holds = TEXT.c.search.contains(word, autoescape=True)
        found.append(sa.exists().where(TEXT.c.recommendation_id == REC.c.id, holds))
    return found
