"""Two at once before the Board: one advice, one vote, and no vote of somebody who declares an interest meanwhile."""

from __future__ import annotations

from pathlib import Path

from advising import FOR, SUPPORT, WHY, One, Who, advised, declares, moved, person_of, ready, votes
from calls import second_secretary
from crowd import meeting, together
from flask import Flask

from fundapp.access.models import Person
from fundapp.board.models import Advice, AdviceWay, Ballot, Considered, InterestKind, Vote
from fundapp.board.operations.advising import advise
from fundapp.board.queries.considering import ballots_on
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work


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
