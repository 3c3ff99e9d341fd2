"""Periods of a fund: where each stands, its checklist, closing it, opening it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission, may
from fundapp.access.queries import names_of
from fundapp.finance.forms import ClosingForm
from fundapp.finance.forms.closing import AnswerForm, PeriodForm, PointForm
from fundapp.finance.models import Reopening
from fundapp.finance.operations.closing import (
    ask_reopening,
    begin_closing,
    close_period,
    see_to,
    settle_reopening,
    stop_closing,
)
from fundapp.finance.queries.closing import checklist, moves, period_of, reopenings, rows_of_year
from fundapp.finance.rules.closing import FIRST_YEAR, Point, Span, span_from
from fundapp.finance.views.blueprint import blueprint, fund_for, number, years
from fundapp.finance.words import MOVES, POINTS, STAGES
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, refuse
from fundapp.kernel.work import Work
from fundapp.ledger.models import Period, PeriodStage
from fundapp.proposals.views.calls.blueprint import do, fund_here, status

Answer = str | BaseResponse | tuple[str, int]


@blueprint.get("/periods")
@needs(Permission.BOOKS_READ)
def periods() -> str:
    """A year of the fund and its months: which are open, closing, closed."""
    fund = fund_for(Permission.BOOKS_READ)
    year = number("year") or today().year
    if not FIRST_YEAR <= year <= today().year:
        raise refuse("address.no-year", text=str(year), first=FIRST_YEAR, last=today().year)
    return render_template(
        "finance/periods.html", rows=rows_of_year(db.session(), fund.id, year), year=year, years=years(), today=today(),
        prepares=may(actor(), Permission.PERIOD_PREPARE, fund), stages=STAGES,
    )  # fmt: skip


def _span(text: str) -> Span:
    return span_from(text) or abort(404)


def _period_at(text: str) -> Period:
    """The period of an address; 404 where it was never begun to close."""
    return period_of(db.session(), fund_here().id, _span(text)) or abort(404)


@blueprint.get("/periods/<span>")
@needs(Permission.BOOKS_READ)
def period_page(span: str) -> str:
    """A period: its checklist, what may be done with it, what happened to it."""
    fund_for(Permission.BOOKS_READ)
    return _page(span, PeriodForm(), [])


def _page(text: str, form: FlaskForm, rest: list[Fault], at: str = "") -> str:
    fund, session, span = fund_here(), db.session(), _span(text)
    period = period_of(session, fund.id, span)
    happened, asked = (moves(session, period), reopenings(session, period)) if period is not None else ([], [])
    items = checklist(session, fund, span, period)
    people: Any = names_of(
        session,
        [*(one.by for one in happened), *(one.prepared_by for one in asked), *(one.settled_by or "" for one in asked),
         *(item.said.by for item in items if item.said)],
    )  # fmt: skip
    waiting = next((one for one in asked if one.granted is None), None)
    does = {
        name: may(actor(), permission, subject)
        for name, permission, subject in (
            ("prepare", Permission.PERIOD_PREPARE, fund), ("close", Permission.PERIOD_CLOSE, fund),
            ("ask", Permission.PERIOD_REOPEN_ASK, fund), ("settle", Permission.PERIOD_REOPEN, waiting),
        )
    }  # fmt: skip
    return render_template(
        "finance/period.html", span=span, period=period, items=items, moves=happened, asked=asked, waiting=waiting,
        people=people, does=does, form=form, faults=rest, at=at, words=(STAGES, POINTS, MOVES),
        stage=period.stage if period is not None else PeriodStage.OPEN, over=span.last < today(),
        complete=all(item.met for item in items),
    )  # fmt: skip


def _step(text: str, form: Any, change: Callable[[Work], Any], done: str, at: str = "") -> Answer:
    """Take a step; what was refused is said on the page of the period."""
    rest: list[Fault] = []
    if form.validate_on_submit():
        rest = do(form, lambda work: change(work) and None)
        if not rest and not form.errors:
            flash(done, "success")
            return redirect(url_for("finance.period_page", span=text))
    return _page(text, form, rest, at), status(form, rest)


@blueprint.post("/periods/<span>/begin")
@needs(Permission.PERIOD_PREPARE)
def begin_period(span: str) -> Answer:
    """Begin to close a period."""
    fund, wanted = fund_for(Permission.PERIOD_PREPARE), _span(span)
    return _step(span, ClosingForm(), lambda work: begin_closing(work, fund, wanted), _("The checklist is open."))


@blueprint.post("/periods/<span>/stop")
@needs(Permission.PERIOD_PREPARE)
def stop_period(span: str) -> Answer:
    """Leave off closing a period."""
    fund_for(Permission.PERIOD_PREPARE)
    form, period = PeriodForm(), _period_at(span)
    done = _("The period is open.")
    return _step(span, form, lambda work: stop_closing(work, period, form.why, form.of_version), done, "stop")


@blueprint.post("/periods/<span>/points/<point>/<any(done, lacking):how>")
@needs(Permission.PERIOD_PREPARE)
def period_point(span: str, point: str, how: str) -> Answer:
    """Say of a point of the checklist that it is seen to, or not yet."""
    fund_for(Permission.PERIOD_PREPARE)
    form, period = PointForm(), _period_at(span)
    of = next((one for one in Point if one.value == point), None) or abort(404)
    return _step(
        span, form, lambda work: see_to(work, period, of, how == "done", form.said, form.of_version),
        _("The checklist is up to date."), point,
    )  # fmt: skip


@blueprint.post("/periods/<span>/close")
@needs(Permission.PERIOD_CLOSE)
def close_period_page(span: str) -> Answer:
    """Close a period."""
    fund_for(Permission.PERIOD_CLOSE)
    form, period = PeriodForm(), _period_at(span)
    done = _("The period is closed: it takes no more entries.")
    return _step(span, form, lambda work: close_period(work, period, form.of_version), done)


@blueprint.post("/periods/<span>/ask")
@needs(Permission.PERIOD_REOPEN_ASK)
def ask_period(span: str) -> Answer:
    """Ask to open a closed period again."""
    fund_for(Permission.PERIOD_REOPEN_ASK)
    form, period = PeriodForm(), _period_at(span)
    done = _("The request is recorded. Somebody else has to grant it.")
    return _step(span, form, lambda work: ask_reopening(work, period, form.why), done, "ask")


@blueprint.post("/periods/<span>/requests/<int:key>/<any(grant, refuse):how>")
@needs(Permission.PERIOD_REOPEN)
def settle_period(span: str, key: int, how: str) -> Answer:
    """Grant or refuse a request to open a period again."""
    fund_for(Permission.PERIOD_REOPEN)
    form, period = AnswerForm(), _period_at(span)
    asked: Reopening = next((one for one in reopenings(db.session(), period) if one.id == key), None) or abort(404)
    done = _("The period is open again.") if how == "grant" else _("The period stays closed.")
    return _step(
        span, form, lambda work: settle_reopening(work, asked, how == "grant", form.said, form.of_version), done,
        "settle",
    )  # fmt: skip
