"""The days of a review: those that are known, and those that are reckoned from them. Pure.

Reckoned by what the Human Rights Council does: documents six months before the review, adoption of the outcome about
three months after it, the High Commissioner's letter after the adoption, a mid-term report two years after the
adoption, the next review four and a half years after this one (its documents six months before).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from fundapp.kernel.errors import Fault
from fundapp.recommendations.rules.register import SESSIONS, cycle_of

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


def last_of(day: date) -> date:
    """The last day of a day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


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


CYCLES = range(1, max(SESSIONS) + 2)  # those whose sessions are known, and the one after, for its days alone
FIRST_DAY = date(2008, 1, 1)  # the review began in April 2008
YEARS_AHEAD = 10  # of a day that someone records
_SYMBOL = re.compile(r"[A-Z][A-Za-z0-9.()\-]*(?:/[A-Za-z0-9.()\-]+)+(?: (?:and|&) [A-Za-z0-9./\-]+)*")
LONGEST_SYMBOL = 60
# The days of a review in their order, each with what is said of a later one that does not come after it.
_ORDER = (
    ("documents_due", "review.before-documents"),
    ("reviewed_on", "review.before-review"),
    ("adopted_on", "review.before-adoption"),
    ("midterm_due", "review.before-mid-term"),
    ("next_on", ""),
)
DAY_FIELDS = tuple(name for name, _ in _ORDER)


class Mark(StrEnum):
    """Where a moment stands on a day: over and recorded, over by reckoning, the next one, or still to come."""

    DONE = "done"
    PAST = "past"
    NEXT = "next"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry point and where it stands."""

    point: EntryPoint
    mark: Mark


def is_over(point: EntryPoint, today: date) -> bool:
    """Whether a moment has passed; a reckoned one has when its month has."""
    return (later(point.on.replace(day=1), 1) <= today) if point.reckoned else point.on < today


def placed(points: Iterable[EntryPoint], today: date) -> tuple[Placed, ...]:
    """Entry points in the order of their days, each with where it stands."""
    found: list[Placed] = []
    expected = True
    for point in sorted(points, key=lambda one: one.on):
        if is_over(point, today):
            found.append(Placed(point, Mark.PAST if point.reckoned else Mark.DONE))
        else:
            found.append(Placed(point, Mark.NEXT if expected else Mark.AHEAD))
            expected = False
    return tuple(found)


def symbol_of(text: str) -> str:
    """A document's symbol as it is kept: one blank between words, nothing around it."""
    return " ".join(text.split())


def review_faults(cycle: int, given: Days, symbol: str, today: date) -> list[Fault]:
    """What is wrong with the days of a review that someone records, each at its field."""
    if cycle not in CYCLES:
        return [Fault("review.cycle", {"cycle": cycle, "last": CYCLES[-1]})]
    found = _session_faults(cycle, given)
    days = [(name, code, day) for name, code in _ORDER if (day := getattr(given, name)) is not None]
    found += [fault for name, _, day in days if (fault := _beyond(name, day, today))]
    for (_, code, before), (name, _, day) in pairwise(days):
        if day <= before:
            found.append(Fault(code, {"day": before.isoformat()}, field=name))
    if len(symbol) > LONGEST_SYMBOL or (symbol and not _SYMBOL.fullmatch(symbol)):
        found.append(Fault("review.symbol", {"largest": LONGEST_SYMBOL}, field="symbol"))
    return found


def _session_faults(cycle: int, given: Days) -> list[Fault]:
    if given.session is None:
        return []
    if cycle_of(given.session) != cycle:
        return [Fault("review.session", {"session": given.session, "cycle": cycle}, field="session")]
    first = month_of(given.session)
    if given.reviewed_on is None or first is None or first <= given.reviewed_on < later(first, 3):
        return []
    until = later(first, 3) - timedelta(days=1)
    values = {"session": given.session, "since": first.isoformat(), "until": until.isoformat()}
    return [Fault("review.session-month", values, field="reviewed_on")]


def _beyond(name: str, day: date, today: date) -> Fault | None:
    if day < FIRST_DAY:
        return Fault("review.too-early", {"first": FIRST_DAY.isoformat()}, field=name)
    last = later(today, 12 * YEARS_AHEAD)
    return Fault("review.too-late", {"last": last.isoformat()}, field=name) if day > last else None


def begins(cycle: int) -> date:
    """The first day of a cycle of the review: the month of its first session, or four and a half years after the
    cycle before where its sessions are not known."""
    first = month_of(SESSIONS[cycle][0]) if cycle in SESSIONS else None
    return first or later(begins(cycle - 1), ROUND)
