"""Conditions of decisions, followed to the end: met, waived with a reason, opened again."""

from __future__ import annotations

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.board.models import ConditionMove, ConditionStep, Decision, DecisionCondition
from fundapp.board.operations.telling import condition_notices
from fundapp.board.rules.deciding import LONGEST, SHORTEST
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work
from fundapp.proposals.models import Proposal


@operation(Permission.CONDITION_FOLLOW)
def meet_condition(work: Work, condition: DecisionCondition, how: str, seen: int = 0) -> ConditionStep:
    """Record that a condition is met, and how that is known; seen: the last step that was looked at, 0 for none."""
    return _step(work, condition, ConditionMove.MET, how, seen)


@operation(Permission.CONDITION_WAIVE)
def waive_condition(work: Work, condition: DecisionCondition, reason: str, seen: int = 0) -> ConditionStep:
    """Waive a condition, with the reason: nothing waits for it any more."""
    return _step(work, condition, ConditionMove.WAIVED, reason, seen)


@operation(Permission.CONDITION_FOLLOW)
def reopen_condition(work: Work, condition: DecisionCondition, reason: str, seen: int = 0) -> ConditionStep:
    """Open a condition again that was taken for met, or was waived, with the reason."""
    return _step(work, condition, ConditionMove.REOPENED, reason, seen)


def _step(work: Work, condition: DecisionCondition, move: ConditionMove, reason: str, seen: int) -> ConditionStep:
    session = work.session
    session.refresh(condition, with_for_update=True)
    _said(reason)
    if session.scalar(sa.select(Decision.id).where(Decision.supersedes_id == condition.decision_id)) is not None:
        raise refuse("condition.lapsed")
    asked = sa.select(ConditionStep).where(ConditionStep.condition_id == condition.id)
    last = session.scalars(asked.order_by(ConditionStep.id.desc()).limit(1)).one_or_none()
    if (last.id if last else 0) != seen:
        raise refuse("condition.changed")
    still_open = last is None or last.move is ConditionMove.REOPENED
    if still_open == (move is ConditionMove.REOPENED):
        raise refuse("condition.open" if still_open else "condition.settled")
    made = ConditionStep(condition_id=condition.id, move=move, reason=reason.strip(), at=work.at, by=str(work.actor))
    session.add(made)
    proposal = session.get_one(Proposal, condition.decision.proposal_id)
    session.add_all(condition_notices(session, proposal, condition, move, reason, by=work.actor.id, at=work.at))
    return made


def _said(reason: str) -> None:
    if len(reason.strip()) < SHORTEST:
        raise Refusal(Fault("reason.short", {"smallest": SHORTEST}, field="reason"))
    if (found := len(reason)) > LONGEST:
        raise Refusal(Fault("call.long", {"found": found, "largest": LONGEST}, field="reason"))
