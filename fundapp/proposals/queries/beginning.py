"""Where an office may begin a proposal, what it has begun, and what waits for it or for a desk officer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Office
from fundapp.access.policy import Actor
from fundapp.funds.models import Fund
from fundapp.proposals.models import CallException, Proposal, ProposalComment
from fundapp.proposals.queries.calls import CALL, CLOSING, MINUTE, CallRow, offices_of, rank_of, row_of, seen
from fundapp.proposals.queries.places import Ground, grounds, places_of_calls
from fundapp.proposals.queries.proposals import PROPOSAL, visible
from fundapp.proposals.rules import Places
from fundapp.proposals.rules import Stage as CallStage
from fundapp.proposals.rules.stages import Stage


@dataclass(frozen=True, slots=True)
class Opening:
    """A call to which some of somebody's offices may begin a proposal now; late: where it is by exception alone.
    outside: of these offices those in whose State it does not pay for a project, with that State."""

    row: CallRow
    offices: frozenset[int]
    late: datetime | None = None
    outside: Mapping[int, Ground] = field(default_factory=dict)

    @property
    def elsewhere(self) -> bool:
        """Whether it is for the State of none of them."""
        return self.offices == self.outside.keys()


def offices_named(session: Session, keys: Sequence[int]) -> Sequence[Office]:
    """These offices by name; one query."""
    return session.scalars(sa.select(Office).where(Office.id.in_(keys)).order_by(Office.name)).all()


def openings(session: Session, actor: Actor, fund: Fund, now: datetime, state: str = "") -> list[Opening]:
    """The calls that somebody's offices may begin a proposal to, what closes next first; four queries. state: the one
    that they are held against, where it is not the office's own."""
    mine = offices_of(actor, fund.id)
    if not mine:
        return []
    late: dict[int, dict[int, datetime]] = {}
    excepted = sa.select(CallException).where(CallException.office_id.in_(mine), CallException.until > now - MINUTE)
    for one in session.scalars(excepted):
        known = late.setdefault(one.call_id, {})
        known[one.office_id] = max(one.until, known.get(one.office_id, one.until))
    rank = rank_of(now)
    wanted = sa.or_(rank == CallStage.OPEN.value, sa.and_(rank == CallStage.CLOSED.value, CALL.c.id.in_(sorted(late))))
    asked = sa.select(CALL, rank.label("stage"), CLOSING.label("closing")).where(*seen(actor, fund.id, now), wanted)
    found = []
    for row in map(row_of, session.execute(asked.order_by(CLOSING.nulls_last(), CALL.c.id))):
        is_open = row.stage is CallStage.OPEN
        whose = mine if is_open else set(late[row.id])
        found.append(Opening(row, frozenset(whose), None if is_open else max(late[row.id].values())))
    return _placed(session, found, state) if found else []


def _placed(session: Session, found: Sequence[Opening], state: str) -> list[Opening]:
    """The same with the offices in whose State a call pays for nothing."""
    places = places_of_calls(session, [one.row.id for one in found])
    if all(one.everywhere for one in places.values()):
        return list(found)
    keys = sorted({key for one in found for key in one.offices})
    states = {one.id: state or one.country for one in offices_named(session, keys)}
    known = grounds(session, states.values())
    return [replace(one, outside=_outside(one, places[one.row.id], states, known)) for one in found]


def _outside(one: Opening, places: Places, states: Mapping[int, str], known: Mapping[str, Ground]) -> dict[int, Ground]:
    there = {key: known[states[key]] for key in sorted(one.offices) if states[key] in known}
    return {key: ground for key, ground in there.items() if not ground.within(places)}


def answered(session: Session, actor: Actor, fund: Fund) -> set[int]:
    """The calls to which somebody's offices have a proposal that they did not put aside or withdraw; one query."""
    asked = sa.select(Proposal.call_id).where(
        Proposal.fund_id == fund.id,
        Proposal.office_id.in_(sorted(offices_of(actor, fund.id))),
        visible(actor, fund.id),
        Proposal.stage.not_in([Stage.DISCARDED.value, Stage.WITHDRAWN.value]),
    )
    return set(session.scalars(asked.distinct()))


def in_hand(session: Session, actor: Actor, fund: Fund) -> Sequence[Proposal]:
    """What somebody's offices have in hand and can move on: drafts that lack nothing, cleared ones, returned ones, what
    is due first; one query."""
    ready = sa.and_(Proposal.stage == Stage.DRAFT.value, Proposal.done == 100)
    asked = sa.select(Proposal).where(
        Proposal.fund_id == fund.id,
        Proposal.office_id.in_(sorted(offices_of(actor, fund.id))),
        visible(actor, fund.id),
        sa.or_(ready, Proposal.stage.in_([Stage.CLEARED.value, Stage.RETURNED.value])),
    )
    return session.scalars(asked.order_by(Proposal.due_at.asc().nulls_last(), Proposal.id)).all()


def on_the_desk(session: Session, actor: Actor, fund: Fund, person: int) -> Sequence[Proposal]:
    """What was handed in and waits for a desk officer: theirs, and what is nobody's, longest waiting first; one
    query."""
    stages = [Stage.SUBMITTED.value, Stage.IN_SCREENING.value]
    asked = sa.select(Proposal).where(
        visible(actor, fund.id),
        PROPOSAL.c.stage.in_(stages),
        sa.or_(PROPOSAL.c.officer_id == person, PROPOSAL.c.officer_id.is_(None)),
    )
    return session.scalars(asked.order_by(PROPOSAL.c.stage_since, PROPOSAL.c.id)).all()


def comments_on(session: Session, found: Proposal, section: str = "") -> Sequence[ProposalComment]:
    """What the people of the office said to each other, of a section or of all, oldest first; one query."""
    asked = sa.select(ProposalComment).where(ProposalComment.proposal_id == found.id)
    if section:
        asked = asked.where(ProposalComment.section == section)
    return session.scalars(asked.order_by(ProposalComment.id)).all()
