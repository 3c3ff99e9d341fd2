"""Two at once before the Board: one advice, one vote, and no vote of somebody who declares an interest meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from advising import (
    FOR,
    SUPPORT,
    WHY,
    One,
    Who,
    advised,
    board,
    changed,
    declares,
    moved,
    person_of,
    ready,
    votes,
)
from boards import planned
from calls import second_secretary, someone
from crowd import meeting, together
from deciding import before, prepared, take
from flask import Flask

from fundapp.access.models import Person
from fundapp.access.policy import Role
from fundapp.board.models import (
    Advice,
    AdviceWay,
    Ballot,
    BoardSession,
    BoardSnapshot,
    Considered,
    Decision,
    InterestKind,
    Minutes,
    MinutesApproval,
    SessionMove,
    Trustee,
    Vote,
)
from fundapp.board.operations.advising import advise, close_ballot
from fundapp.board.operations.minutes import approve_minutes, keep_minutes
from fundapp.board.operations.sessions import open_session
from fundapp.board.queries.considering import ballots_on
from fundapp.board.queries.minutes import as_read
from fundapp.board.queries.record import minutes_facts
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.trail import Trace
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Notice


def test_of_two_who_record_an_advice_at_once_one_does(shown: Flask, tmp_path: Path) -> None:
    _of, one, _trustees = ready()
    second_secretary()

    def other() -> object:
        with unit_of_work(second()) as work:
            considered = work.session.get_one(Considered, one.id)
            return advise(work, considered, SUPPORT, AdviceWay.CONSENSUS, seen=0).id

    with meeting(shown, tmp_path) as shared:
        answers = together(shared, lambda: advised(one, seen=0).id, other, lambda: advised(one, seen=0).id)
        with shared.app_context():
            assert sorted(map(str, answers))[1:] == ["advice.meanwhile"] * 2, answers
            assert db.session.query(Advice).count() == 1


def second() -> Person:
    return db.session.query(Person).filter_by(email="second@example.org").one()


def test_a_vote_sent_twice_at_once_is_one(shown: Flask, tmp_path: Path) -> None:
    _of, one, trustees = ready()
    key = moved(one).id
    with meeting(shown, tmp_path) as shared:
        answers = together(shared, *[lambda: _votes(key, trustees[0]) for _ in range(3)])
        with shared.app_context():
            assert sorted(map(str, answers)) == ["None", "ballot.voted", "ballot.voted"], answers
            assert db.session.query(Vote).count() == 1


def _votes(key: int, who: Who) -> None:
    votes(db.session().get_one(Ballot, key), who, FOR)


def test_a_vote_and_an_interest_at_once_leave_no_vote_that_counts(shown: Flask, tmp_path: Path) -> None:
    _of, one, trustees = ready()
    key = moved(one).id
    with meeting(shown, tmp_path) as shared:
        together(shared, lambda: _votes(key, trustees[0]), lambda: _declares(one, trustees[0]))
        with shared.app_context():
            found = ballots_on(db.session(), db.session().get_one(Considered, one.id))[0]
            assert found.count.cast == 0
            assert person_of(trustees[0]).closed_names


def _declares(one: One, who: Who) -> None:
    declares(one, who, InterestKind.OTHER, WHY)


def test_of_two_who_open_a_session_at_once_one_does_and_trustees_are_told_once(shown: Flask, tmp_path: Path) -> None:
    key = planned().id
    second_secretary()

    def opens(who: Callable[[], Person]) -> None:
        with unit_of_work(who()) as work:
            open_session(work, work.session.get_one(BoardSession, key))

    with meeting(shown, tmp_path) as shared:
        answers = together(shared, lambda: opens(second), lambda: opens(first))
        with shared.app_context():
            assert sorted(map(str, answers)) == ["None", "session.stands-otherwise"], answers
            moves = sa.select(sa.func.count()).where(SessionMove.session_id == key, SessionMove.move == "open")
            assert db.session.scalar(moves) == 1
            assert db.session.query(Notice).filter_by(kind="session-opened").count() == 5
            assert db.session.query(BoardSnapshot).filter_by(kind="proposal").count() == 4


def first() -> Person:
    return someone(Role.SECRETARY)


def test_a_vote_while_it_is_being_closed_is_counted_or_refused(shown: Flask, tmp_path: Path) -> None:
    _of, one, trustees = ready()
    key = moved(one).id

    def closes() -> None:
        with unit_of_work(first()) as work:
            close_ballot(work, work.session.get_one(Ballot, key))

    with meeting(shown, tmp_path) as shared:
        answers = together(shared, closes, *[lambda who=who: _votes(key, who) for who in trustees])
        with shared.app_context():
            assert answers[0] is None and {str(one) for one in answers} <= {"None", "ballot.closed"}, answers
            given = sum(1 for one in answers[1:] if one is None)
            assert db.session.query(Vote).count() == given


def test_minutes_are_not_approved_with_a_decision_that_was_taken_meanwhile(shown: Flask, tmp_path: Path) -> None:
    """Either the decision comes first and the record has moved, or the minutes are approved without it."""
    key = before()[0]
    draft = prepared(key)
    changed(db.session().get_one(Considered, key).session_id, since=today(), until=today())
    with unit_of_work(first()) as work:
        of = work.session.get_one(BoardSession, work.session.get_one(Considered, key).session_id)
        minutes = keep_minutes(work, of, as_read(work.session, work.actor, of, minutes_facts(work.session, of))).id
    chair = board()[0]

    def approves() -> None:
        with unit_of_work(person_of(chair)) as work:
            approve_minutes(work, work.session.get_one(Trustee, chair.id), work.session.get_one(Minutes, minutes))

    with meeting(shown, tmp_path) as shared:
        answers = together(shared, approves, lambda: take(draft))
        with shared.app_context():
            approved = db.session.query(MinutesApproval).one_or_none()
            assert db.session.query(Decision).count() == 1
            assert str(answers[0]) in ("None", "minutes.record-moved"), answers
            assert (approved is not None) == (answers[0] is None)
            asked = sa.select(Trace.operation).where(Trace.operation.in_(["board.approve_minutes", "board.decide"]))
            order = list(dict.fromkeys(db.session.scalars(asked.order_by(Trace.id))))
            assert approved is None or order[0] == "board.approve_minutes", "what is approved lacks no decision"
