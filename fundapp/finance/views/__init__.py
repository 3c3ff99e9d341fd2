"""Pages of the money: statements, the entries behind them, printed documents, the tie-out; and what a Board asks."""

from fundapp.finance import situation
from fundapp.finance.views import (
    attribution,
    contributions,
    entries,
    extracts,
    manual,
    profiles,
    published,
    statement,
    support_costs,
)
from fundapp.finance.views.blueprint import blueprint

__all__ = [
    "attribution",
    "blueprint",
    "contributions",
    "entries",
    "extracts",
    "manual",
    "profiles",
    "published",
    "situation",
    "statement",
    "support_costs",
]
