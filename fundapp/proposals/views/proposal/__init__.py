"""Pages of proposals."""

from fundapp.proposals.views.proposal import (
    beginning,
    board,
    budget,
    comments,
    documents,
    jobs,
    listing,
    one,
    parts,
    picking,
    reading,
    screening,
    steps,
    timeline,
    uploads,
    versions,
    writing,
)
from fundapp.proposals.views.proposal.blueprint import blueprint

__all__ = [
    "beginning",
    "blueprint",
    "board",
    "budget",
    "comments",
    "documents",
    "jobs",
    "listing",
    "one",
    "parts",
    "picking",
    "reading",
    "screening",
    "steps",
    "timeline",
    "uploads",
    "versions",
    "writing",
]
