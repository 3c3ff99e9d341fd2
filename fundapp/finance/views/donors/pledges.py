"""Pledges and agreements: the list, one with its instalments and papers, and writing a draft."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from fundapp.access.gate import actor, exports, needs
from fundapp.access.policy import Permission
from fundapp.access.queries import names_of
from fundapp.access.views.address import language
from fundapp.access.views.page import file, filters, paged
from fundapp.contributions.models import Earmark, Pledge, PledgeStage
from fundapp.contributions.operations.pledges import cancel_pledge, change_pledge, draft_pledge
from fundapp.contributions.queries.earmarks import Earmarks, earmarks, label_of
from fundapp.contributions.queries.pledges import PAGE, PledgeRow, by_currency, papers_of, pledge_rows
from fundapp.contributions.queries.register import contacts_of, name_of, names_by_letters
from fundapp.finance.donor_words import EARMARKS, PLEDGE_KINDS, PLEDGE_STAGES
from fundapp.finance.forms.pledges import CancelForm, PledgeFilterForm, PledgeForm
from fundapp.finance.queries.receiving import due_by_pledge, paid_by_pledge
from fundapp.finance.views.donors.blueprint import (
    Answer,
    asked_donor,
    blueprint,
    codes,
    has_page,
    pledge_here,
    renew,
)
from fundapp.funds.queries import support_cost_rate
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.money import exponent
from fundapp.kernel.sheets import Cell
from fundapp.proposals.views.calls.blueprint import Compared, compared, do, does, fund_here, status

FILTERS = ("q", "stage", "earmark", "currency", "year")


def _listed() -> tuple[PledgeFilterForm, list[PledgeRow]]:
    form = PledgeFilterForm(request.args).offer(codes())
    wanted = form.wanted(request.args.get("sort", ""))
    session, fund = db.session(), fund_here()
    return form, pledge_rows(session, fund, language(), wanted, today(), due_by_pledge(session, fund.id))


@blueprint.get("/pledges")
@needs(Permission.DONOR_READ)
def pledges() -> str:
    """What was promised to the fund."""
    form, rows = _listed()
    return render_template(
        "contributions/pledges.html",
        form=form,
        chips=list(form.chips()),
        **paged(rows, PAGE),
        sums=by_currency(rows),
        paid=paid_by_pledge(db.session(), fund_here().id),
        filters=filters(FILTERS),
        records=does(Permission.PLEDGE_RECORD),
    )


@blueprint.get("/pledges/list.<any(csv, xlsx):kind>")
@needs(Permission.DONOR_READ)
@exports
def pledges_file(kind: str) -> Response:
    """The same as it is filtered."""
    rows = _listed()[1]
    headings = (
        _("Number"), _("Donor (code)"), _("Donor"), _("Kind"), _("Stage"), _("Reference"), _("Currency"), _("Amount"),
        _("Paid"), _("Announced or signed on"), _("Binds from"), _("Instalments"), _("Last instalment due"),
        _("Given for"), _("Given for (code)"),
    )  # fmt: skip
    return file(kind, f"{fund_here().code}-pledges", headings, list(_cells(rows)), len(rows))


def _cells(rows: list[PledgeRow]) -> Iterator[tuple[Cell, ...]]:
    session, fund = db.session(), fund_here()
    paid, found = paid_by_pledge(session, fund.id), earmarks(session, actor(), fund, language())
    for row in rows:
        seen = row.earmarked_for if found.label(row.earmark, row.earmarked_for) else ""
        yield (
            row.number, row.code, row.name, str(PLEDGE_KINDS[row.kind]), str(PLEDGE_STAGES[row.stage]), row.reference,
            row.currency, _amount(row.minor, row.currency), _amount(paid.get(row.id, 0), row.currency),
            row.announced_on.isoformat(), row.binds_on.isoformat() if row.binds_on else "", row.instalments,
            row.last_due.isoformat() if row.last_due else "", str(EARMARKS[row.earmark]), seen,
        )  # fmt: skip


def _amount(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-exponent(currency))


@blueprint.get("/pledges/<number>")
@needs(Permission.DONOR_READ)
def pledge(number: str) -> str:
    """A pledge: what it promises, when it is due, for what, on which conditions, and its papers."""
    found, session, fund = pledge_here(number), db.session(), fund_here()
    seen = label_of(session, actor(), fund, found.earmark, found.earmarked_for, language())
    papers = papers_of(session, found)
    records = does(Permission.PLEDGE_RECORD, found)
    draft = found.stage is PledgeStage.DRAFT
    known = {found.prepared_by, found.bound_by, found.cancelled_by, *(one.by for one in papers)}
    return render_template(
        "contributions/pledge.html",
        pledge=found,
        name=name_of(session, found.donor, language()),
        earmarked=seen,
        papers=papers,
        paid=paid_by_pledge(session, fund.id, found.donor_id).get(found.id, 0),
        contacts=contacts_of(session, found.donor),
        fund_rate=support_cost_rate(session, fund, found.binds_on or found.announced_on),
        people=names_of(session, {by for by in known if by}),
        today=today(),
        records=records,
        writes=records and draft and (found.earmark is not Earmark.PROJECT or seen is not None),
        binds=draft and records and has_page("finance.bind"),
        has_money=not draft and has_page("finance.pledge_money"),
    )


@blueprint.route("/pledges/new", methods=["GET", "POST"])
@needs(Permission.PLEDGE_RECORD)
def new_pledge() -> Answer:
    """Record a pledge as a draft."""
    form, rest = _offered(PledgeForm()), list[Fault]()
    if not form.is_submitted():
        form.donor.data = asked_donor()
        form.language.data, form.currency.data = language(), "USD"
    elif not form.more:
        made: list[str] = []
        faults: list[Fault] = []
        said = form.said(faults, language())
        rest = do(form, lambda work: made.append(draft_pledge(work, fund_here(), said).number), faults)
        if made and not rest and not form.errors:
            flash(_("The pledge is recorded as a draft. Nothing is booked before it binds."), "success")
            return redirect(url_for("donors.pledge", number=made[0]))
    return _page(form, rest, None)


@blueprint.route("/pledges/<number>/change", methods=["GET", "POST"])
@needs(Permission.PLEDGE_RECORD)
def change(number: str) -> Answer:
    """Write a draft anew."""
    found, choice = pledge_here(number), _choice()
    form, rest, against = _offered(PledgeForm(), choice), list[Fault](), Compared()
    if found.earmark is Earmark.PROJECT and choice.label(found.earmark, found.earmarked_for) is None:
        abort(404)
    if found.stage is not PledgeStage.DRAFT:
        return redirect(url_for("donors.pledge", number=number))
    if not form.is_submitted():
        form.fill(found)
    elif not form.more:
        faults: list[Fault] = []
        said = form.said(faults, language())
        rest = do(form, lambda work: change_pledge(work, found, said, form.of_version), faults)
        if not rest and not form.errors:
            flash(_("The draft is changed."), "success")
            return redirect(url_for("donors.pledge", number=number))
        if renew(form, found.version, rest):
            against = _against(form, found, choice)
    return _page(form, rest, found, against)


def _against(mine: PledgeForm, found: Pledge, choice: Earmarks) -> Compared:
    """What somebody else wrote meanwhile, beside what this one did."""
    theirs = _offered(PledgeForm(formdata=None), choice)
    theirs.fill(found)
    return compared(mine, theirs)


def _choice() -> Earmarks:
    return earmarks(db.session(), actor(), fund_here(), language())


def _offered(form: PledgeForm, choice: Earmarks | None = None) -> PledgeForm:
    return form.offer(names_by_letters(db.session(), language()), codes(), choice or _choice())


def _page(form: PledgeForm, rest: list[Fault], found: Pledge | None, against: Compared | None = None) -> Answer:
    page = render_template(
        "contributions/pledge_form.html",
        form=form,
        faults=rest,
        pledge=found,
        against=against or [],
        name=name_of(db.session(), found.donor, language()) if found else "",
    )
    return page, status(form, rest)


@blueprint.route("/pledges/<number>/cancel", methods=["GET", "POST"])
@needs(Permission.PLEDGE_RECORD)
def cancel(number: str) -> Answer:
    """Leave a draft of which nothing becomes."""
    found, form, rest = pledge_here(number), CancelForm(), list[Fault]()
    if found.stage is not PledgeStage.DRAFT and not form.is_submitted():
        return _to(number)
    if not form.is_submitted():
        form.version.data = str(found.version)
    else:
        rest = do(form, lambda work: cancel_pledge(work, found, form.why, form.of_version))
        if not rest and not form.errors:
            flash(_("The draft is cancelled."), "success")
            return _to(number)
        renew(form, found.version, rest)
    name = name_of(db.session(), found.donor, language())
    page = render_template("contributions/cancel.html", form=form, faults=rest, pledge=found, name=name)
    return page, status(form, rest)


def _to(number: str) -> BaseResponse:
    return redirect(url_for("donors.pledge", number=number))
