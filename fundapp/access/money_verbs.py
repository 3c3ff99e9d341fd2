"""What was done with the money, in words: the names of its operations, by part."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

OF_DONORS: dict[str, LazyString] = {}
OF_RECEIVING: dict[str, LazyString] = {}
OF_BANK: dict[str, LazyString] = {}
OF_SPENDING: dict[str, LazyString] = {}
OF_EXTRACTS: dict[str, LazyString] = {}
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
