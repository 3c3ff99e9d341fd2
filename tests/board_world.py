"""Two worlds for tests of recusal before the Board: what is there in both, a proposal that comes before it, and the
ways in which a trustee comes to be kept from it: early, at once, late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from advising import SUPPORT, WHY, One, Who, advised, board, closed, declares, moved, person_of, rows, there, votes
from boards import item_of, opened, planned
from kept_away import (
    CALL,
    Away,
    _add,
    everyday,
    other_secretary,
)

from fundapp.access.operations import Console
from fundapp.access.policy import Role
from fundapp.board.models import (
    AgendaItem,
    Ballot,
    BoardSession,
    Considered,
    Decision,
    DecisionCondition,
    DecisionDraft,
    DecisionOutcome,
    InterestKind,
    Owner,
    Trustee,
    VoteChoice,
)
from fundapp.board.operations.advising import answer, ask, save_note
from fundapp.board.operations.sessions import consider
from fundapp.board.queries.considering import Voice, questions_on
from fundapp.board.rules.advising import Said
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal, Recusal
from fundapp.proposals.operations.interests import lift_recusal, recuse

NUMBER, NEXT = 25, 26
CENTS = 46_953_76


def before(role: Role) -> int:
    """What is there in both worlds: a Board of five, a session that is open with proposals on which they spoke, voted,
    advised and decided, and the next one; says who is to be kept from the other."""
    key = everyday(role)
    one = rows(opened(NUMBER, call=CALL))[0]
    planned(NEXT, call="2020-1", proposals=2)
    everybody = board()
    _there()
    for who in everybody:
        for each in _rows():
            declares(each, who, reason="Knows nobody of the office there.")
    _spoken(one, everybody)
    decided(one, 5_000_00)
    return key


def _rows() -> list[One]:
    return rows(db.session().get_one(BoardSession, _session()))


def _session(number: int = NUMBER) -> int:
    found = db.session().scalars(sa.select(BoardSession).order_by(BoardSession.id)).all()
    return next(one.id for one in found if any(each.number == number for each in one.numbers))


def _there() -> None:
    there(_session(), board())


def put_before_the_board(away: Away, number: int = NUMBER, deferred_from: int | None = None) -> One:
    """The proposal comes before a session."""
    of = db.session().get_one(BoardSession, _session(number))
    item = item_of(of).id
    with unit_of_work(other_secretary()) as work:
        session = work.session
        earlier = session.get_one(Considered, deferred_from) if deferred_from else None
        made = consider(work, session.get_one(AgendaItem, item), session.get_one(Proposal, away.id), earlier).id
    one = db.session().get_one(Considered, made)
    return One(one.id, one.proposal_id, away.reference, one.proposal.country)


def _voice(work: Any, one: One, who: Who) -> Voice:
    return Voice(work.session.get_one(Considered, one.id), work.session.get_one(Trustee, who.id))


def _spoken(one: One, trustees: list[Who]) -> None:
    """They note, ask, get an answer, and vote."""
    for who in trustees:
        with unit_of_work(person_of(who)) as work:
            save_note(work, _voice(work, one, who), f"A note on {one.reference}, hollow or not.", 0)
        with unit_of_work(person_of(who)) as work:
            ask(work, _voice(work, one, who), f"How is it with {one.reference}? Hollow, or not?")
    with unit_of_work(other_secretary()) as work:
        question = questions_on(work.session, work.session.get_one(Considered, one.id))[0][0]
        answer(work, question, "Hollow as ever.", question.version)
    ballot = moved(one, Said("support-with-conditions", SUPPORT.amount_cents, conditions="No longer Hollow."))
    for who in trustees:
        votes(ballot, who, VoteChoice.FOR, "Hollow, and yet.")


def decided(one: One, cents: int, condition: str = "No longer Hollow.", **said: str) -> dict[str, int]:
    """What the parts above record of it: what the Board saw, the decision with a condition; by table, its key."""
    as_row = db.session().get_one(Considered, one.id)
    version = as_row.version_id
    values: dict[str, Any] = {
        "considered_id": one.id, "outcome": DecisionOutcome.CONDITIONS, "amount_cents": cents, "classes": {},
        "reasons": "Hollow mountains.", "shared": "Mountains, hollow.", "against_advice": "", **said,
    }  # fmt: skip
    with unit_of_work(Console()) as work:
        by = f"person:{other_secretary().id}"
        draft = DecisionDraft(
            **values, conditions={"conditions": []}, prepared_by=by, prepared_at=work.at
        )  # fmt: skip
        made = Decision(
            **values, proposal_id=one.proposal, version_id=version, envelope_cents=100_000_00, prepared_by=by,
            at=work.at, by=by,
        )  # fmt: skip
        _add(work, None, draft, made)
        made_of = DecisionCondition(
            decision_id=made.id, position=1, text=condition, owner=Owner.OFFICE,
            due_on=work.at.date() + timedelta(days=30), before_allotment=True,
        )  # fmt: skip
        _add(work, None, made_of)
        return {"decision": made.id, "condition": made_of.id}


def around(one: One, key: int) -> None:
    """What the others do with it, and what became of it."""
    others = [who for who in board() if who.person != key]
    for who in others:
        declares(one, who, reason="Knows nobody of the office there.")
    _spoken(one, others)


def became(one: One, away: Away) -> dict[str, int]:
    """The vote is closed, the Board advises, it is decided, and it comes to the next session as well."""
    closed(_ballot(one.id))
    advised(one, Said("defer", reasons="Hollow: to the next session."))
    keys = decided(one, CENTS)
    put_before_the_board(away, NEXT, one.id)
    return keys


def _ballot(key: int) -> Ballot:
    return db.session().scalars(sa.select(Ballot).where(Ballot.considered_id == key)).one()


# ------------------------------------------------------------------------------------- how somebody is kept from it


def early(key: int, away: Away) -> tuple[One, dict[str, int]]:
    """The secretary kept them from it before it came before the Board."""
    one = put_before_the_board(away)
    around(one, key)
    return one, became(one, away)


def _lifted(away: Away, key: int) -> None:
    with unit_of_work(other_secretary()) as work:
        kept = sa.select(Recusal).where(Recusal.proposal_id == away.id, Recusal.person_id == key)
        lift_recusal(work, work.session.get_one(Proposal, away.id), work.session.scalars(kept).one(), WHY)


def at_once(key: int, away: Away) -> tuple[One, dict[str, int]]:
    """They declare an interest before the file opens to them."""
    _lifted(away, key)
    one = put_before_the_board(away)
    declares(one, _who(key), InterestKind.WORKED_FOR, WHY)
    around(one, key)
    return one, became(one, away)


def late(key: int, away: Away) -> tuple[One, dict[str, int]]:
    """They read, note, ask and vote, and declare an interest only then."""
    _lifted(away, key)
    one = put_before_the_board(away)
    declares(one, _who(key))
    around(one, key)
    spoke(one, _who(key))
    declares(one, _who(key), InterestKind.OTHER, WHY)
    return one, became(one, away)


def later_by_the_secretary(key: int, away: Away) -> tuple[One, dict[str, int]]:
    """The same, and it is the secretary who keeps them from it, when all is decided."""
    _lifted(away, key)
    one = put_before_the_board(away)
    declares(one, _who(key))
    around(one, key)
    spoke(one, _who(key))
    keys = became(one, away)
    with unit_of_work(other_secretary()) as work:
        recuse(work, work.session.get_one(Proposal, away.id), person_of(_who(key)), WHY)
    return one, keys


def _who(key: int) -> Who:
    return next(who for who in board() if who.person == key)


def spoke(one: One, who: Who) -> None:
    """A trustee's own note, question and vote, while the vote is open."""
    with unit_of_work(person_of(who)) as work:
        save_note(work, _voice(work, one, who), "My hollow note.", 0)
    with unit_of_work(person_of(who)) as work:
        ask(work, _voice(work, one, who), "My Hollow question?")
    votes(_ballot(one.id), who, VoteChoice.AGAINST, "My Hollow vote.")
