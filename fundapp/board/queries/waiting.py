"""What of the proposals before the Board waits for somebody: to declare on, to vote on, to answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor, Permission, may
from fundapp.board.models import (
    Ballot,
    BoardQuestion,
    BoardSeat,
    BoardSession,
    ConditionMove,
    ConditionStep,
    Considered,
    Decision,
    DecisionCondition,
    FollowUpAction,
    Interest,
    InterestKind,
    SessionNumber,
    SessionStage,
    Trustee,
    TrusteeTerm,
    Vote,
)
from fundapp.board.queries.deciding import decided, last_step, stands
from fundapp.board.queries.sessions import before_the_board
from fundapp.board.queries.sitting import sitting
from fundapp.board.rules.advising import day_that_counts
from fundapp.funds.models import Fund
from fundapp.kernel.clock import today
from fundapp.proposals.models import Proposal
from fundapp.proposals.queries.calls import Subject


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits for a trustee at an open session: proposals on which they have not declared, and votes that are open
    and theirs to give."""

    number: int
    to_declare: int = 0
    to_vote: int = 0


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


@dataclass(frozen=True, slots=True)
class Afoot:
    """What the secretariat has to see to: questions of trustees without an answer and the first session they are of,
    conditions and actions that are overdue, and seats that nobody holds."""

    questions: int
    first: int | None
    conditions: int
    actions: int
    vacant: int


def afoot(session: Session, actor: Actor, fund: Fund, on: date) -> Afoot:
    """What the Board's work has the secretariat see to in a fund; one query."""
    questions, first = _questions(actor, fund.id)
    asked = sa.select(questions, first, _late_conditions(actor, fund.id, on), _late_actions(fund.id, on))
    row = session.execute(asked.add_columns(_vacant(fund.board_id, on))).one()
    return Afoot(*row)


def _questions(actor: Actor, fund_id: int) -> tuple[sa.ScalarSelect[int], sa.ScalarSelect[int]]:
    """How many questions wait at open sessions, and the number of the first of these."""
    if not may(actor, Permission.QUESTION_ANSWER, Subject(fund_id)):
        none = sa.select(sa.func.count()).select_from(BoardQuestion).where(sa.false())
        return none.scalar_subquery(), sa.select(sa.func.min(SessionNumber.number)).where(sa.false()).scalar_subquery()
    of = (
        sa.select(sa.func.count(BoardQuestion.id), sa.func.min(SessionNumber.number))
        .join_from(BoardQuestion, Considered, Considered.id == BoardQuestion.considered_id)
        .join(Proposal, Proposal.id == Considered.proposal_id)
        .join(BoardSession, BoardSession.id == Considered.session_id)
        .join(SessionNumber, sa.and_(SessionNumber.session_id == BoardSession.id, SessionNumber.fund_id == fund_id))
        .where(BoardSession.stage == SessionStage.OPEN, BoardQuestion.answered_at.is_(None))
        .where(before_the_board(actor, fund_id))
    )
    many, first = of.selected_columns
    return of.with_only_columns(many).scalar_subquery(), of.with_only_columns(first).scalar_subquery()


def _late_conditions(actor: Actor, fund_id: int, on: date) -> sa.ScalarSelect[int]:
    step = ConditionStep
    return (
        sa.select(sa.func.count(DecisionCondition.id))
        .join(Decision, Decision.id == DecisionCondition.decision_id)
        .join(Proposal, Proposal.id == Decision.proposal_id)
        .outerjoin(step, step.id == last_step())
        .where(decided(actor, fund_id), stands(), DecisionCondition.due_on < on)
        .where(sa.or_(step.id.is_(None), step.move == ConditionMove.REOPENED))
        .scalar_subquery()
    )


def _late_actions(fund_id: int, on: date) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count(FollowUpAction.id))
        .join(SessionNumber, SessionNumber.session_id == FollowUpAction.session_id)
        .where(SessionNumber.fund_id == fund_id, FollowUpAction.done_at.is_(None), FollowUpAction.due_on < on)
        .scalar_subquery()
    )


def _vacant(board_id: int, on: date) -> sa.ScalarSelect[int]:
    term = TrusteeTerm
    held = sa.exists().where(
        term.seat_id == BoardSeat.id, term.since <= on, sa.func.coalesce(term.ended_on, term.until) >= on
    )
    return sa.select(sa.func.count(BoardSeat.id)).where(BoardSeat.board_id == board_id, ~held).scalar_subquery()
