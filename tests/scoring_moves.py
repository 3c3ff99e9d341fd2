"""What becomes of proposals and assignments while a call is scored, for tests."""

from __future__ import annotations

import sqlalchemy as sa
from scoring_seen import proposal, reviewer

from fundapp.access.operation import operation
from fundapp.access.operations import Console
from fundapp.access.policy import Permission
from fundapp.kernel.database import db
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.models import Proposal
from fundapp.scoring.models import Assignment, Ended


@operation(Permission.SCORING_RUN, name="tests.stand_elsewhere")
def _stand(work: Work, found: Proposal, stage: str) -> None:
    found.stage = stage


@operation(Permission.SCORING_RUN, name="tests.end_assignment")
def _end(work: Work, found: Assignment) -> None:
    found.ended_at, found.ended_by, found.ended, found.end_reason = work.at, "test", Ended.RECUSED, "An interest."


def stand(number: int, stage: str) -> None:
    """Put a proposal into a stage."""
    found = proposal(number)
    with unit_of_work(Console()) as work:
        _stand(work, found, stage)


def end(number: int, name: str) -> None:
    """End the assignment of a reviewer."""
    asked = sa.select(Assignment).where(
        Assignment.proposal_id == proposal(number).id, Assignment.person_id == reviewer(name).id
    )
    found = db.session().scalars(asked).one()
    with unit_of_work(Console()) as work:
        _end(work, found)
