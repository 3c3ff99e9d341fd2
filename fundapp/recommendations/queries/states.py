"""What the register holds of States: counts by mechanism, cycle and position, and by theme."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor
from fundapp.recommendations.models import LABEL, REC
from fundapp.recommendations.queries.listing import counts, may_read
from fundapp.recommendations.rules import LabelKind, Mechanism, Position

Positions = Counter[Position | None]


@dataclass(frozen=True, slots=True)
class StateRow:
    """What a State was recommended: by mechanism, and of the newest cycle of the review by position."""

    code: str
    by: Counter[Mechanism] = field(default_factory=Counter)
    cycle: int = 0
    positions: Positions = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """By all mechanisms."""
        return self.by.total()


@dataclass(frozen=True, slots=True)
class CycleRow:
    """What a State was recommended in one cycle of the review."""

    cycle: int
    session: int | None
    positions: Positions

    @property
    def total(self) -> int:
        """With any position."""
        return self.positions.total()


def states(session: Session, actor: Actor) -> list[StateRow]:
    """The States that have recommendations in the register; one query."""
    may_read(actor)
    columns = (REC.c.state, REC.c.mechanism, REC.c.cycle, REC.c.position)
    asked = sa.select(*columns, sa.func.count().label("many")).where(*counts()).group_by(*columns)
    by: defaultdict[str, Counter[Mechanism]] = defaultdict(Counter)
    cycles: defaultdict[str, defaultdict[int, Positions]] = defaultdict(lambda: defaultdict(Counter))
    for row in session.execute(asked):
        by[row.state][row.mechanism] += row.many
        if row.mechanism is Mechanism.UPR:
            cycles[row.state][row.cycle or 0][row.position] += row.many
    newest = {code: max(found) for code, found in cycles.items()}
    return [
        StateRow(code, many, newest.get(code, 0), cycles[code][newest[code]] if code in newest else Counter())
        for code, many in by.items()
    ]


def cycles_of(session: Session, actor: Actor, state: str) -> list[CycleRow]:
    """The cycles of the review of which the register has recommendations to a State, newest first; one query."""
    may_read(actor)
    columns = (REC.c.cycle, REC.c.session, REC.c.position)
    asked = (
        sa.select(*columns, sa.func.count().label("many"))
        .where(*counts(), REC.c.state == state, REC.c.mechanism == Mechanism.UPR)
        .group_by(*columns)
    )
    found: defaultdict[int, Positions] = defaultdict(Counter)
    sessions: dict[int, int] = {}
    for row in session.execute(asked):
        found[row.cycle or 0][row.position] += row.many
        if row.session:
            sessions[row.cycle or 0] = row.session
    return [CycleRow(cycle, sessions.get(cycle), found[cycle]) for cycle in sorted(found, reverse=True)]


def by_body(session: Session, actor: Actor, state: str) -> list[tuple[Mechanism, str, int]]:
    """How many recommendations each treaty body and special procedure made to a State; one query."""
    may_read(actor)
    asked = (
        sa.select(REC.c.mechanism, REC.c.body, sa.func.count())
        .where(*counts(), REC.c.state == state, REC.c.mechanism != Mechanism.UPR)
        .group_by(REC.c.mechanism, REC.c.body)
        .order_by(REC.c.mechanism.desc(), sa.func.count().desc(), REC.c.body)
    )
    return [(mechanism, body, many) for mechanism, body, many in session.execute(asked)]


def themes_in(
    session: Session, actor: Actor, state: str, cycles: Collection[int]
) -> dict[str | None, dict[int, Positions]]:
    """Theme (None: no theme in use) -> cycle -> positions, of the recommendations of the review; one query. One that
    has several themes counts under each."""
    may_read(actor)
    asked = (
        sa.select(LABEL.c.code, REC.c.cycle, REC.c.position, sa.func.count(sa.distinct(REC.c.id)).label("many"))
        .join(LABEL, LABEL.c.recommendation_id == REC.c.id)
        .where(*counts(), REC.c.state == state, REC.c.mechanism == Mechanism.UPR, REC.c.cycle.in_(cycles))
        .where(LABEL.c.kind == LabelKind.THEME)
        .group_by(LABEL.c.code, REC.c.cycle, REC.c.position)
    )
    found: defaultdict[str | None, dict[int, Positions]] = defaultdict(dict)
    for row in session.execute(asked):
        found[row.code].setdefault(row.cycle, Counter())[row.position] += row.many
    return dict(found)
