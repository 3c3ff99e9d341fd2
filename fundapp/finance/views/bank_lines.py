"""One movement on an account: what it may pay and why, and what somebody decides."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from fundapp.access.gate import needs
from fundapp.access.policy import Permission
from fundapp.access.queries import names_of
from fundapp.access.words import actor_name
from fundapp.contributions.models import Donor, Instalment
from fundapp.finance.forms.bank import ADVANCE, OTHER, AcceptForm, AgainForm, Parts, PassForm
from fundapp.finance.models import BankLine
from fundapp.finance.operations.bank import CHANGED, accept, look_again, pass_by
from fundapp.finance.queries.bank import LineState, Row, line_at, open_instalments, spellings
from fundapp.finance.rules.matching import Open, matches
from fundapp.finance.views.bank import does, donors_by_key
from fundapp.finance.views.blueprint import blueprint, fund_for, language
from fundapp.funds.models import Fund
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, refuse
from fundapp.kernel.languages import figure
from fundapp.kernel.money import Money, exponent
from fundapp.kernel.work import Work
from fundapp.proposals.views.calls.blueprint import Answer, do, status

LARGEST_KEY = 2**31


def _line(fund: Fund, key: int) -> Row:
    """The movement of an address; 404 where the fund has none of that number."""
    found = line_at(db.session(), fund.id, key) if key < LARGEST_KEY else None
    return found or abort(404)


@blueprint.get("/bank/<int:key>")
@needs(Permission.DONOR_READ)
def bank_line(key: int) -> Answer:
    """A movement, and what it may pay."""
    fund = fund_for(Permission.DONOR_READ)
    return _page(fund, _line(fund, key), AcceptForm(formdata=None), PassForm(formdata=None), [])


@blueprint.post("/bank/<int:key>/accept")
@needs(Permission.RECEIPT_RECORD)
def bank_accept(key: int) -> Answer:
    """Record the movement as a receipt, and settle what was chosen."""
    fund = fund_for(Permission.RECEIPT_RECORD)
    row, form, faults, made = _line(fund, key), AcceptForm(), list[Fault](), list[str]()
    if (over := _over(row)) is not None:
        return _page(fund, row, form, PassForm(formdata=None), [over])
    donor, parts = form.said(row, open_instalments(db.session(), fund), language(), faults)
    rest = do(form, lambda work: made.append(_accept(work, key, donor, parts, form.of_version)), faults)
    if made and not rest and not form.errors:
        flash(_("Recorded as the receipt %(number)s.", number=made[0]), "success")
        return redirect(url_for("finance.bank", state=LineState.WAITING.value))
    return _page(fund, _line(fund, key), form, PassForm(formdata=None), rest)


def _over(row: Row) -> Fault | None:
    """Why a movement cannot be a receipt any more, or at all, in the words of the refusal that trying would meet."""
    return {
        LineState.RECEIVED: Fault("receipt.line-twice", {"number": row.receipt}),
        LineState.PASSED: Fault("bank.passed"),
        LineState.OUT: Fault("bank.paid-out"),
    }.get(row.state)


def _accept(work: Work, key: int, donor: int, parts: Parts, version: int) -> str:
    session = work.session
    found = [(session.get(Instalment, one), minor) for one, minor in parts]
    chosen = [(one, minor) for one, minor in found if one is not None]
    who = session.get(Donor, donor)
    if who is None or len(chosen) != len(found):
        raise refuse("bank.choice")
    return accept(work, session.get_one(BankLine, key), who, chosen, version).number


@blueprint.post("/bank/<int:key>/pass")
@needs(Permission.RECEIPT_RECORD)
def bank_pass(key: int) -> Answer:
    """Say that the movement is no receipt of a contribution."""
    fund, form = fund_for(Permission.RECEIPT_RECORD), PassForm()
    _line(fund, key)
    rest = do(form, lambda work: _done(pass_by(work, _in(work, key), form.said, form.of_version)))
    if not rest and not form.errors:
        flash(_("It is noted that this is no receipt."), "success")
        return redirect(url_for("finance.bank", state=LineState.WAITING.value))
    return _page(fund, _line(fund, key), AcceptForm(formdata=None), form, rest)


@blueprint.post("/bank/<int:key>/again")
@needs(Permission.RECEIPT_RECORD)
def bank_again(key: int) -> Answer:
    """Look at a movement again that was said to be no receipt."""
    fund, form = fund_for(Permission.RECEIPT_RECORD), AgainForm()
    _line(fund, key)
    rest = do(form, lambda work: _done(look_again(work, _in(work, key), form.of_version)))
    if not rest and not form.errors:
        flash(_("The movement waits again."), "success")
        return redirect(url_for("finance.bank_line", key=key))
    return _page(fund, _line(fund, key), AcceptForm(formdata=None), PassForm(formdata=None), rest)


def _in(work: Work, key: int) -> BankLine:
    return work.session.get_one(BankLine, key)


def _done(_made: object) -> None:
    """An operation whose answer nobody needs."""


def _page(fund: Fund, row: Row, form: AcceptForm, passing: PassForm, rest: Sequence[Fault]) -> Answer:
    """The page of a movement; whoever has read that somebody else decided on it may send theirs again."""
    session, decides = db.session(), row.state is LineState.WAITING and does(Permission.RECEIPT_RECORD, fund)
    waiting = row.state is LineState.WAITING
    opens = open_instalments(session, fund) if waiting else []
    found = matches(row.movement, row.currency, opens, spellings(session)) if waiting else []
    donors = donors_by_key() if waiting else {}
    ours = [one for one in opens if one.money.currency == row.currency]
    form.offer(
        found, [(one.instalment, _said(one, donors)) for one in ours], sorted(donors.items(), key=lambda d: d[1])
    )
    form.choice.data = form.choice.data or (found[0].choice if found else OTHER)
    for one in (form, passing):
        if not one.version.data or any(fault.code == CHANGED for fault in rest):
            one.version.data = str(row.version)
    errors = form.errors or passing.errors
    page = render_template(
        "finance/bank_line.html",
        row=row,
        form=form,
        passing=passing,
        faults=rest,
        matches=found,
        money=partial(Money, currency=row.currency),
        donors=donors,
        opens=ours,
        decides=decides,
        passed_by=_by(row),
        receipt_page="finance.receipt" in current_app.view_functions,
        other=OTHER,
        advance=ADVANCE,
        again=row.state is LineState.PASSED and does(Permission.RECEIPT_RECORD, fund),
    )
    return page, status(form if form.errors or not errors else passing, rest)


def _by(row: Row) -> str:
    return actor_name(row.passed_by, names_of(db.session(), {row.passed_by})) if row.passed_by else ""


def _said(one: Open, donors: dict[int, str]) -> str:
    """An instalment in a list to choose from."""
    currency = one.money.currency
    amount = figure(one.money.minor, language(), exponent(currency))
    return f"{donors.get(one.donor, '')} · {one.pledge}/{one.number} · {one.due_on.isoformat()} · {amount} {currency}"
