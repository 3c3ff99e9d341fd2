"""What people said of matches, and the areas of letters that may be one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.kernel.errors import refuse
from fundapp.recommendations.models import (
    REC,
    EvidenceJudgement,
    HighCommissionerLetter,
    LetterArea,
    LetterAreaGoal,
)
from fundapp.recommendations.rules import Mechanism, Verdict

JUDGED, LETTER, AREA, AREA_GOAL = (
    kind.__table__ for kind in (EvidenceJudgement, HighCommissionerLetter, LetterArea, LetterAreaGoal)
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person said of a match: for `number`, the recommendation `found` or the area of a letter.

    id, mechanism and issued are those of the version of `found` that stands; id is None where none does.
    """

    judgement: int
    number: int
    found: int | None
    area: int | None
    verdict: Verdict
    reason: str
    language: str
    at: datetime
    by: str
    id: int | None = None
    mechanism: Mechanism | None = None
    issued: date | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """An area that a letter to a State names; goals: "16" a goal, "16.3" a target."""

    id: int
    letter: int
    cycle: int
    sent_on: date
    theme: str | None
    sentence: str
    language: str
    goals: tuple[str, ...]


def judged(session: Session, numbers: Collection[int]) -> list[Judged]:
    """What was said for these recommendations and is not withdrawn, in the order in which it was said; one query."""
    stands = sa.and_(REC.c.number == JUDGED.c.found_id, REC.c.standing, REC.c.joined_to.is_(None))
    asked = (
        sa.select(
            JUDGED.c.id, JUDGED.c.recommendation_id, JUDGED.c.found_id, JUDGED.c.area_id, JUDGED.c.verdict,
            JUDGED.c.reason, JUDGED.c.language, JUDGED.c.at, JUDGED.c.by, REC.c.id, REC.c.mechanism, REC.c.issued,
        )
        .outerjoin_from(JUDGED, REC, stands)
        .where(JUDGED.c.recommendation_id.in_(numbers), JUDGED.c.withdrawn_at.is_(None))
        .order_by(JUDGED.c.id)
    )  # fmt: skip
    return [Judged(*row) for row in session.execute(asked)]


def named_judgement(session: Session, identity: int) -> EvidenceJudgement:
    """The judgement of that number; refused when there is none."""
    found = session.get(EvidenceJudgement, identity)
    if found is None:
        raise refuse("evidence.no-judgement", number=identity)
    return found


def areas(session: Session, state: str) -> list[Area]:
    """The areas that letters to a State name, newest letter first; what was withdrawn is left out; one query."""
    asked = (
        sa.select(
            AREA.c.id, AREA.c.letter_id, LETTER.c.cycle, LETTER.c.sent_on, AREA.c.theme, AREA.c.sentence,
            AREA.c.language, AREA_GOAL.c.goal, AREA_GOAL.c.target,
        )
        .join_from(AREA, LETTER, LETTER.c.id == AREA.c.letter_id)
        .outerjoin(AREA_GOAL, AREA_GOAL.c.area_id == AREA.c.id)
        .where(LETTER.c.state == state, LETTER.c.withdrawn_at.is_(None), AREA.c.withdrawn_at.is_(None))
        .order_by(LETTER.c.sent_on.desc(), AREA.c.id, AREA_GOAL.c.goal, AREA_GOAL.c.target)
    )  # fmt: skip
    goals: dict[int, list[str]] = {}
    rows: dict[int, Any] = {}
    for row in session.execute(asked):
        rows.setdefault(row.id, row)
        goals.setdefault(row.id, []).extend([row.target or str(row.goal)] if row.goal else [])
    return [
        Area(
            identity,
            row.letter_id,
            row.cycle,
            row.sent_on,
            row.theme,
            row.sentence,
            row.language,
            tuple(goals[identity]),
        )
        for identity, row in rows.items()
    ]
