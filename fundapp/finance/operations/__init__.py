"""The verbs of the money."""

from fundapp.finance.operations.books import (
    LONGEST_NOTE,
    Loaded,
    annotate,
    attribute,
    load_document,
    open_books,
)

__all__ = [
    "LONGEST_NOTE",
    "Loaded",
    "annotate",
    "attribute",
    "load_document",
    "open_books",
]
