"""Screening: the checklist beside the evidence, and what becomes of the proposal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from fundapp.access.gate import needs, signed_in
from fundapp.access.models import Person
from fundapp.access.policy import Permission
from fundapp.access.queries import names_of
from fundapp.access.views.address import language
from fundapp.access.words import actor_name
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, refuse
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.forms.screening import MarksForm, OfficerForm, marks_form
from fundapp.proposals.models import Call, Proposal, ScreeningMark
from fundapp.proposals.operations import moving
from fundapp.proposals.operations.screening import ASKED_IN, assign_officer, confirm_seen, mark
from fundapp.proposals.queries.looking import Looked, last_marks, looked
from fundapp.proposals.queries.screening import officers, unanswered
from fundapp.proposals.rules import best
from fundapp.proposals.rules.stages import Stage
from fundapp.proposals.views.calls.blueprint import Answer, do, status
from fundapp.proposals.views.proposal.blueprint import blueprint, does, proposal_at
from fundapp.proposals.views.proposal.documents import addresses
from fundapp.proposals.words import POINTS, VERDICTS
from fundapp.recommendations.words import POSITIONS

OUTCOMES = ("return", "find-eligible", "find-ineligible")


def screened_at(reference: str) -> Proposal:
    """The proposal of an address, for those who screen it; 404 as for one that is not there."""
    found = proposal_at(reference)
    return found if does(Permission.PROPOSAL_SCREEN, found) else abort(404)


def _to(reference: str) -> Response:
    return redirect(url_for("proposal.screening", reference=reference))


@blueprint.route("/<reference>/screening", methods=["GET", "POST"])
@needs(Permission.PROPOSAL_SCREEN)
def screening(reference: str) -> Answer:
    """The checklist of a proposal beside what it rests on; a POST saves marks."""
    found = screened_at(reference)
    session = db.session()
    call = session.get_one(Call, found.call_id)
    seen = looked(session, found, call, language()) or abort(404)
    known = last_marks(session, found)
    points = _points(seen)
    form, rest = marks_form(points), list[Fault]()
    if not form.is_submitted():
        form.fill(known, seen.version.number)
    elif form.validate():
        given = form.given(seen.codes)
        rest = do(form, lambda work: _mark(work, found, given, form))
        if not rest and not form.errors:
            flash(_("The marks are saved."), "success")
            return _to(reference)
        form.last.data = str(max((one.id for one in known.values()), default=0))
    return _page(found, call, seen, known, form, rest), status(form, rest)


def _mark(work: Work, found: Proposal, given: Mapping[str, Any], form: MarksForm) -> None:
    mark(work, found, given, form.of_version, form.of_last)


def _points(seen: Looked) -> dict[str, Any]:
    """Code -> what a point is called; the call's own are data, in the reader's language or another."""
    return {**POINTS, **{one.code: best(one.names, language()).text for one in seen.checks}}


def _page(
    found: Proposal, call: Call, seen: Looked, known: Mapping[str, ScreeningMark], form: MarksForm, rest: list[Fault]
) -> str:
    session = db.session()
    actors = [*(one.by for one in known.values()), f"person:{found.officer_id or 0}", seen.version.by]
    names = names_of(session, actors)
    assigns = does(Permission.PROPOSAL_ASSIGN, found)
    number = seen.version.number
    marked = {code for code, one in known.items() if one.version_number == number}
    return render_template(
        "proposals/proposal/screening.html",
        proposal=found,
        call=call,
        looked=seen,
        address_of=addresses(found),
        form=form,
        faults=rest,
        points=_points(seen),
        own={one.code: one for one in seen.checks},
        marks=known,
        number=number,
        left=[code for code in seen.codes if code not in marked],
        confirms=[one.code for one in seen.seen.values() if one.good and one.code not in marked],
        who={one: actor_name(one, names) for one in actors},
        verdicts=VERDICTS,
        positions=POSITIONS,
        waiting=unanswered(session, found),
        screens=found.stage == Stage.IN_SCREENING,
        asks=found.stage in ASKED_IN,
        officer=OfficerForm(formdata=None).offer(officers(session, found.fund_id)) if assigns else None,
        steps={name: url_for("proposal.step", reference=found.reference, move=name) for name in OUTCOMES},
    )


@blueprint.post("/<reference>/screening/start")
@needs(Permission.PROPOSAL_SCREEN)
def begin_screening(reference: str) -> Response:
    """Begin to screen a proposal."""
    found = screened_at(reference)
    with unit_of_work(signed_in()) as work:
        moving.start_screening(work, found)
    flash(_("The screening has begun."), "success")
    return _to(reference)


@blueprint.post("/<reference>/screening/confirm")
@needs(Permission.PROPOSAL_SCREEN)
def confirm(reference: str) -> Response:
    """Confirm at once all that the program sees fulfilled."""
    found, form = screened_at(reference), MarksForm()
    with unit_of_work(signed_in()) as work:
        many = confirm_seen(work, found, form.of_version)
    said = ngettext("%(num)d point is marked as fulfilled.", "%(num)d points are marked as fulfilled.", many)
    flash(said, "success")
    return _to(reference)


@blueprint.post("/<reference>/officer")
@needs(Permission.PROPOSAL_ASSIGN)
def assign(reference: str) -> Response:
    """Have somebody else see to a proposal."""
    found, form = proposal_at(reference), OfficerForm()
    with unit_of_work(signed_in()) as work:
        person = work.session.get(Person, form.person_id)
        if person is None:
            raise refuse("screening.no-person")
        assign_officer(work, found, person)
    flash(_("%(name)s sees to the proposal now.", name=person.name), "success")
    return _to(reference)
