"""Recording what became of a recommendation, as somebody says it, and taking that back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import Work
from fundapp.recommendations.models import FollowUp
from fundapp.recommendations.queries.following import Followed, followed, said_already
from fundapp.recommendations.queries.reviews import hold, review_of
from fundapp.recommendations.rules import Mechanism, Progress, Says, month_of
from fundapp.recommendations.rules.following import (
    LONGEST_EVIDENCE,
    LONGEST_LINK,
    LONGEST_PROJECT,
    LONGEST_SOURCE,
    is_link,
)
from fundapp.recommendations.rules.reviews import begins

_BEFORE_THE_REVIEW = date(1970, 1, 1)  # when the first treaty body began its work


@dataclass(frozen=True, slots=True)
class GivenFollowUp:
    """What somebody says became of a recommendation, and on what evidence."""

    progress: Progress
    as_of: date
    says: Says
    source: str
    language: str
    evidence: str = ""
    link: str = ""
    project: str = ""


@operation(Permission.FOLLOW_UP_RECORD)
def record_follow_up(work: Work, subject: None, number: int, given: GivenFollowUp) -> FollowUp:
    """Record how far a recommendation had come on a day, and who says so."""
    found = followed(work.session, number, held=True)
    if found is None or not found.standing:
        raise refuse("follow-up.not-standing", number=number)
    if found.joined_to is not None:
        raise refuse("follow-up.joined", number=number, kept=found.joined_to)
    hold(work.session, found.state)
    if faults := [*_day_faults(work, found, given.as_of), *_text_faults(given)]:
        raise Refusal(*faults)
    if said_already(work.session, number, given.progress, given.as_of, given.says, given.source.strip()):
        raise Refusal(Fault("follow-up.twice", field="source"))
    said = FollowUp(
        recommendation_id=number,
        progress=given.progress,
        as_of=given.as_of,
        says=given.says,
        source=given.source.strip(),
        evidence=given.evidence.strip(),
        language=given.language,
        link=given.link.strip(),
        project=given.project.strip(),
        at=work.at,
        by=str(work.actor)[:255],
        withdrawn_at=None,
    )
    work.session.add(said)
    return said


def _day_faults(work: Work, found: Followed, as_of: date) -> list[Fault]:
    if as_of > work.at.date():
        return [Fault("follow-up.future", {"day": as_of.isoformat()}, field="as_of")]
    since = _since(work, found)
    return [Fault("follow-up.before", {"day": since.isoformat()}, field="as_of")] if as_of < since else []


def _since(work: Work, found: Followed) -> date:
    """The day from which somebody can say what became of it: that of the review, or of the document."""
    if found.mechanism is not Mechanism.UPR:
        return found.issued or _BEFORE_THE_REVIEW
    review = review_of(work.session, found.state, found.cycle) if found.cycle else None
    days = review.days if review else None
    known = days and (days.reviewed_on or (month_of(days.session) if days.session else None))
    return known or begins(found.cycle or 1)


def _text_faults(given: GivenFollowUp) -> list[Fault]:
    found = [] if given.source.strip() else [Fault("follow-up.no-source", field="source")]
    longest = {"source": LONGEST_SOURCE, "evidence": LONGEST_EVIDENCE, "project": LONGEST_PROJECT}
    found += [
        Fault("follow-up.long", {"largest": largest}, field=name)
        for name, largest in longest.items()
        if len(getattr(given, name).strip()) > largest
    ]
    if given.language not in LANGUAGES:
        found.append(Fault("follow-up.language", field="language"))
    if given.link.strip() and not is_link(given.link.strip()):
        found.append(Fault("follow-up.link", {"largest": LONGEST_LINK}, field="link"))
    return found


@operation(Permission.FOLLOW_UP_WITHDRAW)
def withdraw_follow_up(work: Work, said: FollowUp) -> None:
    """Take back what was recorded; it stays in the history, struck through."""
    work.session.refresh(said, with_for_update=True)
    if said.withdrawn_at:
        raise refuse("follow-up.withdrawn")
    said.withdrawn_at = work.at
