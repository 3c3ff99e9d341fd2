"""Which days close together, what is looked at before they do, and which steps a period may take. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.ledger.rules import first_day, last_day

FIRST_YEAR, LAST_YEAR = 2008, 2999
LONGEST_REASON = 2000
MONTHS = 12
_SPAN = re.compile(r"(\d{4})(?:-(\d\d))?", re.ASCII)


class Move(StrEnum):
    """A step of a period."""

    BEGUN = "begun"
    STOPPED = "stopped"
    CLOSED = "closed"
    OPENED = "opened"


class Point(StrEnum):
    """What is looked at before a period closes, in this order."""

    IMPORTS = "imports"
    MATCHES = "matches"
    SUPPORT_COSTS = "support-costs"
    COMMITMENTS = "commitments"
    TIE_OUT = "tie-out"


@dataclass(frozen=True, slots=True)
class Told:
    """What the tables tell of a point: that it is in order, that it is not, or (None) that somebody has to say; why, as
    a fault, in words for a reader."""

    point: Point
    holds: bool | None
    why: Fault


@dataclass(frozen=True, slots=True)
class Ticked:
    """What somebody said of a point of the checklist since the period began to close."""

    seen_to: bool
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """A point of the checklist: what the tables tell, and what somebody said."""

    told: Told
    said: Ticked | None

    @property
    def point(self) -> Point:
        """Which point it is."""
        return self.told.point

    @property
    def met(self) -> bool:
        """Whether the tables tell so, or somebody explains why it is all the same; "not yet" stands above both."""
        if self.said is not None:
            return self.said.seen_to
        return self.told.holds is True


@dataclass(frozen=True, slots=True)
class Span:
    """A calendar month of a fund, or its year: `month` 0 for a year."""

    year: int
    month: int = 0

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month or 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        if not self.month or self.month == MONTHS:
            return last_day(self.year)
        return date(self.year, self.month + 1, 1) - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}" if self.month else f"{self.year}"

    @property
    def months(self) -> list[Span]:
        """The months in it."""
        return [self] if self.month else [Span(self.year, month) for month in range(1, MONTHS + 1)]


def span_from(text: str) -> Span | None:
    """The period that "2020" or "2020-03" names; None for what names none."""
    found = _SPAN.fullmatch(text)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    month = int(found[2] or 0)
    if found[2] is not None and not 1 <= month <= MONTHS:
        return None
    return Span(int(found[1]), month)


def span_of(first: date, last: date) -> Span:
    """What the days of a period are called."""
    return (
        Span(first.year)
        if (first, last) == (first_day(first.year), last_day(first.year))
        else Span(first.year, first.month)
    )


def covered(first: date, last: date, shut: Sequence[tuple[date, date]]) -> bool:
    """Whether closed periods, which may overlap, hold every day from the first to the last."""
    day = first
    for begins, ends in sorted(shut):
        if begins <= day <= ends:
            if ends >= last:
                return True
            day = ends + timedelta(days=1)
    return False


def may_begin(span: Span, today: date, sealed: int | None) -> None:
    """Refuse to begin closing a period that is not over, or of a year that was sealed; `sealed`: the last such year."""
    if span.last >= today:
        raise refuse("period.not-over", period=str(span), last=span.last.isoformat())
    if sealed is not None and span.year <= sealed:
        raise refuse("period.year-sealed", year=span.year)


def may_close(items: Sequence[Item]) -> None:
    """Refuse to close while a point of the checklist is neither in order nor explained; each is named."""
    if lacking := [item for item in items if not item.met]:
        raise Refusal(*(Fault(f"period.lacks-{item.point}") for item in lacking))


def not_before(at: datetime, *earlier: datetime | None) -> None:
    """Refuse a step that would be dated before the one that it follows: the clock was set back."""
    newest = max((moment for moment in earlier if moment is not None), default=None)
    if newest is not None and at < newest:
        raise refuse("clock.set-back", now=f"{at:%Y-%m-%d %H:%M:%S}", before=f"{newest:%Y-%m-%d %H:%M:%S}")


def explained(text: str, code: str, field: str = "reason") -> str:
    """A reason as it is kept; none at all, or one too long, is refused under a code."""
    said = text.strip()
    if not said:
        raise Refusal(Fault(code, field=field))
    if len(said) > LONGEST_REASON:
        raise Refusal(Fault("period.reason-long", {"length": len(said), "largest": LONGEST_REASON}, field=field))
    return said


@dataclass(frozen=True, slots=True)
class Month:
    """Support costs of a month: the expenditure of its entries now, and that of the last run, None where there was
    none."""

    base: int
    run_base: int | None


def told_imports(batches: int, waiting: int) -> Told:
    """Whether extracts of expenditure cover the period, and nothing of them waits."""
    if waiting:
        return Told(Point.IMPORTS, False, Fault("check.imports-waiting", {"lines": waiting}))
    if not batches:
        return Told(Point.IMPORTS, None, Fault("check.imports-none"))
    return Told(Point.IMPORTS, True, Fault("check.imports-done", {"batches": batches}))


def told_matches(statements: int, unmatched: int) -> Told:
    """Whether each movement on the bank's statements is a receipt, or said to be none."""
    if unmatched:
        return Told(Point.MATCHES, False, Fault("check.matches-open", {"lines": unmatched}))
    if not statements:
        return Told(Point.MATCHES, None, Fault("check.matches-none"))
    return Told(Point.MATCHES, True, Fault("check.matches-done", {"statements": statements}))


def told_support_costs(months: Mapping[str, Month]) -> Told:
    """Whether support costs were run in each month with expenditure, on what it comes to now."""
    wrong = [name for name, month in months.items() if month.base != (month.run_base or 0)]
    if wrong:
        return Told(Point.SUPPORT_COSTS, False, Fault("check.support-costs-due", {"months": ", ".join(sorted(wrong))}))
    return Told(Point.SUPPORT_COSTS, True, Fault("check.support-costs-done"))


def told_commitments(left: int, cents: int, *, whole_year: bool) -> Told:
    """Whether commitments are left that should have been carried over at the end of a year, or have expired."""
    if left:
        code = "check.commitments-year" if whole_year else "check.commitments-expired"
        return Told(Point.COMMITMENTS, False, Fault(code, {"commitments": left, "open_cents": cents}))
    return Told(Point.COMMITMENTS, True, Fault("check.commitments-done"))


def told_tie_out(symbol: str | None, unexplained: int, *, whole_year: bool) -> Told:
    """Whether the differences with what was printed for the period are explained."""
    if symbol is None:
        if whole_year:
            return Told(Point.TIE_OUT, None, Fault("check.tie-out-none"))
        return Told(Point.TIE_OUT, True, Fault("check.tie-out-month"))
    if unexplained:
        return Told(Point.TIE_OUT, False, Fault("check.tie-out-open", {"symbol": symbol, "differences": unexplained}))
    return Told(Point.TIE_OUT, True, Fault("check.tie-out-done", {"symbol": symbol}))


def told_printed(symbol: str, *, closed: bool) -> Told:
    """What was printed for a period that is not being closed: it is looked through when that begins, or was then."""
    if closed:
        return Told(Point.TIE_OUT, True, Fault("check.tie-out-then", {"symbol": symbol}))
    return Told(Point.TIE_OUT, None, Fault("check.tie-out-later", {"symbol": symbol}))


@dataclass(frozen=True, slots=True)
class OpenYears:
    """Years that are over and not sealed: those of which days are open, oldest first, and the one whose turn it is to
    be sealed, if all of its days are closed."""

    open: tuple[int, ...]
    to_seal: int | None


def open_years(
    earliest: int | None, sealed: int | None, shut: Sequence[tuple[date, date]], today: date
) -> OpenYears:  # fmt: skip
    """The years that are over and not sealed. earliest: that of the first entry; sealed: the last that is."""
    due = sealed + 1 if sealed is not None else earliest
    every = range(due, today.year) if due is not None else range(0)
    shut_years = {year for year in every if covered(first_day(year), last_day(year), shut)}
    return OpenYears(tuple(year for year in every if year not in shut_years), due if due in shut_years else None)
