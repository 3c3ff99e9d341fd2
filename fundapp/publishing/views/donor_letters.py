"""Letters to donors to take away: reminders, receipts, thanks, and a donor's own statement, in its language."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from fundapp.access.gate import exports, needs
from fundapp.access.policy import Permission
from fundapp.finance.models import Receipt, Thanks
from fundapp.finance.queries.donor_account import (
    letter_language,
    receipt_facts,
    reminded_in,
    reminder_facts,
)
from fundapp.finance.queries.receipts import settled_by, thanks_for
from fundapp.finance.rules.ageing import MOST_REMINDERS
from fundapp.finance.rules.donor_letters import DonorAccount, ReceiptFacts, ReminderFacts, ThanksFacts
from fundapp.finance.views.blueprint import fund_for
from fundapp.finance.views.donor_account import account_at, donor_at
from fundapp.finance.views.receiving import receipt_at
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import refuse
from fundapp.publishing.drawing import LETTER_FORMATS, draw
from fundapp.publishing.views.asked import document_language

blueprint = Blueprint("donor_letters", __name__, url_prefix="/<fund:fund>/documents/donors")


def _file(facts: ReminderFacts | ReceiptFacts | ThanksFacts | DonorAccount, written: str, name: str) -> Response:
    answer = Response(draw(facts, written, "pdf"), content_type=LETTER_FORMATS["pdf"].mimetype)
    file = f"{fund_for(Permission.DONOR_READ).code}-{name}-{written}.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer


@blueprint.get("/reminders/<int:key>/<int:number>.pdf")
@needs(Permission.DONOR_READ)
@exports
def reminder(key: int, number: int) -> Response:
    """The letter of a reminder, in the language in which it was recorded or the one asked for."""
    fund = fund_for(Permission.DONOR_READ)
    if not 1 <= number <= MOST_REMINDERS or key >= 2**63:
        abort(404)
    kept = reminded_in(db.session(), key, number) or abort(404)
    written = document_language() if request.args.get("language") else kept
    facts = reminder_facts(db.session(), fund, key, number, written, now()) or abort(404)
    return _file(facts, written, f"reminder-{facts.pledge}-{facts.instalment}-{number}")


def _receipt(number: str, sent: Thanks | None = None) -> tuple[ReceiptFacts, str]:
    found: Receipt = receipt_at(number)
    if found.undone_at is not None:
        raise refuse("receipt.undone", number=found.number)
    session = db.session()
    settled = settled_by(session, found)
    own = sent.language if sent else letter_language(session, found.donor_id, settled[0][2] if settled else None)
    written = document_language() if request.args.get("language") else own
    return receipt_facts(session, fund_for(Permission.DONOR_READ), found, written, now()), written


@blueprint.get("/receipts/<number>.pdf")
@needs(Permission.DONOR_READ)
@exports
def receipt(number: str) -> Response:
    """The receipt that a donor is sent."""
    facts, written = _receipt(number)
    return _file(facts, written, f"receipt-{facts.number}")


@blueprint.get("/thanks/<number>.pdf")
@needs(Permission.DONOR_READ)
@exports
def thanks(number: str) -> Response:
    """The letter of thanks for what was paid, of the day and in the language in which it was recorded as sent."""
    sent = thanks_for(db.session(), receipt_at(number))
    facts, written = _receipt(number, sent)
    return _file(ThanksFacts(facts, sent.thanked_on if sent else facts.on), written, f"thanks-{facts.number}")


@blueprint.get("/<code>/statement.pdf")
@needs(Permission.DONOR_READ)
@exports
def account(code: str) -> Response:
    """A donor's own statement."""
    donor = donor_at(code)
    own = letter_language(db.session(), donor.id, None)
    written = document_language() if request.args.get("language") else own
    facts = account_at(code, written)
    return _file(facts, written, f"statement-{facts.code}-{facts.last.isoformat()}")
