"""What follows a draft: opening it, and for an open call a later close, an exception, a correction, the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import flash, render_template
from flask_babel import gettext as _

from fundapp.access.gate import actor, needs
from fundapp.access.models import Office
from fundapp.access.policy import Permission
from fundapp.access.queries import offices
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, refuse
from fundapp.kernel.work import Work
from fundapp.proposals.forms.calls import (
    ZONES,
    ExceptionForm,
    ReasonForm,
    TextsForm,
    UntilForm,
    Versioned,
    fill_texts,
)
from fundapp.proposals.forms.calls import (
    whole as number,
)
from fundapp.proposals.models import Call
from fundapp.proposals.operations import (
    GivenTexts,
    cancel_call,
    correct_texts,
    except_office,
    extend_call,
    open_call,
)
from fundapp.proposals.queries import closing_of, others_who_open, said_of, stage_of, whole
from fundapp.proposals.rules import Stage, lacking
from fundapp.proposals.views.calls.blueprint import (
    CHANGED,
    Answer,
    Compared,
    blueprint,
    call_at,
    compared,
    do,
    does,
    draft_at,
    status,
    to_call,
)


@blueprint.route("/<code>/open", methods=["GET", "POST"], endpoint="open")
@needs(Permission.CALL_OPEN)
def open_page(code: str) -> Answer:
    """Open a call, after a look at what becomes fixed."""
    found, form, rest = draft_at(code), Versioned(), list[Fault]()
    if not form.is_submitted():
        form.version.data = str(found.version)
    elif form.validate():
        rest = do(form, lambda work: open_call(work, found, form.of_version))
        if not rest:
            flash(_("The call is released."), "success")
            return to_call(code)
        form.version.data = str(found.version)
    return _open_page(found, form, rest), status(form, rest)


def _open_page(found: Call, form: Versioned, rest: list[Fault]) -> str:
    everything = whole(db.session(), actor(), found)
    lacks = lacking(said_of(found, everything), everything.weights, now())
    mine = not does(Permission.CALL_OPEN, found)
    return render_template(
        "proposals/open.html",
        call=found,
        whole=everything,
        form=form,
        faults=rest,
        lacks=[replace(fault, field=None) for fault in lacks],
        mine=mine,
        others=others_who_open(db.session(), found) if mine else 0,
        late=bool(found.opens_at and found.opens_at < now()),
    )


def _opened_at(code: str) -> Call:
    """The call of an address that was opened and stands; refused for another."""
    found = call_at(code)
    stage = stage_of(db.session(), found, now())
    if stage in (Stage.DRAFT, Stage.CANCELLED):
        raise refuse(f"call.{stage}", code=found.code)
    return found


def _closing_at(code: str) -> tuple[Call, datetime]:
    """Such a call that closes, and when."""
    found = _opened_at(code)
    closes = closing_of(db.session(), found)
    if closes is None:
        raise refuse("call.standing", code=found.code)
    return found, closes


def _step(name: str, found: Call, form: Versioned, rest: list[Fault], **more: Any) -> Answer:
    page = render_template(f"proposals/{name}.html", call=found, form=form, faults=rest, zones=ZONES, **more)
    return page, status(form, rest)


@blueprint.route("/<code>/extend", methods=["GET", "POST"])
@needs(Permission.CALL_EXTEND)
def extend(code: str) -> Answer:
    """A later close, for all."""
    (found, closes), form, rest = _closing_at(code), UntilForm(), list[Fault]()
    if not form.is_submitted():
        form.zone.data = found.zone
    elif form.validate():
        faults: list[Fault] = []
        until = form.until(faults)
        rest = do(form, lambda work: extend_call(work, found, _sure(until), form.of_zone, form.why), faults)
        if not rest and not form.errors:
            flash(_("The call closes later now."), "success")
            return to_call(code)
    return _step("extend", found, form, rest, closes=closes)


def _sure(until: datetime | None) -> datetime:
    assert until is not None
    return until


@blueprint.route("/<code>/exception", methods=["GET", "POST"])
@needs(Permission.CALL_EXTEND)
def exception(code: str) -> Answer:
    """A later close for one office."""
    found, closes = _closing_at(code)
    form, rest = ExceptionForm().offer([(one.id, one.name) for one in offices(db.session())]), list[Fault]()
    if not form.is_submitted():
        form.zone.data = found.zone
    elif form.validate():
        faults: list[Fault] = []
        until = form.until(faults)
        rest = do(form, lambda work: _except(work, found, form, _sure(until)), faults)
        if not rest and not form.errors:
            flash(_("The office may submit late."), "success")
            return to_call(code)
    return _step("exception", found, form, rest, closes=closes)


def _except(work: Work, found: Call, form: ExceptionForm, until: datetime) -> None:
    office = work.session.scalar(sa.select(Office).where(Office.id == number(form.office.data)))
    except_office(work, found, office, until, form.of_zone, form.why)


@blueprint.route("/<code>/correct", methods=["GET", "POST"])
@needs(Permission.CALL_EXTEND)
def correct(code: str) -> Answer:
    """Correct the texts of an open call, or add a language."""
    found, form, rest = _opened_at(code), TextsForm(), list[Fault]()
    if stage_of(db.session(), found, now()) is Stage.CLOSED:
        raise refuse("call.not-corrected", code=found.code)
    if not form.is_submitted():
        fill_texts(form, found.names, found.guidance)
        form.version.data = str(found.version)
    elif form.validate():
        said = GivenTexts(*form.said())
        rest = do(form, lambda work: correct_texts(work, found, said, form.why, form.of_version))
        if not rest and not form.errors:
            flash(_("The texts are corrected."), "success")
            return to_call(code)
    other = _other_texts(form, found) if any(fault.code == CHANGED for fault in rest) else []
    return _step("correct", found, form, rest, other=other)


def _other_texts(form: TextsForm, found: Call) -> Compared:
    theirs = TextsForm(formdata=None)
    fill_texts(theirs, found.names, found.guidance)
    theirs.reason.data = form.reason.data
    form.version.data = str(found.version)
    return compared(form, theirs)


@blueprint.route("/<code>/cancel", methods=["GET", "POST"])
@needs(Permission.CALL_EXTEND)
def cancel(code: str) -> Answer:
    """Call a call off."""
    found, form, rest = call_at(code), ReasonForm(), list[Fault]()
    stage = stage_of(db.session(), found, now())
    if stage in (Stage.CLOSED, Stage.CANCELLED):
        raise refuse(f"call.{stage}", code=found.code)
    if not form.is_submitted():
        form.version.data = str(found.version)
    elif form.validate():
        rest = do(form, lambda work: cancel_call(work, found, form.why, form.of_version))
        if not rest and not form.errors:
            flash(_("The call is cancelled."), "success")
            return to_call(code)
        form.version.data = str(found.version)
    return _step("cancel", found, form, rest, stage=stage)
