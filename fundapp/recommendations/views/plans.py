"""A State's implementation plans: reading one, beginning, changing and withdrawing it, and its measures as a file."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from fundapp.access.forms import page_of
from fundapp.access.gate import actor, exports, needs, signed_in
from fundapp.access.policy import Permission
from fundapp.access.queries import names_of
from fundapp.access.views.address import language
from fundapp.access.views.page import file, last_page
from fundapp.access.words import actor_name
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.forms.plans import MeasureFilterForm, PlanForm
from fundapp.recommendations.layouts.plan_files import LAYOUTS, cells, headings
from fundapp.recommendations.models import ImplementationPlan
from fundapp.recommendations.operations import change_plan as change
from fundapp.recommendations.operations import open_plan
from fundapp.recommendations.operations import withdraw_plan as withdraw
from fundapp.recommendations.queries.plans import PAGE, MeasuresWanted, measures, named_plan, said_of, shelf, written
from fundapp.recommendations.rules.plans import Planned
from fundapp.recommendations.views.blueprint import blueprint, state_of
from fundapp.recommendations.views.plan_parts import (
    CHANGED,
    Compared,
    compared,
    place,
    plan_at,
    records,
)
from fundapp.recommendations.words import PLAN_LAYOUTS

SAID = ("title", "language", "since", "until")


def _wanted() -> tuple[MeasureFilterForm, MeasuresWanted]:
    form = MeasureFilterForm(request.args).offer()
    return form, form.wanted(request.args.get("sort", "due"))


@blueprint.get("/plans/<int:key>")
@needs(Permission.RECOMMENDATION_READ)
def plan(key: int) -> str:
    """A plan: its measures by the day they are due, with what they put into practice."""
    found, session = plan_at(key), db.session()
    form, wanted = _wanted()
    page = page_of(request.args)
    rows, total = measures(session, actor(), found, wanted, today(), page=page)
    state = state_of(found.state)
    return render_template(
        "recommendations/plan.html",
        plan=found,
        state=state,
        state_name=state.name(language()),
        form=form,
        wanted=wanted,
        rows=rows,
        total=total,
        page=page,
        last=last_page(total, PAGE),
        by=actor_name(found.by, names_of(session, [found.by])),
        records=records() and not found.withdrawn_at,
        layouts={name: PLAN_LAYOUTS[name] for name in LAYOUTS if name != "own"},
        filters={name: request.args[name] for name in ("q", "progress", "late", "sort") if request.args.get(name)},
    )


@blueprint.get("/plans/<int:key>.<any(csv, xlsx):kind>")
@needs(Permission.RECOMMENDATION_READ)
@exports
def plan_file(key: int, kind: str) -> Response:
    """The measures of a plan as a file, with the filters of the page, in any of the layouts."""
    found, layout = plan_at(key), request.args.get("layout", "own")
    if layout not in LAYOUTS:
        raise refuse("address.no-layout", text=layout[:20], known=", ".join(LAYOUTS))
    rows, total = measures(db.session(), actor(), found, _wanted()[1], today(), page=None)
    given = [cells(row, layout) for row in written(rows, shelf(db.session(), found.state))]
    name = f"{found.state}-plan-{found.id}" + (f"-{layout}" if layout != "own" else "")
    return file(kind, name, headings(layout), given, total)


@blueprint.route("/states/<code>/plans/new", methods=["GET", "POST"])
@needs(Permission.PLAN_RECORD)
def new_plan(code: str) -> str | BaseResponse | tuple[str, int]:
    """Begin a plan of a State."""
    state, form, left = state_of(code), PlanForm(), list[Fault]()
    if form.validate_on_submit():
        said = form.said(left)
        try:
            _no_faults(left, said)
            with unit_of_work(signed_in()) as work:
                key = open_plan(work, state_of(code), said).id
            flash(_("The plan is there. Add its measures, or take in a file."), "success")
            return redirect(url_for("recommendations.plan", key=key))
        except Refusal as refusal:
            left = place(form, refusal.faults)
    page = render_template(
        "recommendations/new_plan.html", form=form, faults=left, state=state, state_name=state.name(language())
    )
    return page, 422 if form.errors or left else 200


def _no_faults(faults: list[Fault], said: Any) -> None:
    """Refuse for everything that is wrong with what was written, and not for the first of it."""
    if faults:
        raise Refusal(*faults, *said.faults())


@blueprint.route("/plans/<int:key>/change", methods=["GET", "POST"])
@needs(Permission.PLAN_RECORD)
def change_plan(key: int) -> str | BaseResponse | tuple[str, int]:
    """Say otherwise what a plan is called and how long it runs; who comes second sees what the first one wrote."""
    found, form, left, other = plan_at(key), PlanForm(), list[Fault](), Compared()
    if not form.is_submitted():
        form.fill(said_of(found), found.version)
    elif form.validate():
        said = form.said(left)
        try:
            _no_faults(left, said)
            _change(key, said, form.of_version)
            flash(_("The plan is changed."), "success")
            return redirect(url_for("recommendations.plan", key=key))
        except Refusal as refusal:
            left = place(form, refusal.faults)
            other = _other(form, said, refusal, plan_at(key))
    page = render_template("recommendations/change_plan.html", form=form, faults=left, plan=plan_at(key), other=other)
    return page, 409 if other else 422 if form.errors or left else 200


def _change(key: int, said: Planned, version: int) -> None:
    with unit_of_work(signed_in()) as work:
        change(work, named_plan(work.session, key), said, version)


def _other(form: PlanForm, said: Planned, refusal: Refusal, found: ImplementationPlan) -> Compared:
    """What somebody else wrote in the meantime, and from then on the form is of that version."""
    if not any(fault.code in CHANGED for fault in refusal.faults):
        return []
    form.version.data = str(found.version)
    return compared(said_of(found), said, SAID)


@blueprint.post("/plans/<int:key>/withdraw")
@needs(Permission.PLAN_RECORD)
def withdraw_plan(key: int) -> BaseResponse:
    """Take a plan back; it stays in the record."""
    plan_at(key)
    with unit_of_work(signed_in()) as work:
        found = named_plan(work.session, key)
        withdraw(work, found)
        code = found.state
    flash(_("The plan is withdrawn."), "success")
    return redirect(url_for("recommendations.state", code=code))
