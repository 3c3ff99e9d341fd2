"""What is known of reviewers for assigning, and what they have in hand."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Person
from fundapp.access.policy import Actor
from fundapp.funds.models import Fund
from fundapp.proposals.models import Proposal
from fundapp.proposals.queries.proposals import visible
from fundapp.reference.models import Country
from fundapp.scoring.models import Assignment, ReviewerProfile, ScoringRound
from fundapp.scoring.queries.assigning import SCORED_STAGES, holds_role


@dataclass(frozen=True, slots=True)
class Reviewing:
    """A reviewer of a fund: what is known of them; how many proposals of open rounds they have, and of how many their
    sheet is in. has_role: false for somebody who was one, and has proposals still."""

    id: int
    name: str
    nationality: str | None
    languages: tuple[str, ...]
    most: int | None
    assigned: int
    given: int
    has_role: bool


def reviewing(session: Session, actor: Actor, fund: Fund, language: str) -> list[Reviewing]:
    """The reviewers of a fund, by name, and those with proposals who are so no more; two queries."""
    counts = (
        sa.select(
            Assignment.person_id,
            sa.func.count(Assignment.id).label("assigned"),
            sa.func.count(Assignment.sheet_id).label("given"),
        )
        .join(ScoringRound, ScoringRound.id == Assignment.round_id)
        .join(Proposal, Proposal.id == Assignment.proposal_id)
        .where(
            Assignment.ended_at.is_(None), ScoringRound.open, Proposal.stage.in_(SCORED_STAGES), visible(actor, fund.id)
        )
        .group_by(Assignment.person_id)
        .subquery()
    )
    profile, country = ReviewerProfile.__table__, Country.__table__
    holds = sa.and_(Person.active, holds_role(fund.id))
    asked = (
        sa.select(
            Person.id, Person.name, country.c[f"name_{language}"], profile.c.languages, profile.c.most,
            counts.c.assigned, counts.c.given, holds,
        )
        .outerjoin(profile, profile.c.person_id == Person.id)
        .outerjoin(country, country.c.code == profile.c.nationality)
        .outerjoin(counts, counts.c.person_id == Person.id)
        .where(sa.or_(holds, counts.c.assigned > 0))
        .order_by(Person.name, Person.id)
    )  # fmt: skip
    return [
        Reviewing(key, name, state, tuple((languages or "").split()), most, assigned or 0, given or 0, bool(has_role))
        for key, name, state, languages, most, assigned, given, has_role in session.execute(asked)
    ]


def reviewer_of(session: Session, fund: Fund, key: int) -> tuple[Person, ReviewerProfile | None] | None:
    """A reviewer of a fund and what is known of them; none for somebody who is no reviewer of it; one query."""
    asked = sa.select(Person, ReviewerProfile).outerjoin(ReviewerProfile, ReviewerProfile.person_id == Person.id)
    found = session.execute(asked.where(Person.id == key, Person.active, holds_role(fund.id))).one_or_none()
    return (found[0], found[1]) if found else None
