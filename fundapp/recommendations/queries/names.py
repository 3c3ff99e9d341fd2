"""What countries and goals are called in a reader's language, together in one query."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.kernel.languages import LANGUAGES
from fundapp.reference.models import Country, Goal
from fundapp.reference.rules import Standing, order_key

_COUNTRY, _GOAL = Country.__table__, Goal.__table__


@dataclass(frozen=True, slots=True)
class Names:
    """Code -> name of countries, number -> title of goals, and the States in the order of their names."""

    countries: dict[str, str]
    goals: dict[int, str]
    states: list[tuple[str, str]]


def names(session: Session, language: str) -> Names:
    """The names of a language; one query."""
    own = f"name_{language}"
    standing = sa.type_coerce(_COUNTRY.c.standing, sa.String)
    country = sa.select(_COUNTRY.c.code, _COUNTRY.c[own], _COUNTRY.c.name_en, standing)
    goal = sa.select(sa.cast(_GOAL.c.number, sa.String), _GOAL.c[own], _GOAL.c.name_en, sa.null())
    return _named(tuple(map(tuple, session.execute(sa.union_all(country, goal)))), language)


@lru_cache(maxsize=2 * len(LANGUAGES))  # most pages have the same rows: sorting them takes longer than asking for them
def _named(rows: tuple[tuple[Any, ...], ...], language: str) -> Names:
    states = [row for row in rows if row[3] in (Standing.MEMBER, Standing.OBSERVER)]
    states.sort(key=lambda row: order_key(row[1], row[2], language))
    return Names(
        {code: name for code, name, _, standing in rows if standing},
        dict(sorted((int(code), name) for code, name, _, standing in rows if not standing)),
        [(code, name) for code, name, *_ in states],
    )
