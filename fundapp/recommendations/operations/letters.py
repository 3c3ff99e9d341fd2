"""Recording the High Commissioner's letters and the areas they name; taking back what was a mistake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.files import Kept
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import Work
from fundapp.recommendations.models import HighCommissionerLetter, LetterArea, LetterAreaGoal
from fundapp.recommendations.queries.reviews import hold, review_of
from fundapp.recommendations.rules import CYCLES, month_of
from fundapp.recommendations.rules.following import LONGEST_SENTENCE, goals_typed
from fundapp.recommendations.rules.reviews import begins
from fundapp.recommendations.themes import themes
from fundapp.reference.models import Target


@dataclass(frozen=True, slots=True)
class LetterFile:
    """The file of a letter: its name as it was sent, and what keeps it, called when all else is well."""

    name: str
    keep: Callable[[], Kept]


@dataclass(frozen=True, slots=True)
class GivenArea:
    """What somebody says that a letter names: a theme or "", goals as they type them, a sentence of their own."""

    sentence: str
    language: str
    theme: str = ""
    goals: str = ""


@operation(Permission.REVIEW_RECORD)
def record_letter(
    work: Work, subject: None, state: str, cycle: int, sent_on: date, file: LetterFile | None = None
) -> HighCommissionerLetter:
    """Record a letter to a State, with its file if it is there."""
    hold(work.session, state)
    if fault := _wrong_day(work, state, cycle, sent_on) or _twice(work, state, cycle, sent_on):
        raise Refusal(fault)
    kept = file.keep() if file else None
    found = HighCommissionerLetter(
        state=state,
        cycle=cycle,
        sent_on=sent_on,
        file_name=file.name[-255:] if file else "",
        file_digest=kept.digest if kept else None,
        file_size=kept.size if kept else 0,
        at=work.at,
        by=str(work.actor)[:255],
        withdrawn_at=None,
    )
    work.session.add(found)
    return found


def _wrong_day(work: Work, state: str, cycle: int, sent_on: date) -> Fault | None:
    """A letter follows the review; where that day is not known, the month of its session, or the cycle's beginning."""
    if cycle not in CYCLES:
        return Fault("letter.cycle", {"cycle": cycle, "last": CYCLES[-1]}, field="cycle")
    if sent_on > work.at.date():
        return Fault("letter.future", {"day": sent_on.isoformat()}, field="sent_on")
    known = review_of(work.session, state, cycle)
    reviewed = known and (known.days.reviewed_on or (month_of(known.days.session) if known.days.session else None))
    if reviewed and sent_on < reviewed:
        return Fault("letter.before-review", {"day": reviewed.isoformat()}, field="sent_on")
    if sent_on < begins(cycle):
        return Fault("letter.before-cycle", {"cycle": cycle, "day": begins(cycle).isoformat()}, field="sent_on")
    return None


def _twice(work: Work, state: str, cycle: int, sent_on: date) -> Fault | None:
    kind = HighCommissionerLetter
    asked = sa.select(kind.id).where(kind.state == state, kind.cycle == cycle, kind.sent_on == sent_on)
    found = work.session.scalar(asked.where(kind.withdrawn_at.is_(None)).limit(1))
    return Fault("letter.twice", {"number": found, "day": sent_on.isoformat()}, field="sent_on") if found else None


@operation(Permission.REVIEW_RECORD)
def withdraw_letter(work: Work, letter: HighCommissionerLetter) -> None:
    """Take back a letter that was recorded by mistake; it stays in the record."""
    hold(work.session, letter.state)
    work.session.refresh(letter)
    if letter.withdrawn_at:
        raise refuse("letter.withdrawn", day=letter.sent_on.isoformat())
    letter.withdrawn_at = work.at


@operation(Permission.REVIEW_RECORD)
def add_area(work: Work, letter: HighCommissionerLetter, given: GivenArea) -> LetterArea:
    """Note an area that a letter names."""
    hold(work.session, letter.state)
    work.session.refresh(letter)
    if letter.withdrawn_at:
        raise refuse("letter.withdrawn", day=letter.sent_on.isoformat())
    sentence = given.sentence.strip()
    goals, unknown = goals_typed(given.goals, frozenset(work.session.scalars(sa.select(Target.code))))
    if faults := [*_area_faults(given, sentence, unknown), *_area_twice(work, letter, given, sentence)]:
        raise Refusal(*faults)
    area = LetterArea(
        letter_id=letter.id,
        theme=given.theme or None,
        sentence=sentence,
        language=given.language,
        at=work.at,
        by=str(work.actor)[:255],
        withdrawn_at=None,
    )
    work.session.add(area)
    work.session.flush()
    work.session.add_all(LetterAreaGoal(area_id=area.id, goal=goal, target=target) for goal, target in goals)
    return area


def _area_faults(given: GivenArea, sentence: str, unknown: list[str]) -> list[Fault]:
    found = []
    if not sentence:
        found.append(Fault("area.no-sentence", field="sentence"))
    if len(sentence) > LONGEST_SENTENCE:
        found.append(Fault("area.sentence-long", {"largest": LONGEST_SENTENCE}, field="sentence"))
    if given.language not in LANGUAGES:
        found.append(Fault("area.language", field="language"))
    if given.theme and given.theme not in themes():
        found.append(Fault("area.theme", {"theme": given.theme[:40]}, field="theme"))
    if unknown:
        found.append(Fault("area.goal", {"text": unknown[:5]}, field="goals"))
    return found


def _area_twice(work: Work, letter: HighCommissionerLetter, given: GivenArea, sentence: str) -> list[Fault]:
    kind = LetterArea
    asked = sa.select(kind.theme).where(
        kind.letter_id == letter.id, kind.withdrawn_at.is_(None), kind.sentence == sentence
    )
    there = {theme or "" for theme in work.session.scalars(asked)}
    return [Fault("area.twice", field="sentence")] if given.theme in there else []


@operation(Permission.REVIEW_RECORD)
def withdraw_area(work: Work, area: LetterArea) -> None:
    """Take back an area that was noted by mistake; it stays in the record."""
    work.session.refresh(area, with_for_update=True)
    if area.withdrawn_at:
        raise refuse("area.withdrawn")
    area.withdrawn_at = work.at
