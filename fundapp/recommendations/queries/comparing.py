"""What a file is compared with: names that it may use, and the versions that stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.kernel.text import fold
from fundapp.recommendations.models import BY, GOAL, LABEL, REC, TEXT
from fundapp.recommendations.rules import Label, LabelKind, Recommended, World
from fundapp.reference.models import Target, TreatyBody
from fundapp.reference.queries import gazetteer, names_on

_STANDING = sa.select(REC.c.key, REC.c.id, REC.c.number, REC.c.digest, REC.c.joined_to).where(
    REC.c.standing, REC.c.key.in_(sa.bindparam("keys", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Standing:
    """The version of a recommendation that stands: its id, the id of its first version, its digest, what it was
    joined to."""

    id: int
    number: int
    digest: str
    joined_to: int | None = None


def world(session: Session, language: str = "en") -> World:
    """What names in files mean here; asked once for a file of many rows."""
    known = gazetteer(session)
    bodies: dict[str, str] = {}
    for body in session.scalars(sa.select(TreatyBody)):
        bodies |= {fold(name): body.code for name in (body.code, *body.names.values())}
    targets = frozenset(session.scalars(sa.select(Target.code)))
    names = names_on(session, "en")

    def nearest(text: str) -> str:
        return ", ".join(names[code] for code in known.nearest(text))

    return World(cache(known.resolve), nearest, bodies, targets, language)


def standing(session: Session, keys: Sequence[str]) -> dict[str, Standing]:
    """Key -> the version that stands, for those of the keys that are known."""
    return {
        row.key: Standing(row.id, row.number, row.digest, row.joined_to)
        for row in session.execute(_STANDING, {"keys": keys})
    }


def stored(session: Session, ids: Collection[int]) -> dict[int, Recommended]:
    """Recommendations with all that belongs to them, as an import would have them; five queries."""
    texts, by, goals = (_gathered(session, table, columns, ids) for table, columns in (
        (TEXT, (TEXT.c.language, TEXT.c.text)), (BY, (BY.c.country,)), (GOAL, (GOAL.c.goal, GOAL.c.target))
    ))  # fmt: skip
    labels = _gathered(session, LABEL, (LABEL.c.kind, LABEL.c.place, LABEL.c.label, LABEL.c.code), ids)
    found = {}
    for row in session.execute(sa.select(REC).where(REC.c.id.in_(ids))).mappings():
        facts = {name: row[name] for name in _FACTS}
        ours = sorted(labels[row["id"]], key=lambda label: label.place)
        found[row["id"]] = Recommended(
            **facts,
            texts={text.language: text.text for text in texts[row["id"]]},
            states=tuple(state.country for state in by[row["id"]]),
            themes=tuple(Label(label.label, label.code) for label in ours if label.kind is LabelKind.THEME),
            persons=tuple(Label(label.label, label.code) for label in ours if label.kind is LabelKind.PERSONS),
            goals=tuple(goal.target or str(goal.goal) for goal in goals[row["id"]]),
        )
    return found


_FACTS = (
    *("row", "key", "mechanism", "state", "body", "cycle", "session", "symbol", "paragraph"),
    *("position", "position_source", "issued", "assessment"),
)


def _gathered(
    session: Session, table: sa.Table, columns: Sequence[sa.ColumnElement[Any]], ids: Collection[int]
) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in session.execute(
        sa.select(table.c.recommendation_id, *columns).where(table.c.recommendation_id.in_(ids))
    ):
        found[row.recommendation_id].append(row)
    return found
