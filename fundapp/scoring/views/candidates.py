"""The proposals of a call that could be funded: those that have a score."""

from __future__ import annotations

from fundapp.access.gate import actor
from fundapp.access.views.address import language
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.reference.rules import Status
from fundapp.scoring.queries.ranking import ranking
from fundapp.scoring.rules.scenarios import Candidate
from fundapp.scoring.views.blueprint import Scored

PRIORITY = frozenset({Status.LDC, Status.SIDS})


def candidates_at(scored: Scored) -> list[Candidate]:
    """The proposals of the call with a total, best first, of which whoever looks may know; three queries."""
    found = ranking(db.session(), actor(), scored.call, scored.round, scored.scales, language(), now())
    return [
        Candidate(
            row.proposed.id,
            row.proposed.reference,
            row.ranked.total,
            row.proposed.cents,
            row.proposed.group or "",
            row.proposed.country,
            not PRIORITY.isdisjoint(row.proposed.statuses),
        )
        for row in found.rows
        if row.ranked.total is not None
    ]
