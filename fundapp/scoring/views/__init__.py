"""Pages of scoring."""

from fundapp.scoring import letters
from fundapp.scoring.views import (
    assigning,
    criteria,
    desk,
    files,
    given,
    matrix,
    moderation,
    ranking,
    reviewers,
    round_parts,
    rounds,
    running,
    scenarios,
    sheet,
    spread,
    suggestion,
)
from fundapp.scoring.views.blueprint import blueprint

__all__ = [
    "assigning",
    "blueprint",
    "criteria",
    "desk",
    "files",
    "given",
    "letters",
    "matrix",
    "moderation",
    "ranking",
    "reviewers",
    "round_parts",
    "rounds",
    "running",
    "scenarios",
    "sheet",
    "spread",
    "suggestion",
]
