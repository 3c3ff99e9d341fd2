"""Reading a call's scoring: its scales and its round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.funds.models import Fund
from fundapp.funds.queries import newest_edition
from fundapp.proposals.models import Call, CallAnchor, CallCriterion, CallScale
from fundapp.scoring.models import ScoringRound
from fundapp.scoring.queries.criteria import scales_in
from fundapp.scoring.rules.scales import Scale


def round_of(session: Session, call: Call) -> ScoringRound | None:
    """The scoring of a call; none before it is opened."""
    return session.scalars(sa.select(ScoringRound).where(ScoringRound.call_id == call.id)).one_or_none()


def scales_of(session: Session, call: Call) -> tuple[Scale, ...]:
    """What a call's proposals are scored on, as it was fixed when the call was opened; two queries. A call that was
    opened before its criteria had scales has none."""
    asked = sa.select(CallCriterion, CallScale).join(CallScale, CallScale.criterion_id == CallCriterion.id)
    rows = session.execute(asked.where(CallCriterion.call_id == call.id).order_by(CallCriterion.position)).all()
    of_call = sa.select(CallAnchor).join(CallCriterion, CallCriterion.id == CallAnchor.criterion_id)
    anchors: defaultdict[int, dict[int, Mapping[str, str]]] = defaultdict(dict)
    for anchor in session.scalars(of_call.where(CallCriterion.call_id == call.id).order_by(CallAnchor.step)):
        anchors[anchor.criterion_id][anchor.step] = anchor.names
    return tuple(
        Scale(
            one.id, one.code, one.names, scale.question, one.weight, scale.lowest, scale.highest, scale.may_skip,
            scale.threshold, anchors[one.id],
        )
        for one, scale in rows
    )  # fmt: skip


def scales_now(session: Session, fund: Fund) -> tuple[Scale, ...]:
    """What the fund's next call will be scored on: the newest edition of its criteria; three queries."""
    newest = session.scalar(sa.select(newest_edition(fund.id))) or 0
    return scales_in(session, fund, newest)
