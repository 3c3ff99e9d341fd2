"""Reading what is decided: the proposal with its session and advice, the decisions on it, what the call has left."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from fundapp.access.policy import Actor, Permission, may
from fundapp.board.models import (
    Advice,
    BoardSession,
    ConditionStep,
    Considered,
    Decision,
    DecisionCondition,
    DecisionDraft,
    SessionStage,
)
from fundapp.board.rules.course import APPROVING
from fundapp.board.rules.deciding import Advised, Known
from fundapp.funds.models import Fund
from fundapp.funds.queries import support_cost_rate
from fundapp.proposals.models import Call, Proposal, ProposalVersion
from fundapp.proposals.queries.calls import Subject
from fundapp.proposals.queries.proposals import closed_to, visible
from fundapp.proposals.rules.content import budget
from fundapp.scoring.models import Scenario, ScoringRound

HELD = (SessionStage.OPEN, SessionStage.CLOSED)  # sessions at which a proposal can be decided on


def decided(actor: Actor, fund_id: int) -> sa.ColumnElement[bool]:
    """The proposals whose decisions somebody may read, as the one filter: those that they may see; to those who see to
    the money and read no proposals, all but what an interest keeps them from."""
    if not may(actor, Permission.DECISION_READ, Subject(fund_id)):
        return sa.false()
    if may(actor, Permission.PROPOSAL_READ, Subject(fund_id)):
        return visible(actor, fund_id)
    closed = sorted(closed_to(actor))
    known = [Proposal.id.not_in(closed)] if closed else []
    return sa.and_(Proposal.fund_id == fund_id, *known)


def considered_last(session: Session, actor: Actor, fund: Fund, reference: str) -> Considered | None:
    """The proposal of a reference as it was last before a session that took place or takes place; none where it was
    before none, or is not there for whoever asks. One query."""
    asked = (
        sa.select(Considered)
        .join(Proposal, Proposal.id == Considered.proposal_id)
        .join(BoardSession, BoardSession.id == Considered.session_id)
        .options(contains_eager(Considered.proposal))
        .where(decided(actor, fund.id), Proposal.reference == reference, *_held())
    )
    return session.scalars(asked.order_by(BoardSession.since.desc(), Considered.id.desc()).limit(1)).one_or_none()


def last_of(session: Session, proposal_id: int) -> int | None:
    """By id, the last time that a proposal was before such a session."""
    asked = sa.select(Considered.id).join(BoardSession, BoardSession.id == Considered.session_id)
    asked = asked.where(Considered.proposal_id == proposal_id, *_held())
    return session.scalar(asked.order_by(BoardSession.since.desc(), Considered.id.desc()).limit(1))


def _held() -> tuple[sa.ColumnElement[bool], ...]:
    return Considered.removed_at.is_(None), BoardSession.stage.in_(HELD)


def advice_on(session: Session, considered: Considered) -> Advice | None:
    """What the Board advised last on a proposal before it; one query."""
    asked = sa.select(Advice).where(Advice.considered_id == considered.id).order_by(Advice.id.desc())
    return session.scalars(asked.limit(1)).one_or_none()


def draft_of(session: Session, considered: Considered) -> DecisionDraft | None:
    """The decision that is prepared on a proposal, for somebody to take; one query."""
    return session.scalars(
        sa.select(DecisionDraft).where(DecisionDraft.considered_id == considered.id)
    ).one_or_none()  # fmt: skip


def decisions_on(session: Session, proposal: Proposal) -> Sequence[Decision]:
    """What was decided on a proposal, the one that stands first; one query."""
    asked = sa.select(Decision).where(Decision.proposal_id == proposal.id)
    return session.scalars(asked.order_by(Decision.id.desc())).all()


def stands() -> sa.ColumnElement[bool]:
    """That no other decision took the place of one."""
    other = sa.orm.aliased(Decision)
    return ~sa.exists().where(other.supersedes_id == Decision.id)


def standing_decision(session: Session, proposal: Proposal) -> Decision | None:
    """The decision that stands on a proposal; one query."""
    return session.scalars(
        sa.select(Decision).where(Decision.proposal_id == proposal.id, stands())
    ).one_or_none()  # fmt: skip


def conditions_of(session: Session, keys: Sequence[int]) -> dict[int, list[DecisionCondition]]:
    """The conditions of decisions, by decision, in their order; one query."""
    found: dict[int, list[DecisionCondition]] = {key: [] for key in keys}
    asked = sa.select(DecisionCondition).where(DecisionCondition.decision_id.in_(found))
    for one in session.scalars(asked.order_by(DecisionCondition.position)) if found else ():
        found[one.decision_id].append(one)
    return found


def last_step() -> sa.ScalarSelect[int]:
    """By id, the last step taken on a condition."""
    return (
        sa.select(sa.func.max(ConditionStep.id))
        .where(ConditionStep.condition_id == DecisionCondition.id)
        .correlate(DecisionCondition)
        .scalar_subquery()
    )


def allotment_waits_for(session: Session, proposal: Proposal) -> Sequence[DecisionCondition]:
    """The conditions for which the money of a proposal waits: those marked so, of the decision that stands, that were
    neither met nor waived; one query."""
    step = ConditionStep
    asked = (
        sa.select(DecisionCondition)
        .join(Decision, Decision.id == DecisionCondition.decision_id)
        .outerjoin(step, step.id == last_step())
        .where(Decision.proposal_id == proposal.id, stands(), DecisionCondition.before_allotment)
        .where(sa.or_(step.id.is_(None), step.move == "reopened"))
    )
    return session.scalars(asked.order_by(DecisionCondition.position)).all()


# --------------------------------------------------------------------------------------------- what it is held against


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a call may give: the envelope and where it comes from (scenario, call; none where none was said), and what
    was approved of it for other proposals."""

    cents: int | None
    source: str
    approved: int

    @property
    def left(self) -> int | None:
        """What is left for this proposal."""
        return None if self.cents is None else self.cents - self.approved


def envelope_for(session: Session, proposal: Proposal) -> Envelope:
    """The envelope of a proposal's call: that of the scenario carried to the Board, or else the call's own; three
    queries."""
    carried = (
        sa.select(Scenario.envelope_cents)
        .join(ScoringRound, ScoringRound.id == Scenario.round_id)
        .where(ScoringRound.call_id == proposal.call_id, Scenario.carried_at.is_not(None))
        .where(Scenario.removed_at.is_(None))
    )
    scenario = session.scalar(carried.order_by(Scenario.carried_at.desc()).limit(1))
    own = session.scalar(sa.select(Call.envelope_cents).where(Call.id == proposal.call_id))
    others = sa.select(sa.func.coalesce(sa.func.sum(Decision.amount_cents), 0)).join(
        Proposal, Proposal.id == Decision.proposal_id
    )
    others = others.where(
        Proposal.call_id == proposal.call_id,
        Proposal.id != proposal.id,
        Decision.outcome.in_(sorted(APPROVING)),
        stands(),
    )
    approved = int(session.scalar(others) or 0)
    if scenario is not None:
        return Envelope(scenario, "scenario", approved)
    return Envelope(own, "call" if own is not None else "", approved)


@dataclass(frozen=True, slots=True)
class Budgeted:
    """What a proposal asked for in the version before the Board: in all, and by class of expenditure."""

    total: int
    by_class: Mapping[str, int]


def budgeted(session: Session, considered: Considered) -> Budgeted:
    """What the version before the Board asks for; two queries."""
    version = session.get_one(ProposalVersion, considered.version_id)
    said: Mapping[str, Any] = json.loads(version.content)
    fund = session.get_one(Fund, considered.fund_id)
    rate = support_cost_rate(session, fund, version.at.date())
    sums = budget(said["sections"], rate).totals.by_class
    return Budgeted(int(said["total_cents"]), {code.value: cents for code, cents in sums.items()})


def known_of(session: Session, considered: Considered, today: date) -> Known:
    """What a decision on a proposal is held against; seven queries."""
    advice, envelope = advice_on(session, considered), envelope_for(session, considered.proposal)
    return Known(
        budgeted(session, considered).total,
        Advised(advice.outcome.value, advice.amount_cents) if advice else None,
        session.get_one(Fund, considered.fund_id).board_approves,
        today,
        envelope.cents,
        envelope.approved,
    )
