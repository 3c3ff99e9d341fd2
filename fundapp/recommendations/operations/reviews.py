"""Recording the days of a State's review."""

from __future__ import annotations

from dataclasses import dataclass

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work
from fundapp.recommendations.models import Review
from fundapp.recommendations.queries.reviews import hold, recorded_review
from fundapp.recommendations.rules import DAY_FIELDS, Days
from fundapp.recommendations.rules.reviews import review_faults, symbol_of


@dataclass(frozen=True, slots=True)
class GivenReview:
    """What somebody says of a review: its session and days, and the symbol of the Working Group's report."""

    days: Days
    symbol: str = ""


@operation(Permission.REVIEW_RECORD)
def record_review(work: Work, subject: None, state: str, cycle: int, given: GivenReview, version: int) -> Review:
    """Record the days of a review. `version` is that of the record it was made from, 0 where there was none: when
    somebody else has changed it since, nothing is written."""
    hold(work.session, state)
    known = recorded_review(work.session, state, cycle)
    if (known.version if known else 0) != version:
        raise refuse("review.changed")
    faults = review_faults(cycle, given.days, symbol_of(given.symbol), work.at.date())
    if known is None and not faults and _says_nothing(given):
        faults = [Fault("review.empty")]
    if faults:
        raise Refusal(*faults)
    return _written(work, known or _begun(work, state, cycle), given)


def _says_nothing(given: GivenReview) -> bool:
    return given.days == Days() and not symbol_of(given.symbol)


def _begun(work: Work, state: str, cycle: int) -> Review:
    found = Review(state=state, cycle=cycle)
    work.session.add(found)
    return found


def _written(work: Work, found: Review, given: GivenReview) -> Review:
    found.session, found.symbol = given.days.session, symbol_of(given.symbol)
    for name in DAY_FIELDS:
        setattr(found, name, getattr(given.days, name))
    return found
