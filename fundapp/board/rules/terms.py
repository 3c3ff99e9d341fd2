"""Terms of trustees: when a seat is held, and what is wrong with one that overlaps or runs too long. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from fundapp.kernel.errors import Fault

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Term:
    """A seat held by a trustee from one day to another, both included."""

    seat: int
    trustee: int
    number: int
    since: date
    until: date

    def overlaps(self, other: Term) -> bool:
        """Whether there is a day on which both are held."""
        return self.since <= other.until and other.since <= self.until


def last_day(since: date, years: int) -> date:
    """The last day of a term of so many years."""
    try:
        return since.replace(year=since.year + years) - DAY
    except ValueError:  # from a 29th of February on, in a year that has none
        return since.replace(year=since.year + years, day=28)


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
        if other.overlaps(new) and other.seat == new.seat:
            yield Fault("board.seat-taken", {"since": other.since, "until": other.until}, field="since")
        elif other.overlaps(new) and other.trustee == new.trustee:
            yield Fault("board.trustee-seated", {"since": other.since, "until": other.until}, field="since")
        elif other.trustee == new.trustee and other.number >= new.number and other.since < new.since:
            yield Fault("board.term-counted", {"number": other.number}, field="number")
