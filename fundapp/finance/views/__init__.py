"""Pages of the money: statements, the entries behind them, printed documents, the tie-out; and what a Board asks."""

from fundapp.finance import situation
from fundapp.finance.views import attribution, contributions, entries, ledger_pages, published, statement
from fundapp.finance.views.blueprint import blueprint

__all__ = [
    "attribution",
    "blueprint",
    "contributions",
    "entries",
    "ledger_pages",
    "published",
    "situation",
    "statement",
]
