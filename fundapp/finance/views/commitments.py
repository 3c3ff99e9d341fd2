"""Pages of commitments: the list, one with its steps, raising one, carrying over a year's end."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from fundapp.access.gate import actor, exports, needs
from fundapp.access.policy import Permission, may
from fundapp.access.queries import names_of
from fundapp.access.views.address import language
from fundapp.access.views.page import file, filters, paged
from fundapp.access.words import actor_name
from fundapp.board.deciding_words import CLASSES
from fundapp.finance.forms.spending import CarryForm, CommitmentFilterForm, CommitmentForm, StepForm
from fundapp.finance.models import Commitment
from fundapp.finance.operations.commitments import (
    approve_commitment,
    cancel_commitment,
    carry_over,
    change_commitment,
    liquidate,
    raise_commitment,
    refuse_commitment,
)
from fundapp.finance.queries.commitments import PAGE, Row, standing_of
from fundapp.finance.queries.commitments import commitment as commitment_of
from fundapp.finance.queries.commitments import commitments as commitments_of
from fundapp.finance.queries.spending import accounts as projects_of
from fundapp.finance.rules.books import ERP_CLASSES
from fundapp.finance.rules.spending import choices_of
from fundapp.finance.spending_words import COMMITMENT_STAGES
from fundapp.finance.views.blueprint import blueprint, day, fund_for
from fundapp.funds.models import Fund
from fundapp.funds.queries import layout
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.sheets import Cell
from fundapp.kernel.work import Work
from fundapp.proposals.forms.calls import lines, typed_day
from fundapp.proposals.views.calls.blueprint import Answer, do, status

ACTS = {
    "approve": Permission.COMMITMENT_APPROVE,
    "refuse": Permission.COMMITMENT_APPROVE,
    "pay": Permission.COMMITMENT_RAISE,
    "change": Permission.COMMITMENT_APPROVE,
    "cancel": Permission.COMMITMENT_APPROVE,
}
BEFORE, AFTER = ("approve", "refuse"), ("pay", "change", "cancel")
FILTERS = ("q", "stage", "project", "classes", "on")


def _projects(fund: Fund) -> list[tuple[str, str]]:
    return [(one.code, f"{one.code} {one.title}") for one in projects_of(db.session(), actor(), fund)]


def _listed() -> tuple[CommitmentFilterForm, list[Row]]:
    fund = fund_for(Permission.SPENDING_READ)
    form = CommitmentFilterForm(request.args).offer(_projects(fund))
    return form, commitments_of(db.session(), actor(), fund, form.wanted(day("on")))


@blueprint.get("/commitments", endpoint="commitments")
@needs(Permission.SPENDING_READ)
def commitments_page() -> str:
    """The commitments of the fund, the newest first."""
    form, rows = _listed()
    return render_template(
        "finance/commitments.html",
        form=form,
        chips=list(form.chips()),
        **paged(rows, PAGE),
        opened=sum(row.open for row in rows),
        carried=sum(row.carried for row in rows),
        on=day("on") or today(),
        raises=may(actor(), Permission.COMMITMENT_RAISE, fund_for(Permission.SPENDING_READ)),
        filters=filters(FILTERS),
    )


@blueprint.get("/commitments/list.<any(csv, xlsx):kind>")
@needs(Permission.SPENDING_READ)
@exports
def commitments_file(kind: str) -> Response:
    """The commitments as they are filtered."""
    rows = _listed()[1]
    headings = (
        _("Number"), _("Project"), _("Vendor or person"), _("What for"), _("Number in the organisation's system"),
        _("Line"), _("Class"), _("Committed on"), _("Lasts until"), _("Where it stands"), _("Amount"), _("Open"),
        _("Carried over"),
    )  # fmt: skip
    return file(kind, f"{fund_for(Permission.SPENDING_READ).code}-commitments", headings, list(_cells(rows)), len(rows))


def _cells(rows: list[Row]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.number, row.project, row.payee, row.purpose, row.reference, row.account, row.erp_class,
            row.committed_on.isoformat(), row.expires_on.isoformat(), str(COMMITMENT_STAGES[row.stage]),
            *(Decimal(one).scaleb(-2) for one in (row.cents, row.open, row.carried)),
        )  # fmt: skip


def _offered(fund: Fund) -> list[tuple[str, str]]:
    """The lines of the fund's statement with the classes that are booked on them."""
    found = []
    for line in layout(db.session(), fund):
        if line.code in ERP_CLASSES and line.code != "EXP.PSC":
            name = getattr(line, f"name_{language()}")
            found += [(f"{line.code}:{one}", f"{name} · {one} {CLASSES[one]}") for one in choices_of(line.code)]
    return found


@blueprint.route("/commitments/raise", methods=["GET", "POST"])
@needs(Permission.COMMITMENT_RAISE)
def commitment_raise() -> Answer:
    """Raise a commitment, for a certifying officer to approve."""
    fund, rest = fund_for(Permission.COMMITMENT_RAISE), list[Fault]()
    form = CommitmentForm().offer(_projects(fund), _offered(fund))
    if request.method == "POST" and form.validate():
        faults: list[Fault] = []
        keys = {one.code: one.id for one in projects_of(db.session(), actor(), fund)}
        code, made = form.project.data or "", list[str]()
        if code and code not in keys:
            faults.append(Fault("commitment.project", field="project"))
        said = form.said(keys.get(code), language(), faults)

        def change(work: Work) -> None:
            made.append(raise_commitment(work, work.session.get_one(Fund, key), said).number)

        key = fund.id
        rest = do(form, change, faults)
        if made:
            flash(_("The commitment is raised. A certifying officer approves it."), "success")
            return redirect(url_for("finance.commitment", number=made[0]))
    elif request.method == "GET":
        form.project.data, form.committed_on.data = request.args.get("project", ""), today().isoformat()
    return render_template("finance/raise.html", form=form, faults=rest), status(form, rest)


def _at(number: str) -> Commitment:
    return commitment_of(db.session(), actor(), fund_for(Permission.SPENDING_READ), number) or abort(404)


@blueprint.get("/commitments/<number>")
@needs(Permission.SPENDING_READ)
def commitment(number: str) -> str:
    """A commitment, what is open of it, and its steps."""
    return _page(number, StepForm(), [])


@blueprint.post("/commitments/<number>/<any(approve, refuse, pay, change, cancel):act>")
@needs(Permission.SPENDING_READ)
def commitment_step(number: str, act: str) -> Answer:
    """Take a step with a commitment."""
    found, form, rest = _at(number), StepForm(), list[Fault]()
    if not may(actor(), ACTS[act], found):
        abort(404)
    key = found.id
    if form.validate():
        faults: list[Fault] = []
        cents = form.cents("amount", language(), faults, negative=act == "change") or 0
        on = None if act in BEFORE else typed_day(form.on.data, "on", faults)
        if act in AFTER and on is None and not faults:
            faults.append(Fault("commitment.no-day", field="on"))
        rest = do(form, lambda work: _take(work, act, key, form, cents), faults)
        if not rest and not form.errors:
            flash(_done(act), "success")
            return redirect(url_for("finance.commitment", number=number))
    return _page(number, form, rest), status(form, rest)


def _done(act: str) -> str:
    said: dict[str, str] = {
        "approve": _("The commitment is approved."),
        "refuse": _("The commitment is refused."),
        "pay": _("The payment is recorded."),
        "change": _("The amount of the commitment is changed."),
        "cancel": _("What was open of the commitment is cancelled."),
    }
    return said[act]


def _take(work: Work, act: str, key: int, form: StepForm, cents: int) -> None:
    one, seen, why = work.session.get_one(Commitment, key), form.of_version, lines(form.reason.data)
    on = typed_day(form.on.data, "on", []) or today()
    if act == "approve":
        approve_commitment(work, one, seen)
    elif act == "refuse":
        refuse_commitment(work, one, why, seen)
    elif act == "pay":
        liquidate(work, one, cents, on, why, seen)
    elif act == "change":
        change_commitment(work, one, cents, on, why, seen)
    else:
        cancel_commitment(work, one, on, why, seen)


def _page(number: str, form: StepForm, rest: list[Fault]) -> str:
    found = _at(number)
    form.version.data, who = str(found.version), actor()
    wanted = {"raised": BEFORE, "approved": AFTER}.get(found.stage.value, ())
    form.on.data = form.on.data or today().isoformat()
    people = {found.prepared_by, found.settled_by or "", *(one.by for one in found.moves)} - {""}
    names = names_of(db.session(), people)
    return render_template(
        "finance/commitment.html",
        one=found,
        stands=standing_of(db.session(), found.id),
        form=form,
        faults=rest,
        acts=[act for act in wanted if may(who, ACTS[act], found)],
        people={one: actor_name(one, names) for one in people},
        class_name=CLASSES.get(found.erp_class, found.erp_class),
        account_name=found.account.name(language()),
    )


@blueprint.route("/commitments/carry", methods=["GET", "POST"])
@needs(Permission.COMMITMENT_RAISE)
def commitments_carry() -> Answer:
    """Carry what is open of commitments over a year's end."""
    fund, form, rest = fund_for(Permission.COMMITMENT_RAISE), CarryForm(), list[Fault]()
    if request.method == "POST" and form.validate():
        key, year, made = fund.id, form.of_year, list[int]()
        faults = [] if year else [Fault("call.no-date", {"text": (form.year.data or "")[:40]}, field="year")]
        rest = do(
            form,
            lambda work: made.extend(one.id for one in carry_over(work, work.session.get_one(Fund, key), year)),
            faults,
        )
        if made:
            said = ngettext("%(num)s commitment is carried over.", "%(num)s commitments are carried over.", len(made))
            flash(said, "success")
            return redirect(url_for("finance.commitments"))
    elif request.method == "GET":
        form.year.data = str(today().year - 1)
    return render_template("finance/carry.html", form=form, faults=rest), status(form, rest)
