"""What of questions that are answered, and of votes that are open, a trustee may still hear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Person
from fundapp.access.policy import Permission, may
from fundapp.board.models import Ballot, BoardQuestion, BoardSession, Considered, SessionStage, Trustee, Vote
from fundapp.proposals.models import Notice, Proposal
from fundapp.proposals.queries.calls import Subject
from fundapp.proposals.queries.proposals import visible
from fundapp.proposals.queries.reminding import TELLINGS, Heard, Reminder, Telling

ANSWERED, VOTE_OPEN = "board-answered", "board-vote"


def reminders(session: Session, at: datetime) -> Iterator[Reminder]:
    """Nobody is reminded of them: the pages say what waits."""
    yield from ()


def heard(session: Session, person: Person, fund_id: int, waiting: Sequence[Notice], at: datetime) -> Iterator[Heard]:
    """Of proposals before open sessions that are open to the person: answers, and votes that they can give still; three
    queries at most."""
    if not may(person, Permission.PROPOSAL_READ, Subject(fund_id)):
        return
    asked = {one.details["question"] for one in waiting if one.kind == ANSWERED}
    voted = {one.details["ballot"] for one in waiting if one.kind == VOTE_OPEN}
    gave = sa.exists().where(
        Vote.ballot_id == Ballot.id, Vote.trustee_id == Trustee.id, Trustee.person_id == person.id
    )  # fmt: skip
    answers = _before(sa.select(BoardQuestion.id, Proposal, BoardSession.zone), BoardQuestion, person, fund_id)
    votes = _before(sa.select(Ballot.id, Proposal, BoardSession.zone), Ballot, person, fund_id)
    votes = votes.where(Ballot.id.in_(voted), Ballot.closed_at.is_(None), ~gave)
    known = {
        ANSWERED: {row[0]: row for row in session.execute(answers.where(BoardQuestion.id.in_(asked)))} if asked else {},
        VOTE_OPEN: {row[0]: row for row in session.execute(votes)} if voted else {},
    }
    for notice in waiting:
        key = notice.details.get("question" if notice.kind == ANSWERED else "ballot", 0)
        if (row := known.get(notice.kind, {}).get(key)) is not None:
            yield Heard(notice, fund_id, row[1].reference, row[1].title, row[2])


def _before(
    asked: sa.Select[int, Proposal, str], model: type[BoardQuestion] | type[Ballot], person: Person, fund_id: int
) -> sa.Select[int, Proposal, str]:
    asked = asked.select_from(model).join(Considered, Considered.id == model.considered_id)
    asked = asked.join(Proposal, Proposal.id == Considered.proposal_id)
    asked = asked.join(BoardSession, BoardSession.id == Considered.session_id)
    return asked.where(
        Considered.removed_at.is_(None), BoardSession.stage == SessionStage.OPEN, visible(person, fund_id)
    )  # fmt: skip


TELLINGS.append(Telling(reminders, heard))
