"""Sheets that were given: one beside the others that may be seen; and opening one again."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.gate import actor, needs, signed_in
from fundapp.access.policy import Permission
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.forms.calls import lines
from fundapp.proposals.views.calls.blueprint import does
from fundapp.proposals.views.proposal.parts import facing_at
from fundapp.scoring.models import Assignment
from fundapp.scoring.operations.sheets import reopen_sheet
from fundapp.scoring.queries.rounds import scales_of
from fundapp.scoring.queries.sheets import Given, given_on
from fundapp.scoring.rules.scales import NOT_APPLICABLE, Scale
from fundapp.scoring.rules.sheets import Filled, own_total
from fundapp.scoring.views.blueprint import Answer, blueprint


@blueprint.get("/sheets/<reference>/<int:person>")
@needs(Permission.SHEET_READ)
def given(reference: str, person: int) -> str:
    """The sheets of somebody on a proposal, and those of the others that may be seen."""
    facing = facing_at(reference)
    found = given_on(db.session(), actor(), facing.proposal)
    theirs = [one for one in found if one.person == person]
    if not theirs:
        abort(404)
    scales = scales_of(db.session(), facing.call)
    return render_template(
        "scoring/given.html",
        proposal=facing.proposal,
        call=facing.call,
        scales=scales,
        sheet=theirs[-1],
        earlier=theirs[:-1],
        others=[one for one in found if one.person != person and one.counts],
        totals={(one.person, one.number): _total(scales, one) for one in found},
        reopens=theirs[-1].counts and does(Permission.SCORING_RUN),
        person=person,
    )


def _total(scales: tuple[Scale, ...], one: Given) -> object:
    steps = {scale.code: one.scores[scale.id].step for scale in scales if scale.id in one.scores}
    return own_total(
        scales, {code: Filled(NOT_APPLICABLE if step is None else str(step)) for code, step in steps.items()}
    )


@blueprint.route("/sheets/<reference>/<int:person>/reopen", methods=["GET", "POST"], endpoint="reopen_sheet")
@needs(Permission.SCORING_RUN)
def reopen_sheet_page(reference: str, person: int) -> Answer:
    """Open a sheet again that was given; a POST does it."""
    facing = facing_at(reference)
    found = [one for one in given_on(db.session(), actor(), facing.proposal) if one.person == person and one.counts]
    if not found or found[-1].assignment is None:
        abort(404)
    faults: tuple[Fault, ...] = ()
    if request.method == "POST":
        try:
            with unit_of_work(signed_in()) as work:
                one = work.session.get_one(Assignment, found[-1].assignment)
                reopen_sheet(work, one, lines(request.form.get("reason")))
        except Refusal as refusal:
            faults = refusal.faults
        else:
            flash(_("The sheet is open again. It counts no more until it is given anew."), "success")
            return redirect(url_for("scoring.given", reference=reference, person=person))
    page = render_template(
        "scoring/reopen_sheet.html", proposal=facing.proposal, sheet=found[-1], faults=faults,
        reason=request.form.get("reason", ""),
    )  # fmt: skip
    return page, 422 if faults else 200
