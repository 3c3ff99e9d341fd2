"""The verbs of periods: beginning to close, its checklist, closing, opening again by two people, sealing a year."""

from __future__ import annotations

from sqlalchemy.orm.attributes import flag_modified

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.finance.models import PeriodCheck, PeriodMove, Reopening
from fundapp.finance.queries.closing import checklist, last_move, period_of, shut_days
from fundapp.finance.rules.closing import (
    Move,
    Point,
    Span,
    covered,
    explained,
    may_begin,
    may_close,
    not_before,
    span_of,
)
from fundapp.funds.models import Fund
from fundapp.funds.queries import hold
from fundapp.kernel.clock import today
from fundapp.kernel.errors import refuse
from fundapp.kernel.work import Work
from fundapp.ledger.models import ClosedYear, Period, PeriodStage
from fundapp.ledger.operations import close_year
from fundapp.ledger.queries import earliest_year, last_closed
from fundapp.ledger.rules import first_day, last_day
from fundapp.ledger.rules import may_close as year_may_close


@operation(Permission.PERIOD_PREPARE)
def begin_closing(work: Work, fund: Fund, span: Span) -> Period:
    """Begin to close a month or a year that is over: its checklist opens; it still takes entries."""
    hold(work.session, [fund])
    may_begin(span, today(), last_closed(work.session, fund.id))
    period = period_of(work.session, fund.id, span)
    if period is None:
        period = Period(
            fund_id=fund.id, first=span.first, last=span.last, stage=PeriodStage.OPEN, stage_since=work.at
        )  # fmt: skip
        work.session.add(period)
        work.session.flush()
    _standing(period, PeriodStage.OPEN)
    _move(work, period, PeriodStage.CLOSING, Move.BEGUN)
    return period


@operation(Permission.PERIOD_PREPARE)
def stop_closing(work: Work, period: Period, reason: str, version: int) -> None:
    """Leave off closing: the period is open, and its checklist begins anew next time."""
    _held(work, period, version, PeriodStage.CLOSING)
    _move(work, period, PeriodStage.OPEN, Move.STOPPED, explained(reason, "period.no-reason"))


@operation(Permission.PERIOD_PREPARE)
def see_to(work: Work, period: Period, point: Point, seen_to: bool, note: str, version: int) -> PeriodCheck:
    """Say of a point of the checklist that it is seen to, or not yet, and why; the last that is said stands. The period
    counts as changed: who has not seen what was said neither answers after it nor closes."""
    _held(work, period, version, PeriodStage.CLOSING)
    said = explained(note, "period.no-note", "note")
    flag_modified(period, "stage")
    made = PeriodCheck(
        period_id=period.id, code=point.value, seen_to=seen_to, note=said, at=work.at, by=str(work.actor)
    )  # fmt: skip
    work.session.add(made)
    return made


@operation(Permission.PERIOD_CLOSE)
def close_period(work: Work, period: Period, version: int) -> None:
    """Close a period whose checklist is complete: it takes no more entries, until two people open it again."""
    fund = _held(work, period, version, PeriodStage.CLOSING)
    span = span_of(period.first, period.last)
    may_begin(span, today(), last_closed(work.session, fund.id))
    may_close(checklist(work.session, fund, span, period))
    _move(work, period, PeriodStage.CLOSED, Move.CLOSED)


@operation(Permission.PERIOD_REOPEN_ASK)
def ask_reopening(work: Work, period: Period, reason: str) -> Reopening:
    """Ask to open a closed period again; it stays closed until somebody else grants it."""
    fund = _held(work, period, period.version, PeriodStage.CLOSED)
    _not_sealed(work, fund, period)
    said = explained(reason, "period.no-reason")
    if _asked(work, period):
        raise refuse("reopening.asked-already")
    made = Reopening(
        period_id=period.id, reason=said, prepared_by_id=work.actor.id or None, prepared_by=str(work.actor),
        prepared_at=work.at, granted=None, answer="",
    )  # fmt: skip
    work.session.add(made)
    return made


@operation(Permission.PERIOD_REOPEN)
def settle_reopening(work: Work, asked: Reopening, granted: bool, answer: str, version: int) -> None:
    """Grant or refuse a request to open a period again; never whoever asked."""
    period = work.session.get_one(Period, asked.period_id)
    fund = work.session.get_one(Fund, period.fund_id)
    hold(work.session, [fund])
    work.session.refresh(asked)
    work.session.refresh(period)
    if asked.granted is not None or asked.version != version:
        raise refuse("reopening.settled")
    not_before(work.at, asked.prepared_at, last_move(work.session, period))
    asked.granted, asked.settled_by, asked.settled_at = granted, str(work.actor), work.at
    asked.answer = answer.strip() if granted else explained(answer, "reopening.no-answer", "answer")
    if granted:
        _standing(period, PeriodStage.CLOSED)
        _not_sealed(work, fund, period)
        _move(work, period, PeriodStage.OPEN, Move.OPENED, asked.reason)


@operation(Permission.YEAR_CLOSE)
def seal_year(work: Work, fund: Fund, year: int) -> ClosedYear:
    """Add up a year for good: all of its days must be closed, and nobody opens them again."""
    hold(work.session, [fund])
    year_may_close(year, last_closed(work.session, fund.id), earliest_year(work.session, fund.id), today())
    if not covered(first_day(year), last_day(year), shut_days(work.session, fund.id)):
        raise refuse("year.period-open", year=year)
    return close_year(work, fund, year)


def _held(work: Work, period: Period, version: int, stage: PeriodStage) -> Fund:
    """The fund of a period, held so that nobody else posts to it or moves it; the period must be as it was seen."""
    fund = work.session.get_one(Fund, period.fund_id)
    hold(work.session, [fund])
    work.session.refresh(period)
    _standing(period, stage)
    if period.version != version:
        raise refuse("period.changed")
    return fund


def _standing(period: Period, *stages: PeriodStage) -> None:
    if period.stage not in stages:
        raise refuse(f"period.is-{period.stage}", period=str(span_of(period.first, period.last)))


def _not_sealed(work: Work, fund: Fund, period: Period) -> None:
    sealed = last_closed(work.session, fund.id)
    if sealed is not None and period.first.year <= sealed:
        raise refuse("period.year-sealed", year=period.first.year)


def _asked(work: Work, period: Period) -> bool:
    query = work.session.query(Reopening.id).filter(Reopening.period_id == period.id, Reopening.granted.is_(None))
    return query.first() is not None


def _move(work: Work, period: Period, stage: PeriodStage, move: Move, reason: str = "") -> None:
    not_before(work.at, last_move(work.session, period))
    period.stage, period.stage_since = stage, work.at
    work.session.add(
        PeriodMove(period_id=period.id, move=move.value, reason=reason, at=work.at, by=str(work.actor))
    )  # fmt: skip
