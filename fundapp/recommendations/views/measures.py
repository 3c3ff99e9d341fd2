"""A measure of a plan: adding one, reading and changing it, and naming what it puts into practice."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from fundapp.access.gate import actor, needs, signed_in
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.access.views.page import say
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.forms.plans import MeasureForm
from fundapp.recommendations.models import ImplementationPlan, Measure
from fundapp.recommendations.operations import add_measure, change_measure, link_measure, unlink_measure
from fundapp.recommendations.operations import withdraw_measure as withdraw
from fundapp.recommendations.queries import Listed, Wanted, search
from fundapp.recommendations.queries.plans import Aim, aims_of, doing_of, named_plan, shelf
from fundapp.recommendations.rules.plans import FIELDS, Doing, outside, overdue
from fundapp.recommendations.views.blueprint import blueprint
from fundapp.recommendations.views.plan_parts import (
    CHANGED,
    Compared,
    compared,
    measure_at,
    must_record,
    place,
    plan_at,
    records,
)

FOUND = 20  # recommendations that a search offers to tick


@blueprint.route("/plans/<int:key>/measures/new", methods=["GET", "POST"])
@needs(Permission.PLAN_RECORD)
def new_measure(key: int) -> str | BaseResponse | tuple[str, int]:
    """Put a measure into a plan."""
    plan, form, left = plan_at(key), MeasureForm().offer(), list[Fault]()
    if form.validate_on_submit():
        try:
            said, numbers = _written(form, plan)
            with unit_of_work(signed_in()) as work:
                made = add_measure(work, named_plan(work.session, key), said, numbers).id
            _saved(said, plan_at(key), _("The measure is there."))
            return redirect(url_for("recommendations.measure", key=made))
        except Refusal as refusal:
            left = place(form, refusal.faults)
    page = render_template("recommendations/new_measure.html", form=form, faults=left, plan=plan_at(key))
    return page, 422 if form.errors or left else 200


def _written(form: MeasureForm, plan: ImplementationPlan) -> tuple[Doing, list[int]]:
    """What the form says; refused for all that is wrong with it."""
    faults: list[Fault] = []
    said = form.said(faults)
    numbers = form.numbers(shelf(db.session(), plan.state), faults) if form.links.data else []
    if faults:
        raise Refusal(*faults, *said.faults())
    return said, numbers


def _saved(said: Doing, plan: ImplementationPlan, text: str) -> None:
    """Say that it is done; a day outside the plan is no fault, and is said."""
    flash(text, "success")
    if said.due and outside(said.due, plan.since, plan.until):
        day = said.due.isoformat()
        flash(_("It is due on %(day)s, which is outside the days of the plan.", day=day), "warning")


@blueprint.route("/measures/<int:key>", methods=["GET", "POST"])
@needs(Permission.RECOMMENDATION_READ)
def measure(key: int) -> str | BaseResponse | tuple[str, int]:
    """A measure with its recommendations; who may, changes it here."""
    found, form, left, other = measure_at(key), MeasureForm().offer(), list[Fault](), Compared()
    if request.method == "POST":
        must_record()
        if form.validate():
            try:
                said = _change(form, found)
                _saved(said, plan_at(found.plan_id), _("The measure is changed."))
                return redirect(url_for("recommendations.measure", key=key))
            except Refusal as refusal:
                left = place(form, refusal.faults)
                other = _other(form, refusal, measure_at(key))
    aims = aims_of(db.session(), key, plan_at(found.plan_id).language)
    if request.method == "GET":
        form.fill(doing_of(found), _names(aims, found), found.version)
    return _page(measure_at(key), form, left, other, aims), 409 if other else 422 if form.errors or left else 200


def _change(form: MeasureForm, found: Measure) -> Doing:
    key = found.id
    said, numbers = _written(form, plan_at(found.plan_id))
    with unit_of_work(signed_in()) as work:
        change_measure(work, work.session.get_one(Measure, key), said, form.of_version, numbers)
    return said


def _other(form: MeasureForm, refusal: Refusal, found: Measure) -> Compared:
    """What somebody else wrote in the meantime, and from then on the form is of that version."""
    if not any(fault.code in CHANGED for fault in refusal.faults):
        return []
    form.version.data = str(found.version)
    aims = aims_of(db.session(), found.id, plan_at(found.plan_id).language)
    theirs, mine = _names(aims, found), form.links.data or ""
    differing = compared(doing_of(found), form.said([]), FIELDS)
    return [*differing, (form.links.label.text, theirs, mine)] if theirs != mine or not differing else differing


def _names(aims: Sequence[Aim], found: Measure) -> str:
    """The recommendations by names that mean them and no others."""
    if not aims:
        return ""
    known = shelf(db.session(), plan_at(found.plan_id).state)
    return ", ".join(known.name(aim.number) for aim in aims)


def _page(found: Measure, form: MeasureForm, left: Sequence[Fault], other: Compared, aims: Sequence[Aim]) -> str:
    plan = plan_at(found.plan_id)
    doing, may_change = doing_of(found), records() and not plan.withdrawn_at
    return render_template(
        "recommendations/measure.html",
        measure=found,
        plan=plan,
        doing=doing,
        form=form,
        faults=left,
        other=other,
        aims=aims,
        records=may_change,
        late=overdue(found.due, found.progress, today()),
        outside=outside(found.due, plan.since, plan.until),
        words=request.args.get("find", "")[:100],
        found=_offered(plan.state, {aim.number for aim in aims}) if may_change else [],
    )


def _offered(state: str, there: set[int]) -> list[Listed]:
    """Recommendations of the State with the words that are looked for, but for those that are there."""
    words = request.args.get("find", "").strip()[:100]
    if not words:
        return []
    listed = search(db.session(), actor(), Wanted(words=words, state=state), language=language(), limit=FOUND)
    return [one for one in listed if one.number not in there]


@blueprint.post("/measures/<int:key>/withdraw")
@needs(Permission.PLAN_RECORD)
def withdraw_measure(key: int) -> BaseResponse:
    """Take a measure out of its plan."""
    plan = measure_at(key).plan_id
    try:
        with unit_of_work(signed_in()) as work:
            withdraw(work, work.session.get_one(Measure, key))
        flash(_("The measure is withdrawn."), "success")
    except Refusal as refusal:
        say(refusal)
    return redirect(url_for("recommendations.plan", key=plan))


@blueprint.post("/measures/<int:key>/link")
@needs(Permission.PLAN_RECORD)
def link(key: int) -> BaseResponse:
    """Add the recommendations that were ticked."""
    measure_at(key)
    numbers = [int(text) for text in request.form.getlist("number") if text.isascii() and text.isdigit()][:FOUND]
    try:
        with unit_of_work(signed_in()) as work:
            link_measure(work, work.session.get_one(Measure, key), [number for number in numbers if number < 2**63])
        flash(_("The recommendations are named."), "success")
    except Refusal as refusal:
        say(refusal)
    return redirect(url_for("recommendations.measure", key=key))


@blueprint.post("/measures/<int:key>/unlink")
@needs(Permission.PLAN_RECORD)
def unlink(key: int) -> BaseResponse:
    """Take a recommendation off a measure."""
    measure_at(key)
    text = request.form.get("number", "")
    try:
        with unit_of_work(signed_in()) as work:
            number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
            unlink_measure(work, work.session.get_one(Measure, key), number)
        flash(_("The recommendation is taken off."), "success")
    except Refusal as refusal:
        say(refusal)
    return redirect(url_for("recommendations.measure", key=key))
