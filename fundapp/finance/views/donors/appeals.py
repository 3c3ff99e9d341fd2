"""Requests for contributions: who was asked, when, for what, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.gate import exports, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.access.views.page import file, filters, paged
from fundapp.contributions.models import Appeal, PledgeStage
from fundapp.contributions.operations.appeals import change_appeal, record_appeal
from fundapp.contributions.queries.pledges import (
    PAGE,
    AppealRow,
    PledgesWanted,
    appeal_at,
    appeal_rows,
    pledge_rows,
)
from fundapp.contributions.queries.register import names_by_letters
from fundapp.finance.donor_words import ANSWERS
from fundapp.finance.forms.pledges import DOLLARS, AppealFilterForm, AppealForm
from fundapp.finance.views.donors.blueprint import Answer, asked_donor, blueprint, codes, renew
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.money import exponent
from fundapp.kernel.sheets import Cell
from fundapp.proposals.views.calls.blueprint import do, does, fund_here, status

FILTERS = ("q", "answer", "year")


def _listed() -> tuple[AppealFilterForm, list[AppealRow]]:
    form = AppealFilterForm(request.args).offer()
    wanted = form.wanted(request.args.get("sort", ""))
    return form, appeal_rows(db.session(), fund_here(), language(), wanted)


@blueprint.get("/requests")
@needs(Permission.DONOR_READ)
def appeals() -> str:
    """Who was asked for a contribution."""
    form, rows = _listed()
    return render_template(
        "contributions/appeals.html",
        form=form,
        chips=list(form.chips()),
        **paged(rows, PAGE),
        today=today(),
        filters=filters(FILTERS),
        keeps=does(Permission.DONOR_KEEP),
    )


@blueprint.get("/requests/list.<any(csv, xlsx):kind>")
@needs(Permission.DONOR_READ)
@exports
def appeals_file(kind: str) -> Response:
    """The same as it is filtered."""
    rows = _listed()[1]
    headings = (
        _("Asked on"), _("Who was asked"), _("For what"), _("Currency"), _("Amount asked for"), _("Answer"),
        _("To be followed up on"), _("Pledge"), _("Note"),
    )  # fmt: skip
    return file(kind, f"{fund_here().code}-requests", headings, list(_cells(rows)), len(rows))


def _cells(rows: list[AppealRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        amount = "" if row.minor is None else Decimal(row.minor).scaleb(-exponent(row.currency))
        follow = row.follow_up_on.isoformat() if row.follow_up_on else ""
        yield (
            row.asked_on.isoformat(), row.name, row.purpose, row.currency, amount, str(ANSWERS[row.answer]), follow,
            row.pledge or "", row.note,
        )  # fmt: skip


@blueprint.route("/requests/new", methods=["GET", "POST"])
@needs(Permission.DONOR_KEEP)
def new_appeal() -> Answer:
    """Record that somebody was asked."""
    form, rest = _offered(AppealForm()), list[Fault]()
    if not form.is_submitted():
        form.donor.data, form.currency.data = asked_donor(), DOLLARS
        form.asked_on.data = today().isoformat()
    else:
        faults: list[Fault] = []
        made: list[Appeal] = []
        said = form.said(faults, language())
        rest = do(form, lambda work: made.append(record_appeal(work, fund_here(), said)), faults)
        if not rest and not form.errors:
            flash(_("The request is recorded."), "success")
            return redirect(url_for("donors.appeals"))
    return render_template("contributions/appeal.html", form=form, faults=rest, appeal=None), status(form, rest)


@blueprint.route("/requests/<int:key>", methods=["GET", "POST"])
@needs(Permission.DONOR_KEEP)
def appeal(key: int) -> Answer:
    """Say what came of a request, or correct it."""
    found = appeal_at(db.session(), fund_here(), key) or abort(404)
    form, rest = _offered(AppealForm()), list[Fault]()
    if not form.is_submitted():
        form.fill(found)
    else:
        faults: list[Fault] = []
        said = form.said(faults, language())
        rest = do(form, lambda work: change_appeal(work, found, said, form.of_version), faults)
        if not rest and not form.errors:
            flash(_("The request is changed."), "success")
            return redirect(url_for("donors.appeals"))
        renew(form, found.version, rest)
    return render_template("contributions/appeal.html", form=form, faults=rest, appeal=found), status(form, rest)


def _offered(form: AppealForm) -> AppealForm:
    session, spoken = db.session(), language()
    rows = pledge_rows(session, fund_here(), spoken, PledgesWanted(), today())
    standing = [(row.id, f"{row.number} {row.name}") for row in rows if row.stage is not PledgeStage.CANCELLED]
    return form.offer(names_by_letters(session, spoken), codes(), standing)
