"""How far the scoring of a call is: sheets that are in, and those that each proposal still needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor
from fundapp.proposals.models import Proposal
from fundapp.proposals.queries.proposals import visible
from fundapp.scoring.models import Assignment, RoundException, ScoringRound
from fundapp.scoring.queries.assigning import SCORED_STAGES


@dataclass(frozen=True, slots=True)
class Progress:
    """A proposal that is scored: how many have it, how many sheets are in, whether it may be ranked on fewer."""

    id: int
    reference: str
    assigned: int
    given: int
    excepted: bool


def progress(session: Session, actor: Actor, round_: ScoringRound) -> list[Progress]:
    """How far each proposal is, in the order of their numbers; one query. For somebody who is kept from a proposal it
    is not there."""
    standing = sa.and_(
        Assignment.proposal_id == Proposal.id, Assignment.round_id == round_.id, Assignment.ended_at.is_(None)
    )
    excepted = sa.exists().where(RoundException.proposal_id == Proposal.id, RoundException.round_id == round_.id)
    asked = (
        sa.select(
            Proposal.id, Proposal.reference, sa.func.count(Assignment.id), sa.func.count(Assignment.sheet_id), excepted
        )
        .outerjoin(Assignment, standing)
        .where(Proposal.call_id == round_.call_id, Proposal.stage.in_(SCORED_STAGES), visible(actor, round_.fund_id))
        .group_by(Proposal.id, Proposal.reference, Proposal.number)
        .order_by(Proposal.number)
    )
    return [
        Progress(key, reference, many, given, bool(one)) for key, reference, many, given, one in session.execute(asked)
    ]


def lacking(session: Session, actor: Actor, round_: ScoringRound) -> Sequence[Progress]:
    """The proposals that keep a round from being closed: fewer sheets than it asks for, and no exception."""
    return [one for one in progress(session, actor, round_) if one.given < round_.sheets and not one.excepted]
