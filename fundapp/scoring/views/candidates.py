"""The proposals of a call that could be funded: those that have a score."""

from __future__ import annotations

from fundapp.access.gate import actor
from fundapp.kernel.database import db
from fundapp.scoring.queries.scenarios import candidates
from fundapp.scoring.rules.scenarios import Candidate
from fundapp.scoring.views.blueprint import Scored


def candidates_at(scored: Scored) -> list[Candidate]:
    """The proposals of the call with a total, best first, of which whoever looks may know."""
    return candidates(db.session(), actor(), scored.call, scored.round, scored.scales)
