"""Notices of decisions: that one waits to be taken, what was decided, and what became of a condition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Grant, Person
from fundapp.access.policy import Role
from fundapp.board.models import ConditionMove, Decision, DecisionCondition
from fundapp.board.queries.telling import PREPARED, STEPS, TAKEN, TAKEN_DESK
from fundapp.proposals.models import Notice, Proposal
from fundapp.proposals.queries.screening import people_of


def prepared_notices(session: Session, proposal: Proposal, *, by: int, at: datetime) -> list[Notice]:
    """That a decision waits, to those who may take it; once while nobody has been told yet."""
    waiting = sa.select(Notice.person_id).where(
        Notice.proposal_id == proposal.id, Notice.kind == PREPARED, Notice.told_at.is_(None)
    )
    there = {by, *session.scalars(waiting)}
    asked = sa.select(Grant.person_id).join(Person, Person.id == Grant.person_id)
    asked = asked.where(
        Person.active,
        Grant.role == Role.APPROVING_OFFICER,
        Grant.ended_at.is_(None),
        sa.or_(Grant.fund_id.is_(None), Grant.fund_id == proposal.fund_id),
    )
    people = sorted(set(session.scalars(asked)) - there)
    return _notices(proposal, people, PREPARED, {}, at)


def taken_notices(session: Session, proposal: Proposal, made: Decision, *, by: int, at: datetime) -> list[Notice]:
    """What was decided: to the office, and to whoever sees to the proposal at the secretariat."""
    office = set(people_of(session, proposal, office=True)) - {by}
    desk = set(people_of(session, proposal, office=False)) - office - {by}
    details = {"decision": made.id}
    return [
        *_notices(proposal, sorted(office), TAKEN[made.outcome.value], details, at),
        *_notices(proposal, sorted(desk), TAKEN_DESK, details, at),
    ]


def condition_notices(
    session: Session, proposal: Proposal, condition: DecisionCondition, move: ConditionMove, reason: str, *, by: int,
    at: datetime,
) -> list[Notice]:  # fmt: skip
    """What became of a condition, to the office."""
    people = sorted(set(people_of(session, proposal, office=True)) - {by})
    details = {"condition": condition.id, "reason": reason.strip()}
    return _notices(proposal, people, STEPS[move.value], details, at)


def _notices(
    proposal: Proposal, people: Iterable[int], kind: str, details: Mapping[str, object], at: datetime
) -> list[Notice]:  # fmt: skip
    return [
        Notice(
            fund_id=proposal.fund_id, person_id=person, proposal_id=proposal.id, kind=kind, details=dict(details), at=at
        )
        for person in people
    ]  # fmt: skip
