"""Texts of entries that the program wrote, in the reader's language; what people wrote stays as it is."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fundapp.finance.operations.commitments import MEMO_CARRIED, MEMO_DROPPED, MEMO_PAID
from fundapp.finance.rules import MEMOS, TABLE1_LINE, TABLE2_PERIOD, extracts, support_costs
from fundapp.finance.rules.receiving import (
    BELONGS,
    LOWERED,
    PLEDGED,
    RECEIVED,
    REFUNDED,
    SETTLED,
    UNDONE,
    WRITTEN_OFF,
)

SENTENCES = {
    "opening": _l("Table 1: opening balance"),
    "prior-pledges": _l("Table 1: unpaid pledges, prior periods"),
    "pledges": _l("Table 1: unpaid pledges"),
    "no-donor": _l("Table 1 beyond Table 2: no donor named"),
}
RECEIVING = {
    PLEDGED: _l("Pledge: %(what)s"),
    RECEIVED: _l("Receipt: %(what)s"),
    SETTLED: _l("Settlement: %(what)s"),
    LOWERED: _l("Reduction: %(what)s"),
    WRITTEN_OFF: _l("Write-off: %(what)s"),
    REFUNDED: _l("Refund: %(what)s"),
    UNDONE: _l("Taken back: %(what)s"),
}
_KNOWN = {memo: SENTENCES[code] for code, memo in MEMOS.items()} | {MEMO_CARRIED: _l("Commitments carried over")}
_OF_SPENDING = {
    MEMO_PAID: _l("Commitment %(what)s paid"),
    MEMO_DROPPED: _l("Commitment %(what)s cancelled"),
    extracts.MEMO: _l("Expenditure: %(what)s"),
    extracts.UNDONE: _l("Expenditure taken back: %(what)s"),
    support_costs.MEMO: _l("Support costs: %(what)s"),
}


def said(memo: str, accounts: Mapping[str, str]) -> str:
    """What an entry is about. accounts: code -> name in the reader's language."""
    if memo in _KNOWN:
        return str(_KNOWN[memo])
    if memo.startswith(TABLE2_PERIOD):
        return str(_("Table 2: %(period)s", period=memo.removeprefix(TABLE2_PERIOD)))
    for begins, sentence in _OF_SPENDING.items():
        if memo.startswith(begins):
            return str(sentence) % {"what": memo.removeprefix(begins)}
    line = memo.removeprefix(TABLE1_LINE)
    if memo.startswith(TABLE1_LINE) and line in accounts:
        return str(_("Table 1: %(line)s", line=accounts[line]))
    return _received(memo) or memo


def _received(memo: str) -> str:
    """What an entry of a pledge or receipt is about, and to which day it belongs where that was closed."""
    for prefix, sentence in RECEIVING.items():
        if memo.startswith(prefix):
            what, _sign, day = memo.removeprefix(prefix).partition(BELONGS)
            words = str(sentence) % {"what": what}
            return str(_("%(what)s (belongs to %(day)s)", what=words, day=day)) if day else words
    return ""
