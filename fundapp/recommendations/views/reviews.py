"""Recording the days of a State's review; two people at it lose nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.gate import needs, signed_in
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.forms.reviews import REVIEW_FIELDS, ReviewForm
from fundapp.recommendations.models import Review
from fundapp.recommendations.operations import record_review
from fundapp.recommendations.queries.reviews import recorded_review, review_of
from fundapp.recommendations.rules import CYCLES, placed
from fundapp.recommendations.views.blueprint import blueprint, state_of
from fundapp.recommendations.views.refused import at_fields
from fundapp.reference.models import Country

Answer = str | Response | tuple[str, int]
CHANGED = "review.changed"


@dataclass(frozen=True, slots=True)
class BothSides:
    """A field of a review as two people have it."""

    label: str
    mine: str
    theirs: str

    @property
    def differs(self) -> bool:
        """Whether they say different things."""
        return self.mine != self.theirs


@blueprint.route("/states/<code>/reviews/<int:cycle>", methods=["GET", "POST"])
@needs(Permission.REVIEW_RECORD)
def review(code: str, cycle: int) -> Answer:
    """The days of a review, to be recorded."""
    state = state_of(code)
    if cycle not in CYCLES:
        abort(404)
    known = recorded_review(db.session(), state.code, cycle)
    form = ReviewForm(obj=known)
    if not form.is_submitted():
        form.version.data = str(known.version if known else 0)
        return _page(state, cycle, form)
    faults: list[Fault] = []
    if form.validate_on_submit():
        try:
            return _record(state, cycle, form)
        except Refusal as refusal:
            if refusal.faults[0].code == CHANGED:
                return _clash(state, cycle, form)
            faults = at_fields(form, refusal)
    return _page(state, cycle, form, faults), 422


def _record(state: Country, cycle: int, form: ReviewForm) -> Response:
    code = state.code
    with unit_of_work(signed_in()) as work:
        record_review(work, None, code, cycle, form.given(), form.began_from())
    flash(_("The days of the review are saved."), "success")
    return redirect(url_for("recommendations.state", code=code))


def _clash(state: Country, cycle: int, form: ReviewForm) -> tuple[str, int]:
    """Both stand side by side, and the form keeps what was typed: sending it again then takes its place knowingly."""
    theirs = recorded_review(db.session(), state.code, cycle)
    sides = [
        BothSides(form[name].label.text, form[name]._value().strip(), _shown(theirs, name)) for name in REVIEW_FIELDS
    ]
    form.version.data = str(theirs.version if theirs else 0)
    return _page(state, cycle, form, sides=sides), 409


def _shown(found: Review | None, name: str) -> str:
    value = getattr(found, name, None)
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def _page(
    state: Country,
    cycle: int,
    form: ReviewForm,
    faults: list[Fault] | None = None,
    sides: list[BothSides] | None = None,
) -> str:
    known = review_of(db.session(), state.code, cycle)
    return render_template(
        "recommendations/review.html",
        state=state,
        name=state.name(language()),
        cycle=cycle,
        form=form,
        faults=faults or [],
        sides=sides or [],
        known=known,
        marks=placed(known.points, today()) if known else (),
    )
