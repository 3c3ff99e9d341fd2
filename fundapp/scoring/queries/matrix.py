"""Reading what the matrix of a call shows in as few questions as can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor
from fundapp.funds.models import Fund
from fundapp.proposals.models import Call, CallCriterion, CallScale
from fundapp.proposals.queries.calls import CALL, seen
from fundapp.proposals.queries.proposals import scope
from fundapp.scoring.models import ScoringRound
from fundapp.scoring.queries.ranking import Proposed, counting, proposed
from fundapp.scoring.rules.combining import Candidate, Ranked, Terms, ranked
from fundapp.scoring.rules.scales import Scale


@dataclass(frozen=True, slots=True)
class Matrix:
    """The proposals of a call in the order of the ranking, with what became of each criterion. The scales come without
    what their steps stand for; who lost the role of a reviewer is not asked."""

    call: Call
    round: ScoringRound
    scales: tuple[Scale, ...]
    rows: Sequence[tuple[Proposed, Ranked]]


def matrix(session: Session, actor: Actor, fund: Fund, code: str, language: str, now: datetime) -> Matrix | None:
    """The matrix of a call; none where somebody may know of no such call, or its scoring was not opened; three
    queries."""
    asked = (
        sa.select(Call, ScoringRound, CallCriterion, CallScale)
        .join(ScoringRound, ScoringRound.call_id == Call.id)
        .join(CallCriterion, CallCriterion.call_id == Call.id)
        .join(CallScale, CallScale.criterion_id == CallCriterion.id)
        .where(CALL.c.code == code, *seen(actor, fund.id, now))
        .order_by(CallCriterion.position)
    )
    found = session.execute(asked).all()
    if not found:
        return None
    call, of = found[0][0], found[0][1]
    scales = tuple(_scale(criterion, scale) for _call, _round, criterion, scale in found)
    mine = scope(actor, fund.id)
    proposals = proposed(session, mine, call, of, language, now)
    sheets = counting(session, mine, of, scales)
    candidates = [Candidate(key, one.left_out, one.excepted) for key, one in proposals.items()]
    rows = ranked(candidates, sheets, Terms(scales, of.sheets, of.threshold))
    return Matrix(call, of, scales, [(proposals[one.proposal], one) for one in rows])


def _scale(one: CallCriterion, scale: CallScale) -> Scale:
    return Scale(
        one.id, one.code, one.names, scale.question, one.weight, scale.lowest, scale.highest, scale.may_skip,
        scale.threshold, {},
    )  # fmt: skip
