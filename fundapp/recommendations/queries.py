"""Reading the register: what a file is compared with, search, and evidence on a theme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor, Permission, Refused, may
from fundapp.kernel.base import Base
from fundapp.kernel.errors import refuse
from fundapp.kernel.text import fold
from fundapp.recommendations.models import (
    PARTS,
    Recommendation,
    RecommendationGoal,
    RecommendationImport,
    RecommendationLabel,
    RecommendationText,
    RecommendingState,
)
from fundapp.recommendations.rules import Label, LabelKind, Mechanism, Position, Recommended, World, searchable
from fundapp.reference.models import Target, TreatyBody
from fundapp.reference.queries import gazetteer, names_on

REC, TEXT, BY, LABEL, GOAL = (
    kind.__table__
    for kind in (Recommendation, RecommendationText, RecommendingState, RecommendationLabel, RecommendationGoal)
)
_STANDING = sa.select(REC.c.key, REC.c.id, REC.c.number, REC.c.digest).where(
    REC.c.standing, REC.c.key.in_(sa.bindparam("keys", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Standing:
    """The version of a recommendation that stands: its id, the id of its first version, its digest."""

    id: int
    number: int
    digest: str


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


@dataclass(frozen=True, slots=True)
class Evidence:
    """What another mechanism said on the same matter, and how it was found: the themes and targets in common."""

    listed: Listed
    themes: tuple[str, ...]
    targets: tuple[str, ...]


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
    return {row.key: Standing(row.id, row.number, row.digest) for row in session.execute(_STANDING, {"keys": keys})}


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


def imports(session: Session) -> Sequence[RecommendationImport]:
    """What was taken in, newest first, also what was undone."""
    return session.scalars(sa.select(RecommendationImport).order_by(RecommendationImport.id.desc())).all()


def named_import(session: Session, identity: int) -> RecommendationImport:
    """The import of that number; refused when there is none."""
    found = session.get(RecommendationImport, identity)
    if found is None:
        raise refuse("import.unknown", number=identity)
    return found


def built_on(session: Session, found: RecommendationImport) -> str | None:
    """The name of a later import that stands and replaced rows of this one."""
    later, ours = REC.alias("later"), REC.alias("ours")
    asked = (
        sa.select(RecommendationImport.name)
        .join(later, later.c.import_id == RecommendationImport.id)
        .join(ours, ours.c.id == later.c.replaces_id)
        .where(ours.c.import_id == found.id, later.c.import_id != found.id, later.c.standing)
    )
    return session.scalar(asked.limit(1))


def pointing(session: Session, found: RecommendationImport) -> str | None:
    """A table beside the register with a row that points at a recommendation which this import brought."""
    own = {REC.name, *(part.__tablename__ for part in PARTS)}
    first = sa.select(REC.c.id).where(REC.c.import_id == found.id, REC.c.number == REC.c.id)
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys if table.name not in own else ():
            if key.column is REC.c.id and session.scalar(sa.select(sa.exists().where(key.parent.in_(first)))):
                return table.name
    return None


def search(
    session: Session, actor: Actor, wanted: Wanted, *, language: str = "en", limit: int = 50, after: int = 0
) -> list[Listed]:
    """The recommendations that stand and are asked for, in the order of the register; one query."""
    _may_read(actor)
    asked = _listing(language).where(*_conditions(wanted)).where(REC.c.number > after)
    return [_listed(row) for row in session.execute(asked.order_by(REC.c.number).limit(limit))]


def count(session: Session, actor: Actor, wanted: Wanted) -> int:
    """How many there are."""
    _may_read(actor)
    return session.scalar(sa.select(sa.func.count()).select_from(REC).where(*_conditions(wanted))) or 0


def evidence(
    session: Session, actor: Actor, state: str, themes: Iterable[str], targets: Iterable[str], *, language: str = "en"
) -> list[Evidence]:
    """What treaty bodies and special procedures told the State on the same themes or targets, newest first."""
    _may_read(actor)
    wanted, aims = set(themes), set(targets)
    on_theme = sa.exists().where(
        LABEL.c.recommendation_id == REC.c.id, LABEL.c.kind == LabelKind.THEME, LABEL.c.code.in_(wanted)
    )
    on_target = sa.exists().where(GOAL.c.recommendation_id == REC.c.id, GOAL.c.target.in_(aims))
    asked = (
        _listing(language)
        .add_columns(REC.c.id)
        .where(REC.c.standing, REC.c.state == state, REC.c.mechanism != Mechanism.UPR, sa.or_(on_theme, on_target))
        .order_by(REC.c.issued.desc().nulls_last(), REC.c.id)
    )
    rows = session.execute(asked).all()
    whole = stored(session, [row.id for row in rows])
    return [
        Evidence(
            _listed(row),
            tuple(dict.fromkeys(label.code for label in whole[row.id].themes if label.code in wanted)),
            tuple(goal for goal in whole[row.id].goals if goal in aims),
        )
        for row in rows
    ]


def _may_read(actor: Actor) -> None:
    if not may(actor, Permission.RECOMMENDATION_READ):
        raise Refused(f"recommendations need {Permission.RECOMMENDATION_READ}")


def _listing(language: str) -> sa.Select[Any]:
    """A list's columns; the text in the language asked for, else in the first there is."""
    own = sa.select(TEXT.c.text).where(TEXT.c.recommendation_id == REC.c.id)
    first = own.order_by(sa.case((TEXT.c.language == language, 0), else_=1), TEXT.c.language).limit(1)
    return sa.select(
        REC.c.number, REC.c.state, REC.c.mechanism, REC.c.body, REC.c.cycle, REC.c.symbol, REC.c.paragraph,
        REC.c.position, first.scalar_subquery().label("text"),
    )  # fmt: skip


def _listed(row: sa.Row[Any]) -> Listed:
    return Listed(
        row.number, row.state, row.mechanism, row.body, row.cycle, row.symbol, row.paragraph, row.position, row.text
    )


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    equal = ("state", "mechanism", "cycle", "position")
    found: list[sa.ColumnElement[bool]] = [REC.c.standing]
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
