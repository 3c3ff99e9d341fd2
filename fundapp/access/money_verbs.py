"""What was done with the money, in words: the names of its operations, by part."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

OF_DONORS: dict[str, LazyString] = {
    "contributions.register_donor": _l("Took a donor into the register"),
    "contributions.rename_donor": _l("Renamed a donor"),
    "contributions.add_alias": _l("Noted a spelling of a donor's name"),
    "contributions.drop_alias": _l("Took off a spelling of a donor's name"),
    "contributions.add_contact": _l("Noted a contact of a donor"),
    "contributions.change_contact": _l("Changed a contact of a donor"),
    "contributions.drop_contact": _l("Took off a contact of a donor"),
    "contributions.draft_pledge": _l("Recorded a pledge as a draft"),
    "contributions.change_pledge": _l("Changed the draft of a pledge"),
    "contributions.cancel_pledge": _l("Cancelled the draft of a pledge"),
    "contributions.add_paper": _l("Added a paper to a pledge"),
    "contributions.drop_paper": _l("Took a paper off a pledge"),
    "contributions.record_appeal": _l("Recorded a request for a contribution"),
    "contributions.change_appeal": _l("Changed a request for a contribution"),
}
OF_RECEIVING: dict[str, LazyString] = {
    "finance.bind": _l("Made a pledge binding"),
    "finance.receive": _l("Recorded a receipt"),
    "finance.settle": _l("Settled an instalment"),
    "finance.undo_receipt": _l("Took back a receipt"),
    "finance.prepare_change": _l("Prepared a reduction or write-off"),
    "finance.prepare_refund": _l("Prepared a refund"),
    "finance.approve_change": _l("Approved a reduction, write-off or refund"),
    "finance.refuse_change": _l("Refused a reduction, write-off or refund"),
    "finance.remind": _l("Recorded a reminder"),
    "finance.thank": _l("Recorded a letter of thanks"),
}
OF_BANK: dict[str, LazyString] = {
    "reference.keep_rates": _l("Imported rates of exchange"),
    "finance.import_statements": _l("Imported bank statements"),
    "finance.accept": _l("Recorded a movement on the account as a receipt"),
    "finance.pass_by": _l("Said that a movement on the account is no receipt"),
    "finance.look_again": _l("Took back that a movement is no receipt"),
}
OF_SPENDING: dict[str, LazyString] = {
    "finance.open_account": _l("Opened a project account"),
    "finance.open_older_account": _l("Opened a project account without a decision"),
    "finance.close_account": _l("Closed a project account"),
    "finance.prepare_allotment": _l("Prepared an allotment"),
    "finance.release_allotment": _l("Released an allotment"),
    "finance.refuse_allotment": _l("Refused an allotment"),
    "finance.raise_commitment": _l("Raised a commitment"),
    "finance.approve_commitment": _l("Approved a commitment"),
    "finance.refuse_commitment": _l("Refused a commitment"),
    "finance.liquidate": _l("Paid of a commitment"),
    "finance.change_commitment": _l("Changed a commitment"),
    "finance.cancel_commitment": _l("Cancelled a commitment"),
    "finance.carry_over": _l("Carried commitments over a year's end"),
    "finance.liquidate_extract": _l("Paid commitments out of an extract"),
}
OF_EXTRACTS: dict[str, LazyString] = {
    "finance.keep_profile": _l("Layout of an extract kept"),
    "finance.name_unknown": _l("Unknown project or class named"),
    "finance.profile_in_use": _l("Layout of an extract taken into use"),
    "finance.take_extract": _l("Extract of expenditure taken in"),
    "finance.name_and_book": _l("Unknown project or class named, and its lines booked"),
    "finance.book_waiting": _l("Waiting lines of an extract booked"),
    "finance.undo_extract": _l("Extract of expenditure taken back"),
    "finance.prepare_manual": _l("Entry by hand prepared"),
    "finance.certify_manual": _l("Entry by hand certified"),
    "finance.refuse_manual": _l("Entry by hand refused"),
    "finance.post_support_costs": _l("Support costs of a month posted"),
}
OF_CLOSING: dict[str, LazyString] = {
    "finance.begin_closing": _l("Began to close a period"),
    "finance.stop_closing": _l("Left off closing a period"),
    "finance.see_to": _l("Saw to a point of a period's checklist"),
    "finance.close_period": _l("Closed a period"),
    "finance.ask_reopening": _l("Asked to open a period again"),
    "finance.settle_reopening": _l("Answered a request to open a period again"),
    "finance.seal_year": _l("Sealed a year"),
    "finance.prepare_statement": _l("Prepared a statement to be certified"),
    "finance.review_statement": _l("Looked a statement through"),
    "finance.certify_statement": _l("Certified a statement"),
    "finance.withdraw_statement": _l("Withdrew a statement"),
    "finance.send_back_statement": _l("Sent a statement back"),
}
OF_STATEMENTS: dict[str, LazyString] = {}
OF_MONEY = OF_DONORS | OF_RECEIVING | OF_BANK | OF_SPENDING | OF_EXTRACTS | OF_CLOSING | OF_STATEMENTS
