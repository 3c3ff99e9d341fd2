"""What was done with the money, in words: the names of its operations, by part."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

OF_DONORS: dict[str, LazyString] = {}
OF_RECEIVING: dict[str, LazyString] = {}
OF_BANK: dict[str, LazyString] = {}
OF_SPENDING: dict[str, LazyString] = {}
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
OF_CLOSING: dict[str, LazyString] = {}
OF_STATEMENTS: dict[str, LazyString] = {}
OF_MONEY = OF_DONORS | OF_RECEIVING | OF_BANK | OF_SPENDING | OF_EXTRACTS | OF_CLOSING | OF_STATEMENTS
