"""To a trustee who takes no part in a proposal it is not there: every page, file, list, search and letter of the Board
and of all else is as in a world in which it never was before it, however late they came to be kept from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from advising import SUPPORT, WHY, One, Who, advised, board, closed, declares, moved, person_of, rows, there, votes
from boards import considered, item_of, opened, planned
from calls import someone
from flask import Flask
from flask.testing import FlaskClient
from kept_away import (
    CALL,
    MARKS,
    OWN_OF_A_PAGE,
    Away,
    _add,
    built,
    everyday,
    everywhere,
    next_reference,
    other_secretary,
    rules,
    scored_and_closed,
    told,
    world,
)
from pypdf import PdfReader
from scoring import eligible
from test_proposal_pages import as_person
from test_recusal_leaks import difference, person
from werkzeug.routing import Rule

from fundapp.access import gate
from fundapp.access.models import Letter
from fundapp.access.operations import Console
from fundapp.access.policy import Role
from fundapp.board.models import (
    Advice,
    AgendaItem,
    Ballot,
    BoardSession,
    BoardSnapshot,
    Considered,
    Decision,
    DecisionCondition,
    DecisionDraft,
    DecisionOutcome,
    InterestKind,
    Owner,
    SnapshotKind,
    Trustee,
    VoteChoice,
)
from fundapp.board.operations.advising import answer, ask, save_note
from fundapp.board.operations.sessions import consider
from fundapp.board.queries.considering import Voice, questions_on
from fundapp.board.rules.advising import Said
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Notice, Proposal, Recusal
from fundapp.proposals.operations.interests import lift_recusal, recuse
from fundapp.proposals.rounds import tell_due

NUMBER, NEXT = 25, 26
CENTS = 46_953_76
# What the arguments of addresses of the Board are given; of what hangs on the proposal that is closed, the keys are
# read from the tables. Whoever adds an argument says here what it is.
GIVEN: dict[str, Any] = {
    "number": NUMBER, "place": 1, "year": 2026, "language": "en", "fund": "UPR", "kind": "csv", "move": "up",
    "item": 1, "participant": 1, "document": 1, "action": 1, "version": 1, "key": 1, "condition": 1, "decision": 1,
    "trustee": 1, "direction": "up",
}  # fmt: skip


@pytest.fixture(autouse=True)
def many_files(shown: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files may be asked for as often as these tests do."""
    monkeypatch.setattr(gate, "EXPORTS", (10_000, 600))


# ------------------------------------------------------------------------------------------------------- two worlds


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


def decided(one: One, cents: int) -> dict[str, int]:
    """What the parts above record of it: what the Board saw, the decision with a condition; by table, its key."""
    as_row = db.session().get_one(Considered, one.id)
    version, session_id, fund_id = as_row.version_id, as_row.session_id, as_row.proposal.fund_id
    values: dict[str, Any] = {
        "considered_id": one.id, "outcome": DecisionOutcome.CONDITIONS, "amount_cents": cents, "classes": {},
        "reasons": "Hollow mountains.", "shared": "Mountains, hollow.", "against_advice": "",
    }  # fmt: skip
    with unit_of_work(Console()) as work:
        by = f"person:{other_secretary().id}"
        draft = DecisionDraft(
            **values, conditions={"conditions": []}, prepared_by=by, prepared_at=work.at
        )  # fmt: skip
        seen = BoardSnapshot(
            session_id=session_id, kind=SnapshotKind.PROPOSAL, proposal_id=one.proposal, fund_id=fund_id,
            content='{"title":"Hollow"}', digest="2" * 64, at=work.at, by=by,
        )  # fmt: skip
        made = Decision(
            **values, proposal_id=one.proposal, version_id=version, envelope_cents=100_000_00, prepared_by=by,
            at=work.at, by=by,
        )  # fmt: skip
        _add(work, None, draft, seen, made)
        condition = DecisionCondition(
            decision_id=made.id, position=1, text="No longer Hollow.", owner=Owner.OFFICE,
            due_on=work.at.date() + timedelta(days=30), before_allotment=True,
        )  # fmt: skip
        _add(work, None, condition)
        return {"decision": made.id, "condition": condition.id}


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


# ------------------------------------------------------------------------------------------------------------ addresses


def of_the_board(app: Flask, methods: tuple[str, ...] = ("GET",)) -> list[Rule]:
    """Every page that lies under the Board's address, whichever package it is of; new ones as they come."""
    found = [one for one in app.url_map.iter_rules() if "/board" in one.rule.replace("/proposals/board", "")]
    return sorted((one for one in found if set(methods) & (one.methods or set())), key=lambda one: one.rule)


def addresses_of(app: Flask) -> list[str]:
    """The addresses of both sessions and of the proposals that everybody reads."""
    reference, trustee = eligible(CALL)[0].reference, board()[1].id
    found: list[str] = []
    for rule in of_the_board(app):
        for number in (NUMBER, NEXT) if "number" in rule.arguments else (NUMBER,):
            given = GIVEN | {"number": number, "reference": reference, "trustee": trustee}
            found += built(app, rule, **given)
    hollow = next_reference()
    lists = [
        address for rule in of_the_board(app) if rule.arguments <= {"fund", "kind"} for address in built(app, rule)
    ]
    searched = [f"{address}?{one}" for address in lists for one in ("q=Hollow", f"q={hollow}", "country=TUV", "page=2")]
    return [*found, *searched]


def files(client: FlaskClient, addresses: list[str]) -> dict[str, tuple[int, str]]:
    """What the files of the Board say that are printed."""
    found = {}
    for address in addresses:
        if address.partition("?")[0].endswith(".pdf"):
            answered = client.get(address, buffered=True)
            pages = PdfReader(BytesIO(answered.data)).pages if answered.mimetype == "application/pdf" else []
            text = "\n".join(page.extract_text() for page in pages)
            found[address] = (answered.status_code, OWN_OF_A_PAGE.sub("", text))
    return found


def seen(app: Flask, key: int, addresses: list[str]) -> dict[str, tuple[int, str]]:
    client = as_person(app, person(key))
    return world(app, client, addresses) | files(client, addresses)


def with_keys(app: Flask, away: Away, one: One, keys: dict[str, int]) -> Away:
    """The proposal with the keys of what hangs on it, for the addresses of the Board."""
    found = dict(away.keys)
    for rule in of_the_board(app, ("GET", "POST")):
        given = {name: GIVEN[name] for name in rule.arguments & {"number", "place", "trustee"}}
        given |= {name: keys[name] for name in rule.arguments & set(keys)}
        if "trustee" in given:
            given["trustee"] = board()[1].id
        if "reference" in rule.arguments or rule.arguments & set(keys):
            found[rule.endpoint] = given
    return Away(away.id, away.reference, found)


# ---------------------------------------------------------------------------------------------------------------- tests

Way = Callable[[int, Away], tuple[One, dict[str, int]]]


@pytest.mark.slow
@pytest.mark.parametrize("way", [early, at_once, late, later_by_the_secretary])
def test_to_a_trustee_who_takes_no_part_it_never_was(shown: Flask, way: Way) -> None:
    key = before(Role.TRUSTEE)
    addresses = [*addresses_of(shown), *(everywhere(shown, key) if way in (early, late) else ())]
    was = seen(shown, key, addresses)
    away = scored_and_closed(key, Role.TRUSTEE)
    one, keys = way(key, away)
    client = as_person(shown, person(key))
    is_now = seen(shown, key, addresses)
    leaks = _leaks(addresses, was, is_now)
    leaks += told(shown, client, with_keys(shown, away, one, keys))
    assert not leaks, "\n".join(leaks)


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.DESK_OFFICER, Role.APPROVING_OFFICER, Role.SECRETARY])
def test_nor_to_anybody_else_who_is_kept_from_it(shown: Flask, role: Role) -> None:
    """The same for whoever of the secretariat is kept from it: the Board's pages do not tell them either."""
    key = before(role)
    addresses = addresses_of(shown)
    was = seen(shown, key, addresses)
    away = scored_and_closed(key, role)
    one = put_before_the_board(away)
    for who in board():
        declares(one, who, reason="Knows nobody of the office there.")
    for who in board():
        spoke_only(one, who)
    keys = decided(one, CENTS)
    client = as_person(shown, person(key))
    is_now = seen(shown, key, addresses)
    leaks = _leaks(addresses, was, is_now)
    leaks += told(shown, client, with_keys(shown, away, one, keys))
    assert not leaks, "\n".join(leaks)


def spoke_only(one: One, who: Who) -> None:
    with unit_of_work(person_of(who)) as work:
        ask(work, _voice(work, one, who), "Hollow?")


def _leaks(
    addresses: list[str], was: dict[str, tuple[int, str]], is_now: dict[str, tuple[int, str]]
) -> list[str]:  # fmt: skip
    leaks = [
        f"{address}: {was[address][0]} {is_now[address][0]} {difference(was[address][1], is_now[address][1])}"
        for address in was
        if was[address] != is_now[address]
    ]
    asked = [address for address in addresses if "?" not in address]  # of the others a page repeats what it is asked
    return leaks + [
        f"{address} says {mark}" for address in asked for mark in MARKS for text in [is_now[address][1]]
        if mark in text and mark not in was[address][1]
    ]  # fmt: skip


@pytest.mark.slow
def test_the_looking_finds_what_is_there(shown: Flask) -> None:
    """Somebody who is not kept from it meets it on these pages, so that the tests above look where it would be."""
    key = before(Role.TRUSTEE)
    addresses, reference = addresses_of(shown), next_reference()
    other = next(who.person for who in board() if who.person != key)
    was = seen(shown, other, addresses)
    away = scored_and_closed(key, Role.TRUSTEE)
    early(key, away)
    is_now = seen(shown, other, addresses)
    changed = {address.partition("?")[0] for address in addresses if was[address] != is_now[address]}
    assert away.reference == reference and f"/UPR/board/sessions/{NUMBER}/interests" in changed
    first = eligible(CALL)[0].reference
    assert f"/UPR/board/sessions/{NUMBER}/proposals/{first}" in changed  # its rank, and the one beside it
    client = as_person(shown, person(other))
    page = client.get(f"/UPR/board/sessions/{NUMBER}/proposals/{reference}").text
    assert all(text in page for text in ("Hollow as ever.", "Hollow: to the next session.", "takes no part"))


def test_no_letter_tells_of_it(shown: Flask) -> None:
    """Neither what waited when they came to be kept from it, nor what happens to it later."""
    key = before(Role.TRUSTEE)
    tell_due(now() + timedelta(days=1))  # what had waited before
    away = scored_and_closed(key, Role.TRUSTEE)
    _lifted(away, key)
    one = put_before_the_board(away)
    declares(one, _who(key))
    around(one, key)
    with unit_of_work(Console()) as work:
        fund_id = work.session.get_one(Proposal, away.id).fund_id
        waits = Notice(fund_id=fund_id, person_id=key, proposal_id=away.id, kind="proposal-eligible", details={},
                       at=work.at)  # fmt: skip
        _add(work, None, waits)
    declares(one, _who(key), InterestKind.OTHER, WHY)
    became(one, away)
    last = db.session.scalar(sa.select(sa.func.max(Letter.id))) or 0
    db.session.remove()
    for days in (2, 8, 30):
        tell_due(now() + timedelta(days=days))
        db.session.remove()
    letters = db.session.scalars(sa.select(Letter).where(Letter.id > last, Letter.person_id == key)).all()
    assert not [one for one in letters if away.reference in one.title + one.body or "ollow" in one.title + one.body]


def test_the_advice_says_to_nobody_who_is_kept_from_it_that_it_is(shown: Flask) -> None:
    """Whoever takes no part is counted and named to the others, and to them there is nothing to be counted in."""
    key = before(Role.TRUSTEE)
    away = scored_and_closed(key, Role.TRUSTEE)
    one, _keys = early(key, away)
    made = db.session().scalars(sa.select(Advice).where(Advice.considered_id == one.id)).one()
    assert (made.recused, made.taking_part) == (1, 4)
    assert {each.proposal.reference for each in considered(db.session().get_one(BoardSession, _session()))} >= {
        away.reference
    }


def test_every_argument_of_an_address_of_the_board_is_known(shown: Flask) -> None:
    """So that pages that come later are looked at with what they need: say in GIVEN what an argument is."""
    unknown = {
        f"{rule.endpoint}: {name}" for rule in of_the_board(shown) for name in rule.arguments - {"reference", *GIVEN}
    }
    assert not unknown and len(of_the_board(shown)) >= 9
    assert {one.endpoint for one in rules(shown) if one.endpoint.startswith("board.")} <= {
        one.endpoint for one in of_the_board(shown)
    }
    assert someone(Role.TRUSTEE).id == _who(someone(Role.TRUSTEE).id).person
