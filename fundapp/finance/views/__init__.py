"""Pages of the money: statements, the entries behind them, printed documents, the tie-out; and what a Board asks."""

from fundapp.finance import situation
from fundapp.finance.views import (
    allotments,
    attribution,
    commitments,
    contributions,
    entries,
    projects,
    published,
    statement,
)
from fundapp.finance.views.blueprint import blueprint

__all__ = [
    "allotments",
    "attribution",
    "blueprint",
    "commitments",
    "contributions",
    "entries",
    "projects",
    "published",
    "situation",
    "statement",
]
