"""Entries made by hand: the list and one of them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.finance.models import ManualEntry, ManualStage
from fundapp.funds.models import Fund

PAGE = 50


def manual_entries(
    session: Session, fund: Fund, stage: ManualStage | None, page: int
) -> tuple[Sequence[ManualEntry], int]:
    """The entries by hand of a fund, newest first, and how many there are."""
    wanted = [ManualEntry.fund_id == fund.id, *([ManualEntry.stage == stage] if stage else [])]
    total = session.scalar(sa.select(sa.func.count()).select_from(ManualEntry).where(*wanted)) or 0
    asked = sa.select(ManualEntry).where(*wanted).order_by(ManualEntry.id.desc())
    return session.scalars(asked.limit(PAGE).offset(PAGE * (page - 1))).all(), total


def manual_entry(session: Session, fund: Fund, key: int) -> ManualEntry | None:
    """An entry by hand of the fund."""
    found = session.get(ManualEntry, key)
    return found if found is not None and found.fund_id == fund.id else None
