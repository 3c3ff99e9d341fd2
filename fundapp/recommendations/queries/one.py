"""One recommendation with all that belongs to it, and where it comes from."""

from __future__ import annotations

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
    """A recommendation: its number, what it says, its versions (newest first), and what it was joined to."""

    number: int
    facts: Recommended
    stands: bool
    joined_to: int | None
    versions: Sequence[Version]


def whole(session: Session, actor: Actor, number: int) -> Whole | None:
    """The recommendation of a number, also one that no longer stands; None where there is none. Six queries."""
    may_read(actor)
    kept = RecommendationImport.__table__
    asked = (
        sa.select(
            REC.c.id, REC.c.import_id, REC.c.row, REC.c.standing, REC.c.joined_to,
            kept.c.name, kept.c.layout, kept.c.at, kept.c.undone_at,
        )
        .join(kept, kept.c.id == REC.c.import_id)
        .where(REC.c.number == number)
        .order_by(REC.c.id)
    )  # fmt: skip
    rows = session.execute(asked).all()
    if not rows:
        return None
    facts = stored(session, [row.id for row in rows])
    now = next((row for row in rows if row.standing), rows[-1])
    return Whole(number, facts[now.id], now.standing, now.joined_to, _versions(rows, facts))


def _versions(rows: Sequence[Any], facts: dict[int, Recommended]) -> list[Version]:
    found: list[Version] = []
    before: Recommended | None = None
    for row in rows:
        changed = differences(before, facts[row.id]) if before else ()
        undone = row.undone_at is not None
        found.append(Version(row.id, row.import_id, row.name, row.layout, row.at, row.row, undone, changed))
        before = before if undone else facts[row.id]
    return found[::-1]
