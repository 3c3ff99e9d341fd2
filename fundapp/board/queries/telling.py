"""What is told of decisions and conditions, whom conditions are due to be brought back to mind, and what of it may
still be heard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Person
from fundapp.access.policy import Permission, may
from fundapp.board.models import ConditionStep, Considered, Decision, DecisionCondition, DecisionDraft, Owner
from fundapp.board.queries.deciding import last_step, stands
from fundapp.board.rules.following import reminder
from fundapp.proposals.models import Call, Notice, Proposal
from fundapp.proposals.queries.calls import Subject
from fundapp.proposals.queries.proposals import visible
from fundapp.proposals.queries.reminding import TELLINGS, Heard, Reminder, Telling
from fundapp.proposals.queries.screening import people_of

PREPARED, TAKEN_DESK = "decision-prepared", "decision-recorded"
TAKEN = {
    "approve": "decision-approved", "approve-with-conditions": "decision-conditions", "defer": "decision-deferred",
    "decline": "decision-declined",
}  # fmt: skip
STEPS = {"met": "condition-met", "waived": "condition-waived", "reopened": "condition-reopened"}
DUE, OVERDUE = "condition-due", "condition-overdue"
OF_CONDITIONS = frozenset({DUE, OVERDUE})


def open_conditions() -> sa.Select[DecisionCondition, Proposal]:
    """Conditions of decisions that stand, neither met nor waived, each with its proposal."""
    step = ConditionStep
    return (
        sa.select(DecisionCondition, Proposal)
        .join(Decision, Decision.id == DecisionCondition.decision_id)
        .join(Proposal, Proposal.id == Decision.proposal_id)
        .outerjoin(step, step.id == last_step())
        .where(stands(), sa.or_(step.id.is_(None), step.move == "reopened"))
    )


def reminders(session: Session, at: datetime) -> Iterator[Reminder]:
    """Of conditions that are due soon, to whoever sees to them; of those that are overdue, to the secretariat too."""
    today = at.date()
    for one, proposal in session.execute(open_conditions().order_by(DecisionCondition.id)).all():
        which = reminder(one.due_on, today)
        if which is None:
            continue
        late = one.due_on < today
        people = set(people_of(session, proposal, office=one.owner is Owner.OFFICE))
        people |= set(people_of(session, proposal, office=False)) if late else set()
        details = {"condition": one.id}
        for person in sorted(people):
            once = f"condition:{one.id}:{one.due_on.isoformat()}:{which}"
            yield Reminder(proposal.fund_id, person, None, OVERDUE if late else DUE, once, details)


def heard(session: Session, person: Person, fund_id: int, waiting: Sequence[Notice], at: datetime) -> Iterator[Heard]:
    """Reminders that are still so, one of each kind: of a condition that is open, on a proposal that the person may
    see; once it is overdue, that it is due soon is told no more."""
    mine = {(one.kind, one.details["condition"]): one for one in waiting if one.kind in OF_CONDITIONS}
    if not mine or not may(person, Permission.PROPOSAL_READ, Subject(fund_id)):
        return
    keys = {one.details["condition"] for one in mine.values()}
    asked = open_conditions().add_columns(Call.zone).join(Call, Call.id == Proposal.call_id)
    asked = asked.where(DecisionCondition.id.in_(keys), visible(person, fund_id))
    known = {row[0].id: row for row in session.execute(asked)}
    for notice in mine.values():
        row = known.get(notice.details["condition"])
        if row is not None and (row[0].due_on < at.date()) == (notice.kind == OVERDUE):
            _condition, proposal, zone = row
            yield Heard(notice, fund_id, proposal.reference, proposal.title, zone)


def waiting_for(session: Session, fund_id: int, closed: Sequence[int]) -> int:
    """How many prepared decisions wait to be taken, but those on proposals that an interest keeps somebody from."""
    asked = sa.select(sa.func.count()).select_from(DecisionDraft)
    asked = asked.join(Considered, Considered.id == DecisionDraft.considered_id)
    asked = asked.join(Proposal, Proposal.id == Considered.proposal_id)
    return session.scalar(asked.where(Proposal.fund_id == fund_id, Proposal.id.not_in(closed))) or 0


TELLINGS.append(Telling(reminders, heard))
