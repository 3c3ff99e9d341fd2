"""To a trustee who takes no part in a proposal it is not there: every page, file, list, search and letter of the Board
and of all else is as in a world in which it never was before it, however late they came to be kept from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from advising import WHY, One, Who, board, declares, person_of
from board_world import (
    CENTS,
    NEXT,
    NUMBER,
    _lifted,
    _session,
    _voice,
    _who,
    around,
    at_once,
    became,
    before,
    decided,
    early,
    late,
    later_by_the_secretary,
    put_before_the_board,
)
from boards import considered
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
    everywhere,
    next_reference,
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
    BoardSession,
    InterestKind,
)
from fundapp.board.operations.advising import ask
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Notice, Proposal
from fundapp.proposals.rounds import tell_due

# What the arguments of addresses of the Board are given; of what hangs on the proposal that is closed, the keys are
# read from the tables. Whoever adds an argument says here what it is.
GIVEN: dict[str, Any] = {
    "number": NUMBER, "place": 1, "year": 2026, "language": "en", "fund": "UPR", "kind": "csv", "move": "up",
    "item": 1, "participant": 1, "document": 1, "action": 1, "version": 1, "key": 1, "condition": 1, "decision": 1,
    "trustee": 1, "direction": "up", "paper": 1, "form": "pdf",
}  # fmt: skip


@pytest.fixture(autouse=True)
def many_files(shown: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files may be asked for as often as these tests do."""
    monkeypatch.setattr(gate, "EXPORTS", (10_000, 600))


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
