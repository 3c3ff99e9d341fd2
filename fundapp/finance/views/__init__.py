"""Pages of the money: statements, the entries behind them, printed documents, the tie-out; and what a Board asks."""

from fundapp.finance import situation
from fundapp.finance.views import attribution, certifying, closing, contributions, entries, published, statement
from fundapp.finance.views.blueprint import blueprint

__all__ = [
    "attribution",
    "blueprint",
    "certifying",
    "closing",
    "contributions",
    "entries",
    "published",
    "situation",
    "statement",
]
