"""What happened on a project account: what of it is open or waits, its last day, and the allotments behind a figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.finance.models import (
    Allotment,
    AllotmentLine,
    AllotmentStage,
    Commitment,
    CommitmentMove,
    CommitmentStage,
)
from fundapp.ledger.models import Posting


@dataclass(frozen=True, slots=True)
class LastMoved:
    """What keeps a project account from closing: what is open of its commitments, booked or not (cents); how many of
    its allotments and commitments wait for a certifying officer; the day of its last entry or step."""

    open: int
    waiting: int
    last: date | None


def last_moved(session: Session, fund_id: int, project_id: int) -> LastMoved:
    """What happened last on a project account, and what of it is not finished; one query."""
    line, move = Posting.__table__.c, CommitmentMove.__table__.c
    of_project = Commitment.project_id == project_id
    steps = sa.select(sa.func.max(move.moved_on)).join(Commitment, Commitment.id == move.commitment_id)
    left = sa.select(sa.cast(sa.func.coalesce(sa.func.sum(move.cents), 0), sa.BigInteger))
    entries = sa.select(sa.func.max(line.posted_on)).where(line.fund_id == fund_id, line.project_id == project_id)
    raised = sa.select(sa.func.count(Commitment.id)).where(of_project, Commitment.stage == CommitmentStage.RAISED)
    prepared = sa.select(sa.func.count(Allotment.id)).where(
        Allotment.project_id == project_id, Allotment.stage == AllotmentStage.PREPARED
    )
    cents, commitments, allotments, stepped, posted = session.execute(
        sa.select(
            left.join(Commitment, Commitment.id == move.commitment_id).where(of_project).scalar_subquery(),
            raised.scalar_subquery(),
            prepared.scalar_subquery(),
            steps.where(of_project).scalar_subquery(),
            entries.scalar_subquery(),
        )
    ).one()
    return LastMoved(int(cents), commitments + allotments, max((one for one in (stepped, posted) if one), default=None))


@dataclass(frozen=True, slots=True)
class Given:
    """What an allotment that was released gives to the classes that are asked for; cents."""

    number: int
    since: date
    reason: str
    cents: int


def given(session: Session, project_id: int, classes: Sequence[str], on: date) -> list[Given]:
    """The allotments of a project that may be spent by a day, with what they give to classes (none: to all of them);
    those that give nothing to these are left out. They add up to what is allotted. One query."""
    line = AllotmentLine.__table__.c
    total: Any = sa.cast(sa.func.sum(line.cents), sa.BigInteger)
    asked = (
        sa.select(Allotment.number, Allotment.since, Allotment.reason, total)
        .join(AllotmentLine, line.allotment_id == Allotment.id)
        .where(
            Allotment.project_id == project_id, Allotment.stage == AllotmentStage.RELEASED, Allotment.since <= on
        )
        .group_by(Allotment.id, Allotment.number, Allotment.since, Allotment.reason)
        .order_by(Allotment.number)
    )  # fmt: skip
    if classes:
        asked = asked.where(line.erp_class.in_(classes))
    return [Given(number, since, reason, int(cents)) for number, since, reason, cents in session.execute(asked)]
