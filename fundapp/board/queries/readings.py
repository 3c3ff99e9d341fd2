"""Reading who still reads proposals that were opened to them for a session at which they have no seat any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.board.models import (
    BoardSession,
    Considered,
    Interest,
    InterestKind,
    SessionStage,
    Trustee,
    TrusteeTerm,
)
from fundapp.proposals.models import ProposalReader

NOT_OVER = (SessionStage.PLANNED, SessionStage.OPEN)


def readings_without_seat(session: Session, board_id: int, on: date) -> Sequence[ProposalReader]:
    """What was opened to trustees of a Board because they declared that they have no interest in it, and is before
    sessions that are not over, at none of which they sit by this day; one query."""
    asked = (
        sa.select(ProposalReader)
        .join(Trustee, Trustee.person_id == ProposalReader.person_id)
        .where(Trustee.board_id == board_id, ProposalReader.ended_at.is_(None), _declared())
        .where(_before(on, seated=False), ~_before(on, seated=True))
    )
    return session.scalars(asked.order_by(ProposalReader.id)).all()


def readings_of(session: Session, trustee: Trustee, person_id: int) -> Sequence[ProposalReader]:
    """What was opened to a person because they declared as this trustee; one query."""
    reader = ProposalReader
    asked = sa.select(reader).join(Trustee, Trustee.id == trustee.id)
    asked = asked.where(reader.person_id == person_id, reader.ended_at.is_(None), _declared())
    return session.scalars(asked.order_by(reader.id)).all()


def _declared() -> sa.ColumnElement[bool]:
    """That it was opened by a declaration of the trustee, and not to a reviewer."""
    put = sa.orm.aliased(Considered)
    asked = sa.select(Interest.id).join(put, put.id == Interest.considered_id)
    asked = asked.where(Interest.trustee_id == Trustee.id, Interest.kind == InterestKind.NONE)
    asked = asked.where(put.proposal_id == ProposalReader.proposal_id, Interest.at == ProposalReader.at)
    return asked.correlate(Trustee, ProposalReader).exists()


def _before(on: date, *, seated: bool) -> sa.ColumnElement[bool]:
    """That the proposal is before a session of the Board that is not over; seated: at which the trustee sits."""
    of, put, term = sa.orm.aliased(BoardSession), sa.orm.aliased(Considered), TrusteeTerm
    asked = sa.select(put.id).join(of, of.id == put.session_id)
    asked = asked.where(put.proposal_id == ProposalReader.proposal_id, put.removed_at.is_(None))
    asked = asked.where(of.board_id == Trustee.board_id, of.stage.in_(NOT_OVER))
    if seated:
        day = sa.case((of.since > on, of.since), (of.until < on, of.until), else_=sa.literal(on, sa.Date))
        ended = sa.or_(term.ended_on.is_(None), term.ended_on >= day)
        sits = sa.exists().where(term.trustee_id == Trustee.id, term.since <= day, term.until >= day, ended)
        asked = asked.where(sits.correlate(Trustee, of))
    return asked.correlate(Trustee, ProposalReader).exists()
