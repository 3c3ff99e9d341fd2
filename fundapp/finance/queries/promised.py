"""What came of what was promised: paid of each pledge, in its currency, and when the rest of it is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.contributions.models import Instalment, Pledge, PledgeStage
from fundapp.finance.models import ChangeStage, PledgeChange, Receipt, Settlement
from fundapp.finance.queries.receiving import LOWERS


def paid_by_pledge(session: Session, fund_id: int, donor: int | None = None) -> Mapping[int, int]:
    """Pledge's key -> minor units of its currency that receipts settle, those undone left out. One query."""
    asked = (
        sa.select(Pledge.id, sa.func.sum(Settlement.minor))
        .join(Instalment, Instalment.pledge_id == Pledge.id)
        .join(Settlement, Settlement.instalment_id == Instalment.id)
        .join(Receipt, Receipt.id == Settlement.receipt_id)
        .where(Pledge.fund_id == fund_id, Receipt.undone_at.is_(None))
        .group_by(Pledge.id)
    )
    if donor is not None:
        asked = asked.where(Pledge.donor_id == donor)
    return {key: int(minor) for key, minor in session.execute(asked)}


def due_by_pledge(session: Session, fund_id: int, donor: int | None = None) -> Mapping[int, date]:
    """Key of a pledge that binds -> the day on which the first of its instalments is due that is not paid, lowered or
    written off in full; none for those of which nothing is left to pay. One query."""
    paid = (
        sa.select(sa.func.coalesce(sa.func.sum(Settlement.minor), 0))
        .join(Receipt, Receipt.id == Settlement.receipt_id)
        .where(Settlement.instalment_id == Instalment.id, Receipt.undone_at.is_(None))
    )
    lowered = sa.select(sa.func.coalesce(sa.func.sum(PledgeChange.minor), 0)).where(
        PledgeChange.instalment_id == Instalment.id,
        PledgeChange.stage == ChangeStage.APPROVED,
        PledgeChange.kind.in_(LOWERS),
    )
    gone = paid.correlate(Instalment).scalar_subquery() + lowered.correlate(Instalment).scalar_subquery()
    asked = (
        sa.select(Pledge.id, sa.func.min(Instalment.due_on))
        .join(Instalment, Instalment.pledge_id == Pledge.id)
        .where(Pledge.fund_id == fund_id, Pledge.stage == PledgeStage.BINDING, Instalment.minor > gone)
        .group_by(Pledge.id)
    )
    if donor is not None:
        asked = asked.where(Pledge.donor_id == donor)
    return dict(session.execute(asked).all())
