"""What was done with the money, in words: the names of its operations, by part."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

OF_DONORS: dict[str, LazyString] = {}
OF_RECEIVING: dict[str, LazyString] = {}
OF_BANK: dict[str, LazyString] = {}
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
OF_EXTRACTS: dict[str, LazyString] = {}
OF_CLOSING: dict[str, LazyString] = {}
OF_STATEMENTS: dict[str, LazyString] = {}
OF_MONEY = OF_DONORS | OF_RECEIVING | OF_BANK | OF_SPENDING | OF_EXTRACTS | OF_CLOSING | OF_STATEMENTS
