"""Receipts: the list, recording one, what it settles, and taking it back."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as Answered

from fundapp.access.gate import actor, exports, needs
from fundapp.access.policy import Permission, may
from fundapp.access.queries import names_of
from fundapp.access.views.page import file, filters, paged
from fundapp.access.words import actor_name
from fundapp.contributions.models import Instalment, Pledge
from fundapp.contributions.queries import donor_by_code, names_of_donors
from fundapp.finance.forms.receiving import ReasonForm, ReceiptFilterForm, ReceiptForm, SettleForm, minor_of
from fundapp.finance.models import Receipt
from fundapp.finance.operations.receiving import Received, receive, settle, undo_receipt
from fundapp.finance.queries.ageing import in_use
from fundapp.finance.queries.receipts import (
    ReceiptRow,
    changes,
    open_for,
    receipt_numbered,
    receipts,
    settled_by,
    thanks_for,
)
from fundapp.finance.queries.receiving import Part, purse
from fundapp.finance.receiving_words import CHANGE_MARKS, CHANGE_STAGES, CHANGES
from fundapp.finance.rules.exchange import PAR
from fundapp.finance.views.blueprint import blueprint, fund_for, language
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.languages import OWN_NAMES, decimal_mark, figure
from fundapp.kernel.money import Money, decimal_text, exponent
from fundapp.kernel.sheets import Cell
from fundapp.kernel.text import fold, left_to_right, printable
from fundapp.kernel.work import Work
from fundapp.proposals.views.calls.blueprint import do, status

Answer = str | Answered | tuple[str, int]
blueprint.add_app_template_filter(left_to_right, "apart")
PAGE = 50
FILTERS = ("q", "year", "state")


@blueprint.app_template_global("in_currency")
def in_currency(minor: int, currency: str) -> Markup:
    """An amount with the code of its currency, never mirrored; nil as everywhere."""
    if not minor:
        nil: Any = current_app.jinja_env.globals["html_nil"]
        return Markup(nil())  # noqa: S704 - our own markup
    text = figure(minor, language(), exponent(currency))
    return Markup('<bdi dir="ltr" class="app-nowrap">{}&nbsp;{}</bdi>').format(text, currency)


@blueprint.app_template_global("said_rate")
def said_rate(rate: Decimal) -> str:
    """A rate of exchange with the decimal mark of the reader's language."""
    return str(rate).replace(".", decimal_mark(language()))


def plain_money(minor: int, currency: str) -> str:
    """An amount for a list to choose from."""
    return left_to_right(f"{figure(minor, language(), exponent(currency), nil='0')} {currency}")


def whole_units(minor: int, currency: str) -> Decimal:
    """The amount for a file."""
    return Money(minor, currency).amount


def _listed() -> tuple[ReceiptFilterForm, list[ReceiptRow]]:
    fund = fund_for(Permission.DONOR_READ)
    form = ReceiptFilterForm(request.args).offer()
    wanted = form.wanted(request.args.get("sort", "-date"))
    return form, receipts(db.session(), fund, wanted, language(), today())


@blueprint.get("/receipts", endpoint="receipts")
@needs(Permission.DONOR_READ)
def receipts_page() -> str:
    """What came in, newest first."""
    form, rows = _listed()
    return render_template(
        "finance/receiving/receipts.html",
        form=form,
        chips=list(form.chips()),
        **paged(rows, PAGE),
        cents=sum(row.receipt.cents for row in rows),
        left=sum(row.purse.left > 0 for row in rows),
        may_record=may(actor(), Permission.RECEIPT_RECORD, fund_for(Permission.DONOR_READ)),
        may_write=may(actor(), Permission.DONOR_WRITE_TO, fund_for(Permission.DONOR_READ)),
        filters=filters(FILTERS),
    )


@blueprint.get("/receipts/list.<any(csv, xlsx):kind>")
@needs(Permission.DONOR_READ)
@exports
def receipts_file(kind: str) -> Response:
    """The receipts as they are filtered."""
    rows = _listed()[1]
    headings = (
        _("Number"), _("Day"), _("Donor (code)"), _("Donor"), _("Currency"), _("Amount"), _("Rate"),
        _("United States dollars"), _("Left to settle"), _("Paid back"), _("Reference"), _("Note"), _("Entry"),
        _("Thanked on"),
    )  # fmt: skip
    return file(kind, f"{fund_for(Permission.DONOR_READ).code}-receipts", headings, list(_cells(rows)), len(rows))


def _cells(rows: list[ReceiptRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        one = row.receipt
        yield (
            one.number, one.received_on.isoformat(), row.donor, row.name, one.currency,
            whole_units(one.minor, one.currency), str(one.rate), Decimal(one.cents).scaleb(-2),
            whole_units(row.purse.left, one.currency), whole_units(row.purse.refunded, one.currency),
            one.reference, one.note, one.entry_id, row.thanked.isoformat() if row.thanked else "",
        )  # fmt: skip


@blueprint.route("/receipts/new", methods=["GET", "POST"])
@needs(Permission.RECEIPT_RECORD)
def new_receipt() -> Answer:
    """Record money that came in."""
    fund = fund_for(Permission.RECEIPT_RECORD)
    names = names_of_donors(db.session(), today())
    donors = sorted(((code, said[language()]) for code, said in names.values()), key=lambda pair: fold(pair[1]))
    form = ReceiptForm().offer(donors, in_use(db.session(), today()))
    rest, made = list[Fault](), list[str]()
    if request.method == "GET":
        form.donor.data, form.currency.data = request.args.get("donor", ""), request.args.get("currency", "USD")
    elif form.validate():
        said, faults = _received(form, {code for code, _name in donors})
        code = form.donor.data or ""

        def take(work: Work) -> None:
            made.append(receive(work, fund, donor_by_code(work.session, code), said).number)

        rest = do(form, take, faults)
        if made:
            flash(_("%(number)s is recorded. Say now what it settles.", number=made[0]), "success")
            return redirect(url_for("finance.receipt", number=made[0]))
    return render_template("finance/receiving/new.html", form=form, faults=rest), status(form, rest)


def _received(form: ReceiptForm, donors: set[str]) -> tuple[Received, list[Fault]]:
    faults: list[Fault] = []
    currency = form.currency.data or ""
    if form.donor.data not in donors:
        faults.append(Fault("receipt.donor", field="donor"))
    if not (len(currency) == len("USD") and currency.isascii() and currency.isalpha() and currency.isupper()):
        code = "rate.currency-unknown" if currency else "pledge.no-currency"
        faults.append(Fault(code, {"currency": printable(currency[:10])}, field="currency"))
        currency = "USD"
    on, minor = form.day(faults), minor_of(form.amount.data, currency, language(), faults)
    return Received(on, Money(minor, currency), form.said_reference, form.said_note), faults


def receipt_at(number: str) -> Receipt:
    """The receipt of an address; 404 where the fund has none of that number."""
    fund = fund_for(Permission.DONOR_READ)
    return receipt_numbered(db.session(), fund, number) or abort(404)


def part_label(part: Part) -> str:
    """An instalment in a list to choose from."""
    left = plain_money(part.stands.outstanding, part.pledge.currency)
    number, due = (
        left_to_right(f"{part.pledge.number}/{part.instalment.number}"),
        left_to_right(part.instalment.due_on.isoformat()),
    )
    return str(_("%(number)s, due %(due)s: %(left)s outstanding", number=number, due=due, left=left))


@blueprint.get("/receipts/<number>")
@needs(Permission.DONOR_READ)
def receipt(number: str) -> str:
    """A receipt and what became of it."""
    return _page(receipt_at(number), None, [])


def _page(found: Receipt, form: SettleForm | None, rest: list[Fault]) -> str:
    session, fund, who = db.session(), fund_for(Permission.DONOR_READ), actor()
    kept = purse(session, found)
    may_settle = may(who, Permission.RECEIPT_RECORD, found) and found.undone_at is None
    parts = open_for(session, found) if may_settle and kept.left else []
    if form is None:
        form = SettleForm(formdata=None)
        if parts:
            least = min(kept.left, parts[0].stands.outstanding)
            form.amount.data = decimal_text(least, exponent(found.currency))
    form.offer((part.instalment.id, part_label(part)) for part in parts)
    back = [(one, found.number, found.currency) for one in changes(session, fund, receipt=found)]
    thanked = thanks_for(session, found)
    people = {one for one in (found.by, found.undone_by, thanked.by if thanked else None) if one}
    names = names_of(session, people)
    donor = names_of_donors(session, found.received_on)[found.donor_id]
    return render_template(
        "finance/receiving/receipt.html",
        found=found,
        donor=(donor[0], donor[1][language()]),
        kept=kept,
        settled=settled_by(session, found),
        parts=parts,
        form=form,
        faults=rest,
        back=back,
        par=found.rate == PAR,
        thanked=thanked,
        own_names=OWN_NAMES,
        may_thank=may(who, Permission.DONOR_WRITE_TO, found) and found.undone_at is None and thanked is None,
        may_settle=may_settle,
        may_refund=may(who, Permission.PLEDGE_CHANGE_PREPARE, found) and found.undone_at is None and kept.refundable,
        people={one: actor_name(one, names) for one in people},
        change_words=CHANGES,
        change_stages=CHANGE_STAGES,
        change_marks=CHANGE_MARKS,
    )


@blueprint.post("/receipts/<number>/settle")
@needs(Permission.RECEIPT_RECORD)
def settle_receipt(number: str) -> Answer:
    """Say which instalment a receipt settles, and how much of it."""
    found, form, faults, rest = receipt_at(number), SettleForm(), list[Fault](), list[Fault]()
    minor = minor_of(form.amount.data, found.currency, language(), faults)
    which = _instalment(form.instalment.data, found.fund_id)
    if which is None:
        faults.append(Fault("settle.instalment", field="instalment"))
    key = found.id

    def take(work: Work) -> None:
        settle(work, work.session.get_one(Receipt, key), work.session.get_one(Instalment, which), minor)

    if form.validate():
        rest = do(form, take, faults)
        if not rest and not form.errors:
            flash(_("It is settled."), "success")
            return redirect(url_for("finance.receipt", number=number))
    return _page(receipt_at(number), form, rest), status(form, rest)


def _instalment(text: str | None, fund_id: int) -> int | None:
    """The key of an instalment of the fund, as a form sends it."""
    if not (text and text.isascii() and text.isdigit() and len(text) < 12):
        return None
    asked = sa.select(Instalment.id).join(Pledge, Pledge.id == Instalment.pledge_id)
    return db.session().scalar(asked.where(Instalment.id == int(text), Pledge.fund_id == fund_id))


@blueprint.route("/receipts/<number>/undo", methods=["GET", "POST"])
@needs(Permission.RECEIPT_RECORD)
def undo_receipt_page(number: str) -> Answer:
    """Take back a receipt that was recorded by mistake."""
    found, form, rest = receipt_at(number), ReasonForm(), list[Fault]()
    key = found.id
    if request.method == "POST" and form.validate():
        why = form.why
        rest = do(form, lambda work: _undo(work, key, why))
        if not rest and not form.errors:
            flash(_("%(number)s is taken back, with all that it settled.", number=number), "success")
            return redirect(url_for("finance.receipt", number=number))
        found = receipt_at(number)
    settled = settled_by(db.session(), found)
    page = render_template("finance/receiving/undo.html", found=found, settled=settled, form=form, faults=rest)
    return page, status(form, rest)


def _undo(work: Work, key: int, why: str) -> None:
    undo_receipt(work, work.session.get_one(Receipt, key), why)
