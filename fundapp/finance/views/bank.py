"""Bank statements: what moved and what became of it, the statements, taking one in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from fundapp.access.gate import exports, needs, signed_in
from fundapp.access.policy import Permission, may
from fundapp.access.queries import names_of
from fundapp.access.views.page import file, last_page
from fundapp.access.words import actor_name
from fundapp.contributions.queries import names_of_donors
from fundapp.finance.bank_words import LAYOUTS, STATE_MARKS, STATES, STRENGTH_MARKS, STRENGTHS
from fundapp.finance.forms.bank import BankFilterForm, LookForm, TakeForm
from fundapp.finance.layouts.bank import read_bank
from fundapp.finance.operations.bank import digests_of, import_statements
from fundapp.finance.queries.bank import (
    PAGE,
    LineState,
    accounts_known,
    counts,
    known_digests,
    known_marks,
    lines,
    may_come_in,
    proposed,
    statements,
)
from fundapp.finance.rules.bank import ReadStatement, marks
from fundapp.finance.views.blueprint import blueprint, fund_for, language
from fundapp.finance.views.looking import keep_sent, kept
from fundapp.funds.models import Fund
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.languages import decimal_mark, figure
from fundapp.kernel.money import Money, decimal_text, exponent
from fundapp.kernel.sheets import Cell
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.views.calls.blueprint import Answer
from fundapp.recommendations.layouts.incoming import Incoming


def in_currency(money: Money) -> Markup:
    """An amount with its currency, as tables print it."""
    text = escape(figure(money.minor, language(), exponent(money.currency), nil="0"))
    said = f'<bdi dir="ltr">{text}</bdi> <bdi dir="ltr">{escape(money.currency)}</bdi>'
    return Markup(f'<span class="app-nowrap">{said}</span>')  # noqa: S704 - escaped


def rate(value: Decimal) -> str:
    """A rate with the decimal mark of the reader's language."""
    return f"{value:f}".replace(".", decimal_mark(language()))


def does(permission: Permission, fund: Fund) -> bool:
    """Whether whoever looks may do this in the fund."""
    return may(signed_in(), permission, fund)


def donors_by_key() -> dict[int, str]:
    """What donors are called today, in the reader's language."""
    return {key: names[language()] for key, (_code, names) in names_of_donors(db.session(), today()).items()}


@blueprint.get("/bank")
@needs(Permission.DONOR_READ)
def bank() -> str:
    """What moved on the accounts, what became of it, and for what waits the instalment that it most likely pays."""
    fund, session = fund_for(Permission.DONOR_READ), db.session()
    form = BankFilterForm(request.args).offer()
    wanted = form.wanted(request.args)
    found, total = lines(session, fund.id, wanted)
    proposals = proposed(session, fund, found)
    of = next((row.statement for row in found if row.statement_id == wanted.statement), "")
    return render_template(
        "finance/bank.html",
        form=form,
        rows=found,
        total=total,
        page=wanted.page,
        last=last_page(total, PAGE),
        counts=counts(session, fund.id),
        matches={key: one[0] for key, one in proposals.items() if one},
        donors=donors_by_key() if proposals else {},
        chips=form.chips(f"{_('Statement')} {of}" if of else ""),
        filters={"q": wanted.words or None, "state": wanted.state or None, "statement": wanted.statement},
        records=does(Permission.RECEIPT_RECORD, fund),
        waiting=LineState.WAITING,
    )


@blueprint.get("/bank.<any(csv, xlsx):kind>")
@needs(Permission.DONOR_READ)
@exports
def bank_file(kind: str) -> Response:
    """The movements as they are filtered."""
    fund = fund_for(Permission.DONOR_READ)
    found, total = lines(db.session(), fund.id, BankFilterForm(request.args).offer().wanted(request.args), every=True)
    headings = ("date", "account", "statement", "currency", "amount", "reference", "counterparty", "text", "state",
                "receipt", "reason")  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            row.booked_on.isoformat(), row.account, row.statement, row.currency,
            Decimal(decimal_text(row.minor, exponent(row.currency))), row.reference, row.counterparty, row.text,
            row.state.value, row.receipt, row.passed_reason,
        )
        for row in found
    ]  # fmt: skip
    return file(kind, f"{fund.code}-bank", headings, rows, total)


@blueprint.get("/bank/statements")
@needs(Permission.DONOR_READ)
def bank_statements() -> str:
    """The statements that were taken in, and whether each goes on where the one before it ended."""
    fund, session = fund_for(Permission.DONOR_READ), db.session()
    found = statements(session, fund.id)
    names = names_of(session, {one.by for one in found})
    return render_template(
        "finance/bank_statements.html",
        statements=found,
        layouts=LAYOUTS,
        people={one.by: actor_name(one.by, names) for one in found},
        records=does(Permission.RECEIPT_RECORD, fund),
    )


@blueprint.route("/bank/import", methods=["GET", "POST"])
@needs(Permission.RECEIPT_RECORD)
def bank_import() -> Answer:
    """Send a file of statements, look at what it says, and take it in; nothing is booked by that."""
    fund = fund_for(Permission.RECEIPT_RECORD)
    look, take, left, shown = LookForm(), TakeForm(), list[Fault](), dict[str, Any]()
    if request.method == "POST":
        try:
            if take.digest.data:
                return _take(fund, take)
            sent = keep_sent(look, take)
            shown = _look(fund, sent, str(take.digest.data))
        except Refusal as refusal:
            left = list(refusal.faults)
            take.digest.data = ""
    page = render_template("finance/bank_import.html", look=look, take=take, faults=left, layouts=LAYOUTS, **shown)
    return page, 422 if left else 200


def read(found: Incoming) -> tuple[ReadStatement, ...]:
    """The statements of a file."""
    return read_bank(found.path.read_bytes(), found.name)


def _look(fund: Fund, found: Incoming, digest: str) -> dict[str, Any]:
    """What a file says, and what of it is new."""
    given, session = read(found), db.session()
    may_come_in(session, given, today())
    if known := known_digests(session, fund.id, digests_of(digest, len(given))):
        raise refuse("bank.again", name=found.name, earlier=next(iter(known.values())))
    every = [mark for one in given for mark in marks(one)]
    there, accounts = known_marks(session, fund.id, every), accounts_known(session, fund.id)
    return {
        "given": given,
        "file_name": found.name,
        "known": len(there),
        "fresh": len(set(every)) - len(there),
        "strange": sorted({one.account for one in given} - accounts) if accounts else [],
    }


def _take(fund: Fund, take: TakeForm) -> Answer:
    found = kept(take)
    given = read(found)
    with unit_of_work(signed_in()) as work:
        held = work.session.get_one(Fund, fund.id)
        taken = import_statements(work, held, given, found.name, take.digest.data or "")
    flash(
        ngettext("%(num)s movement is taken in.", "%(num)s movements are taken in.", taken.lines)
        + " "
        + _("Nothing is booked before somebody says what a movement pays."),
        "success",
    )
    return redirect(url_for("finance.bank", state=LineState.WAITING.value))


@blueprint.record_once
def _words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.filters.update(in_currency=in_currency, rate=rate)
    state.app.jinja_env.globals.update(
        bank_states=STATES, bank_marks=STATE_MARKS, bank_strengths=STRENGTHS, bank_strength_marks=STRENGTH_MARKS
    )
