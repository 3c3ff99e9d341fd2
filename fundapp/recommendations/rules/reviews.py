"""The days of a review: those that are known, and those that are reckoned from them. Pure.

Reckoned by what the Human Rights Council does: documents six months before the review, adoption of the outcome about
three months after it, the High Commissioner's letter after the adoption, a mid-term report two years after the
adoption, the next review four and a half years after this one (its documents six months before).
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# Session -> year and month in which it began; of the Working Group on the review. From the 52nd on as scheduled.
_BEGAN = (
    *("2008-04", "2008-05", "2008-12", "2009-02", "2009-05", "2009-11", "2010-02", "2010-05", "2010-11", "2011-01"),
    *("2011-05", "2011-10", "2012-05", "2012-10", "2013-01", "2013-04", "2013-10", "2014-01", "2014-04", "2014-10"),
    *("2015-01", "2015-05", "2015-11", "2016-01", "2016-05", "2016-10", "2017-05", "2017-11", "2018-01", "2018-05"),
    *("2018-11", "2019-01", "2019-05", "2019-11", "2020-01", "2020-11", "2021-01", "2021-05", "2021-11", "2022-01"),
    *("2022-11", "2023-01", "2023-05", "2023-11", "2024-01", "2024-04", "2024-11", "2025-01", "2025-04", "2025-11"),
    *("2026-01", "2026-05", "2026-11", "2027-01"),
)
BEFORE, AFTER, LETTER, MID_TERM, ROUND = 6, 3, 6, 24, 54  # months


class Moment(StrEnum):
    """An entry point of the review for those who work in the country."""

    DOCUMENTS = "documents"
    REVIEW = "review"
    ADOPTION = "adoption"
    LETTER = "letter"
    MID_TERM = "mid-term"
    NEXT_DOCUMENTS = "next-documents"
    NEXT_REVIEW = "next-review"


@dataclass(frozen=True, slots=True)
class Days:
    """What is known of a review: its session, and the days that someone recorded."""

    session: int | None = None
    documents_due: date | None = None
    reviewed_on: date | None = None
    adopted_on: date | None = None
    letter_on: date | None = None
    midterm_due: date | None = None
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """A moment and its day; `reckoned` where nobody recorded the day: then it stands for its month."""

    moment: Moment
    on: date
    reckoned: bool


def month_of(session: int) -> date | None:
    """The first day of the month in which a session of the Working Group began; None for one not scheduled yet."""
    if not 1 <= session <= len(_BEGAN):
        return None
    return date.fromisoformat(f"{_BEGAN[session - 1]}-01")


def later(day: date, months: int) -> date:
    """So many months after a day (before it, where negative); the last of a month that is shorter."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def entry_points(days: Days) -> tuple[EntryPoint, ...]:
    """The moments of a review in their order; nothing where neither the day nor the session is known."""
    review = days.reviewed_on or (month_of(days.session) if days.session else None)
    if review is None:
        return ()
    adoption = days.adopted_on or later(review, AFTER)
    following = days.next_on or later(review, ROUND)
    known = (
        (Moment.DOCUMENTS, days.documents_due, later(review, -BEFORE)),
        (Moment.REVIEW, days.reviewed_on, review),
        (Moment.ADOPTION, days.adopted_on, adoption),
        (Moment.LETTER, days.letter_on, later(review, LETTER)),
        (Moment.MID_TERM, days.midterm_due, later(adoption, MID_TERM)),
        (Moment.NEXT_DOCUMENTS, None, later(following, -BEFORE)),
        (Moment.NEXT_REVIEW, days.next_on, following),
    )
    return tuple(EntryPoint(moment, said or reckoned, said is None) for moment, said, reckoned in known)
