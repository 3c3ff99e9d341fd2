"""Fixing what a call's proposals are scored on: the fund's criteria as they are when it is opened."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.funds.models import Criterion, Fund
from fundapp.funds.queries import criteria
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import Work
from fundapp.proposals.models import Call, CallAnchor, CallCriterion, CallScale


def fix_criteria(session: Session, call: Call) -> None:
    """Copy the fund's criteria as they are, with their scales: what proposals are scored on does not change under them;
    part of opening a call."""
    for one in criteria(session, session.get_one(Fund, call.fund_id)):
        row = CallCriterion(call_id=call.id, position=one.position, code=one.code, weight=one.weight, **_six(one))
        session.add(row)
        session.flush()
        _fix_scale(session, row.id, one)


@operation(Permission.SCORING_RUN)
def fix_scales(work: Work, call: Call) -> int:
    """Give the criteria of a call that was opened before criteria had scales those of the fund's criteria of today,
    by their codes; says how many."""
    scaled = sa.select(CallScale.criterion_id)
    asked = sa.select(CallCriterion).where(CallCriterion.call_id == call.id, CallCriterion.id.not_in(scaled))
    now = {one.code: one for one in criteria(work.session, work.session.get_one(Fund, call.fund_id))}
    bare = [row for row in work.session.scalars(asked) if row.code in now]
    for row in bare:
        _fix_scale(work.session, row.id, now[row.code])
    return len(bare)


def _fix_scale(session: Session, criterion_id: int, one: Criterion) -> None:
    questions = {f"question_{language}": one.question[language] for language in LANGUAGES}
    session.add(
        CallScale(
            criterion_id=criterion_id, edition=one.edition, lowest=one.lowest, highest=one.highest,
            may_skip=one.may_skip, threshold=one.threshold, **questions,
        )
    )  # fmt: skip
    session.add_all(CallAnchor(criterion_id=criterion_id, step=anchor.step, **_six(anchor)) for anchor in one.anchors)


def _six(row: object) -> dict[str, str]:
    return {f"name_{language}": getattr(row, f"name_{language}") for language in LANGUAGES}
