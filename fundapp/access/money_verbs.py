"""What was done with the money, in words: the names of its operations, by part."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

OF_DONORS: dict[str, LazyString] = {}
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
}
OF_BANK: dict[str, LazyString] = {}
OF_SPENDING: dict[str, LazyString] = {}
OF_EXTRACTS: dict[str, LazyString] = {}
OF_CLOSING: dict[str, LazyString] = {}
OF_STATEMENTS: dict[str, LazyString] = {}
OF_MONEY = OF_DONORS | OF_RECEIVING | OF_BANK | OF_SPENDING | OF_EXTRACTS | OF_CLOSING | OF_STATEMENTS
