"""Recording that a donor was thanked for a receipt."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.gate import needs
from fundapp.access.policy import Permission
from fundapp.contributions.queries import names_of_donors
from fundapp.finance.forms.receiving import RemindForm
from fundapp.finance.models import Receipt
from fundapp.finance.operations.reminding import thank
from fundapp.finance.queries.donor_account import letter_language
from fundapp.finance.queries.receipts import settled_by
from fundapp.finance.views.blueprint import blueprint, fund_for, language
from fundapp.finance.views.receiving import Answer, receipt_at
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.work import Work
from fundapp.proposals.views.calls.blueprint import do, status


@blueprint.route("/receipts/<number>/thank", methods=["GET", "POST"], endpoint="thank")
@needs(Permission.DONOR_WRITE_TO)
def thank_page(number: str) -> Answer:
    """Record that the letter of thanks for a receipt was sent."""
    fund_for(Permission.DONOR_WRITE_TO)
    found, form, rest, faults = receipt_at(number), RemindForm().offer(), list[Fault](), list[Fault]()
    key, session = found.id, db.session()
    if request.method == "GET":
        settled = settled_by(session, found)
        form.on.data = today().isoformat()
        form.language.data = letter_language(session, found.donor_id, settled[0][2] if settled else None)
    elif form.validate():
        on, written = form.day(faults), form.language.data or ""

        def record(work: Work) -> None:
            thank(work, work.session.get_one(Receipt, key), on, written)

        rest = do(form, record, faults)
        if not rest and not form.errors:
            flash(_("The letter of thanks is recorded as sent."), "success")
            return redirect(url_for("finance.receipt", number=number))
        found = receipt_at(number)
    donor = names_of_donors(session, found.received_on)[found.donor_id][1][language()]
    page = render_template("finance/receiving/thank.html", found=found, donor=donor, form=form, faults=rest)
    return page, status(form, rest)
