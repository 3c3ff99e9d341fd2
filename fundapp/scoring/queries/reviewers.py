"""Reading who scores what in a call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Person
from fundapp.access.policy import Actor
from fundapp.proposals.queries.proposals import PROPOSAL, visible
from fundapp.scoring.models import Assignment, ScoringRound
from fundapp.scoring.rules.combining import NOT_RANKED

_ASSIGNED, _PERSON = Assignment.__table__, Person.__table__


@dataclass(frozen=True, slots=True)
class Load:
    """A reviewer of a call: how many of its proposals are assigned to them, and of how many their sheet counts."""

    person: int
    name: str
    assigned: int
    given: int


def loads(session: Session, actor: Actor, fund: int, round: ScoringRound) -> Sequence[Load]:
    """The reviewers of a call by name, as far as proposals go that somebody may see and that are still in it; one
    query."""
    name = sa.func.coalesce(sa.func.nullif(_PERSON.c.name, ""), _PERSON.c.email).label("name")
    asked = (
        sa.select(
            _PERSON.c.id, name, sa.func.count(_ASSIGNED.c.id).label("assigned"),
            sa.func.count(_ASSIGNED.c.sheet_id).label("given"),
        )
        .join_from(_ASSIGNED, _PERSON, _PERSON.c.id == _ASSIGNED.c.person_id)
        .join(PROPOSAL, PROPOSAL.c.id == _ASSIGNED.c.proposal_id)
        .where(_ASSIGNED.c.round_id == round.id, _ASSIGNED.c.ended_at.is_(None))
        .where(visible(actor, fund), PROPOSAL.c.stage.not_in(sorted(NOT_RANKED)), PROPOSAL.c.call_id == round.call_id)
        .group_by(_PERSON.c.id, _PERSON.c.name, _PERSON.c.email)
    )  # fmt: skip
    found = [Load(row.id, row.name, row.assigned, row.given) for row in session.execute(asked)]
    return sorted(found, key=lambda one: one.name.casefold())
