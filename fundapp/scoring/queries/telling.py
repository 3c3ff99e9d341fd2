"""What those who score are reminded of, and what of it they may still hear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Person
from fundapp.access.policy import Permission, may
from fundapp.proposals.models import Call, Notice, Proposal
from fundapp.proposals.queries.calls import Subject
from fundapp.proposals.queries.proposals import visible
from fundapp.proposals.queries.reminding import TELLINGS, Heard, Reminder, Telling
from fundapp.proposals.rules.reminders import due_reminder, key
from fundapp.scoring.models import Assignment, ScoringRound
from fundapp.scoring.queries.assigning import SCORED_STAGES, holds_role

ASSIGNED, DUE, CLOSED, REOPENED = "score-assigned", "score-due", "score-closed", "score-reopened"
DAYS = (7, 1)  # before the deadline of a round
OF_A_ROUND = frozenset({DUE, CLOSED, REOPENED})


def reminders(session: Session, at: datetime) -> Iterator[Reminder]:
    """Of deadlines of rounds, to those whose sheets are not all in; two queries where one is near."""
    asked = sa.select(ScoringRound, Call.fund_id).join(Call, Call.id == ScoringRound.call_id)
    near = asked.where(ScoringRound.open, ScoringRound.due_at > at, ScoringRound.due_at < at + timedelta(days=9))
    for round_, fund_id in session.execute(near.order_by(ScoringRound.id)).all():
        days = due_reminder(round_.due_at, at)
        if days not in DAYS:
            continue
        details = {"round": round_.id, "due": round_.due_at.isoformat()}
        for person in _lacking(session, round_, fund_id):
            once = key("score", round_.id, round_.due_at, days)
            yield Reminder(fund_id, person, None, DUE, once, details)


def _lacking(session: Session, round_: ScoringRound, fund_id: int) -> Sequence[int]:
    """Those who have a sheet to give still."""
    asked = sa.select(Assignment.person_id).join(Person, Person.id == Assignment.person_id)
    asked = asked.join(Proposal, Proposal.id == Assignment.proposal_id).where(
        Assignment.round_id == round_.id,
        Assignment.ended_at.is_(None),
        Assignment.sheet_id.is_(None),
        Proposal.stage.in_(SCORED_STAGES),
        Person.active,
        holds_role(fund_id),
    )
    return session.scalars(asked.distinct().order_by(Assignment.person_id)).all()


def heard(session: Session, person: Person, fund_id: int, waiting: Sequence[Notice], at: datetime) -> Iterator[Heard]:
    """What of these notices somebody who scores may hear: of rounds in which they have proposals that they may see."""
    mine = [one for one in waiting if one.kind in OF_A_ROUND]
    if not mine or not may(person, Permission.PROPOSAL_READ, Subject(fund_id)):
        return
    for notice in mine:
        round_ = session.get(ScoringRound, notice.details["round"])
        if round_ is None or not _is_so(notice, round_, at):
            continue
        asked = sa.select(Proposal.reference).join(Assignment, Assignment.proposal_id == Proposal.id)
        asked = asked.where(
            Assignment.round_id == round_.id,
            Assignment.person_id == person.id,
            Assignment.ended_at.is_(None),
            Proposal.stage.in_(SCORED_STAGES),
            visible(person, fund_id),
        )
        if notice.kind == DUE:
            asked = asked.where(Assignment.sheet_id.is_(None))
        if references := tuple(session.scalars(asked.order_by(Proposal.number))):
            yield Heard(notice, fund_id, round_.call.code, zone=round_.zone, call=round_.call, unsent=references)


def _is_so(notice: Notice, round_: ScoringRound, at: datetime) -> bool:
    """Whether a notice is still of what there is: a deadline that moved, and a round that stands otherwise, are not."""
    if notice.kind == CLOSED:
        return not round_.open
    return (
        round_.open
        and (notice.kind != DUE or round_.due_at.isoformat() == notice.details["due"])
        and round_.due_at > at
    )


TELLINGS.append(Telling(reminders, heard))
