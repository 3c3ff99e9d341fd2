"""Trustees hear in their digest that a question is answered and a vote is open, of what they may read alone."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from advising import FOR, WHY, One, Who, closed, declares, moved, person_of, ready, votes
from calls import someone
from flask import Flask
from flask_babel import force_locale

from fundapp.access.models import Letter
from fundapp.access.policy import Role
from fundapp.board.models import BoardQuestion, Considered, InterestKind, Trustee
from fundapp.board.operations.advising import answer, ask
from fundapp.board.queries.advising_telling import ANSWERED, VOTE_OPEN
from fundapp.board.queries.considering import Voice
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.letters import KINDS
from fundapp.proposals.rounds import tell_due


def asks(one: One, who: Who, text: str = "How many people?") -> int:
    with unit_of_work(person_of(who)) as work:
        voice = Voice(work.session.get_one(Considered, one.id), work.session.get_one(Trustee, who.id))
        return ask(work, voice, text).id


def answers(key: int, text: str = "Four hundred.") -> None:
    with unit_of_work(someone(Role.SECRETARY)) as work:
        question = work.session.get_one(BoardQuestion, key)
        answer(work, question, text, question.version)


def letters(who: Who, last: int = 0) -> str:
    db.session.remove()
    asked = sa.select(Letter.body).where(Letter.person_id == who.person, Letter.id > last)
    return "\n".join(db.session().scalars(asked))


def heard(who: Who, kind: str, last: int = 0) -> int:
    """How often their letters say so, each in the language of whoever reads it."""
    found = letters(who, last)
    with force_locale(person_of(who).language):
        return found.count(str(KINDS[kind]))


def told(days: int = 1) -> None:
    tell_due(now() + timedelta(days=days))


def test_an_answer_and_a_vote_are_told_to_those_who_read_the_proposal(shown: Flask) -> None:
    _of, one, trustees = ready(away=1)
    told()
    last = db.session().scalar(sa.select(sa.func.max(Letter.id))) or 0
    answers(asks(one, trustees[1]))
    moved(one)
    told(2)
    for who in trustees[:4]:
        assert heard(who, ANSWERED, last) and heard(who, VOTE_OPEN, last), who
    assert not heard(trustees[4], VOTE_OPEN, last), "is away"
    assert "Four hundred" not in letters(trustees[1], last), "what was said stays on the page"


def test_nobody_hears_of_what_is_kept_from_them_or_is_over(shown: Flask) -> None:
    _of, one, trustees = ready()
    told()
    last = db.session().scalar(sa.select(sa.func.max(Letter.id))) or 0
    answers(asks(one, trustees[1]))
    ballot = moved(one)
    declares(one, trustees[2], InterestKind.OTHER, WHY)
    votes(ballot, trustees[3], FOR)
    told(2)
    assert one.reference not in letters(trustees[2], last)
    assert not heard(trustees[3], VOTE_OPEN, last) and heard(trustees[1], VOTE_OPEN, last)


def test_a_vote_that_was_closed_meanwhile_is_told_to_nobody(shown: Flask) -> None:
    _of, one, trustees = ready()
    told()
    last = db.session().scalar(sa.select(sa.func.max(Letter.id))) or 0
    closed(moved(one))
    told(2)
    assert not [who for who in trustees if heard(who, VOTE_OPEN, last)]


def test_an_answer_written_anew_is_told_once(shown: Flask) -> None:
    _of, one, trustees = ready()
    told()
    last = db.session().scalar(sa.select(sa.func.max(Letter.id))) or 0
    key = asks(one, trustees[1])
    answers(key)
    answers(key, "Four hundred and one.")
    told(2)
    assert heard(trustees[1], ANSWERED, last) == 1
