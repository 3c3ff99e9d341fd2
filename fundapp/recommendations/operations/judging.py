"""What people say of evidence: adding a match, rejecting one, and taking that back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.kernel.errors import refuse
from fundapp.kernel.languages import DEFAULT
from fundapp.kernel.work import Work
from fundapp.recommendations.models import REC, EvidenceJudgement, HighCommissionerLetter, LetterArea
from fundapp.recommendations.queries import joined_numbers
from fundapp.recommendations.rules import Mechanism, Verdict
from fundapp.recommendations.rules.evidence import LONGEST_REASON, SHORTEST_REASON


@operation(Permission.EVIDENCE_JUDGE)
def judge(
    work: Work,
    subject: None,
    number: int,
    verdict: Verdict,
    reason: str,
    *,
    found: int | None = None,
    area: int | None = None,
    language: str = DEFAULT,
) -> EvidenceJudgement:
    """Say that a recommendation of another mechanism, or an area of a letter, is evidence for one of the review, or is
    none, and why. A second word on the same two takes the place of the first, which is kept."""
    text = reason.strip()
    if not SHORTEST_REASON <= len(text) <= LONGEST_REASON:
        raise refuse("evidence.reason", least=SHORTEST_REASON, most=LONGEST_REASON)
    about = _stands(work, number)
    if about.mechanism is not Mechanism.UPR:
        raise refuse("evidence.not-of-the-review", number=number)
    about = _stands(work, about.joined_to) if about.joined_to else about
    _may_be_evidence(work, about, found, area)
    _in_the_place_of(work, about.number, verdict, found, area)
    said = EvidenceJudgement(
        recommendation_id=about.number,
        found_id=found,
        area_id=area,
        verdict=verdict,
        reason=text,
        language=language,
        at=work.at,
        by=str(work.actor)[:255],
        withdrawn_at=None,
    )
    work.session.add(said)
    return said


@operation(Permission.EVIDENCE_JUDGE)
def withdraw_judgement(work: Work, found: EvidenceJudgement) -> None:
    """Take back what was said of a match; it stays in the record, and what the rules find counts again."""
    if found.withdrawn_at:
        raise refuse("evidence.withdrawn")
    found.withdrawn_at = work.at


def _stands(work: Work, number: int) -> sa.Row[Any]:
    """The version of a recommendation that stands, held so that two judgements on it come one after the other."""
    asked: sa.Select[Any] = sa.select(REC.c.number, REC.c.state, REC.c.mechanism, REC.c.joined_to).where(
        REC.c.number == number, REC.c.standing
    )
    row = work.session.execute(asked.with_for_update()).one_or_none()
    if row is None:
        raise refuse("evidence.not-standing", number=number)
    return row


def _may_be_evidence(work: Work, about: sa.Row[Any], found: int | None, area: int | None) -> None:
    if (found is None) == (area is None):
        raise refuse("evidence.one-match")
    state = _state_of_area(work, area) if area is not None else _state_of_found(work, found or 0)
    if state != about.state:
        raise refuse("evidence.other-state", number=about.number)


def _state_of_found(work: Work, number: int) -> str:
    row = _stands(work, number)
    if row.mechanism is Mechanism.UPR:
        raise refuse("evidence.of-the-review", number=number)
    if row.joined_to:
        raise refuse("evidence.not-standing", number=number)
    return str(row.state)


def _state_of_area(work: Work, area: int) -> str:
    asked = (
        sa.select(HighCommissionerLetter.state)
        .join(LetterArea, LetterArea.letter_id == HighCommissionerLetter.id)
        .where(LetterArea.id == area, LetterArea.withdrawn_at.is_(None), HighCommissionerLetter.withdrawn_at.is_(None))
    )
    state = work.session.scalar(asked)
    if state is None:
        raise refuse("evidence.no-area", number=area)
    return state


def _in_the_place_of(work: Work, number: int, verdict: Verdict, found: int | None, area: int | None) -> None:
    """Withdraw what was said of the same two before; the same word again is refused."""
    same = (EvidenceJudgement.found_id == found) if area is None else (EvidenceJudgement.area_id == area)
    numbers = joined_numbers(work.session, number)
    asked = sa.select(EvidenceJudgement).where(
        EvidenceJudgement.recommendation_id.in_(numbers), same, EvidenceJudgement.withdrawn_at.is_(None)
    )
    earlier = work.session.scalars(asked.order_by(EvidenceJudgement.id)).all()
    if earlier and earlier[-1].verdict is verdict:
        raise refuse("evidence.judged")
    for one in earlier:
        one.withdrawn_at = work.at
