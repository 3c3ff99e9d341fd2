"""Notices to those who score: that a proposal is theirs to score, and that a round is closed or open again."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Person
from fundapp.proposals.models import Notice, Proposal
from fundapp.scoring.models import Assignment, ScoringRound
from fundapp.scoring.queries.telling import ASSIGNED, REOPENED


def assigned_notice(round_: ScoringRound, proposal: Proposal, person: Person, at: datetime) -> Notice:
    """That a proposal is somebody's to score, and until when."""
    details = {"due": round_.due_at.isoformat()}
    return Notice(
        fund_id=proposal.fund_id, person_id=person.id, proposal_id=proposal.id, kind=ASSIGNED, details=details, at=at
    )


def round_notices(session: Session, round_: ScoringRound, kind: str, *, by: int, at: datetime) -> list[Notice]:
    """What became of a round, to everybody who scores in it, but for whoever brought it about."""
    asked = sa.select(Assignment.person_id).where(
        Assignment.round_id == round_.id, Assignment.ended_at.is_(None), Assignment.person_id != by
    )
    details = {"round": round_.id, **({"due": round_.due_at.isoformat()} if kind == REOPENED else {})}
    return [
        Notice(fund_id=round_.fund_id, person_id=person, proposal_id=None, kind=kind, details=details, at=at)
        for person in session.scalars(asked.distinct().order_by(Assignment.person_id))
    ]
