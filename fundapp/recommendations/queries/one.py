"""One recommendation with all that belongs to it, and where it comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor
from fundapp.recommendations.models import REC, RecommendationImport
from fundapp.recommendations.queries.comparing import stored
from fundapp.recommendations.queries.listing import may_read
from fundapp.recommendations.rules import Difference, Recommended, differences


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a recommendation: the row of the file it came in, and what it changed of the one before."""

    id: int
    import_id: int
    name: str
    layout: str
    at: datetime
    row: int
    undone: bool
    changed: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Whole:
    """A recommendation: its number, what it says, its versions (newest first), what it was joined to, and what the
    same recommendation from other sources says, which was joined to it."""

    number: int
    facts: Recommended
    stands: bool
    joined_to: int | None
    versions: Sequence[Version]
    joined: Sequence[Whole] = ()

    @property
    def numbers(self) -> tuple[int, ...]:
        """Those of all sources."""
        return (self.number, *(one.number for one in self.joined))


def whole(session: Session, actor: Actor, number: int) -> Whole | None:
    """The recommendation of a number, also one that no longer stands; None where there is none. Three queries."""
    may_read(actor)
    kept = RecommendationImport.__table__
    asked = (
        sa.select(
            REC.c.id, REC.c.number, REC.c.import_id, REC.c.row, REC.c.standing, REC.c.joined_to,
            kept.c.name, kept.c.layout, kept.c.at, kept.c.undone_at,
        )
        .join(kept, kept.c.id == REC.c.import_id)
        .where(sa.or_(REC.c.number == number, REC.c.joined_to == number))
        .order_by(REC.c.id)
    )  # fmt: skip
    each: defaultdict[int, list[Any]] = defaultdict(list)
    for row in session.execute(asked):
        each[row.number].append(row)
    if number not in each:
        return None
    facts = stored(session, [row.id for rows in each.values() for row in rows])
    joined = [_whole(other, each[other], facts) for other in each if other != number]
    return _whole(number, each[number], facts, [one for one in joined if one.stands])


def _whole(number: int, rows: Sequence[Any], facts: dict[int, Recommended], joined: Sequence[Whole] = ()) -> Whole:
    now = next((row for row in rows if row.standing), rows[-1])
    return Whole(number, facts[now.id], now.standing, now.joined_to, _versions(rows, facts), joined)


def _versions(rows: Sequence[Any], facts: dict[int, Recommended]) -> list[Version]:
    found: list[Version] = []
    before: Recommended | None = None
    for row in rows:
        changed = differences(before, facts[row.id]) if before else ()
        undone = row.undone_at is not None
        found.append(Version(row.id, row.import_id, row.name, row.layout, row.at, row.row, undone, changed))
        before = before if undone else facts[row.id]
    return found[::-1]
