"""Where instalments and receipts stand: what is booked of them, what is paid, what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.contributions.models import Instalment, Pledge, PledgeStage
from fundapp.finance.models import ChangeKind, ChangeStage, PledgeChange, Receipt, Recognition, Settlement
from fundapp.finance.rules.receiving import Purse, Standing
from fundapp.ledger.models import JournalEntry


def _sum(column: sa.ColumnElement[Any] | sa.orm.InstrumentedAttribute[int]) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.coalesce(sa.func.sum(column), 0), sa.BigInteger)  # PostgreSQL adds up to numeric


@dataclass(frozen=True, slots=True)
class Part:
    """An instalment of a pledge, and where it stands."""

    instalment: Instalment
    pledge: Pledge
    stands: Standing


def parts(session: Session, of: sa.ColumnElement[bool], on: date | None = None) -> list[Part]:
    """The instalments asked for, the earliest due first, and where each stands by the end of a day or by all that is
    known: the one reading of what is outstanding. One query."""
    asked = _standing(of, on).add_columns(Instalment, Pledge)
    found = session.execute(asked.order_by(Instalment.due_on, Pledge.number, Instalment.number))
    return [Part(instalment, pledge, Standing(*figures)) for *figures, instalment, pledge in found]


def standing(session: Session, instalment: Instalment) -> Standing:
    """Where one instalment stands."""
    return parts(session, Instalment.id == instalment.id)[0].stands


def binding(fund_id: int, donor_id: int | None = None, by: date | None = None) -> sa.ColumnElement[bool]:
    """The instalments of pledges that bind, or bind by a day: of a fund, or of one of its donors."""
    wanted = [Pledge.fund_id == fund_id, Pledge.stage == PledgeStage.BINDING]
    if donor_id is not None:
        wanted.append(Pledge.donor_id == donor_id)
    if by is not None:
        wanted.append(Pledge.binds_on <= by)
    return sa.and_(*wanted)


def overdue(fund_id: int, today: date) -> sa.ScalarSelect[int]:
    """How many instalments were due before a day and are not paid."""
    of = _standing(binding(fund_id) & (Instalment.due_on < today), None).subquery().c
    return sa.select(sa.func.count()).where(of.minor > of.settled + of.lowered).scalar_subquery()


def paid_by_pledge(session: Session, fund_id: int, donor_id: int | None = None) -> dict[int, int]:
    """Pledge's key -> minor units of its currency that receipts settle of it, those undone left out. One query."""
    of = sa.select(Instalment.id).join(Pledge, Pledge.id == Instalment.pledge_id).where(Pledge.fund_id == fund_id)
    settled = _settled(of if donor_id is None else of.where(Pledge.donor_id == donor_id), None)
    asked = sa.select(Instalment.pledge_id, _sum(settled.c.settled)).join(
        settled, settled.c.instalment_id == Instalment.id
    )
    return dict(session.execute(asked.group_by(Instalment.pledge_id)).all())


def due_by_pledge(session: Session, fund_id: int, donor_id: int | None = None) -> dict[int, date]:
    """Key of a pledge that binds -> the day on which the first of its instalments is due that is not paid, lowered or
    written off in full; none for those of which nothing is left to pay. One query."""
    asked = _standing(binding(fund_id, donor_id), None).add_columns(Instalment.pledge_id, Instalment.due_on)
    of = asked.subquery().c
    left = of.minor > of.settled + of.lowered
    first = sa.select(of.pledge_id, sa.func.min(of.due_on)).where(left).group_by(of.pledge_id)
    return dict(session.execute(first).all())


def _standing(of: sa.ColumnElement[bool], on: date | None) -> sa.Select[*tuple[Any, ...]]:
    """What Standing takes, in its order, for each of these instalments. What happened counts from the day on which it
    was booked: that is the day which each of these rows carries."""
    keys = sa.select(Instalment.id).join(Pledge, Pledge.id == Instalment.pledge_id).where(of)
    settled, lowered = _settled(keys, on), _lowered(keys, on)
    booked = [Recognition.instalment_id == Instalment.id]
    if on is not None:
        booked.append(Recognition.recognised_on <= on)
    sums = (settled.c.settled, settled.c.settled_cents, settled.c.gave, lowered.c.lowered, lowered.c.lowered_cents)
    return (
        sa.select(
            Instalment.minor, Recognition.cents.label("recognised"),
            *(sa.func.coalesce(one, 0).label(one.name) for one in sums),
        )
        .join(Pledge, Pledge.id == Instalment.pledge_id)
        .outerjoin(Recognition, sa.and_(*booked))
        .outerjoin(settled, settled.c.instalment_id == Instalment.id)
        .outerjoin(lowered, lowered.c.instalment_id == Instalment.id)
        .where(of)
    )  # fmt: skip


def _settled(of: sa.Select[int], on: date | None) -> sa.Subquery:
    """Instalment -> what receipts settle of it; with its receipt undone a settlement counts no more."""
    counts: sa.ColumnElement[bool] = Receipt.undone_at.is_(None)
    if on is not None:
        undone = sa.select(JournalEntry.posted_on).where(JournalEntry.id == Receipt.undone_entry_id).scalar_subquery()
        counts = (Settlement.settled_on <= on) & (counts | (undone > on))
    return (
        sa.select(
            Settlement.instalment_id, _sum(Settlement.minor).label("settled"),
            _sum(Settlement.recognised_cents).label("settled_cents"), _sum(Settlement.cents).label("gave"),
        )
        .join(Receipt, Receipt.id == Settlement.receipt_id)
        .where(Settlement.instalment_id.in_(of), counts)
        .group_by(Settlement.instalment_id)
        .subquery()
    )  # fmt: skip


def _lowered(of: sa.Select[int], on: date | None) -> sa.Subquery:
    """Instalment -> by how much it was lowered or written off."""
    change = PledgeChange
    wanted = [change.instalment_id.in_(of), change.stage == ChangeStage.APPROVED, change.kind != ChangeKind.REFUND]
    if on is not None:
        wanted.append(change.changed_on <= on)
    return (
        sa.select(change.instalment_id, _sum(change.minor).label("lowered"), _sum(change.cents).label("lowered_cents"))
        .where(*wanted)
        .group_by(change.instalment_id)
        .subquery()
    )


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
