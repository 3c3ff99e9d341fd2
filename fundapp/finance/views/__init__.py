"""Pages of the money: what comes in, what goes out, statements and the entries behind them; and what a Board asks."""

from fundapp.finance import situation
from fundapp.finance.views import (
    ageing,
    allotments,
    attribution,
    bank,
    bank_lines,
    commitments,
    contributions,
    donor_account,
    entries,
    ledger_pages,
    pledge_money,
    projects,
    published,
    rates,
    receiving,
    statement,
)
from fundapp.finance.views.blueprint import blueprint

__all__ = [
    "ageing",
    "allotments",
    "attribution",
    "bank",
    "bank_lines",
    "blueprint",
    "commitments",
    "contributions",
    "donor_account",
    "entries",
    "ledger_pages",
    "pledge_money",
    "projects",
    "published",
    "rates",
    "receiving",
    "situation",
    "statement",
]
