"""Pages of the money: statements, the entries behind them, printed documents, the tie-out; and what a Board asks."""

from fundapp.finance import situation
from fundapp.finance.views import attribution, contributions, entries, published, statement
from fundapp.finance.views.blueprint import blueprint

__all__ = ["attribution", "blueprint", "contributions", "entries", "published", "situation", "statement"]
