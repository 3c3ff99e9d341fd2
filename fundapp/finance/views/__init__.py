"""Pages of the money: statements, the entries behind them, printed documents, the tie-out; and what a Board asks."""

from fundapp.finance import situation
from fundapp.finance.views import (
    ageing,
    attribution,
    contributions,
    donor_account,
    entries,
    pledge_money,
    published,
    receiving,
    statement,
)
from fundapp.finance.views.blueprint import blueprint

__all__ = [
    "ageing",
    "attribution",
    "blueprint",
    "contributions",
    "donor_account",
    "entries",
    "pledge_money",
    "published",
    "receiving",
    "situation",
    "statement",
]
