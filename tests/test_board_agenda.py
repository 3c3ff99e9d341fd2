"""The agenda of a session: items, documents, proposals; and who takes part."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from board_sessions import Change, advise, again, declare, do, key_of, other_fund, plan, refused, said
from boards import considered, item_of, opened, planned, seated
from calls import fund, someone
from flask import Flask

from fundapp.access.models import Person
from fundapp.access.policy import Role
from fundapp.board.models import (
    AdviceOutcome,
    AgendaDocument,
    AgendaItem,
    BoardSession,
    Capacity,
    Considered,
    InterestKind,
    ItemKind,
    Participant,
)
from fundapp.board.operations.agenda import (
    Paper,
    add_paper,
    change_item,
    consider_all,
    move_item,
    take_item_off,
    take_paper_off,
    take_proposal_off,
)
from fundapp.board.operations.participants import (
    GivenParticipant,
    add_participant,
    change_participant,
    note_presence,
    remove_participant,
)
from fundapp.board.operations.sessions import (
    add_item,
    consider,
)
from fundapp.board.queries.agenda import deferred_places, offered
from fundapp.board.queries.session_page import agenda, standings
from fundapp.board.queries.sessions import items_of, participants_of
from fundapp.board.rules.agenda import AgendaReader
from fundapp.kernel.database import db
from fundapp.kernel.files import Kept
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations.interests import recuse
from fundapp.proposals.queries import named_call

# ------------------------------------------------------------------------------------------------------------ agenda


def titles(of: BoardSession, fund_id: int) -> list[str]:
    db.session().expire_all()
    return [one.name_en for one in items_of(db.session(), again(of), fund_id)]


def test_each_fund_sees_its_own_agenda_and_what_is_shared(demo: Flask) -> None:
    made = plan(said(numbers={fund().id: 40, other_fund().id: 77}))
    for name, of_fund in (("A", None), ("B", fund()), ("C", other_fund()), ("D", fund())):
        do(made, lambda work, of, n=name, f=of_fund: add_item(work, of, ItemKind.OTHER, {"en": n}, f))  # type: ignore[misc]
    assert titles(made, fund().id) == ["A", "B", "D"] and titles(made, other_fund().id) == ["A", "C"]
    last = items_of(db.session(), again(made), fund().id)[2].id

    def move(up: bool) -> Change:
        return lambda work, of: move_item(work, work.session.get_one(AgendaItem, last), fund(), up)

    do(made, move(True))
    assert titles(made, fund().id) == ["A", "D", "B"] and titles(made, other_fund().id) == ["A", "C"]
    do(made, move(True))
    do(made, move(True))
    assert titles(made, fund().id) == ["D", "A", "B"], "the first stays the first"
    do(made, move(False))
    assert titles(made, fund().id) == ["A", "D", "B"]


def test_what_is_wrong_with_an_item(registered: Flask) -> None:
    made = plan(said())
    call = named_call(db.session(), fund(), "2020-1").id
    wrong: list[tuple[Change, list[tuple[str, str | None]]]] = [
        (lambda work, of: add_item(work, of, ItemKind.OTHER, {"en": "  "}), [("session.no-title", "name_en")]),
        (lambda work, of: add_item(work, of, ItemKind.OTHER, {"fr": "x" * 201}), [("call.long", "name_fr")]),
        (
            lambda work, of: add_item(work, of, ItemKind.PROPOSALS, {"en": "A"}, None, call),
            [("session.other-call", "call")],
        ),
        (
            lambda work, of: add_item(work, of, ItemKind.PROPOSALS, {"en": "A"}, other_fund(), call),
            [("session.other-call", "call")],
        ),
    ]
    for change, faults in wrong:
        assert refused(made, change) == faults


def test_an_item_is_changed_by_one_at_a_time_and_taken_off_when_nothing_is_under_it(shown: Flask) -> None:
    made = planned()
    key = item_of(made).id

    def changed(version: int, **more: Any) -> Change:
        given = {"kind": ItemKind.PROPOSALS, "names": {"en": "New proposals"}, "fund": fund(), "call_id": None, **more}
        return lambda work, of: change_item(work, work.session.get_one(AgendaItem, key), version=version, **given)

    do(made, changed(1))
    assert refused(made, changed(1)) == [("session.item-changed", None)]
    assert refused(made, changed(2, fund=other_fund())) == [("session.item-of-others", "fund")]
    off: Change = lambda work, of: take_item_off(work, work.session.get_one(AgendaItem, key))  # noqa: E731
    assert refused(made, off) == [("session.item-in-use", None)]
    for key_off in [one.id for one in considered(again(made))]:
        do(made, lambda work, of, c=key_off: take_proposal_off(work, work.session.get_one(Considered, c)))  # type: ignore[misc]
    do(made, off)
    assert refused(made, off) == [("session.item-gone", None)]


def kept(content: bytes) -> Kept:
    return Kept(hashlib.sha256(content).hexdigest(), len(content))


def test_documents_of_an_item(shown: Flask) -> None:
    made = planned()
    key = item_of(made).id

    def adding(content: bytes = b"a", **more: Any) -> Change:
        given = {"title": "", "language": "en", "name": "Note.pdf", "media_type": "application/pdf", **more}
        paper = Paper(kept=kept(content), **given)
        return lambda work, of: add_paper(work, work.session.get_one(AgendaItem, key), paper)

    do(made, adding())
    assert refused(made, adding()) == [("session.same-paper", "file")]
    assert refused(made, adding(b"b", language="xx")) == [("session.no-language", "language")]
    assert refused(made, adding(b"b", title="x" * 201)) == [("call.long", "title")]
    found = agenda(db.session(), again(made), fund().id, AgendaReader())
    assert [[paper.title for paper in one.papers] for one in found] == [[], ["Note"]]
    paper = found[1].papers[0].id

    def off(work: Work, of: BoardSession) -> None:
        item, row = work.session.get_one(AgendaItem, key), work.session.get_one(AgendaDocument, paper)
        take_paper_off(work, item, row)

    do(made, off)
    assert refused(made, off) == [("session.paper-gone", None)]
    do(made, adding(), None)


# --------------------------------------------------------------------------------------------------------- proposals


def test_a_proposal_that_was_deferred_is_offered_to_the_next_session(shown: Flask) -> None:
    first, secretary = opened(25), someone(Role.SECRETARY)
    one = considered(first)[0]
    with unit_of_work(secretary) as work:
        advise(work, work.session.get_one(Considered, one.id), AdviceOutcome.DEFER)
    second = planned(26, proposals=0)
    item = item_of(second)
    item_key, deferred_key = item.id, one.proposal_id
    rows = {row.id: row for row in offered(db.session(), secretary, item, fund().id, "en")}
    assert rows[one.proposal_id].deferred == 25 and rows[one.proposal_id].suggested
    assert sum(row.deferred is not None for row in rows.values()) == 1
    assert {row.elsewhere for row in rows.values()} == {None, 25}
    assert deferred_places(db.session(), list(rows), key_of(second)) == {one.proposal_id: one.id}

    def put(work: Work, of: BoardSession) -> None:
        here = work.session.get_one(AgendaItem, item_key)
        consider_all(work, here, [work.session.get_one(Proposal, deferred_key)])

    do(second, put)
    assert considered(again(second))[0].deferred_from_id == one.id
    shown_now = standings(db.session(), secretary, again(second), fund().id, "en")
    assert [row.deferred_from for row in shown_now] == [25]
    assert refused(second, put) == [("session.considered", None)]


def test_what_the_board_advised_on_stays_on_the_agenda(shown: Flask) -> None:
    made = opened()
    first, second = considered(made)[:2]
    key = second.proposal_id
    do(made, lambda work, of: advise(work, work.session.get_one(Considered, key_of(first)), AdviceOutcome.SUPPORT))

    def off(key: int) -> Change:
        return lambda work, of: take_proposal_off(work, work.session.get_one(Considered, key))

    assert refused(made, off(key_of(first))) == [("session.advised", None)]
    do(made, off(key_of(second)))
    assert refused(made, off(key_of(second))) == [("session.not-considered", None)]
    assert len(considered(again(made))) == 3
    item = item_of(again(made)).id
    put: Change = lambda work, of: consider(  # noqa: E731
        work, work.session.get_one(AgendaItem, item), work.session.get_one(Proposal, key)
    )
    do(made, put)
    assert len(considered(again(made))) == 4, "taken off, it may be put there again"


def test_a_proposal_of_a_fund_whose_board_does_not_meet_here_is_refused(shown: Flask) -> None:
    made = plan(said(numbers={other_fund().id: 77}))
    do(made, lambda work, of: add_item(work, of, ItemKind.PROPOSALS, {"en": "All"}))
    item = db.session().scalars(sa.select(AgendaItem).where(AgendaItem.session_id == key_of(made))).one().id
    key = considered(planned())[0].proposal_id
    put: Change = lambda work, of: consider(  # noqa: E731
        work, work.session.get_one(AgendaItem, item), work.session.get_one(Proposal, key)
    )
    assert refused(made, put) == [("session.not-eligible", None)]


def test_how_far_interests_are_declared_counts_the_recused_as_settled(shown: Flask) -> None:
    made, secretary = opened(), someone(Role.SECRETARY)
    one, trustees = considered(made)[0], [each.id for each in seated()]
    for _twice in range(2):
        do(made, lambda work, of: declare(work, work.session.get_one(Considered, one.id), trustees[0]))
    person = seated()[1].person_id
    with unit_of_work(secretary) as work:
        proposal = work.session.get_one(Proposal, one.proposal_id)
        recuse(work, proposal, work.session.get_one(Person, person), "A national of the State")
    found = {row.reference: row for row in standings(db.session(), secretary, again(made), fund().id, "en")}
    assert found[one.proposal.reference].declared == 2 and len(found) == 4
    recused = db.session().get_one(Person, person)
    theirs = [row.reference for row in standings(db.session(), recused, again(made), fund().id, "en")]
    assert one.proposal.reference not in theirs and len(theirs) == 3
    mine = standings(db.session(), someone(Role.TRUSTEE), again(made), fund().id, "en")
    assert [row.mine for row in mine if row.id == one.id] == [InterestKind.NONE]


# ------------------------------------------------------------------------------------------------------ participants


def test_participants(demo: Flask) -> None:
    made, trustees = plan(said()), [one.id for one in seated()]
    chair, *rest = participants_of(db.session(), made)
    assert sorted([chair.capacity, *(one.capacity for one in rest)])[0] is Capacity.CHAIR

    def adding(**more: Any) -> Change:
        given = GivenParticipant(**{"capacity": Capacity.GUEST, "name": "Noor Haddad", **more})
        return lambda work, of: add_participant(work, of, given)

    do(made, adding(function="Secretary"))
    assert refused(made, adding(name="noor  HADDAD")) == [("session.participant-there", "name")]
    assert refused(made, adding(name=" ")) == [("session.empty", "name")]
    assert refused(made, adding(name="x" * 201)) == [("call.long", "name")]
    assert refused(made, adding(name="Other", capacity=Capacity.TRUSTEE)) == [("session.trustee-capacity", "capacity")]
    assert ("session.chair-there", "capacity") in refused(made, adding(capacity=Capacity.CHAIR, trustee=trustees[1]))
    there = {"capacity": Capacity.TRUSTEE, "trustee": trustees[1]}
    assert refused(made, adding(**there)) == [("session.participant-there", "trustee")]
    assert refused(made, adding(capacity=Capacity.TRUSTEE, trustee=9_999)) == [("session.not-seated", "trustee")]
    key = next(one.id for one in participants_of(db.session(), again(made)) if one.trustee_id == trustees[1])
    do(made, lambda work, of: remove_participant(work, work.session.get_one(Participant, key)))
    gone = refused(made, lambda work, of: remove_participant(work, work.session.get_one(Participant, key)))
    assert gone == [("session.participant-gone", None)]
    do(made, adding(**there))


def test_who_is_present_is_noted_and_changed_by_one_at_a_time(demo: Flask) -> None:
    made = plan(said())
    keys = [one.id for one in participants_of(db.session(), made)]
    do(made, lambda work, of: note_presence(work, of, {keys[0]: True, keys[1]: False, 9_999: True}))
    found = {one.id: one.present for one in participants_of(db.session(), again(made))}
    assert found == {keys[0]: True, keys[1]: False, **dict.fromkeys(keys[2:])}
    one = db.session().get_one(Participant, keys[0])
    given = GivenParticipant(one.capacity, function="Rapporteur", trustee=one.trustee_id)
    change: Change = lambda work, of: change_participant(  # noqa: E731
        work, work.session.get_one(Participant, keys[0]), given, 2
    )
    do(made, change)
    assert refused(made, change) == [("session.participant-changed", None)]
    other = replace(given, trustee=next(each.id for each in seated() if each.id != given.trustee))
    strange = refused(
        made, lambda work, of: change_participant(work, work.session.get_one(Participant, keys[0]), other, 3)
    )  # fmt: skip
    assert strange == [("session.other-trustee", "trustee")]
