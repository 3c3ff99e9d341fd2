"""Codes of faults in words: the only place where what a rule refuses becomes a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from flask import Flask
from flask_babel import gettext as _

from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.languages import COMMA, figure, long_date
from fundapp.kernel.money import Money, exponent
from fundapp.web.languages import gettext, language
from fundapp.web.wording.advising import ADVISING
from fundapp.web.wording.bank import BANK
from fundapp.web.wording.board import BOARD
from fundapp.web.wording.board_sessions import BOARD_SESSIONS
from fundapp.web.wording.books import BOOKS
from fundapp.web.wording.calls import CALLS
from fundapp.web.wording.certifying import CERTIFYING
from fundapp.web.wording.closing import CLOSING
from fundapp.web.wording.criteria import CRITERIA
from fundapp.web.wording.deciding import DECIDING
from fundapp.web.wording.documents import DOCUMENTS
from fundapp.web.wording.donors import DONORS
from fundapp.web.wording.evidence import EVIDENCE
from fundapp.web.wording.extracts import EXTRACTS
from fundapp.web.wording.files import FILES
from fundapp.web.wording.findings import FINDINGS
from fundapp.web.wording.following import FOLLOWING
from fundapp.web.wording.lists import LISTS
from fundapp.web.wording.minutes import MINUTES
from fundapp.web.wording.money import MONEY
from fundapp.web.wording.people import PEOPLE
from fundapp.web.wording.plans import PLANS
from fundapp.web.wording.proposals import PROPOSALS
from fundapp.web.wording.ranking import RANKING
from fundapp.web.wording.receiving import RECEIVING
from fundapp.web.wording.recommendations import RECOMMENDATIONS
from fundapp.web.wording.rounds import ROUNDS
from fundapp.web.wording.scenarios import SCENARIOS
from fundapp.web.wording.screening import SCREENING
from fundapp.web.wording.sent_in import SENT_IN
from fundapp.web.wording.sheets import SHEETS
from fundapp.web.wording.spending import SPENDING
from fundapp.web.wording.suggestion import SUGGESTION
from fundapp.web.wording.writing import WRITING

# code -> sentence; %(names)s are the values the rule gives with the code.
SENTENCES: Mapping[str, str] = {
    **FILES,
    **MONEY,
    **BOOKS,
    **PEOPLE,
    **FINDINGS,
    **RECOMMENDATIONS,
    **EVIDENCE,
    **FOLLOWING,
    **PLANS,
    **SENT_IN,
    **PROPOSALS,
    **CALLS,
    **WRITING,
    **DOCUMENTS,
    **SCREENING,
    **CRITERIA,
    **ROUNDS,
    **SHEETS,
    **SUGGESTION,
    **RANKING,
    **SCENARIOS,
    **LISTS,
    **BOARD,
    **BOARD_SESSIONS,
    **ADVISING,
    **DECIDING,
    **MINUTES,
    **DONORS,
    **RECEIVING,
    **BANK,
    **SPENDING,
    **EXTRACTS,
    **CLOSING,
    **CERTIFYING,
}
COMMAS = {"ar": "، ", "zh": "、"}


def _said(name: str, value: object) -> str:
    """A value as the reader's language writes it: `…cents` and what is `left` are amounts, `…_count` is how
    many, `percent` and `implied` are rates with a point, a mapping is a name in six languages, money has its own
    currency."""
    if isinstance(value, Money):
        return f"{figure(value.minor, language(), exponent(value.currency), nil='0')} {value.currency}"
    if name.endswith(("cents", "left")) and isinstance(value, int):
        return figure(value, language(), nil="0")
    if name in ("percent", "implied") and language() in COMMA:
        return str(value).replace(".", ",")
    if isinstance(value, date) and not isinstance(value, datetime):
        return long_date(value, language())
    if name.endswith("_count") and isinstance(value, int):
        return figure(value, language(), 0, nil="0")
    if isinstance(value, Mapping):
        return str(value[language()])
    if isinstance(value, (list, tuple)):
        return listed([_said("", part) for part in value]) or "-"
    return str(value)


def listed(names: Iterable[object]) -> str:
    """Names in a row, with the comma of the reader's language between them."""
    return COMMAS.get(language(), ", ").join(str(name) for name in names)


def sentence(fault: Fault) -> str:
    """What a fault says to the reader, with the place in the file where there is one."""
    return str(_placed(fault, _worded(fault)))


def _worded(fault: Fault) -> str:
    """A code that nobody has put into words is shown as it is; a test finds it first."""
    values = {name: _said(name, value) for name, value in fault.values.items()}
    known = SENTENCES.get(fault.code)
    return gettext(known) % values if known is not None else str(_("It was refused: %(code)s", code=fault.code))


def _placed(fault: Fault, text: str) -> Any:
    if fault.row is not None and fault.column:
        return _("Row %(row)s, column %(column)s: %(text)s", row=fault.row, column=fault.column, text=text)
    if fault.row is not None:
        return _("Row %(row)s: %(text)s", row=fault.row, text=text)
    if fault.column:
        return _("Column %(column)s: %(text)s", column=fault.column, text=text)
    return text


def sentences(refusal: Refusal) -> list[str]:
    """All that a refusal says."""
    return [sentence(fault) for fault in refusal.faults]


def init(app: Flask) -> None:
    """Let templates say faults, {{ fault | sentence }}, and lists, {{ donors | listed }}."""
    app.jinja_env.filters["sentence"] = sentence
    app.jinja_env.filters["listed"] = listed
