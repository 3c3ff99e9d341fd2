"""A donor's own statement: what it promised and paid, what is outstanding, what the fund spent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import sqlalchemy as sa
from flask import Response, abort, current_app, render_template, url_for
from flask_babel import gettext as _

from fundapp.access.gate import exports, needs
from fundapp.access.policy import Permission
from fundapp.access.views.page import file
from fundapp.contributions.models import Donor
from fundapp.finance.queries.donor_account import donor_account as account_of
from fundapp.finance.rules.donor_letters import DonorAccount
from fundapp.finance.views.blueprint import blueprint, day, fund_for, language
from fundapp.finance.views.receiving import whole_units
from fundapp.kernel.clock import now, today
from fundapp.kernel.database import db
from fundapp.kernel.sheets import Cell


def donor_at(code: str) -> Donor:
    """The donor of an address; 404 where nobody knows one of that code."""
    return db.session().scalar(sa.select(Donor).where(Donor.code == code)) or abort(404)


def account_at(code: str, spoken: str = "") -> DonorAccount:
    """A donor's statement by the day of the address; spoken: in which language it is sent, nothing where it is not."""
    fund = fund_for(Permission.DONOR_READ)
    return account_of(db.session(), fund, donor_at(code), day("on") or today(), spoken, now())


@blueprint.get("/donors/<code>")
@needs(Permission.DONOR_READ)
def donor_account(code: str) -> str:
    """What a donor promised and paid."""
    there = "donors.donor" in current_app.view_functions
    return render_template(
        "finance/receiving/donor.html",
        facts=account_at(code),
        spoken=language(),
        page=url_for("donors.donor", code=code) if there else "",
    )


@blueprint.get("/donors/<code>/statement.<any(csv, xlsx):kind>")
@needs(Permission.DONOR_READ)
@exports
def donor_account_file(code: str, kind: str) -> Response:
    """The same as a file: a row for each pledge and each receipt, in the order of days."""
    facts = account_at(code)
    headings = (
        _("Day"), _("What"), _("Number"), _("Currency"), _("Promised"), _("Paid"), _("Reduced or written off"),
        _("Outstanding"), _("United States dollars"),
    )  # fmt: skip
    rows = sorted(_cells(facts), key=lambda cells: str(cells[0]))
    return file(kind, f"{facts.to.fund_code}-{facts.code}-{facts.last.isoformat()}", headings, rows, len(rows))


def _cells(facts: DonorAccount) -> Iterator[tuple[Cell, ...]]:
    for row in facts.promised:
        amounts = [whole_units(minor, row.currency) for minor in (row.minor, row.paid, row.lowered, row.outstanding)]
        yield row.on.isoformat(), _("Pledge"), row.number, row.currency, *amounts, Decimal(row.cents).scaleb(-2)
    for one in facts.paid:
        amount = whole_units(one.minor, one.currency)
        cents = Decimal(one.cents).scaleb(-2)
        yield one.on.isoformat(), _("Receipt"), one.number, one.currency, None, amount, None, None, cents
