"""Terms of trustees and of chairs: when a seat is held, and what is wrong with one that overlaps or runs too long.
Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from fundapp.kernel.errors import Fault

DAY = timedelta(days=1)
FOUNDED = date(1945, 10, 24)  # of the United Nations: no Board of theirs is older
AHEAD = 10  # years beyond which a day was surely mistyped
MOST_SEATS, MOST_YEARS, MOST_TERMS, MOST_CHAIRED = 5, 10, 5, 10
LIMITS = {"quorum": MOST_SEATS, "term_years": MOST_YEARS, "most_terms": MOST_TERMS, "chair_sessions": MOST_CHAIRED}


@dataclass(frozen=True, slots=True)
class GivenRules:
    """What a Board is to go by: how many must take part, years of a term, terms that follow each other, and sessions
    that a chair covers at least."""

    quorum: int
    term_years: int
    most_terms: int
    chair_sessions: int


def rules_faults(said: GivenRules) -> Iterator[Fault]:
    """What is wrong with the rules of a Board."""
    for name, most in LIMITS.items():
        if not 1 <= getattr(said, name) <= most:
            yield Fault("board.rule", {"most": most}, field=name)


@dataclass(frozen=True, slots=True)
class Term:
    """A seat held by a trustee from one day to another, both included. One that ended before it began was never taken
    up: it keeps nobody from the seat, and does not count."""

    seat: int
    trustee: int
    number: int
    since: date
    until: date

    @property
    def held(self) -> bool:
        """Whether there is a day on which it is held."""
        return self.since <= self.until

    def overlaps(self, other: Term) -> bool:
        """Whether there is a day on which both are held."""
        return self.held and other.held and self.since <= other.until and other.since <= self.until


def last_day(since: date, years: int) -> date:
    """The last day of a term of so many years."""
    try:
        return since.replace(year=since.year + years) - DAY
    except ValueError:  # from a 29th of February on, in a year that has none
        return since.replace(year=since.year + years, day=28)


def day_faults(days: Iterable[tuple[str, date | None]], today: date) -> list[Fault]:
    """Days, each of a field, that no Board of the United Nations had or will soon have."""
    latest = date(today.year + AHEAD, 12, 31)
    return [
        Fault("board.day-far", {"found": found.isoformat(), "ahead": AHEAD}, field=name)
        for name, found in days
        if found is not None and not FOUNDED <= found <= latest
    ]


def term_faults(new: Term, others: Iterable[Term], *, years: int, most: int) -> Iterator[Fault]:
    """What is wrong with a term beside the other terms of the Board."""
    if new.until < new.since:
        yield Fault("board.term-backwards", field="until")
        return
    if new.until > last_day(new.since, years):
        yield Fault("board.term-long", {"years": years}, field="until")
    if not 1 <= new.number <= most:
        yield Fault("board.term-number", {"most": most}, field="number")
    for other in others:
        if other.held:
            yield from _beside(new, other)


def _beside(new: Term, other: Term) -> Iterator[Fault]:
    values = {"since": other.since, "until": other.until}
    if other.overlaps(new) and other.seat == new.seat and other.trustee == new.trustee:
        yield Fault("board.seat-held", values, field="since")
    elif other.overlaps(new) and other.seat == new.seat:
        yield Fault("board.seat-taken", values, field="since")
    elif other.overlaps(new) and other.trustee == new.trustee:
        yield Fault("board.trustee-seated", values, field="since")
    elif other.trustee == new.trustee and other.number >= new.number and other.since < new.since:
        yield Fault("board.term-counted", {"number": other.number}, field="number")
    elif other.trustee == new.trustee and other.number <= new.number and other.since > new.since:
        yield Fault("board.term-counted-later", {"number": other.number}, field="number")


def ending_faults(since: date, until: date, ended: date | None) -> Iterator[Fault]:
    """What is wrong with a term's ending early, on a last day; the day before its first says that it was never taken
    up."""
    if ended is None:
        yield Fault("board.no-day", field="ended_on")
    elif not since - DAY <= ended:
        yield Fault("board.ended-before", {"since": since}, field="ended_on")
    elif ended >= until:
        yield Fault("board.ended-after", {"until": until}, field="ended_on")


def seated_through(terms: Iterable[Term], day: date) -> date | None:
    """The last day up to which somebody is seated without a gap from a day on; None where they are not on that day."""
    found = None
    for one in sorted((one for one in terms if one.held), key=lambda one: one.since):
        if one.since <= (day if found is None else found + DAY) <= one.until:
            found = one.until
    return found


@dataclass(frozen=True, slots=True)
class Chairing:
    """A trustee who chairs from one day to another, or until further notice. One that ended before it began was never
    taken up."""

    trustee: int
    since: date
    until: date | None

    @property
    def held(self) -> bool:
        """Whether there is a day of it."""
        return self.until is None or self.since <= self.until

    def on(self, day: date) -> bool:
        """Whether it is so on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


def chair_faults(new: Chairing, name: str, terms: Iterable[Term], others: Iterable[Chairing]) -> Iterator[Fault]:
    """What is wrong with who is to chair: `terms` are the trustee's own. Whoever chairs until further notice from an
    earlier day on only makes way."""
    own = [one for one in terms if one.trustee == new.trustee]
    through = seated_through(own, new.since)
    if through is None:
        over = max((one.until for one in own if one.held and one.until < new.since), default=None)
        if over:
            yield Fault("board.chair-over", {"name": name, "until": over}, field="since")
        else:
            yield Fault("board.chair-unseated", {"name": name}, field="since")
    if new.until is not None and new.until < new.since:
        yield Fault("board.chair-backwards", field="until")
        return
    if new.until is not None and through is not None and new.until > through:
        yield Fault("board.chair-past", {"name": name, "until": through}, field="until")
    for one in others:
        if one.held:
            yield from _other_chair(new, one)


def _other_chair(new: Chairing, one: Chairing) -> Iterator[Fault]:
    if one.until is None and one.since < new.since:
        if one.trustee == new.trustee:
            yield Fault("board.chairs-already", {"since": one.since}, field="trustee")
    elif one.since > new.since and new.until is None:
        yield Fault("board.chair-before", {"since": one.since}, field="until")
    elif one.since <= (new.until or one.since) and (one.until is None or one.until >= new.since):
        yield Fault("board.chair-taken", {"since": one.since}, field="since")
