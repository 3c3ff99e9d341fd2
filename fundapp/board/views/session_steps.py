"""Planning a session, and the steps of one: changing, opening, closing, cancelling, taking it up again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission
from fundapp.board.forms.sessions import OpeningForm, SessionForm, StepForm, session_form
from fundapp.board.models import BoardSession
from fundapp.board.operations.sessions import (
    cancel_session,
    change_session,
    close_session,
    open_session,
    plan_session,
    reopen_session,
)
from fundapp.board.queries.session_list import next_numbers
from fundapp.board.queries.sessions import prepared
from fundapp.board.rules.sessions import STEPS, lacks, number_field, warnings
from fundapp.board.views.blueprint import Answer, blueprint, session_at
from fundapp.board.views.session_parts import changeable_at, to_session
from fundapp.funds.queries import board as board_of
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, refuse
from fundapp.kernel.work import Work
from fundapp.proposals.forms.calls import ZONES
from fundapp.proposals.views.calls.blueprint import Compared, compared, do, fund_here, status

CHANGED = "session.changed"


def _funds() -> list[Any]:
    """The funds that the Board serves, this one first."""
    here = fund_here()
    return sorted(board_of(db.session(), here).funds, key=lambda one: (one.id != here.id, one.id))


@blueprint.route("/sessions/new", methods=["GET", "POST"])
@needs(Permission.SESSION_RUN)
def new_session() -> Answer:
    """Plan a session, or record one that was held before."""
    funds, rest = _funds(), list[Fault]()
    form = session_form(funds)
    if not form.is_submitted():
        form.way.data, form.version.data = "place", "0"
        for fund_id, number in next_numbers(db.session(), [fund.id for fund in funds]).items():
            form[number_field(fund_id)].data = str(number)
    elif form.validate():
        faults: list[Fault] = []
        said = form.said(funds, faults)
        faults += _numbered(said.numbers)
        rest = do(form, lambda work: _plan(work, said), faults)
        if not rest and not form.errors:
            flash(_("The session is planned. Put items on its agenda, and proposals before it."), "success")
            return redirect(url_for("board.session", number=said.numbers[fund_here().id]))
    return _form_page(form, rest, funds, None), status(form, rest)


def _plan(work: Work, said: Any) -> None:
    plan_session(work, board_of(work.session, fund_here()), said)


def _numbered(numbers: Any) -> list[Fault]:
    """A session has a number for the fund in whose pages it is written."""
    here = fund_here().id
    return [] if here in numbers else [Fault("session.no-number", field=number_field(here))]


@blueprint.route("/sessions/<int:number>/change", methods=["GET", "POST"], endpoint="change_session")
@needs(Permission.SESSION_RUN)
def change(number: int) -> Answer:
    """Say otherwise when and where a session is; who comes second sees what the first one wrote, and loses nothing."""
    of, funds, rest = changeable_at(number), _funds(), list[Fault]()
    form = session_form(funds)
    if not form.is_submitted():
        form.fill(of)
    elif form.validate():
        faults: list[Fault] = []
        said = form.said(funds, faults)
        faults += _numbered(said.numbers)
        rest = do(form, lambda work: change_session(work, of, said, form.of_version), faults)
        if not rest and not form.errors:
            flash(_("The session is changed."), "success")
            return redirect(url_for("board.session", number=said.numbers[fund_here().id]))
    other = _other(form, of, funds) if any(fault.code == CHANGED for fault in rest) else []
    return _form_page(form, rest, funds, of, other, number), status(form, rest)


def _other(form: SessionForm, of: BoardSession, funds: list[Any]) -> Compared:
    """What somebody else wrote in the meantime; from then on the form is of that version."""
    theirs = session_form(funds, formdata=None)
    theirs.fill(of)
    form.version.data = str(of.version)
    return compared(form, theirs)


def _form_page(
    form: SessionForm, rest: list[Fault], funds: list[Any], of: BoardSession | None, other: Compared | None = None,
    number: int = 0,
) -> str:  # fmt: skip
    numbers = [(fund, form[number_field(fund.id)]) for fund in funds]
    return render_template(
        "board/session_form.html",
        form=form,
        faults=rest,
        numbers=numbers,
        session=of,
        number=number,
        other=other or [],
        zones=ZONES,
    )


@blueprint.route("/sessions/<int:number>/open", methods=["GET", "POST"], endpoint="open_session")
@needs(Permission.SESSION_RUN)
def opening(number: int) -> Answer:
    """Open a session to the trustees, after a look at what it lacks and what should be known."""
    of, form, rest = _standing(number, "open"), OpeningForm(), list[Fault]()
    how = prepared(db.session(), actor(), of)
    lacking, warned = lacks(how, now()), warnings(how)
    if not form.is_submitted():
        form.version.data = str(of.version)
    elif form.validate():
        unsure = [Fault("session.unsure", field="sure")] if warned and not lacking and not form.sure.data else []
        rest = do(form, lambda work: open_session(work, of, form.of_version), unsure)
        if not rest and not form.errors:
            flash(_("The session is open: its trustees are told."), "success")
            return to_session(of)
        form.version.data = str(of.version)
    page = render_template(
        "board/session_open.html",
        form=form,
        faults=rest,
        session=of,
        number=number,
        lacks=lacking,
        warned=warned,
        how=how,
    )
    return page, status(form, rest)


def _standing(number: int, step: str) -> BoardSession:
    """A session of which this step may be taken; refused for one that stands otherwise."""
    of = session_at(number)
    if of.stage not in STEPS[step]:
        raise refuse("session.stands-otherwise")
    return of


Step = Callable[[Work, BoardSession, str, int], None]


@blueprint.route("/sessions/<int:number>/cancel", methods=["GET", "POST"], endpoint="cancel_session")
@needs(Permission.SESSION_RUN)
def cancelling(number: int) -> Answer:
    """Call a session off."""
    return _explained(number, "cancel", cancel_session, _("The session is cancelled."))


@blueprint.route("/sessions/<int:number>/reopen", methods=["GET", "POST"], endpoint="reopen_session")
@needs(Permission.SESSION_RUN)
def reopening(number: int) -> Answer:
    """Take up again a session that was closed or cancelled."""
    return _explained(number, "reopen", reopen_session, _("The session is taken up again."))


@blueprint.route("/sessions/<int:number>/close", methods=["GET", "POST"], endpoint="close_session")
@needs(Permission.SESSION_RUN)
def closing(number: int) -> Answer:
    """Close a session whose minutes are not kept here."""

    def close(work: Work, of: BoardSession, reason: str, version: int) -> None:
        close_session(work, of, reason)

    return _explained(number, "close", close, _("The session is closed."))


def _explained(number: int, name: str, step: Step, done: str) -> Answer:
    of, form, rest = _standing(number, name), StepForm(), list[Fault]()
    if not form.is_submitted():
        form.version.data = str(of.version)
    elif form.validate():
        rest = do(form, lambda work: step(work, of, form.why, form.of_version))
        if not rest and not form.errors:
            flash(done, "success")
            return to_session(of)
        form.version.data = str(of.version)
    page = render_template(
        "board/session_step.html", form=form, faults=rest, session=of, number=number, step=name
    )  # fmt: skip
    return page, status(form, rest)
