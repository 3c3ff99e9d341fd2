"""What the pages of bank statements say: what became of a movement, how much speaks for a match, layouts of files."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from fundapp.finance.queries.bank import LineState
from fundapp.finance.rules.matching import Strength

STATES = {
    LineState.WAITING: _l("To be looked at"),
    LineState.RECEIVED: _l("Recorded as a receipt"),
    LineState.PASSED: _l("No receipt"),
    LineState.OUT: _l("Paid out"),
}
STATE_MARKS = {
    LineState.WAITING: "warn",
    LineState.RECEIVED: "good",
    LineState.PASSED: "",
    LineState.OUT: "",
}
STRENGTHS = {
    Strength.STRONG: _l("Much speaks for it"),
    Strength.LIKELY: _l("Likely"),
    Strength.POSSIBLE: _l("Possible"),
}
STRENGTH_MARKS = {Strength.STRONG: "good", Strength.LIKELY: "", Strength.POSSIBLE: ""}
LAYOUTS = {"mt940": "MT940", "camt053": "camt.053"}
RATE_LAYOUTS = {"list": _l("a row for each rate"), "grid": _l("a column for each day")}
