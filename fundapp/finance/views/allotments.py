"""Pages of allotments: prepared by a finance officer, released or refused by a certifying officer; and those behind a
figure of what is allotted."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission, may
from fundapp.access.queries import names_of
from fundapp.access.views.address import language
from fundapp.access.words import actor_name
from fundapp.board.deciding_words import CLASSES
from fundapp.board.models import Decision
from fundapp.finance.forms.spending import AllotmentForm, AnswerForm
from fundapp.finance.models import Allotment, ProjectAccount
from fundapp.finance.operations.accounts import prepare_allotment, refuse_allotment, release_allotment
from fundapp.finance.queries.project_accounts import given
from fundapp.finance.queries.spending import allotments, approval, uses
from fundapp.finance.rules.spending import GROUPS
from fundapp.finance.views.blueprint import blueprint, day
from fundapp.finance.views.projects import project_at
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.money import decimal_text
from fundapp.kernel.work import Work
from fundapp.proposals.views.calls.blueprint import Answer, do, status


@blueprint.route("/projects/<code>/allot", methods=["GET", "POST"])
@needs(Permission.ALLOTMENT_PREPARE)
def allot(code: str) -> Answer:
    """Prepare an allotment of a project."""
    found, form, rest = project_at(code), AllotmentForm(), list[Fault]()
    if not may(actor(), Permission.ALLOTMENT_PREPARE, found):
        abort(404)
    key = found.id
    if request.method == "POST" and form.validate():
        faults: list[Fault] = []
        said, made = form.said(language(), faults), list[int]()

        def change(work: Work) -> None:
            made.append(prepare_allotment(work, work.session.get_one(ProjectAccount, key), said).number)

        rest = do(form, change, faults)
        if made:
            flash(_("The allotment is prepared. A certifying officer releases it."), "success")
            return redirect(url_for("finance.allotment", code=code, number=made[0]))
        found = project_at(code)
    used = uses(db.session(), found.fund_id, today(), found.id).get(found.id, {})
    decision = approval(db.session(), found.proposal_id) if found.proposal_id else None
    if request.method == "GET":
        _prefill(form, decision, bool(used))
    page = render_template(
        "finance/allot.html", form=form, faults=rest, project=found, decision=decision, classes=CLASSES
    )
    return page, status(form, rest)


def _prefill(form: AllotmentForm, decision: Decision | None, known: bool) -> None:
    """The first allotment is what was approved, by class."""
    form.since.data = today().isoformat()
    for code, cents in (decision.classes if decision and not known else {}).items():
        if code in CLASSES and cents:
            form[f"class_{code}"].data = decimal_text(int(cents))


@blueprint.get("/projects/<code>/allotted")
@needs(Permission.SPENDING_READ)
def allotted(code: str) -> str:
    """The allotments that what is allotted to a project by a day is made of, to all classes or to those asked for."""
    found, on = project_at(code), day("on") or today()
    group = request.args.get("classes", "")
    group = group if group in GROUPS.values() else ""
    rows = given(db.session(), found.id, tuple(filter(None, group.split(","))), on)
    return render_template("finance/allotted.html", project=found, rows=rows, on=on, group=group)


def _at(code: str, number: int) -> Allotment:
    found = project_at(code)
    return next((one for one in allotments(db.session(), found.id) if one.number == number), None) or abort(404)


@blueprint.get("/projects/<code>/allotments/<int:number>")
@needs(Permission.SPENDING_READ)
def allotment(code: str, number: int) -> str:
    """An allotment, and who prepared and released it."""
    return _page(code, number, AnswerForm(), [])


@blueprint.post("/projects/<code>/allotments/<int:number>/<any(release, refuse):act>")
@needs(Permission.ALLOTMENT_RELEASE)
def allotment_step(code: str, number: int, act: str) -> Answer:
    """Release an allotment that another prepared, or refuse it."""
    found, form, rest = _at(code, number), AnswerForm(), list[Fault]()
    if not may(actor(), Permission.ALLOTMENT_RELEASE, found):
        abort(404)
    key, seen, answer = found.id, form.of_version, form.answer.data or ""

    def change(work: Work) -> None:
        one = work.session.get_one(Allotment, key)
        if act == "release":
            release_allotment(work, one, seen)
        else:
            refuse_allotment(work, one, answer, seen)

    if form.validate():
        rest = do(form, change)
        if not rest and not form.errors:
            said = _("The allotment is released.") if act == "release" else _("The allotment is refused.")
            flash(said, "success")
            return redirect(url_for("finance.project", code=code))
    return _page(code, number, form, rest), status(form, rest)


def _page(code: str, number: int, form: AnswerForm, rest: list[Fault]) -> str:
    found = _at(code, number)
    form.version.data = str(found.version)
    names = names_of(db.session(), {one for one in (found.prepared_by, found.settled_by) if one})
    return render_template(
        "finance/allotment.html",
        project=project_at(code),
        allotment=found,
        form=form,
        faults=rest,
        classes=CLASSES,
        people={one: actor_name(one, names) for one in (found.prepared_by, found.settled_by) if one},
        settles=found.stage == "prepared" and may(actor(), Permission.ALLOTMENT_RELEASE, found),
    )
