"""Reviewers: what is known of them for assigning, and what they have in hand."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.languages import OWN_NAMES
from fundapp.kernel.work import Work
from fundapp.proposals.views.calls.blueprint import Answer, do, fund_here, status
from fundapp.reference.queries import countries
from fundapp.scoring.forms.rounds import ReviewerForm
from fundapp.scoring.operations.profiles import set_profile
from fundapp.scoring.queries.profiles import reviewer_of, reviewing
from fundapp.scoring.views.blueprint import blueprint


@blueprint.get("/reviewers")
@needs(Permission.SCORING_RUN)
def reviewers() -> str:
    """The reviewers of the fund."""
    rows = reviewing(db.session(), actor(), fund_here(), language())
    return render_template("scoring/reviewers.html", rows=rows, own_names=OWN_NAMES)


@blueprint.route("/reviewers/<int:person>", methods=["GET", "POST"])
@needs(Permission.SCORING_RUN)
def reviewer(person: int) -> Answer:
    """What is known of a reviewer: nationality, languages, how many proposals they take."""
    found, profile = reviewer_of(db.session(), fund_here(), person) or abort(404)
    form, rest = ReviewerForm(), list[Fault]()
    form.offer([(one.code, one.name) for one in countries(db.session(), language())])
    if not form.is_submitted():
        form.fill(profile)
    elif form.validate():
        faults: list[Fault] = []
        most = form.limit(faults)
        rest = do(form, lambda work: _set(work, person, form, most), faults)
        if not rest and not form.errors:
            flash(_("What is known of the reviewer is saved."), "success")
            return redirect(url_for("scoring.reviewers"))
        if any(fault.code == "reviewer.changed" for fault in rest):
            form.version.data = str(profile.version if profile else 0)
    return render_template("scoring/reviewer.html", person=found, form=form, faults=rest), status(form, rest)


def _set(work: Work, key: int, form: ReviewerForm, most: int | None) -> None:
    found, _profile = reviewer_of(work.session, fund_here(), key) or abort(404)
    state = (form.nationality.data or "").strip() or None
    set_profile(work, found, state, form.languages.data or (), most, form.of_version)
