"""What the agenda of a session is made from: its items and documents, calls, and proposals that can be put on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from fundapp.access.policy import Actor
from fundapp.board.models import (
    Advice,
    AdviceOutcome,
    AgendaDocument,
    AgendaItem,
    BoardSession,
    Considered,
    Decision,
    DecisionOutcome,
    Participant,
    SessionNumber,
    SessionStage,
)
from fundapp.board.rules.agenda import AgendaReader
from fundapp.proposals.models import Call, Proposal
from fundapp.proposals.queries.proposals import closed_to, visible
from fundapp.proposals.rules.stages import Stage
from fundapp.reference.models import Country
from fundapp.scoring.models import Scenario, ScoringRound
from fundapp.scoring.queries.scenarios import asked_of, chosen_in


def item_at(session: Session, of: BoardSession, fund_id: int, key: int, kept: AgendaReader) -> AgendaItem | None:
    """An item of a session that a fund sees; none for one that is not there for its reader, or was taken off."""
    found = session.get(AgendaItem, key)
    if found is None or found.session_id != of.id or found.removed_at is not None:
        return None
    if kept.titles(found.id, found.kind.value, found.names) is None:
        return None
    return found if found.fund_id in (None, fund_id) else None


def paper_at(session: Session, item: AgendaItem, key: int, kept: AgendaReader) -> AgendaDocument | None:
    """A document of an item; none for one that is not there for its reader, or was taken off."""
    found = session.get(AgendaDocument, key)
    if found is None or found.item_id != item.id or found.removed_at is not None:
        return None
    return found if kept.reads(item.id, item.kind.value, found.title, found.name) else None


def participant_at(session: Session, of: BoardSession, key: int) -> Participant | None:
    """Somebody who takes part in a session; none for whoever was taken off."""
    found = session.get(Participant, key)
    return found if found and found.session_id == of.id and found.removed_at is None else None


def calls_for(session: Session, fund_id: int) -> Sequence[Call]:
    """The calls of a fund whose proposals a session may take up, newest first: those that were opened and stand."""
    asked = sa.select(Call).where(Call.fund_id == fund_id, Call.opened_at.is_not(None), Call.cancelled_at.is_(None))
    return session.scalars(asked.order_by(Call.code.desc())).all()


# ------------------------------------------------------------------------------------- what can be put before the Board


@dataclass(frozen=True, slots=True)
class Offered:
    """A proposal that can be put before the Board. `chosen_cents`: what the scenario that was carried to the Board's
    session gives it, none where it does not; `deferred`: the number of the session that deferred it last; `elsewhere`:
    that of another session before which it is."""

    id: int
    reference: str
    title: str
    language: str
    state: str
    cents: int
    call: str
    chosen_cents: int | None
    deferred: int | None
    elsewhere: int | None

    @property
    def suggested(self) -> bool:
        """Whether it is ticked before anybody ticks it."""
        return self.chosen_cents is not None or self.deferred is not None


def offered(session: Session, actor: Actor, item: AgendaItem, fund_id: int, language: str) -> list[Offered]:
    """The proposals of a fund that can be put under an item: eligible, of its call where it has one or deferred by an
    earlier session, not before this one and not decided; none that is closed to whoever asks. Four queries."""
    state = Country.__table__.c[f"name_{language}"]
    here = sa.exists().where(
        Considered.session_id == item.session_id, Considered.proposal_id == Proposal.id, Considered.removed_at.is_(None)
    )
    asked = (
        sa.select(
            Proposal.id, Proposal.reference, Proposal.title, Proposal.language, sa.func.coalesce(state, ""),
            Proposal.total_cents, Call.code, Call.id,
        )
        .select_from(Proposal)
        .join(Call, Call.id == Proposal.call_id)
        .outerjoin(Country, Country.code == Proposal.country)
        .where(visible(actor, fund_id), Proposal.stage == Stage.ELIGIBLE, ~here, ~_settled())
        .order_by(Proposal.reference)
    )  # fmt: skip
    rows: Any = session.execute(asked).all()
    keys = [row[0] for row in rows]
    deferred, elsewhere = _deferred(session, keys, item.session_id, fund_id), _elsewhere(session, keys, item, fund_id)
    chosen = _carried(session, actor, {row[7] for row in rows})
    return [
        Offered(*[*row[:7], chosen.get(row[0]), deferred.get(row[0]), elsewhere.get(row[0])])
        for row in rows
        if item.call_id in (None, row[7]) or row[0] in deferred
    ]


def _settled() -> sa.ColumnElement[bool]:
    """That what was decided last of a proposal is to approve or to decline it."""
    other = aliased(Decision)
    last = sa.select(sa.func.max(other.id)).where(other.proposal_id == Proposal.id).correlate(Proposal)
    return sa.exists().where(Decision.id == last.scalar_subquery(), Decision.outcome != DecisionOutcome.DEFER)


def deferred_places(session: Session, proposals: Collection[int], but: int) -> dict[int, int]:
    """Proposal -> where it was last before the Board, at another session, of those that were deferred there."""
    place = Considered
    advice, decision = aliased(Advice), aliased(Decision)
    advised = sa.select(sa.func.max(advice.id)).where(advice.considered_id == place.id).correlate(place)
    decided = sa.select(sa.func.max(decision.id)).where(decision.considered_id == place.id).correlate(place)
    asked = (
        sa.select(place.proposal_id, place.id, Advice.outcome, Decision.outcome)
        .select_from(place)
        .outerjoin(Advice, Advice.id == advised.scalar_subquery())
        .outerjoin(Decision, Decision.id == decided.scalar_subquery())
        .where(place.proposal_id.in_(proposals), place.session_id != but, place.removed_at.is_(None))
        .order_by(place.id)
    )
    last = {proposal: (key, advised, decided) for proposal, key, advised, decided in session.execute(asked)}
    return {
        proposal: key
        for proposal, (key, said, taken) in last.items()
        if taken == DecisionOutcome.DEFER or (taken is None and said == AdviceOutcome.DEFER)
    }


def _deferred(session: Session, proposals: Collection[int], but: int, fund_id: int) -> dict[int, int]:
    """Proposal -> the number of the session that deferred it; two queries where there are any."""
    places = deferred_places(session, proposals, but)
    if not places:
        return {}
    asked = (
        sa.select(Considered.proposal_id, SessionNumber.number)
        .join(SessionNumber, SessionNumber.session_id == Considered.session_id)
        .where(Considered.id.in_(sorted(places.values())), SessionNumber.fund_id == fund_id)
    )
    return {row[0]: row[1] for row in session.execute(asked)}


def _elsewhere(session: Session, proposals: Collection[int], item: AgendaItem, fund_id: int) -> dict[int, int]:
    """Proposal -> the number of another session that is planned or open, and before which it is."""
    asked = (
        sa.select(Considered.proposal_id, SessionNumber.number)
        .join(BoardSession, BoardSession.id == Considered.session_id)
        .join(SessionNumber, SessionNumber.session_id == Considered.session_id)
        .where(
            Considered.proposal_id.in_(proposals),
            Considered.removed_at.is_(None),
            BoardSession.id != item.session_id,
            BoardSession.stage.in_([SessionStage.PLANNED, SessionStage.OPEN]),
            SessionNumber.fund_id == fund_id,
        )
    )
    return {row[0]: row[1] for row in session.execute(asked)}


def _carried(session: Session, actor: Actor, calls: Collection[int]) -> Mapping[int, int]:
    """Proposal -> the cents that it gets in the scenario of its call that was carried to the Board; none from one that
    a proposal stands in that is closed to whoever asks: what it gives would tell of that one."""
    asked = sa.select(Scenario).join(ScoringRound, ScoringRound.id == Scenario.round_id)
    carried = asked.where(
        ScoringRound.call_id.in_(calls), Scenario.carried_at.is_not(None), Scenario.removed_at.is_(None)
    )  # fmt: skip
    found: dict[int, int] = {}
    closed = closed_to(actor)
    for one in session.scalars(carried):
        candidates, chosen = asked_of(one)[0], chosen_in(one)
        if closed.isdisjoint(each.id for each in candidates):
            found |= {each.id: each.at(chosen[each.id]) for each in candidates if each.id in chosen}
    return found
