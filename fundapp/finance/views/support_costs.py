"""Support costs of a year: base, rate, booked, expected and the difference, month by month; posting one."""

from __future__ import annotations

from decimal import Decimal

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from fundapp.access.gate import actor, exports, needs, signed_in
from fundapp.access.policy import Permission, may
from fundapp.access.queries import names_of
from fundapp.access.views.page import file, say
from fundapp.finance.forms.support_costs import MonthForm
from fundapp.finance.operations.support_costs import post_support_costs
from fundapp.finance.queries.support_costs import months, runs_of
from fundapp.finance.views.blueprint import blueprint, fund_for, period, years
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work


@blueprint.get("/support-costs")
@needs(Permission.SPENDING_READ)
def support_costs() -> str:
    """The months of a year."""
    fund, session = fund_for(Permission.SPENDING_READ), db.session()
    year = period(fund)[0].year
    runs = runs_of(session, fund, year)
    return render_template(
        "finance/support_costs.html",
        year=year,
        years=years(),
        months=months(session, fund, year),
        runs=runs,
        names=names_of(session, [one.by for one in runs]),
        today=today(),
        posts=may(actor(), Permission.SUPPORT_COSTS_POST, fund),
    )


@blueprint.get("/support-costs.<any(csv, xlsx):kind>")
@needs(Permission.SPENDING_READ)
@exports
def support_costs_file(kind: str) -> Response:
    """The same as a file."""
    fund = fund_for(Permission.SPENDING_READ)
    year = period(fund)[0].year
    headings = (_("Month"), _("Expenditure"), _("Rate"), _("Expected"), _("Booked"), _("Difference"))
    rows = [
        (one.name, _dollars(one.base), str(one.rate), _dollars(one.expected), _dollars(one.booked),
         _dollars(one.difference))
        for one in months(db.session(), fund, year)
    ]  # fmt: skip
    return file(kind, f"{fund.code}-support-costs-{year}", headings, rows, len(rows))


def _dollars(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


@blueprint.post("/support-costs/<int(min=1, max=2999):year>/<int(min=1, max=12):month>")
@needs(Permission.SUPPORT_COSTS_POST)
def post_support_costs_page(year: int, month: int) -> BaseResponse:
    """Post what a month's support costs still come to."""
    fund, form = fund_for(Permission.SUPPORT_COSTS_POST), MonthForm()
    if form.validate():
        try:
            with unit_of_work(signed_in()) as work:
                post_support_costs(work, fund, year, month, form.difference)
            flash(_("The support costs of %(month)s are posted.", month=f"{year:04}-{month:02}"), "success")
        except Refusal as refusal:
            say(refusal)
    return redirect(url_for("finance.support_costs", year=year))
