"""The criteria that a fund's proposals are scored on: what they are, how they came to be so, and their revision."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.gate import needs
from fundapp.access.policy import Permission
from fundapp.access.queries import names_of
from fundapp.access.views.address import number
from fundapp.access.words import actor_name
from fundapp.funds.models import Fund
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.work import Work
from fundapp.proposals.views.calls.blueprint import Answer, do, does, fund_here, status
from fundapp.scoring.forms.criteria import Edition, highest_typed, weighted, weights_form, worded, words_form
from fundapp.scoring.operations.criteria import revise_criteria
from fundapp.scoring.queries.criteria import editions, scales_in
from fundapp.scoring.queries.rounds import scales_now
from fundapp.scoring.rules.scales import Scale
from fundapp.scoring.views.blueprint import blueprint


@blueprint.get("/criteria")
@needs(Permission.CRITERIA_READ)
def criteria() -> str:
    """The criteria of the fund as they are, or as they were in an edition."""
    known = editions(db.session(), fund_here())
    newest = known[0].number if known else 1
    asked = number("edition") or newest
    scales = scales_in(db.session(), fund_here(), asked)
    if not scales:
        abort(404)
    names = names_of(db.session(), {one.by for one in known})
    return render_template(
        "scoring/criteria.html",
        scales=scales,
        editions=known,
        edition=asked,
        newest=newest,
        people={one.by: actor_name(one.by, names) for one in known},
        revises=does(Permission.CRITERIA_REVISE) and asked == newest,
    )


@blueprint.route("/criteria/revise", methods=["GET", "POST"])
@needs(Permission.CRITERIA_REVISE)
def revise() -> Answer:
    """Weights and thresholds of all criteria; a POST makes an edition."""
    scales = _now()
    form, rest = weights_form(scales)(), list[Fault]()
    if form.is_submitted() and form.validate():
        faults: list[Fault] = []
        changed = weighted(form, scales, faults)
        rest = _revise(form, changed, faults)
        if not rest and not form.errors:
            return _done()
    elif not form.is_submitted():
        form.edition.data = str(_edition())
    return render_template("scoring/weights.html", form=form, scales=scales, faults=rest), status(form, rest)


@blueprint.route("/criteria/<name>", methods=["GET", "POST"])
@needs(Permission.CRITERIA_REVISE)
def criterion(name: str) -> Answer:
    """The words of a criterion and of the steps of its scale; a POST makes an edition."""
    scales = _now()
    one = next((scale for scale in scales if scale.code == name), None) or abort(404)
    highest = highest_typed(request.form.get("highest"), one)
    form, rest = words_form(one, highest)(), list[Fault]()
    if form.is_submitted() and form.validate():
        faults: list[Fault] = []
        changed = worded(form, one, faults)
        rest = _revise(form, [changed if scale.code == name else scale for scale in scales], faults)
        if not rest and not form.errors:
            return _done()
    elif not form.is_submitted():
        form.edition.data = str(_edition())
    page = render_template(
        "scoring/criterion.html", form=form, scale=one, steps=range(one.lowest, highest + 1), faults=rest
    )
    return page, status(form, rest)


def _now() -> tuple[Scale, ...]:
    return scales_now(db.session(), fund_here())


def _edition() -> int:
    known = editions(db.session(), fund_here())
    return known[0].number if known else 1


def _revise(form: Edition, changed: list[Scale], faults: list[Fault]) -> list[Fault]:
    made_from, reason = form.made_from, form.why
    fund = fund_here()
    rest = do(form, lambda work: _make(work, fund, changed, made_from, reason), faults)
    if any(fault.code == "criteria.meanwhile" for fault in rest):
        form.edition.data = str(_edition())  # who has read that sends it again
    return rest


def _make(work: Work, fund: Fund, changed: list[Scale], made_from: int, reason: str) -> None:
    revise_criteria(work, fund, changed, made_from, reason)


def _done() -> Response:
    flash(_("A new edition of the criteria is made. Calls that are open keep theirs."), "success")
    return redirect(url_for("scoring.criteria"))
