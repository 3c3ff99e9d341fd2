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
    country = sa.select(_COUNTRY.c.code, _COUNTRY.c[own].label("name"), _COUNTRY.c.name_en, _COUNTRY.c.standing)
    goal = sa.select(sa.cast(_GOAL.c.number, sa.String), _GOAL.c[own], _GOAL.c.name_en, sa.null())
    return _named(tuple(session.execute(sa.union_all(country, goal))), language)


@lru_cache(maxsize=2 * len(LANGUAGES))  # most pages have the same rows: sorting them takes longer than asking for them
def _named(rows: tuple[sa.Row[Any], ...], language: str) -> Names:
    countries = {row.code: row for row in rows if row.standing}
    states = [row for row in countries.values() if row.standing in (Standing.MEMBER, Standing.OBSERVER)]
    states.sort(key=lambda row: order_key(row.name, row.name_en, language))
    return Names(
        {code: row.name for code, row in countries.items()},
        dict(sorted((int(row.code), row.name) for row in rows if not row.standing)),
        [(row.code, row.name) for row in states],
    )
