"""A role in one fund opens nothing of another's Board, whether they meet at the same session or not."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from board_sessions import do, other_fund, plan, refused, said
from boards import considered, eligible, opened, seated
from calls import fund
from flask import Flask
from kept_away import built
from test_board_leaks import GIVEN, of_the_board
from test_proposal_pages import as_person
from visiting import text_of

from fundapp.access.models import Person, Scope
from fundapp.access.operations import Console, add_person, grant
from fundapp.access.policy import Role
from fundapp.board.models import AgendaItem, BoardSession, ItemKind
from fundapp.board.operations.agenda import change_item
from fundapp.board.operations.sessions import add_item, change_session, consider
from fundapp.board.queries.sessions import names_known
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.queries import named_call

ROLES = [Role.SECRETARY, Role.TRUSTEE]


def again_as(key: int) -> Person:
    return db.session.get_one(Person, key)


def of_one_fund(role: Role) -> Person:
    """Somebody who holds a role in the other fund alone."""
    with unit_of_work(Console()) as work:
        made = add_person(work, None, f"{role}@aha.example.org", "correct horse battery", name="Of one fund")
        work.session.flush()
        grant(work, made, role, fund=work.session.get_one(Scope, other_fund().id))
        key = made.id
    return db.session.get_one(Person, key)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_another_fund_s_board_is_closed(shown: Flask, role: Role) -> None:
    of = opened()
    reference = considered(of)[0].proposal.reference
    given = GIVEN | {"number": 25, "reference": reference, "trustee": seated()[1].id}
    client = as_person(shown, of_one_fund(role))
    assert client.get("/AHA/board/sessions").status_code == 200
    for rule in of_the_board(shown, ("GET", "POST")):
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        for address in built(shown, rule, method, **given):
            assert client.open(address, method=method, buffered=True).status_code in (403, 404), address


def both() -> BoardSession:
    return plan(said(numbers={fund().id: 40, other_fund().id: 77}))


def test_at_a_shared_session_each_secretary_sees_to_their_own_fund(shown: Flask) -> None:
    of, who = both(), of_one_fund(Role.SECRETARY).id
    do(of, lambda work, of: add_item(work, of, ItemKind.OTHER, {"en": "Shared"}), again_as(who))
    do(of, lambda work, of: add_item(work, of, ItemKind.OTHER, {"en": "Own"}, other_fund()), again_as(who))
    found = refused(of, lambda work, of: add_item(work, of, ItemKind.OTHER, {"en": "Theirs"}, fund()), again_as(who))
    assert found == [("session.not-your-fund", "fund")]
    key = db.session().scalars(sa.select(AgendaItem.id).where(AgendaItem.name_en == "Own")).one()
    found = refused(
        of,
        lambda work, of: change_item(
            work, work.session.get_one(AgendaItem, key), ItemKind.OTHER, {"en": "Own"}, fund(), None, 1
        ),
        again_as(who),
    )
    assert found == [("session.not-your-fund", "fund")]


def test_nor_do_they_number_it_for_another(shown: Flask) -> None:
    of, who = both(), of_one_fund(Role.SECRETARY).id
    theirs, own = f"number_{fund().id}", {fund().id: 40, other_fund().id: 78}
    found = refused(
        of, lambda work, of: change_session(work, of, said(numbers={**own, fund().id: 41}), 1), again_as(who)
    )
    assert found == [("session.number-not-yours", theirs)]
    do(of, lambda work, of: change_session(work, of, said(numbers=own), 1), again_as(who))
    assert found == [("session.number-not-yours", theirs)]


def test_names_of_another_fund_s_proposals_are_not_told_by_a_role_in_this_one(shown: Flask) -> None:
    """A desk officer of the other fund who is a trustee of this one reads what trustees read here."""
    of = both()
    with unit_of_work(Console()) as work:
        made = work.session.get_one(BoardSession, of.id)
        call = named_call(work.session, fund(), "2020-1")
        item = add_item(work, made, ItemKind.PROPOSALS, {"en": "Proposals"}, fund(), call.id)
        from_call = eligible(call)[0]
        consider(work, item, from_call)
        reference = from_call.reference
    who = of_one_fund(Role.DESK_OFFICER)
    with unit_of_work(Console()) as work:
        grant(work, work.session.get_one(Person, who.id), Role.TRUSTEE, fund=work.session.get_one(Scope, fund().id))
    who, of = db.session.get_one(Person, who.id), db.session.get_one(BoardSession, of.id)
    assert not names_known(who, of, fund().id, ()) and names_known(who, of, other_fund().id, ())
    assert reference not in text_of(as_person(shown, who), "/UPR/board/sessions/40")
