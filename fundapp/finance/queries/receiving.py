"""Where instalments and receipts stand: what is booked of them, what is paid, what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.contributions.models import Instalment
from fundapp.finance.models import ChangeKind, ChangeStage, PledgeChange, Receipt, Recognition, Settlement
from fundapp.finance.rules.receiving import Purse, Standing
from fundapp.ledger.models import JournalEntry

LOWERS = (ChangeKind.REDUCTION, ChangeKind.WRITE_OFF)


def _sum(column: sa.ColumnElement[Any] | sa.orm.InstrumentedAttribute[int]) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.coalesce(sa.func.sum(column), 0), sa.BigInteger)  # PostgreSQL adds up to numeric


def _counts(on: date | None) -> sa.ColumnElement[bool]:
    """Whether a settlement counts: its receipt is not undone, or was not yet on that day."""
    if on is None:
        return Receipt.undone_at.is_(None)
    undone = sa.select(JournalEntry.posted_on).where(JournalEntry.id == Receipt.undone_entry_id).scalar_subquery()
    return (Settlement.settled_on <= on) & (Receipt.undone_entry_id.is_(None) | (undone > on))


def standings(session: Session, of: Sequence[Instalment], on: date | None = None) -> dict[int, Standing]:
    """Instalment's key -> where it stands, by the end of a day or by all that is known; three queries."""
    keys = [one.id for one in of]
    booked = sa.select(Recognition.instalment_id, Recognition.cents).where(Recognition.instalment_id.in_(keys))
    paid = (
        sa.select(
            Settlement.instalment_id, _sum(Settlement.minor), _sum(Settlement.recognised_cents), _sum(Settlement.cents)
        )
        .join(Receipt, Receipt.id == Settlement.receipt_id)
        .where(Settlement.instalment_id.in_(keys), _counts(on))
        .group_by(Settlement.instalment_id)
    )
    less = (
        sa.select(PledgeChange.instalment_id, _sum(PledgeChange.minor), _sum(PledgeChange.cents))
        .where(
            PledgeChange.instalment_id.in_(keys), PledgeChange.stage == ChangeStage.APPROVED,
            PledgeChange.kind.in_(LOWERS),
        )
        .group_by(PledgeChange.instalment_id)
    )  # fmt: skip
    if on is not None:
        booked, less = booked.where(Recognition.recognised_on <= on), less.where(PledgeChange.changed_on <= on)
    known: Mapping[int, int] = dict(session.execute(booked).all())
    settled = {key: sums for key, *sums in session.execute(paid)}
    lowered = {key: sums for key, *sums in session.execute(less)}
    return {
        one.id: Standing(one.minor, known.get(one.id), *settled.get(one.id, (0, 0, 0)), *lowered.get(one.id, (0, 0)))
        for one in of
    }


def standing(session: Session, instalment: Instalment) -> Standing:
    """Where one instalment stands."""
    return standings(session, [instalment])[instalment.id]


def purses(session: Session, of: Sequence[Receipt]) -> dict[int, Purse]:
    """Receipt's key -> what became of it; two queries."""
    keys = [one.id for one in of]
    settled = (
        sa.select(Settlement.receipt_id, _sum(Settlement.minor))
        .where(Settlement.receipt_id.in_(keys))
        .group_by(Settlement.receipt_id)
    )
    back = (
        sa.select(PledgeChange.receipt_id, _sum(PledgeChange.minor))
        .where(
            PledgeChange.receipt_id.in_(keys), PledgeChange.kind == ChangeKind.REFUND,
            PledgeChange.stage == ChangeStage.APPROVED,
        )
        .group_by(PledgeChange.receipt_id)
    )  # fmt: skip
    paid: dict[int, int] = dict(session.execute(settled).all())
    gone: dict[int | None, int] = dict(session.execute(back).all())
    return {one.id: Purse(one.minor, one.cents, paid.get(one.id, 0), gone.get(one.id, 0)) for one in of}


def purse(session: Session, receipt: Receipt) -> Purse:
    """What became of one receipt."""
    return purses(session, [receipt])[receipt.id]


def has_refunds(session: Session, receipt: Receipt) -> bool:
    """Whether part of a receipt went back, or is about to."""
    asked = sa.select(PledgeChange.id).where(
        PledgeChange.receipt_id == receipt.id,
        PledgeChange.kind == ChangeKind.REFUND,
        PledgeChange.stage != ChangeStage.REFUSED,
    )
    return session.scalar(asked.limit(1)) is not None
