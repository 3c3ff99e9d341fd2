"""What of the proposals before the Board waits for somebody: to declare on, to vote on, to answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor, Permission, may
from fundapp.board.models import (
    Ballot,
    BoardQuestion,
    BoardSession,
    Considered,
    Interest,
    InterestKind,
    SessionNumber,
    SessionStage,
    Trustee,
    Vote,
)
from fundapp.board.queries.sessions import before_the_board
from fundapp.board.queries.sitting import sitting
from fundapp.board.rules.advising import day_that_counts
from fundapp.kernel.clock import today
from fundapp.proposals.models import Proposal
from fundapp.proposals.queries.calls import Subject


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits at an open session: proposals on which a trustee has not declared, votes that are open and theirs to
    give, and questions without an answer."""

    number: int
    to_declare: int = 0
    to_vote: int = 0
    to_answer: int = 0


def waiting_for(session: Session, actor: Actor, fund_id: int) -> Sequence[Waits]:
    """What waits for a trustee at the open sessions of a fund at which they sit; a query, and one for each of these."""
    if not may(actor, Permission.SESSION_READ, Subject(fund_id)):
        return []
    declared, voted = Interest, Vote
    settled = sa.exists().where(
        declared.considered_id == Considered.id, declared.trustee_id == Trustee.id, declared.kind == InterestKind.NONE
    )
    gave = sa.exists().where(voted.ballot_id == Ballot.id, voted.trustee_id == Trustee.id)
    going = sa.exists().where(Ballot.considered_id == Considered.id, Ballot.closed_at.is_(None), ~gave)
    asked = (
        sa.select(BoardSession, SessionNumber.number, Trustee.id, settled.label("settled"), going.label("going"))
        .select_from(Considered)
        .join(Proposal, Proposal.id == Considered.proposal_id)
        .join(BoardSession, BoardSession.id == Considered.session_id)
        .join(SessionNumber, sa.and_(SessionNumber.session_id == BoardSession.id, SessionNumber.fund_id == fund_id))
        .join(Trustee, sa.and_(Trustee.board_id == BoardSession.board_id, Trustee.person_id == actor.id))
        .where(BoardSession.stage == SessionStage.OPEN, before_the_board(actor, fund_id))
        .order_by(SessionNumber.number)
    )
    rows = session.execute(asked).all()
    firsts = {row[0].id: row for row in reversed(rows)}
    theirs = {key: row for key, row in reversed(firsts.items()) if _sits(session, row[0], row[2])}
    declare = Counter(row[0].id for row in rows if not row.settled)
    vote = Counter(row[0].id for row in rows if row.settled and row.going)
    found = [Waits(row.number, declare[key], vote[key]) for key, row in theirs.items()]
    return [one for one in found if one.to_declare or one.to_vote]


def _sits(session: Session, of: BoardSession, trustee: int) -> bool:
    day = day_that_counts(of.since, of.until, today())
    return any(one.trustee == trustee for one in sitting(session, of.board_id, day))


def unanswered(session: Session, actor: Actor, fund_id: int) -> Sequence[Waits]:
    """The questions that wait for an answer of the secretariat at the open sessions of a fund; one query."""
    if not may(actor, Permission.QUESTION_ANSWER, Subject(fund_id)):
        return []
    asked = (
        sa.select(SessionNumber.number, sa.func.count(BoardQuestion.id).label("many"))
        .join_from(BoardQuestion, Considered, Considered.id == BoardQuestion.considered_id)
        .join(Proposal, Proposal.id == Considered.proposal_id)
        .join(BoardSession, BoardSession.id == Considered.session_id)
        .join(SessionNumber, sa.and_(SessionNumber.session_id == BoardSession.id, SessionNumber.fund_id == fund_id))
        .where(BoardSession.stage == SessionStage.OPEN, BoardQuestion.answered_at.is_(None))
        .where(before_the_board(actor, fund_id))
        .group_by(SessionNumber.number)
        .order_by(SessionNumber.number)
    )
    return [Waits(row.number, to_answer=row.many) for row in session.execute(asked)]
