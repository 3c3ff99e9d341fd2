"""Sessions for tests of minutes: one that meets today, with advice, decisions and what earlier ones left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from boards import considered, eligible, seated, the_board
from calls import fund, someone
from flask import Flask
from flask.testing import FlaskClient

from fundapp.access.models import Person
from fundapp.access.operation import operation
from fundapp.access.operations import Console
from fundapp.access.policy import Permission, Role
from fundapp.board.models import (
    Advice,
    AdviceOutcome,
    AdviceWay,
    AgendaItem,
    Ballot,
    BoardSession,
    Decision,
    DecisionCondition,
    DecisionOutcome,
    Interest,
    InterestKind,
    ItemKind,
    Owner,
    Trustee,
    Vote,
    VoteChoice,
    Way,
)
from fundapp.board.operations.following import GivenAction, add_action
from fundapp.board.operations.minutes import keep_minutes
from fundapp.board.operations.sessions import GivenSession, add_item, consider, open_session, plan_session
from fundapp.board.queries.minutes import as_read
from fundapp.board.queries.record import minutes_facts
from fundapp.board.queries.sessions import session_numbered
from fundapp.kernel.clock import now, today
from fundapp.kernel.database import db
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.models import Proposal, ProposalReader
from fundapp.proposals.operations.interests import recuse
from fundapp.proposals.queries import named_call

HERE = "/UPR/board/sessions"
TITLES = {"en": "Matters arising", "ar": "المسائل الناشئة", "zh": "续议事项"}
PROPOSALS = {"en": "Proposals of 2020", "ar": "مقترحات عام 2020", "zh": "2020年提案", "fr": "Propositions de 2020"}
POLICY = {"en": "Policy of the funds", "ar": "سياسة الصندوقين", "zh": "两基金的政策"}


@operation(Permission.FUND_SET_UP, name="tests.minute_rows")
def put(work: Work, _: None, *rows: Any) -> None:
    """Rows that no operation of these tests makes."""
    work.session.add_all(rows)


@operation(Permission.FUND_SET_UP, name="tests.minute_change")
def change(work: Work, _: None, kind: type[Any], key: int, columns: dict[str, Any]) -> None:
    """Columns that no operation of these tests changes."""
    found: Any = work.session.get_one(kind, key)
    for name, value in columns.items():
        setattr(found, name, value)


def added(*rows: Any) -> None:
    with unit_of_work(Console()) as work:
        put(work, None, *rows)


def changed(kind: type[Any], key: int, **columns: Any) -> None:
    with unit_of_work(Console()) as work:
        change(work, None, kind, key, columns)


def met(number: int, since: date | None = None, *, first: int = 0, many: int = 3) -> None:
    """A session that is open and met on a day (today), with so many proposals of 2020 before it from the first on."""
    seated()
    day = since or today()
    said = GivenSession(
        day, day, Way.PLACE, "Pacific/Fiji", {fund().id: number}, "Suva", "The Government of Fiji", record=day < today()
    )
    with unit_of_work(someone(Role.SECRETARY)) as work:
        made = plan_session(work, work.session.get_one(type(the_board()), the_board().id), said)
        add_item(work, made, ItemKind.MATTERS, TITLES)
        add_item(work, made, ItemKind.POLICY, POLICY)
        call = named_call(work.session, fund(), "2020-1")
        item = add_item(work, made, ItemKind.PROPOSALS, PROPOSALS, fund(), call.id)
        for one in eligible(call)[first : first + many]:
            consider(work, item, one)
        open_session(work, made)


@dataclass(frozen=True)
class One:
    """A proposal before a session, by what does not change."""

    id: int
    proposal_id: int
    version_id: int
    reference: str
    title: str


def held(number: int = 25) -> BoardSession:
    """The session of a number as the tables have it now."""
    found = session_numbered(db.session(), fund(), number)
    assert found
    return found


def before(number: int = 25) -> list[One]:
    """The proposals before a session, by reference."""
    return [
        One(one.id, one.proposal_id, one.version_id, one.proposal.reference, one.proposal.title)
        for one in considered(held(number))
    ]  # fmt: skip


def advised(one: One, **more: Any) -> Advice:
    said: dict[str, Any] = {
        "outcome": AdviceOutcome.SUPPORT, "way": AdviceWay.CONSENSUS, "amount_cents": 30_000_00, "reasons": "Sound.",
        "conditions": "", "votes_for": 0, "votes_against": 0, "abstained": 0, "recused": 0, "taking_part": 5,
    }  # fmt: skip
    made = Advice(considered_id=one.id, at=now(), by="console", **said | more)
    added(made)
    return made


def decided(one: One, outcome: DecisionOutcome = DecisionOutcome.APPROVE, **more: Any) -> Decision:
    said: dict[str, Any] = {"amount_cents": 28_500_50, "reasons": "", "shared": "", "against_advice": ""}
    made = Decision(
        considered_id=one.id, proposal_id=one.proposal_id, version_id=one.version_id, outcome=outcome, classes={},
        prepared_by="console", at=now(), by="console", **said | more,
    )  # fmt: skip
    added(made)
    return made


def condition(of: Decision, text: str, days: int = 30, **more: Any) -> DecisionCondition:
    made = DecisionCondition(
        decision_id=of.id, position=1, text=text, owner=Owner.OFFICE, due_on=today() + timedelta(days=days),
        before_allotment=True, **more,
    )  # fmt: skip
    added(made)
    return made


def voted(one: One, choices: dict[str, VoteChoice]) -> Advice:
    """A recorded vote: by the names of trustees."""
    ballot = Ballot(considered_id=one.id, outcome=AdviceOutcome.SUPPORT, motion="", at=now(), by="console")
    added(ballot)
    who = {trustee.name: trustee.id for trustee in db.session().scalars(sa.select(Trustee))}
    added(*(
        Vote(ballot_id=ballot.id, trustee_id=who[name], choice=choice, reason="", at=now(), by="console")
        for name, choice in choices.items()
    ))  # fmt: skip
    found = list(choices.values())
    return advised(
        one, way=AdviceWay.VOTE, ballot_id=ballot.id, votes_for=found.count(VoteChoice.FOR),
        votes_against=found.count(VoteChoice.AGAINST), abstained=found.count(VoteChoice.ABSTAIN),
        taking_part=len(found), recused=1,
    )  # fmt: skip


def keep_from(person: Person, one: One, kind: InterestKind = InterestKind.NATIONALITY) -> None:
    """A trustee who declared an interest: the proposal is there for them no more."""
    trustee = db.session().scalars(sa.select(Trustee).where(Trustee.person_id == person.id)).one()
    added(Interest(considered_id=one.id, trustee_id=trustee.id, kind=kind, reason="", at=now(), by=str(person)))
    key, who = one.proposal_id, person.id
    with unit_of_work(someone(Role.SECRETARY)) as work:
        recuse(work, work.session.get_one(Proposal, key), work.session.get_one(Person, who), "A national of the State.")


def open_to(person: Person, *ones: One) -> None:
    added(
        *(ProposalReader(proposal_id=one.proposal_id, person_id=person.id, at=now(), by="console") for one in ones)
    )  # fmt: skip


def kept(number: int = 25, by: Role = Role.SECRETARY) -> int:
    """Keep the minutes of a session as they are; the number of the version."""
    key = held(number).id
    with unit_of_work(someone(by)) as work:
        found = work.session.get_one(BoardSession, key)
        seen = as_read(work.session, work.actor, found, minutes_facts(work.session, found))
        made = keep_minutes(work, found, seen).number
    return made


def asked(number: int, text: str, *, item: AgendaItem | None = None, days: int | None = None) -> int:
    """Something that the session asked to be done."""
    key, under = held(number).id, item.id if item else 0
    with unit_of_work(someone(Role.SECRETARY)) as work:
        there = work.session.get_one(AgendaItem, under) if under else None
        due = today() + timedelta(days=days) if days is not None else None
        return add_action(
            work, work.session.get_one(BoardSession, key), GivenAction(text, "The secretariat", due, there)
        ).id


def two_sessions() -> list[One]:
    """The proposals before the session of today, after one of a month ago that left an action and a deferral."""
    met(24, today() - timedelta(days=30), first=0, many=2)
    one, two = before(24)
    advised(one)
    condition(decided(one, DecisionOutcome.CONDITIONS), "Sign the agreement with the ministry.")
    advised(two, outcome=AdviceOutcome.DEFER, amount_cents=None)
    asked(24, "Send the revised guidance to all offices.", days=-3)
    met(25, first=2, many=3)
    return before()


def as_person(app: Flask, person: Person, language: str = "en") -> FlaskClient:
    """A browser in which a person has signed in."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = person.fs_uniquifier, True
    client.get(f"/help?lang={language}")
    return client
