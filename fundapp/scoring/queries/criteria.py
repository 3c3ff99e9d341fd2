"""Reading the editions of a fund's criteria."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from fundapp.funds.models import CriteriaEdition, Criterion, Fund
from fundapp.scoring.rules.scales import Scale


def editions(session: Session, fund: Fund) -> Sequence[CriteriaEdition]:
    """The editions of a fund's criteria, newest first; one query."""
    asked = sa.select(CriteriaEdition).where(CriteriaEdition.fund_id == fund.id)
    return session.scalars(asked.order_by(CriteriaEdition.number.desc())).all()


def scales_in(session: Session, fund: Fund, edition: int) -> tuple[Scale, ...]:
    """The criteria of an edition, in their order; none where there is no such edition; two queries."""
    asked = sa.select(Criterion).where(Criterion.fund_id == fund.id, Criterion.edition == edition)
    rows = session.scalars(asked.options(selectinload(Criterion.anchors)).order_by(Criterion.position))
    return tuple(scale_from(one) for one in rows)


def scale_from(one: Criterion) -> Scale:
    """A criterion of a fund as it is scored."""
    return Scale(
        0, one.code, one.names, one.question, one.weight, one.lowest, one.highest, one.may_skip, one.threshold,
        {anchor.step: anchor.names for anchor in one.anchors},
    )  # fmt: skip
