"""Pages of opening the account of a project, approved here or older than the program, and of closing one."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission, may
from fundapp.access.views.address import language
from fundapp.board.models import Decision
from fundapp.finance.forms.spending import AccountForm, CloseForm, OlderAccountForm
from fundapp.finance.models import ProjectAccount
from fundapp.finance.operations.accounts import close_account, open_account, open_older_account
from fundapp.finance.queries.project_accounts import last_moved
from fundapp.finance.queries.spending import waiting_decisions
from fundapp.finance.rules.spending import GivenAccount
from fundapp.finance.views.blueprint import blueprint, fund_for
from fundapp.finance.views.projects import project_at
from fundapp.funds.models import Fund
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.work import Work
from fundapp.proposals.views.calls.blueprint import Answer, do, status
from fundapp.reference.queries import countries


def _decision_for(reference: str) -> Decision:
    fund = fund_for(Permission.ALLOTMENT_PREPARE)
    waiting = waiting_decisions(db.session(), actor(), fund)
    return next((one for one, proposal in waiting if proposal.reference == reference), None) or abort(404)


@blueprint.route("/projects/open/<reference>", methods=["GET", "POST"])
@needs(Permission.ALLOTMENT_PREPARE)
def open_project(reference: str) -> Answer:
    """Open the account of a project that was approved."""
    decision, form, rest = _decision_for(reference), AccountForm(), list[Fault]()
    if request.method == "POST":
        key = decision.id
        code, rest = _opened(
            form, lambda work, said: open_account(work, work.session.get_one(Decision, key), said)
        )  # fmt: skip
        if code:
            return redirect(url_for("finance.project", code=code))
        decision = _decision_for(reference)
    else:
        form.code.data, form.opened_on.data = reference, today().isoformat()
    page = render_template("finance/open_project.html", form=form, faults=rest, reference=reference, decision=decision)
    return page, status(form, rest)


@blueprint.route("/projects/open", methods=["GET", "POST"])
@needs(Permission.ALLOTMENT_PREPARE)
def older_project() -> Answer:
    """Open the account of a project that was approved before the program, or of work that no proposal asked for."""
    fund, rest = fund_for(Permission.ALLOTMENT_PREPARE), list[Fault]()
    form = OlderAccountForm().offer([(one.code, one.name) for one in countries(db.session(), language())])
    if request.method == "POST":
        key = fund.id
        code, rest = _opened(form, lambda work, said: open_older_account(work, work.session.get_one(Fund, key), said))
        if code:
            return redirect(url_for("finance.project", code=code))
    return render_template("finance/older_project.html", form=form, faults=rest), status(form, rest)


def _opened(form: AccountForm, opens: Callable[[Work, GivenAccount], ProjectAccount]) -> tuple[str, list[Fault]]:
    """Open it as it was typed: the code of its account, or none and what was refused of no field."""
    faults, made = list[Fault](), list[str]()
    if not form.validate():
        return "", []
    said = form.said(faults)
    rest = do(form, lambda work: made.append(opens(work, said).code), faults)
    if made and not rest and not form.errors:
        flash(_("The project account is open. Prepare its allotment next."), "success")
        return made[0], []
    return "", rest


@blueprint.route("/projects/<code>/close", methods=["GET", "POST"])
@needs(Permission.ALLOTMENT_PREPARE)
def close_project(code: str) -> Answer:
    """Close the account of a project, once nothing of it is open or waits."""
    found, form, rest = project_at(code), CloseForm(), list[Fault]()
    if not may(actor(), Permission.ALLOTMENT_PREPARE, found):
        abort(404)
    if request.method == "POST" and form.validate():
        faults, key = list[Fault](), found.id
        on = form.day(faults)
        rest = do(
            form,
            lambda work: close_account(work, work.session.get_one(ProjectAccount, key), on or today(), form.of_version),
            faults,
        )
        if not rest and not form.errors:
            flash(_("The project account is closed."), "success")
            return redirect(url_for("finance.project", code=code))
        found = project_at(code)
    moved = last_moved(db.session(), found.fund_id, found.id)
    if request.method == "GET":
        form.on.data = today().isoformat()
    form.version.data = str(found.version)
    page = render_template("finance/close_project.html", form=form, faults=rest, project=found, moved=moved)
    return page, status(form, rest)
