"""What trustees say of a proposal before the Board, for tests: made by the operations, as they would."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from boards import considered, opened, seated
from calls import someone
from flask import Flask
from flask.testing import FlaskClient
from test_proposal_pages import as_person

from fundapp.access.models import Person
from fundapp.access.policy import Role
from fundapp.board.models import (
    Advice,
    AdviceOutcome,
    AdviceWay,
    Ballot,
    BoardSession,
    Considered,
    Interest,
    InterestKind,
    Participant,
    Trustee,
    VoteChoice,
)
from fundapp.board.operations.advising import advise, close_ballot, open_ballot, record_hands, vote
from fundapp.board.operations.interests import declare
from fundapp.board.queries.considering import Voice, advice_on
from fundapp.board.rules.advising import Count, Said
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import Work, unit_of_work


@dataclass(frozen=True)
class One:
    """A proposal before a session, by what tests say of it."""

    id: int
    proposal: int
    reference: str
    country: str | None


@dataclass(frozen=True)
class Who:
    """A trustee, by what tests say of them."""

    id: int
    person: int
    name: str
    country: str | None


def rows(of: BoardSession) -> list[One]:
    """The proposals before a session, by reference."""
    found = [(one, one.proposal) for one in considered(of)]
    return [One(one.id, its.id, its.reference, its.country) for one, its in found]


def board() -> list[Who]:
    """The trustees; the first chairs."""
    return [Who(one.id, one.person_id or 0, one.name, one.country) for one in seated()]


def of_nobody(of: BoardSession) -> One:
    """A proposal for a State of which no trustee is a national."""
    states = {one.country for one in board()}
    return next(one for one in rows(of) if one.country not in states)


def present(one: One) -> Considered:
    """The same as the table has it now."""
    return db.session().get_one(Considered, one.id)


WHY = "Sat on the council of a partner until last year."
FOR, AGAINST, ABSTAIN = VoteChoice.FOR, VoteChoice.AGAINST, VoteChoice.ABSTAIN
SUPPORT = Said(AdviceOutcome.SUPPORT, 10_000_00)


def person_of(trustee: Who) -> Person:
    """As whom a trustee signs in."""
    return db.session().get_one(Person, trustee.person)


def declares(
    one: One, trustee: Who, kind: InterestKind = InterestKind.NONE, reason: str = "", *, by: Any = None
) -> Interest:  # fmt: skip
    """A trustee declares; or somebody else for them."""
    key, who = (one.id, trustee.id), by or person_of(trustee)
    with unit_of_work(who) as work:
        session = work.session
        return declare(
            work, Voice(session.get_one(Considered, key[0]), session.get_one(Trustee, key[1])), kind, reason
        )  # fmt: skip


def all_declare(one: One, trustees: Iterable[Who]) -> None:
    """They have no interest in it; whoever is of the State says why."""
    for trustee in trustees:
        declares(one, trustee, reason="Knows nobody of the office there.")


def there(of: int, trustees: Iterable[Who], *, away: bool = False) -> None:
    """The secretary notes who is there."""
    keys = [one.id for one in trustees]
    with unit_of_work(someone(Role.SECRETARY)) as work:
        asked = sa.select(Participant).where(Participant.session_id == of, Participant.trustee_id.in_(keys))
        for one in work.session.scalars(asked):
            one.present = not away
        work.operation = "tests.there"
        work.session.flush()
        work.operation = None


def moved(one: One, said: Said = SUPPORT) -> Ballot:
    """The secretary puts it to the vote."""
    key = one.id
    with unit_of_work(someone(Role.SECRETARY)) as work:
        made = open_ballot(work, work.session.get_one(Considered, key), said).id
    return db.session().get_one(Ballot, made)


def votes(ballot: Ballot, trustee: Who, choice: VoteChoice = VoteChoice.FOR, reason: str = "") -> None:
    """A trustee votes themselves."""
    key, one, whose = ballot.id, ballot.considered_id, trustee.id
    with unit_of_work(person_of(trustee)) as work:
        session = work.session
        as_one = Voice(session.get_one(Considered, one), session.get_one(Trustee, whose))
        vote(work, as_one, session.get_one(Ballot, key), choice, reason)


def shows_hands(ballot: Ballot, choices: dict[int, VoteChoice], reason: str = "") -> None:
    key = ballot.id
    with unit_of_work(someone(Role.SECRETARY)) as work:
        record_hands(work, work.session.get_one(Ballot, key), {one: (what, reason) for one, what in choices.items()})


def closed(ballot: Ballot) -> None:
    key = ballot.id
    with unit_of_work(someone(Role.SECRETARY)) as work:
        close_ballot(work, work.session.get_one(Ballot, key))


def advised(
    one: One, said: Said = SUPPORT, way: AdviceWay = AdviceWay.CONSENSUS, *, seen: int | None = None,
    counts: Count | None = None,
) -> Advice:  # fmt: skip
    """The secretary records what the Board advises."""
    key = one.id
    known = len(advice_on(db.session(), present(one))) if seen is None else seen
    with unit_of_work(someone(Role.SECRETARY)) as work:
        made = advise(work, work.session.get_one(Considered, key), said, way, seen=known, counts=counts).id
    return db.session().get_one(Advice, made)


def place(one: One, more: str = "") -> str:
    return f"/UPR/board/sessions/25/proposals/{one.reference}{more}"


def changed(of: int, **values: object) -> None:
    """A session that stands otherwise."""
    with unit_of_work(someone(Role.SECRETARY)) as work:
        for name, value in values.items():
            setattr(work.session.get_one(BoardSession, of), name, value)
        as_test(work)


def as_test(work: Work) -> None:
    work.operation = "tests.change"
    work.session.flush()
    work.operation = None


def ready(*, away: int = 0) -> tuple[int, One, list[Who]]:
    """An open session, a proposal on which all declared, and who is there."""
    made, trustees = opened(), board()
    of, one = made.id, of_nobody(made)
    all_declare(one, trustees)
    there(of, trustees[: 5 - away])
    there(of, trustees[5 - away :], away=True)
    return of, one, trustees


def refused(code: str) -> pytest.RaisesExc[Refusal]:
    return pytest.raises(Refusal, match=code.replace(".", r"\."))


def client_of(app: Flask, who: Who) -> FlaskClient:
    return as_person(app, person_of(who))
