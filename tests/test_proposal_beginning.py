"""To which calls an office may begin a proposal, and for which State: what is said before, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from calls import faults, office, opened
from flask import Flask
from proposing import begun, complete, write, writer
from test_proposal_pages import PLACE, as_person, at, post
from visiting import statements, text_of, waiting

from fundapp.access.models import Scope
from fundapp.access.operations import Console, grant
from fundapp.access.policy import Role
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations.writing import Beginning, begin_proposal, copy_proposal
from fundapp.proposals.rules import Places

SENEGAL = Places(frozenset({"SEN"}))
SAMOA = Places(frozenset({"WSM"}))
NOT_FOR = "The call 2031-1 is not for Fiji. Its page says for which States it is."


def test_a_call_for_other_states_says_so_before_anything_is_begun(demo: Flask) -> None:
    opened(places=SENEGAL)
    client = as_person(demo, writer())
    page = text_of(client, f"{PLACE}/new?call=2031-1")
    assert "(not for Fiji)" in page and "The call is not for Fiji: it pays for no project there." in page
    assert 'href="/UPR/calls/2031-1">For which States it is' in page
    code, page = post(client, "/new", call="2031-1", language="en")
    assert code == 422 and NOT_FOR in faults(page)
    assert "Begin a proposal to the call 2031-1" not in waiting(client)
    assert 'value="2031-1" checked' not in text_of(client, f"{PLACE}/new")  # nor is it chosen for them
    assert "not for" not in text_of(as_person(demo, writer("WAFRICA")), f"{PLACE}/new")


def test_an_office_begins_for_a_state_that_the_call_is_for(demo: Flask) -> None:
    opened(places=SAMOA)
    client = as_person(demo, writer())
    page = text_of(client, f"{PLACE}/new?call=2031-1")
    assert '<option value="WSM">Samoa' in page and 'value="SEN"' not in page
    assert post(client, "/new", call="2031-1", language="en", state="WSM")[0] == 302
    assert at("2031-1-001").country == "WSM"


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("FJI", NOT_FOR),
        ("SEN", "The call 2031-1 is not for Senegal. Its page says for which States it is."),
        ("XXX", "Choose a State of the list."),
        ("WSM\x07", "Choose a State of the list."),
        ("W" * 4000, "Choose a State of the list."),
    ],
)
def test_a_state_that_the_call_is_not_for_is_refused_beside_its_field(demo: Flask, state: str, told: str) -> None:
    opened(places=SAMOA)
    code, page = post(as_person(demo, writer()), "/new", call="2031-1", language="en", state=state)
    assert code == 422 and told in faults(page)
    assert 'id="state-error"' in page


def test_the_office_s_own_state_is_chosen_where_the_call_is_for_it(demo: Flask) -> None:
    opened()
    client = as_person(demo, writer())
    page = text_of(client, f"{PLACE}/new")
    assert '<option value="FJI" selected>Fiji' in page and "not for" not in page
    assert post(client, "/new", call="2031-1", language="en", state="")[0] == 302
    assert at("2031-1-001").country == "FJI"
    with statements() as asked:
        text_of(client, f"{PLACE}/new")
    assert len(asked) <= 12, asked


def test_of_two_offices_the_one_whose_state_it_is_may_begin(demo: Flask) -> None:
    opened(places=SENEGAL)
    person = writer()
    with unit_of_work(Console()) as work:
        grant(work, person, Role.FIELD_OFFICER, office=office("WAFRICA"), fund=work.session.get(Scope, 0))
    client = as_person(demo, person)
    page = text_of(client, f"{PLACE}/new")
    assert "The call is not for Fiji" in page and "(not for" not in page  # one of the two may answer it
    data: dict[str, Any] = {"call": "2031-1", "language": "en"}
    code, page = post(client, "/new", office=str(office().id), **data)
    assert code == 422 and NOT_FOR in faults(page)
    assert post(client, "/new", office=str(office("WAFRICA").id), **data)[0] == 302


def test_a_copy_goes_into_no_call_that_is_not_for_its_state(registered: Flask) -> None:
    made = complete().reference
    opened("2031-2", places=SENEGAL)
    client = as_person(registered, writer())
    page = text_of(client, f"{PLACE}/{made}/copy")
    assert "(not for Fiji)" in page
    code, page = post(client, f"/{made}/copy", call="2031-2")
    assert code == 422 and any("The call 2031-2 is not for Fiji." in one for one in faults(page))


def test_the_operations_ask_it_again(demo: Flask) -> None:
    earlier = begun()
    call = opened("2031-2", places=SENEGAL)
    with pytest.raises(Refusal) as refused, unit_of_work(writer()) as work:
        begin_proposal(work, Beginning(call, office()), "en")
    assert [(one.code, one.field) for one in refused.value.faults] == [("proposal.call-elsewhere", "call")]
    earlier, call = at(earlier.reference), opened("2031-3", places=SENEGAL)
    with pytest.raises(Refusal) as refused, unit_of_work(writer()) as work:
        copy_proposal(work, Beginning(call, office()), work.session.get_one(Proposal, earlier.id))
    assert [one.code for one in refused.value.faults] == ["proposal.call-elsewhere"]


def test_a_form_that_is_sent_twice_begins_one_proposal(demo: Flask) -> None:
    opened()
    client = as_person(demo, writer())
    given = {"call": "2031-1", "language": "en", "courtesy": "", "state": "FJI"}
    first = client.post(f"{PLACE}/new", data=given).location
    assert client.post(f"{PLACE}/new", data=given).location == first == f"{PLACE}/2031-1-001"
    assert client.post(f"{PLACE}/new", data=given | {"language": "fr"}).location != first  # that is another one
    write(at("2031-1-001"), {"context": {"title": "Written by now"}})
    assert client.post(f"{PLACE}/new", data=given).location == f"{PLACE}/2031-1-003"
    copies = [client.post(f"{PLACE}/2031-1-001/copy", data={"call": "2031-1"}).location for _ in range(3)]
    assert copies == [f"{PLACE}/2031-1-004"] * 3
    assert client.post(f"{PLACE}/2031-1-002/copy", data={"call": "2031-1"}).location == f"{PLACE}/2031-1-005"


def test_a_comment_that_is_sent_twice_stands_there_once(demo: Flask) -> None:
    place, said = f"{PLACE}/{begun().reference}/comments", "Who signs the letter?"
    client = as_person(demo, writer())
    for _ in range(2):
        assert client.post(place, data={"section": "consent", "text": said}).status_code == 302
    assert text_of(client, place).count("/settle") == 1
    assert client.post(place, data={"section": "context", "text": said}).status_code == 302
    assert text_of(client, place).count("/settle") == 2
