"""Income that names no donor, and naming one; years, and closing one."""

from __future__ import annotations

from datetime import date

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from fundapp.access.gate import needs, signed_in
from fundapp.access.policy import Permission, may
from fundapp.contributions.models import Donor
from fundapp.contributions.queries import donor_by_code, names_of_donors
from fundapp.finance.forms import AttributionForm, ClosingForm
from fundapp.finance.operations import attribute
from fundapp.finance.operations.closing import seal_year
from fundapp.finance.queries import unattributed as left_of
from fundapp.finance.queries import without_donor, years_of
from fundapp.finance.views.blueprint import blueprint, fund_for, language
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.reference.rules import order_key


@blueprint.get("/not-attributed")
@needs(Permission.BOOKS_READ)
def unattributed() -> str:
    """The years with income of no donor."""
    fund = fund_for(Permission.BOOKS_READ)
    return render_template(
        "finance/unattributed.html",
        years=without_donor(db.session(), fund.id),
        attributes=may(signed_in(), Permission.ENTRY_ATTRIBUTE, fund),
    )


@blueprint.route("/not-attributed/<int(min=1, max=2999):year>", methods=["GET", "POST"])
@needs(Permission.ENTRY_ATTRIBUTE)
def attribution(year: int) -> str | BaseResponse | tuple[str, int]:
    """Name the donor of income of a year."""
    fund = fund_for(Permission.ENTRY_ATTRIBUTE)
    form, faults = AttributionForm(), list[Fault]()
    form.donor.choices = [("", ""), *_donors(date(year, 12, 31))]
    if form.validate_on_submit():
        try:
            return _attribute(form, year)
        except Refusal as refusal:
            faults = list(refusal.faults)
    left = left_of(db.session(), fund.id, year)
    page = render_template("finance/attribution.html", form=form, faults=faults, year=year, left=left)
    return page, 422 if form.errors or faults else 200


def _donors(on: date) -> list[tuple[str, str]]:
    """The donors to choose from, by the letters of their names in the reader's language."""
    spoken, names = language(), names_of_donors(db.session(), on).values()
    ordered = sorted(names, key=lambda known: order_key(known[1][spoken], known[1]["en"], spoken))
    return [(code, labels[spoken]) for code, labels in ordered]


def _attribute(form: AttributionForm, year: int) -> BaseResponse:
    code, cents, reason = form.donor.data or "", form.cents, form.reason.data or ""
    with unit_of_work(signed_in()) as work:
        donor: Donor = donor_by_code(work.session, code)
        attribute(work, g.fund, donor, cents, date(year, 12, 31), reason)
    flash(_("The entry is posted."), "success")
    return redirect(url_for("finance.unattributed"))


@blueprint.get("/years")
@needs(Permission.BOOKS_READ)
def years() -> str:
    """The financial years of the fund: closed ones with their digest, the open ones."""
    fund = fund_for(Permission.BOOKS_READ)
    closes = may(signed_in(), Permission.YEAR_CLOSE, fund)
    return render_template(
        "finance/years.html", years=years_of(db.session(), fund.id), closes=closes, form=ClosingForm()
    )


@blueprint.post("/years/<int(min=1, max=2999):year>/close")
@needs(Permission.YEAR_CLOSE)
def close(year: int) -> BaseResponse:
    """Close a year: it takes no more entries."""
    fund_for(Permission.YEAR_CLOSE)
    if ClosingForm().validate_on_submit():
        with unit_of_work(signed_in()) as work:
            seal_year(work, g.fund, year)
        flash(_("%(year)s is closed.", year=year), "success")
    return redirect(url_for("finance.years"))
