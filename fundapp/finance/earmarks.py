"""For which projects a contribution can be given: those that were approved, as somebody may see them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fundapp.access.policy import Actor
from fundapp.board.models import DecisionOutcome
from fundapp.board.queries.decisions import Wanted, decisions
from fundapp.contributions.queries import earmarks
from fundapp.funds.models import Fund
from fundapp.kernel.languages import DEFAULT

APPROVED = frozenset({DecisionOutcome.APPROVE, DecisionOutcome.CONDITIONS})


def approved_projects(session: Session, actor: Actor, fund: Fund) -> list[tuple[str, str]]:
    """Reference and title of what was approved, by reference; none that an interest keeps somebody from. One query."""
    rows = decisions(session, actor, fund, Wanted(state="decided"), DEFAULT)
    return [(row.reference, row.title) for row in rows if row.outcome in APPROVED]


earmarks.PROJECTS.append(approved_projects)
