"""Decisions: prepared by one, taken by another; fixed, and superseded only by another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from fundapp.access.models import Person
from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.board.models import (
    BoardSession,
    Considered,
    Decision,
    DecisionCondition,
    DecisionDraft,
    DecisionOutcome,
    Owner,
)
from fundapp.board.operations.telling import prepared_notices, taken_notices
from fundapp.board.queries.deciding import HELD, advice_on, decisions_on, draft_of, known_of, last_of
from fundapp.board.rules.course import COURSE, MOVE_OF
from fundapp.board.rules.deciding import (
    Condition,
    GivenDecision,
    against,
    conditions_from,
    decision_faults,
    kept_conditions,
)
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work
from fundapp.proposals.models import Call, Proposal, ProposalMove
from fundapp.proposals.queries.proposals import closed_to


@operation(Permission.DECISION_PREPARE)
def prepare_decision(work: Work, considered: Considered, said: GivenDecision, version: int = 0) -> DecisionDraft:
    """Prepare what is to be decided on a proposal; version: of the draft that was looked at, 0 for none."""
    session = work.session
    _in_turn(work, considered)
    draft = draft_of(session, considered)
    if (draft.version if draft else 0) != version:
        raise refuse("decision.changed")
    _held_against(work, considered, said)
    draft = draft or DecisionDraft(considered_id=considered.id)
    draft.outcome, draft.amount_cents = DecisionOutcome(said.outcome), said.amount
    draft.classes, draft.conditions = dict(said.classes), kept_conditions(said.conditions)
    draft.reasons, draft.shared = said.reasons.strip(), said.shared.strip()
    draft.against_advice = said.against_advice.strip()
    draft.prepared_by_id = work.actor.id if isinstance(work.actor, Person) else None
    draft.prepared_by, draft.prepared_at = str(work.actor), work.at
    session.add(draft)
    session.add_all(prepared_notices(session, considered.proposal, by=work.actor.id, at=work.at))
    return draft


@operation(Permission.DECISION_TAKE)
def decide(work: Work, draft: DecisionDraft, version: int) -> Decision:
    """Take a decision as somebody else prepared it, in the version that was looked at; it is fixed, and supersedes what
    was decided before. Of two who decide at once the second is told that it is done."""
    session = work.session
    considered = session.get_one(Considered, draft.considered_id)
    _in_turn(work, considered)
    now_there = session.scalar(sa.select(DecisionDraft.version).where(DecisionDraft.id == draft.id))
    if now_there is None:
        raise refuse("decision.taken", reference=considered.proposal.reference)
    if now_there != version:
        raise refuse("decision.changed")
    session.refresh(draft)
    said = said_in(draft)
    _held_against(work, considered, said)
    before = decisions_on(session, considered.proposal)
    made = _fixed(work, considered, draft, said, before[0] if before else None)
    session.delete(draft)
    _stand(work, considered.proposal, said)
    session.add_all(taken_notices(session, considered.proposal, made, by=work.actor.id, at=work.at))
    return made


def said_in(draft: DecisionDraft) -> GivenDecision:
    """What a draft says."""
    return GivenDecision(
        draft.outcome.value, draft.amount_cents, draft.classes, conditions_from(draft.conditions), draft.reasons,
        draft.shared, draft.against_advice,
    )  # fmt: skip


def _in_turn(work: Work, considered: Considered) -> None:
    """Wait for whoever else decides on a proposal of the call, and look whether this one can be decided on now."""
    session = work.session
    call = session.scalar(sa.select(Proposal.call_id).where(Proposal.id == considered.proposal_id))
    session.execute(sa.select(Call.id).where(Call.id == call).with_for_update())
    proposal = session.get_one(Proposal, considered.proposal_id)
    session.refresh(proposal, with_for_update=True)
    session.refresh(considered)
    of = session.get_one(BoardSession, considered.session_id)
    session.refresh(of, with_for_update={"read": True})  # minutes are not approved meanwhile
    if considered.removed_at is not None or of.stage not in HELD:
        raise refuse("decision.not-before", reference=proposal.reference)
    if last_of(session, proposal.id) != considered.id:
        raise refuse("decision.not-last", reference=proposal.reference)
    if proposal.stage not in COURSE.move("approve").origins:
        raise refuse("decision.stands-otherwise", reference=proposal.reference)


def _held_against(work: Work, considered: Considered, said: GivenDecision) -> None:
    """Refuse what a decision must not be. Whoever is kept from a proposal of the call is not told the sum, which would
    tell of that one."""
    known = known_of(work.session, considered, work.at.date())
    faults = list(decision_faults(said, known))
    if not faults:
        return
    if closed_to(work.actor):
        faults = [_without_sum(one) for one in faults]
    raise Refusal(*faults)


def _without_sum(fault: Fault) -> Fault:
    if fault.code != "decision.above-envelope":
        return fault
    return replace(fault, code="decision.above-envelope-kept", values={})


def _fixed(
    work: Work, considered: Considered, draft: DecisionDraft, said: GivenDecision, before: Decision | None
) -> Decision:  # fmt: skip
    session, today = work.session, work.at.date()
    advice, known = advice_on(session, considered), known_of(session, considered, today)
    departs = advice is None or against(said, known.advised)
    made = Decision(
        considered_id=considered.id, proposal_id=considered.proposal_id, outcome=draft.outcome,
        amount_cents=draft.amount_cents, classes=dict(draft.classes), reasons=draft.reasons, shared=draft.shared,
        against_advice=draft.against_advice if departs else "", advice_id=advice.id if advice else None,
        version_id=considered.version_id, supersedes_id=before.id if before else None,
        envelope_cents=known.envelope, prepared_by=draft.prepared_by, at=work.at, by=str(work.actor),
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.add_all(_condition(made, place, one) for place, one in enumerate(said.conditions, 1))
    return made


def _condition(made: Decision, place: int, one: Condition) -> DecisionCondition:
    return DecisionCondition(
        decision_id=made.id, position=place, text=one.text.strip(), owner=Owner(one.owner), due_on=_sure(one.due_on),
        before_allotment=one.before_allotment,
    )  # fmt: skip


def _sure(day: date | None) -> date:
    if day is None:  # asked before: for the type
        raise Refusal(Fault("decision.condition-date"))
    return day


def _stand(work: Work, proposal: Proposal, said: GivenDecision) -> None:
    """The proposal goes where the decision leads; of a decision that leads where it stands only the move is kept."""
    move = COURSE.move(MOVE_OF[said.outcome])
    origin = proposal.stage
    if origin != move.to:
        proposal.before, proposal.stage, proposal.stage_since = origin, move.to, work.at
    work.session.add(
        ProposalMove(
            proposal_id=proposal.id, move=move.name, origin=origin, to=move.to, reason=said.shared.strip(),
            due_at=None, at=work.at, by=str(work.actor),
        )
    )  # fmt: skip
