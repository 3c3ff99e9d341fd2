"""Notices to trustees: that a session was opened to them, or called off."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.board.models import BoardSession, Participant, Trustee
from fundapp.proposals.models import Notice


def trustees_told(session: Session, of: BoardSession, kind: str, *, by: int, at: datetime) -> list[Notice]:
    """What became of a session that is still to come, to its trustees, but for whoever brought it about."""
    if of.until < at.date():
        return []
    asked = (
        sa.select(Trustee.person_id)
        .join(Participant, Participant.trustee_id == Trustee.id)
        .where(Participant.session_id == of.id, Participant.removed_at.is_(None))
        .where(Trustee.person_id.is_not(None), Trustee.person_id != by)
    )
    fund = min(of.fund_ids)
    return [
        Notice(fund_id=fund, person_id=person, proposal_id=None, kind=kind, details={"session": of.id}, at=at)
        for person in session.scalars(asked.distinct().order_by(Trustee.person_id))
    ]
