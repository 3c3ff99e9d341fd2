"""Interests: before a file opens to a trustee they declare; with an interest the proposal is not there for them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from advising import Who, all_declare, board, declares, moved, of_nobody, person_of, present, rows, votes
from boards import opened, planned
from calls import someone
from flask import Flask
from test_proposal_pages import as_person
from visiting import statements, text_of

from fundapp.access.models import Person
from fundapp.access.policy import Permission, Refused, Role, may
from fundapp.board.models import BoardSession, Considered, Interest, InterestKind, SessionStage, Trustee
from fundapp.board.operations.interests import declare
from fundapp.board.queries.considering import Voice, ballots_on, table_for
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal, Recusal
from fundapp.proposals.operations.interests import lift_recusal, recuse

WHY = "Sat on the council of a partner until last year."
PLACE = "/UPR/board/sessions/25"


def test_a_file_opens_when_a_trustee_declares_no_interest(shown: Flask) -> None:
    of, trustees = opened(), board()
    one, first = of_nobody(of), trustees[0]
    reference = one.reference
    client = as_person(shown, person_of(first))
    assert client.get(f"/UPR/proposals/{reference}").status_code == 404
    assert client.get(f"{PLACE}/proposals/{reference}").status_code == 404
    assert reference in text_of(client, f"{PLACE}/interests")
    declares(one, first)
    assert client.get(f"/UPR/proposals/{reference}").status_code == 200
    assert client.get(f"{PLACE}/proposals/{reference}").status_code == 200
    assert may(person_of(first), Permission.PROPOSAL_READ, present(one).proposal)


def test_with_an_interest_it_is_not_there(shown: Flask) -> None:
    of, trustees = opened(), board()
    one, first = of_nobody(of), trustees[0]
    reference = one.reference
    declares(one, first, InterestKind.WORKED_FOR, WHY)
    client = as_person(shown, person_of(first))
    assert reference not in text_of(client, f"{PLACE}/interests")
    for address in (f"{PLACE}/proposals/{reference}", f"{PLACE}/interests/{reference}", f"/UPR/proposals/{reference}"):
        assert client.get(address).status_code == 404
    kept = db.session.query(Recusal).filter_by(person_id=first.person).one()
    assert kept.reason == WHY and kept.kind == "abstained"


def test_whoever_takes_no_part_is_neither_in_the_quorum_nor_in_the_count(shown: Flask) -> None:
    of, trustees = opened(), board()
    one = of_nobody(of)
    all_declare(one, trustees[1:])
    declares(one, trustees[0], InterestKind.OTHER, WHY)
    found = table_for(db.session(), of, present(one), today())
    assert found.taking.recused == {trustees[0].id} and trustees[0].id not in found.taking.members
    assert [seat.trustee for seat in found.recused] == [trustees[0].id]
    assert found.chair and found.chair.trustee == trustees[0].id  # who chairs the Board, and not this item
    assert found.chairs and found.chairs.trustee != trustees[0].id


def national_of(who: Who, country: str | None) -> Who:
    """The same trustee, as a national of a State."""
    with unit_of_work(someone(Role.SECRETARY)) as work:
        work.session.get_one(Trustee, who.id).country = country
        work.operation = "tests.national"
        work.session.flush()
    return replace(who, country=country)


def test_a_nationality_is_proposed_and_none_needs_a_reason(shown: Flask) -> None:
    of, trustees = opened(proposals=None), board()
    one = rows(of)[0]
    who = national_of(trustees[1], one.country)
    client = as_person(shown, person_of(who))
    page = text_of(client, f"{PLACE}/interests")
    reference = one.reference
    assert "your nationality" in page and f'name="{reference}.kind" type="radio" value="nationality" checked' in page
    with pytest.raises(Refusal, match=r"declare\.national"):
        declares(one, who)
    declares(one, who, InterestKind.NATIONALITY)
    assert db.session.query(Recusal).one().reason == f"{who.country}: nationality"
    assert reference not in text_of(client, f"{PLACE}/interests")


def test_several_are_declared_on_at_once_or_none(shown: Flask) -> None:
    of, trustees = opened(), board()
    before, who = rows(of), trustees[4]
    client, references = as_person(shown, person_of(who)), [one.reference for one in before]
    data = {f"{references[0]}.kind": "none", f"{references[1]}.kind": "other", f"{references[1]}.reason": "short"}
    answer = client.post(f"{PLACE}/interests", data=data)
    assert answer.status_code == 422 and "at least 10 characters" in answer.text
    assert db.session.query(Interest).count() == 0  # nothing half-done
    answer = client.post(f"{PLACE}/interests", data=data | {f"{references[1]}.reason": WHY})
    assert answer.status_code == 302
    page = text_of(client, f"{PLACE}/interests")
    assert references[1] not in page and references[2] in page
    assert f"/UPR/board/sessions/25/proposals/{references[0]}" in page
    answer = client.post(f"{PLACE}/interests", data={})
    assert answer.status_code == 409 and "Nothing was declared" in answer.text
    answer = client.post(f"{PLACE}/interests", data={f"{references[2]}.kind": "<b>"})
    assert answer.status_code == 422
    answer = client.post(
        f"{PLACE}/interests", data={f"{references[2]}.kind": "other", f"{references[2]}.reason": "x" * 2001}
    )
    assert answer.status_code == 422
    answer = client.post(f"{PLACE}/interests", data={f"{references[1]}.kind": "none"})  # what is not there for them
    assert answer.status_code == 409 and references[1] not in answer.text


def test_an_interest_declared_late_takes_the_vote_away(shown: Flask) -> None:
    of, trustees = opened(), board()
    one = of_nobody(of)
    all_declare(one, trustees)
    ballot = moved(one)
    votes(ballot, trustees[0])
    votes(ballot, trustees[1])
    client, reference = as_person(shown, person_of(trustees[0])), one.reference
    assert "late counts from now on" in text_of(client, f"{PLACE}/interests/{reference}")
    answer = client.post(f"{PLACE}/interests/{reference}", data={"kind": "other", "reason": WHY})
    assert answer.status_code == 302
    page = text_of(client, answer.headers["Location"])
    assert "The vote that you gave counts no more" in page and reference not in page
    found = ballots_on(db.session(), present(one))[0]
    assert found.count.votes_for == 1 and len(found.votes) == 2
    secretary = as_person(shown, someone(Role.SECRETARY))
    assert "counts no more: declared an interest afterwards" in text_of(secretary, f"{PLACE}/proposals/{reference}")


def test_the_secretary_sees_who_declared_and_records_for_others(shown: Flask) -> None:
    of, trustees = opened(), board()
    one = of_nobody(of)
    reference = one.reference
    declares(one, trustees[0])
    client = as_person(shown, someone(Role.SECRETARY))
    page = text_of(client, f"{PLACE}/interests")
    assert "What was declared" in page and "No interest" in page and "not yet" in page
    address = f"{PLACE}/interests/{reference}/{trustees[1].id}"
    assert "What Sefanaia Vakatora declares" in text_of(client, address) or trustees[1].name in text_of(client, address)
    answer = client.post(address, data={"kind": "other", "reason": WHY})
    assert answer.status_code == 302 and "takes no part" in text_of(client, f"{PLACE}/interests")
    assert db.session.query(Recusal).one().kind == "recused"
    again = client.post(address, data={"kind": "other", "reason": WHY})
    assert again.status_code == 409 and "is kept from" in again.text
    for wrong in (f"{PLACE}/interests/{reference}/999999", f"{PLACE}/interests/2020-1-999/{trustees[1].id}",
                  f"/UPR/board/sessions/999/interests/{reference}/{trustees[1].id}"):  # fmt: skip
        assert client.get(wrong).status_code == 404
    assert as_person(shown, person_of(trustees[2])).get(address).status_code == 403
    assert as_person(shown, someone(Role.DESK_OFFICER)).get(address).status_code == 403


def test_a_session_that_is_not_open_is_not_declared_on(shown: Flask) -> None:
    of, trustees = planned(), board()
    one = of_nobody(of)
    with pytest.raises(Refusal, match=r"advice\.session-planned"):
        declares(one, trustees[0])
    client, reference = as_person(shown, person_of(trustees[0])), one.reference
    page = text_of(client, f"{PLACE}/interests")
    assert "not open yet" in page and reference not in page
    assert client.post(f"{PLACE}/interests", data={f"{reference}.kind": "none"}).status_code == 404
    declares(one, trustees[0], InterestKind.OTHER, WHY, by=someone(Role.SECRETARY))  # early, by the secretary


def test_nobody_declares_for_somebody_else(shown: Flask) -> None:
    of, trustees = opened(), board()
    one = of_nobody(of)
    with pytest.raises(Refused):
        declares(one, trustees[0], by=person_of(trustees[1]))
    with pytest.raises(Refused):
        declares(one, trustees[0], by=someone(Role.DESK_OFFICER))


def test_it_is_declared_once(shown: Flask) -> None:
    of, trustees = opened(), board()
    one = of_nobody(of)
    declares(one, trustees[0])
    with pytest.raises(Refusal, match=r"declare\.declared"):
        declares(one, trustees[0])
    declares(one, trustees[0], InterestKind.OTHER, WHY)
    with pytest.raises(Refused):  # it is not there for them any more
        declares(one, trustees[0])


def test_the_list_asks_little_whatever_is_on_it(shown: Flask) -> None:
    opened(proposals=None)
    trustees = board()
    for who in (person_of(trustees[0]), someone(Role.SECRETARY)):
        client = as_person(shown, db.session().get_one(Person, who.id))
        text_of(client, f"{PLACE}/interests")
        with statements(shown) as asked:
            text_of(client, f"{PLACE}/interests")
        assert len(asked) <= 12, asked


def test_of_a_session_that_is_cancelled_nothing_is_recorded(shown: Flask) -> None:
    of, trustees = opened(), board()
    one, key = of_nobody(of), of.id
    with unit_of_work(someone(Role.SECRETARY)) as work:
        work.session.get_one(BoardSession, key).stage = SessionStage.CANCELLED
        work.operation = "tests.cancel"
        work.session.flush()
    with pytest.raises(Refusal, match=r"advice\.session-cancelled"), unit_of_work(someone(Role.SECRETARY)) as work:
        session = work.session
        as_one = Voice(session.get_one(Considered, one.id), session.get_one(Trustee, trustees[0].id))
        declare(work, as_one, InterestKind.NONE)


def test_whoever_comes_to_it_again_declares_anew(shown: Flask) -> None:
    of, trustees = opened(), board()
    one, who = of_nobody(of), trustees[1]
    declares(one, who)
    secretary = someone(Role.SECRETARY)
    with unit_of_work(secretary) as work:
        session = work.session
        proposal = session.get_one(Proposal, one.proposal)
        recusal = recuse(work, proposal, session.get_one(Person, who.person), WHY)
        lift_recusal(work, proposal, recusal, WHY)
    client = as_person(shown, person_of(who))
    assert client.get(f"{PLACE}/proposals/{one.reference}").status_code == 404
    assert f'name="{one.reference}.kind"' in text_of(client, f"{PLACE}/interests")
    assert client.post(f"{PLACE}/interests", data={f"{one.reference}.kind": "none"}).status_code == 302
    assert client.get(f"{PLACE}/proposals/{one.reference}").status_code == 200
