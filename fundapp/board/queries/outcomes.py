"""What was said of proposals before the Board, for its minutes: who took no part, the advice, the decision."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.board.models import (
    Advice,
    ConditionMove,
    ConditionStep,
    Considered,
    Decision,
    DecisionCondition,
    Interest,
    InterestKind,
    Participant,
    Trustee,
    Vote,
)
from fundapp.board.rules.minutes import Advised, Apart, Condition, Decided, Voted
from fundapp.proposals.models import Proposal, Recusal
from fundapp.reference.models import Country


@dataclass(frozen=True, slots=True)
class Put:
    """A proposal that was put before the Board, and its State."""

    considered: Considered
    proposal: Proposal
    state: Country | None


@dataclass(frozen=True, slots=True)
class Interests:
    """Which people are kept from which proposals, and what each trustee declared last, by how the proposal was put
    before the Board."""

    kept: frozenset[tuple[int, int | None]]
    said: Mapping[tuple[int, int], InterestKind]

    def apart(self, put: Put, who: Trustee) -> Apart | None:
        """How a trustee takes no part: an interest keeps them from the proposal, or of those of the past, who do not
        sign in, they declared one; None where they take part."""
        kind = self.said.get((put.considered.id, who.id), InterestKind.NONE)
        named = "" if kind is InterestKind.NONE else kind.value
        kept = (put.proposal.id, who.person_id) in self.kept or (who.person_id is None and bool(named))
        return Apart(who.name, named) if kept else None


def interests(session: Session, put: Sequence[Put]) -> Interests:
    """The interests in proposals before the Board; one query."""
    recused = sa.select(
        sa.literal(0).label("place"), Recusal.proposal_id.label("what"), Recusal.person_id.label("who"),
        sa.literal("").label("kind"),
    ).where(Recusal.proposal_id.in_([one.proposal.id for one in put]), Recusal.lifted_at.is_(None))  # fmt: skip
    declared = sa.select(
        Interest.id, Interest.considered_id, Interest.trustee_id, sa.cast(Interest.kind, sa.String)
    ).where(Interest.considered_id.in_([one.considered.id for one in put]))  # fmt: skip
    kept: set[tuple[int, int | None]] = set()
    said: dict[tuple[int, int], InterestKind] = {}
    for place, what, who, kind in session.execute(sa.union_all(recused, declared).order_by("place")):
        if place:
            said[what, who] = InterestKind(kind)
        else:
            kept.add((what, who))
    return Interests(frozenset(kept), said)


def kept_apart(
    known: Interests, put: Sequence[Put], people: Sequence[Participant]
) -> Mapping[int, tuple[Apart, ...]]:  # fmt: skip
    """The trustees of a session who took no part in a proposal, by how it was put before it."""
    trustees = [person.trustee for person in people if person.trustee]
    return {
        one.considered.id: tuple(apart for who in trustees if (apart := known.apart(one, who)) is not None)
        for one in put
    }


def advised(session: Session, put: Sequence[Put], known: Interests) -> dict[int, Advised]:
    """The advice that stands, by how the proposal was put before the Board, with the votes where they were recorded,
    and which of these count no more; one query."""
    of = {one.considered.id: one for one in put}
    asked = (
        sa.select(Advice, Vote, Trustee)
        .outerjoin(Vote, Vote.ballot_id == Advice.ballot_id)
        .outerjoin(Trustee, Trustee.id == Vote.trustee_id)
        .where(Advice.considered_id.in_(of))
        .order_by(Advice.id, Vote.id)
    )
    last: dict[int, Advice] = {}
    votes: dict[int, list[Voted]] = {}
    rows: list[tuple[Advice, Vote | None, Trustee | None]] = [(*row,) for row in session.execute(asked)]
    for advice, vote, who in rows:
        last[advice.considered_id] = advice
        if vote is not None and who is not None:
            counts = known.apart(of[advice.considered_id], who) is None
            votes.setdefault(advice.id, []).append(Voted(who.name, vote.choice.value, counts))
    return {key: _advised(one, votes.get(one.id, [])) for key, one in last.items()}


def _advised(one: Advice, votes: Sequence[Voted]) -> Advised:
    return Advised(
        one.outcome.value, one.way.value, one.at.date(), one.amount_cents, one.reasons, one.conditions, one.votes_for,
        one.votes_against, one.abstained, one.recused, one.taking_part, tuple(votes),
    )  # fmt: skip


def decided(
    session: Session, put: Sequence[Put], earlier: Collection[int], until: date
) -> dict[int, Decided]:  # fmt: skip
    """The last decision on each, by how the proposal was put before the Board; of an `earlier` session only what was
    known on the day `until`, with what had become of the conditions. One query."""
    asked = (
        sa.select(Decision, DecisionCondition, ConditionStep)
        .outerjoin(DecisionCondition, DecisionCondition.decision_id == Decision.id)
        .outerjoin(ConditionStep, ConditionStep.condition_id == DecisionCondition.id)
        .where(Decision.considered_id.in_([one.considered.id for one in put]))
        .order_by(Decision.id, DecisionCondition.position, DecisionCondition.id, ConditionStep.id)
    )
    last: dict[int, Decision] = {}
    conditions: dict[int, dict[int, Condition]] = {}
    rows: list[tuple[Decision, DecisionCondition | None, ConditionStep | None]] = [
        (*row,) for row in session.execute(asked)
    ]
    for decision, condition, step in rows:
        then = decision.considered_id in earlier
        if then and decision.at.date() > until:
            continue
        last[decision.considered_id] = decision
        if condition is not None:
            known = step is not None and then and step.at.date() <= until
            of = conditions.setdefault(decision.id, {})
            if condition.id not in of or known:
                of[condition.id] = _condition(condition, step if known else None)
    return {key: _decided(one, conditions.get(one.id, {})) for key, one in last.items()}


def _decided(one: Decision, conditions: Mapping[int, Condition]) -> Decided:
    return Decided(
        one.outcome.value, one.at.date(), one.amount_cents, one.reasons, one.against_advice, tuple(conditions.values())
    )  # fmt: skip


def _condition(one: DecisionCondition, step: ConditionStep | None) -> Condition:
    standing = {ConditionMove.MET: "met", ConditionMove.WAIVED: "waived"}.get(step.move, "open") if step else "open"
    return Condition(one.text, one.owner.value, one.due_on, one.before_allotment, standing)
