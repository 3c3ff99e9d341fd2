"""Reading score sheets: what is being filled in."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.scoring.models import Assignment, ScoreDraft


def draft_of(session: Session, assignment: Assignment) -> ScoreDraft | None:
    """What a reviewer has filled in so far; none before the first save."""
    return session.scalars(sa.select(ScoreDraft).where(ScoreDraft.assignment_id == assignment.id)).one_or_none()
