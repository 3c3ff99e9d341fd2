"""What other mechanisms said on the same matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor
from fundapp.recommendations.models import GOAL, LABEL, REC
from fundapp.recommendations.queries.comparing import stored
from fundapp.recommendations.queries.listing import Listed, listed, listing, may_read
from fundapp.recommendations.rules import LabelKind, Mechanism


@dataclass(frozen=True, slots=True)
class Evidence:
    """What another mechanism said on the same matter, and how it was found: the themes and targets in common."""

    listed: Listed
    themes: tuple[str, ...]
    targets: tuple[str, ...]


def evidence(
    session: Session, actor: Actor, state: str, themes: Iterable[str], targets: Iterable[str], *, language: str = "en"
) -> list[Evidence]:
    """What treaty bodies and special procedures told the State on the same themes or targets, newest first."""
    may_read(actor)
    wanted, aims = set(themes), set(targets)
    on_theme = sa.exists().where(
        LABEL.c.recommendation_id == REC.c.id, LABEL.c.kind == LabelKind.THEME, LABEL.c.code.in_(wanted)
    )
    on_target = sa.exists().where(GOAL.c.recommendation_id == REC.c.id, GOAL.c.target.in_(aims))
    asked = (
        listing(language)
        .add_columns(REC.c.id)
        .where(REC.c.standing, REC.c.state == state, REC.c.mechanism != Mechanism.UPR, sa.or_(on_theme, on_target))
        .order_by(REC.c.issued.desc().nulls_last(), REC.c.id)
    )
    rows = session.execute(asked).all()
    whole = stored(session, [row.id for row in rows])
    return [
        Evidence(
            listed(row),
            tuple(dict.fromkeys(label.code for label in whole[row.id].themes if label.code in wanted)),
            tuple(goal for goal in whole[row.id].goals if goal in aims),
        )
        for row in rows
    ]
