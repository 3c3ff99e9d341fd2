"""Pages of the money: statements, the entries behind them, printed documents, the tie-out; and what a Board asks."""

from fundapp.finance import situation
from fundapp.finance.views import attribution, bank, bank_lines, contributions, entries, published, rates, statement
from fundapp.finance.views.blueprint import blueprint

__all__ = [
    "attribution",
    "bank",
    "bank_lines",
    "blueprint",
    "contributions",
    "entries",
    "published",
    "rates",
    "situation",
    "statement",
]
