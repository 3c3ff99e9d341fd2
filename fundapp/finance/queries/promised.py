"""What came of what was promised: paid of each pledge, in the currency it was promised in."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.contributions.models import Instalment, Pledge
from fundapp.finance.models import Receipt, Settlement


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
