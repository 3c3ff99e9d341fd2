"""What a file is compared with: names that it may use, and the versions that stand."""

from __future__ import annotations

import json
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

_KEYS = sa.bindparam("keys", type_=sa.Text)  # as one value: a statement with thousands takes as long to write as to ask
_EACH = {
    "sqlite": sa.select(sa.func.json_each(_KEYS).table_valued("value").c.value),
    "postgresql": sa.select(sa.func.json_array_elements_text(sa.cast(_KEYS, sa.JSON)).column_valued()),
}
_STANDING = {
    database: sa.select(REC.c.key, REC.c.id, REC.c.number, REC.c.digest, REC.c.joined_to).where(
        REC.c.standing, REC.c.key.in_(keys)
    )
    for database, keys in _EACH.items()
}


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
    asked = _STANDING[session.get_bind().dialect.name]
    return {
        key: Standing(number, first, digest, joined)
        for key, number, first, digest, joined in session.execute(asked, {"keys": json.dumps(keys)})
    }


def stored(session: Session, ids: Collection[int]) -> dict[int, Recommended]:
    """Recommendations with all that belongs to them, as an import would have them; two queries."""
    parts = _parts(session, ids)
    found = {}
    for row in session.execute(sa.select(REC).where(REC.c.id.in_(ids))).mappings():
        ours = parts[row["id"]]
        found[row["id"]] = Recommended(
            **{name: row[name] for name in _FACTS},
            texts={part.one: part.two for part in ours[_TEXT]},
            states=tuple(part.one for part in ours[_BY]),
            themes=tuple(Label(part.one, part.two) for part in ours[LabelKind.THEME]),
            persons=tuple(Label(part.one, part.two) for part in ours[LabelKind.PERSONS]),
            goals=tuple(part.one or str(part.place) for part in ours[_GOAL]),
        )
    return found


_TEXT, _BY, _GOAL = "text", "by", "goal"
_FACTS = (
    *("row", "key", "mechanism", "state", "body", "cycle", "session", "symbol", "paragraph"),
    *("position", "position_source", "issued", "assessment"),
)


def _parts(session: Session, ids: Collection[int]) -> defaultdict[int, defaultdict[str, list[Any]]]:
    """Recommendation -> kind of part -> its parts in order, out of four tables in one query."""
    nil, none = sa.literal_column("0", sa.Integer), sa.null()
    kinds = (
        (TEXT, sa.literal(_TEXT), nil, TEXT.c.language, TEXT.c.text),
        (BY, sa.literal(_BY), nil, BY.c.country, none),
        (GOAL, sa.literal(_GOAL), GOAL.c.goal, GOAL.c.target, none),
        (LABEL, sa.type_coerce(LABEL.c.kind, sa.String), LABEL.c.place, LABEL.c.label, LABEL.c.code),
    )
    asked = (
        sa.select(
            table.c.recommendation_id.label("id"), kind.label("kind"), place.label("place"), one.label("one"),
            sa.cast(two, sa.Text).label("two"),
        ).where(table.c.recommendation_id.in_(ids))
        for table, kind, place, one, two in kinds
    )  # fmt: skip
    found: defaultdict[int, defaultdict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in sorted(session.execute(sa.union_all(*asked)), key=lambda row: (row.place, row.one)):
        found[row.id][row.kind].append(row)
    return found
