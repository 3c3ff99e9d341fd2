"""Reading the books. Every figure is a sum over postings, or over the totals of the years that are closed."""

from fundapp.ledger.queries.figures import (
    ContributionFigures,
    Receivable,
    StatementFigures,
    balances,
    contributions,
    movements,
    statement_figures,
    statement_with,
)
from fundapp.ledger.queries.journal import (
    EntryLine,
    EntryList,
    EntryRow,
    accounts,
    closed_years,
    earliest_year,
    entry,
    entry_as_posted,
    last_closed,
    movement_of_year,
    postings,
)
from fundapp.ledger.queries.verification import Verification, verify

__all__ = [
    "ContributionFigures",
    "EntryLine",
    "EntryList",
    "EntryRow",
    "Receivable",
    "StatementFigures",
    "Verification",
    "accounts",
    "balances",
    "closed_years",
    "contributions",
    "earliest_year",
    "entry",
    "entry_as_posted",
    "last_closed",
    "movement_of_year",
    "movements",
    "postings",
    "statement_figures",
    "statement_with",
    "verify",
]
