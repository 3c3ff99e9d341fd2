"""The money of a pledge: binding it, what was booked and paid of it, and that less is paid than was promised."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission, may
from fundapp.access.queries import names_of
from fundapp.access.words import actor_name
from fundapp.contributions.models import Instalment, Pledge, PledgeStage
from fundapp.contributions.queries import names_of_donors
from fundapp.contributions.queries.pledges import pledge_numbered
from fundapp.finance.forms.receiving import AnswerForm, BindForm, ChangeForm, RefundForm, minor_of
from fundapp.finance.models import ChangeKind, ChangeStage, PledgeChange, Receipt
from fundapp.finance.operations.pledge_changes import approve_change, prepare_change, prepare_refund, refuse_change
from fundapp.finance.operations.receiving import bind
from fundapp.finance.queries.ageing import reminders
from fundapp.finance.queries.receipts import (
    change_of,
    changes,
    parts_of,
    receipts_behind,
    settlements_of,
)
from fundapp.finance.queries.receiving import purse
from fundapp.finance.receiving_words import CHANGE_MARKS, CHANGE_STAGES, CHANGES
from fundapp.finance.views.blueprint import blueprint, fund_for, language
from fundapp.finance.views.receiving import Answer, part_label, receipt_at
from fundapp.funds.models import Basis
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.text import left_to_right
from fundapp.kernel.work import Work
from fundapp.proposals.views.calls.blueprint import do, status

LARGEST_KEY = 10**12
KINDS = (ChangeKind.REDUCTION, ChangeKind.WRITE_OFF)


def pledge_at(number: str) -> Pledge:
    """The pledge of an address; 404 where the fund has none of that number."""
    fund = fund_for(Permission.DONOR_READ)
    return pledge_numbered(db.session(), fund, number) or abort(404)


def donor_name(key: int) -> tuple[str, str]:
    """Code and name of a donor, in the reader's language."""
    code, names = names_of_donors(db.session(), today())[key]
    return code, names[language()]


@blueprint.app_template_global("pledge_address")
def pledge_address(number: str) -> str:
    """Where what a pledge promises is shown: the page of the pledge, where there is one, else that of its money."""
    if "donors.pledge" in current_app.view_functions:
        return url_for("donors.pledge", number=number)
    return url_for("finance.pledge_money", number=number)


@blueprint.get("/pledges/<number>")
@needs(Permission.DONOR_READ)
def pledge_money(number: str) -> str:
    """What was booked and paid of a pledge, and what exchange gave or took."""
    session, fund, pledge, who = db.session(), fund_for(Permission.DONOR_READ), pledge_at(number), actor()
    parts, binding = parts_of(session, pledge), pledge.stage is PledgeStage.BINDING
    told = reminders(session, [part.instalment.id for part in parts])
    made = [(one, number, pledge.currency) for one in changes(session, fund, pledge=pledge)]
    return render_template(
        "finance/receiving/pledge.html",
        pledge=pledge,
        donor=donor_name(pledge.donor_id),
        parts=parts,
        binding=binding,
        accrual=fund.basis is Basis.ACCRUAL,
        paid=settlements_of(session, pledge),
        made=made,
        told=told,
        today=today(),
        may_bind=pledge.stage is PledgeStage.DRAFT and may(who, Permission.PLEDGE_RECORD, pledge),
        may_change=binding
        and may(who, Permission.PLEDGE_CHANGE_PREPARE, pledge)
        and any(part.stands.outstanding for part in parts),
        may_write=may(who, Permission.DONOR_WRITE_TO, pledge),
        change_words=CHANGES,
        change_stages=CHANGE_STAGES,
        change_marks=CHANGE_MARKS,
    )


@blueprint.route("/pledges/<number>/bind", methods=["GET", "POST"], endpoint="bind")
@needs(Permission.PLEDGE_RECORD)
def bind_pledge(number: str) -> Answer:
    """Say from which day a pledge binds."""
    pledge, form, rest, faults = pledge_at(number), BindForm(), list[Fault](), list[Fault]()
    key = pledge.id
    if request.method == "GET":
        form.on.data = today().isoformat()
    elif form.validate():
        on = form.day(faults)
        rest = do(form, lambda work: _bind(work, key, on), faults)
        if not rest and not form.errors:
            flash(_("The pledge %(number)s binds.", number=left_to_right(number)), "success")
            return redirect(url_for("finance.pledge_money", number=number))
        pledge = pledge_at(number)
    page = render_template(
        "finance/receiving/bind.html",
        pledge=pledge,
        donor=donor_name(pledge.donor_id),
        parts=parts_of(db.session(), pledge),
        accrual=fund_for(Permission.PLEDGE_RECORD).basis is Basis.ACCRUAL,
        form=form,
        faults=rest,
    )
    return page, status(form, rest)


def _bind(work: Work, key: int, on: date) -> None:
    bind(work, work.session.get_one(Pledge, key), on)


@blueprint.route("/pledges/<number>/change", methods=["GET", "POST"])
@needs(Permission.PLEDGE_CHANGE_PREPARE)
def change_pledge(number: str) -> Answer:
    """Prepare that less is paid than was promised."""
    pledge, rest, faults = pledge_at(number), list[Fault](), list[Fault]()
    parts = [part for part in parts_of(db.session(), pledge) if part.stands.outstanding]
    form = ChangeForm().offer((part.instalment.id, part_label(part)) for part in parts)
    if request.method == "GET":
        form.on.data = today().isoformat()
    elif form.validate():
        minor, on = minor_of(form.amount.data, pledge.currency, language(), faults), form.day(faults)
        which = next((part.instalment.id for part in parts if str(part.instalment.id) == form.instalment.data), None)
        kind = next((kind for kind in KINDS if kind == form.kind.data), None)
        if which is None:
            faults.append(Fault("settle.instalment", field="instalment"))
        if kind is None:
            faults.append(Fault("change.kind", field="kind"))
        why = form.why

        def take(work: Work) -> None:
            assert kind is not None
            prepare_change(work, work.session.get_one(Instalment, which), kind, minor, on, why)

        rest = do(form, take, faults)
        if not rest and not form.errors:
            flash(_("It is prepared. A certifying officer approves it."), "success")
            return redirect(url_for("finance.pledge_money", number=number))
    return render_template("finance/receiving/change.html", pledge=pledge, form=form, faults=rest), status(form, rest)


@blueprint.route("/receipts/<number>/refund", methods=["GET", "POST"])
@needs(Permission.PLEDGE_CHANGE_PREPARE)
def refund(number: str) -> Answer:
    """Prepare that money goes back to its donor."""
    found, form, rest, faults = receipt_at(number), RefundForm(), list[Fault](), list[Fault]()
    key = found.id
    if request.method == "GET":
        form.on.data = today().isoformat()
    elif form.validate():
        minor, on = minor_of(form.amount.data, found.currency, language(), faults), form.day(faults)
        why = form.why

        def take(work: Work) -> None:
            prepare_refund(work, work.session.get_one(Receipt, key), minor, on, why)

        rest = do(form, take, faults)
        if not rest and not form.errors:
            flash(_("It is prepared. A certifying officer approves it."), "success")
            return redirect(url_for("finance.receipt", number=number))
        found = receipt_at(number)
    kept = purse(db.session(), found)
    page = render_template("finance/receiving/refund.html", found=found, kept=kept, form=form, faults=rest)
    return page, status(form, rest)


@blueprint.get("/pledge-changes", endpoint="pledge_changes")
@needs(Permission.DONOR_READ)
def pledge_changes_page() -> str:
    """Reductions, write-offs and refunds, what waits for approval first."""
    found = changes(db.session(), fund_for(Permission.DONOR_READ))
    rows = sorted(found, key=lambda one: one.stage is not ChangeStage.PREPARED)
    behind = receipts_behind(db.session(), rows)
    return render_template(
        "finance/receiving/changes.html",
        rows=[(one, *_of(one, behind)) for one in rows],
        change_words=CHANGES,
        change_stages=CHANGE_STAGES,
        change_marks=CHANGE_MARKS,
    )


def _of(change: PledgeChange, behind: Mapping[int, Receipt]) -> tuple[str, str]:
    """What a change is of, by its number, and in which currency."""
    found = change.pledge or behind[change.receipt_id or 0]
    return found.number, found.currency


def change_at(key: int) -> PledgeChange:
    """The change of an address; 404 where the fund has none."""
    found = change_of(db.session(), fund_for(Permission.DONOR_READ), key) if key < LARGEST_KEY else None
    return found or abort(404)


@blueprint.get("/pledge-changes/<int:key>")
@needs(Permission.DONOR_READ)
def pledge_change(key: int) -> str:
    """A reduction, a write-off or a refund, and where it stands."""
    return _change_page(change_at(key), AnswerForm(), [])


def _change_page(found: PledgeChange, form: AnswerForm, rest: list[Fault]) -> str:
    people = {one for one in (found.prepared_by, found.settled_by) if one}
    names = names_of(db.session(), people)
    number, currency = _of(found, receipts_behind(db.session(), [found]))
    return render_template(
        "finance/receiving/pledge_change.html",
        found=found,
        number=number,
        currency=currency,
        part=db.session().get(Instalment, found.instalment_id) if found.instalment_id else None,
        form=form,
        faults=rest,
        acts=("approve", "refuse")
        if found.stage is ChangeStage.PREPARED and may(actor(), Permission.PLEDGE_CHANGE_APPROVE, found)
        else (),
        people={one: actor_name(one, names) for one in people},
        change_words=CHANGES,
        change_stages=CHANGE_STAGES,
        change_marks=CHANGE_MARKS,
    )


ACTS: dict[str, Callable[[Work, PledgeChange, str], PledgeChange]] = {
    "approve": approve_change,
    "refuse": refuse_change,
}


@blueprint.post("/pledge-changes/<int:key>/<any(approve, refuse):act>")
@needs(Permission.PLEDGE_CHANGE_APPROVE)
def pledge_change_step(key: int, act: str) -> Answer:
    """Approve it, or refuse it with the reason."""
    found, form, rest = change_at(key), AnswerForm(), list[Fault]()
    if not may(actor(), Permission.PLEDGE_CHANGE_APPROVE, found):
        abort(404)
    said, verb = form.said, ACTS[act]
    if form.validate():
        rest = do(form, lambda work: _step(work, verb, key, said))
        if not rest and not form.errors:
            flash(_("It is approved.") if act == "approve" else _("It is refused."), "success")
            return redirect(url_for("finance.pledge_change", key=key))
    return _change_page(change_at(key), form, rest), status(form, rest)


def _step(work: Work, verb: Callable[[Work, PledgeChange, str], PledgeChange], key: int, said: str) -> None:
    verb(work, work.session.get_one(PledgeChange, key), said)
