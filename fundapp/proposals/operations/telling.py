"""Notices: what people are to hear of about proposals. They wait until a letter takes them along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from fundapp.proposals.models import Notice, Proposal
from fundapp.proposals.queries.screening import people_of

# Which letters of rules.stages go to the secretariat; the others go to the office.
TO_THE_DESK = frozenset(
    {"proposal-arrived", "proposal-changed", "proposal-taken-back", "proposal-withdrawn", "question-answered"}
)


def notices(
    session: Session, proposal: Proposal, kinds: Iterable[str], details: Mapping[str, str], *, by: int, at: datetime
) -> list[Notice]:
    """A notice of each kind for everybody whom it concerns, but for whoever brought it about."""
    return [
        Notice(
            fund_id=proposal.fund_id, person_id=person, proposal_id=proposal.id, kind=kind,
            details={key: value for key, value in details.items() if value}, at=at,
        )
        for kind in kinds
        for person in people_of(session, proposal, office=kind not in TO_THE_DESK)
        if person != by
    ]  # fmt: skip
