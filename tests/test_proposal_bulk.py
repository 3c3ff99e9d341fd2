"""What is done with several proposals at once, lists that people keep, and what is due."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from calls import fund, office, someone
from flask import Flask
from many import LIST, every, fill, listed
from proposing import in_screening, member, returned, submitted
from signing_in import done
from visiting import as_a, text_of

from conftest import vandal
from fundapp.access.models import Person
from fundapp.access.policy import Role
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.icalendar import folded
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal, SavedView, ScreeningQuestion
from fundapp.proposals.operations.views import keep_view

pytestmark = pytest.mark.usefixtures("one_click")


@pytest.fixture
def full(registered: Flask) -> Flask:
    """Proposals of many offices to a call of long ago and to one that is open."""
    fill()
    return registered


# ------------------------------------------------------------------------------------------------------ lists one keeps


def test_a_list_is_kept_renamed_and_dropped_by_its_owner_alone(full: Flask) -> None:
    client = as_a(full, Role.DESK_OFFICER)
    query = "stage=submitted&status=ldc&sort=-amount&columns=state"
    answer = client.post(f"{LIST}/lists/new?{query}&page=3&lang=en&x=y", data={"name": "  LDCs\tto screen "})
    assert answer.status_code == 302
    kept = db.session().scalars(sa.select(SavedView)).one()
    key = kept.id
    assert (kept.name, sorted(kept.query.split("&"))) == ("LDCs to screen", sorted(query.split("&")))
    text = text_of(client, f"{LIST}?{kept.query}")
    assert 'aria-current="page">LDCs to screen</a>' in text
    twice = client.post(f"{LIST}/lists/new?{query}", data={"name": "LDCs to screen"})
    assert twice.status_code == 422 and "You have a list called “LDCs to screen” already." in twice.text
    for name, says in (("", "Give the list a name."), ("x" * 81, "These are 81 characters; at most 80 are kept.")):
        refused = client.post(f"{LIST}/lists/new?{query}", data={"name": name})
        assert refused.status_code == 422 and says in refused.text
    assert client.post(f"{LIST}/lists/{key}", data={"name": "Others"}).status_code == 302
    stranger = as_a(full, Role.SECRETARY)
    assert "Others" not in text_of(stranger, LIST) + text_of(stranger, f"{LIST}/lists")
    assert stranger.get(f"{LIST}/lists/{key}").status_code == 404
    assert stranger.post(f"{LIST}/lists/{key}", data={"name": "Mine"}).status_code == 404
    assert stranger.post(f"{LIST}/lists/{key}/drop").status_code == 404
    assert client.get(f"{LIST.replace('UPR', 'AHA')}/lists/{key}").status_code == 404
    assert client.post(f"{LIST}/lists/{key}/drop").status_code == 302
    db.session().rollback()
    assert db.session().scalars(sa.select(SavedView)).all() == []
    assert client.get(f"{LIST}/lists/{'9' * 30}").status_code == 404


def test_a_list_without_filters_or_with_wrong_ones_is_not_kept(full: Flask) -> None:
    client = as_a(full, Role.DESK_OFFICER)
    nothing = client.post(f"{LIST}/lists/new", data={"name": "All"})
    assert nothing.status_code == 400 and "There is nothing to keep" in nothing.text
    assert client.get(f"{LIST}/lists/new").status_code == 400
    assert client.post(f"{LIST}/lists/new?stage=none", data={"name": "All"}).status_code == 400


def test_nobody_keeps_lists_without_end(full: Flask) -> None:
    who = someone(Role.DESK_OFFICER)
    with unit_of_work(who) as work:
        for number in range(50):
            keep_view(work, fund(), f"List {number}", "q=a")
    answer = as_a(full, Role.DESK_OFFICER).post(f"{LIST}/lists/new?q=b", data={"name": "One more"})
    assert answer.status_code == 422 and "You keep 50 lists already." in answer.text


# ----------------------------------------------------------------------------------------------- several at a time


def test_one_that_is_refused_does_not_stop_the_others(registered: Flask) -> None:
    first, other = submitted().reference, in_screening("2031-2").reference
    client = as_a(registered, Role.DESK_OFFICER)
    chosen = [first, other, "2031-1-999", "'; --", "x" * 500, first]
    page = text_of(client, f"{LIST}/bulk?{urlencode({'do': 'screen', 'chosen': chosen}, doseq=True)}")
    assert "It will happen to 1 proposal" in page and "It cannot happen to 4 proposals" in page
    assert "It is not waiting for screening." in page and "There is no proposal “2031-1-999”" in page
    stages = {row.reference: row.stage for row in every()}
    assert stages[first] == "submitted"  # the page of confirmation does nothing
    answer = client.post(f"{LIST}/bulk", data={"do": "screen", "chosen": chosen, "stage": "submitted"})
    assert answer.status_code == 302
    place = answer.headers["Location"]
    before = len(done())
    for _ in range(2):  # a page that is loaded again does nothing again
        page = text_of(client, place)
        assert "1 proposal: done. 4 were refused." in page and "There is no proposal “2031-1-999”" in page
        assert f'href="{LIST}?stage=submitted"' in page
    assert len(done()) == before
    for stranger in (as_a(registered, Role.SECRETARY), as_a(registered, Role.HEAD_OF_OFFICE)):
        assert stranger.get(place).status_code == 404
    for address in (
        place[:-3],
        f"{place}x",
        f"{LIST}/bulk/done",
        f"{LIST}/bulk/done?told=%07.x",
        place.replace("UPR", "AHA"),
    ):
        assert client.get(address).status_code == 404, address
    stages = {row.reference: row.stage for row in every()}
    assert stages[first] == stages[other] == "in-screening"
    again = client.post(f"{LIST}/bulk", data={"do": "screen", "chosen": [first]}, follow_redirects=True)
    assert "0 proposals: done." in again.text and "1 was refused." in again.text


def test_a_secretary_names_the_desk_officer_of_several(registered: Flask) -> None:
    chosen = [submitted().reference, submitted("2031-2").reference]
    client, desk = as_a(registered, Role.SECRETARY), someone(Role.DESK_OFFICER).id
    assert "It will happen to 2 proposals" in text_of(client, f"{LIST}/bulk?do=assign&all=yes&stage=submitted")
    for officer in ("", "0", str(someone(Role.TRUSTEE).id), "x", "9" * 30):
        answer = client.post(f"{LIST}/bulk", data={"do": "assign", "chosen": chosen, "officer": officer})
        assert answer.status_code == 422 and "Choose a desk officer." in answer.text
    given = {"do": "assign", "chosen": chosen, "officer": str(desk)}
    answer = client.post(f"{LIST}/bulk", data=given, follow_redirects=True)
    assert "2 proposals: done." in answer.text
    assert {row.officer_id for row in every()} == {someone(Role.DESK_OFFICER).id}
    twice = client.post(f"{LIST}/bulk", data={**given, "chosen": chosen[:1]}, follow_redirects=True)
    assert "sees to it already." in twice.text


def test_results_of_very_many_fit_into_an_address(full: Flask) -> None:
    client = as_a(full, Role.DESK_OFFICER)
    odd = [sha256(str(number).encode()).hexdigest() for number in range(500)]
    answer = client.post(f"{LIST}/bulk", data={"do": "screen", "chosen": odd, "q": "ж" * 2000})
    assert answer.status_code == 302 and len(answer.headers["Location"]) < 7000
    page = text_of(client, answer.headers["Location"])
    assert "500 were refused." in page and "more that were refused" in page


def test_whoever_may_not_does_nothing_to_several(registered: Flask) -> None:
    reference = submitted().reference
    for role in (Role.FIELD_OFFICER, Role.AUDITOR, Role.APPROVING_OFFICER):
        for deed in ("screen", "assign", "none", ""):
            answer = as_a(registered, role).post(f"{LIST}/bulk", data={"do": deed, "chosen": [reference]})
            assert answer.status_code == 400, role
    desk = as_a(registered, Role.DESK_OFFICER)
    answer = desk.post(f"{LIST}/bulk", data={"do": "assign", "chosen": [reference], "officer": "1"})
    assert answer.status_code == 400  # a secretary's
    assert desk.post(f"{LIST}/bulk", data={"do": "screen"}).status_code == 409  # none chosen
    assert next(row.stage for row in every()) == "submitted"


def test_too_many_at_a_time_are_refused(full: Flask) -> None:
    client = as_a(full, Role.DESK_OFFICER)
    chosen = [f"2031-1-{number}" for number in range(1000, 1501)]
    assert client.post(f"{LIST}/bulk", data={"do": "screen", "chosen": chosen}).status_code == 409


# ------------------------------------------------------------------------------------------------------- what is due


def test_what_is_due_is_told_to_whom_it_concerns(registered: Flask) -> None:
    made = returned()
    key, reference = made.id, made.reference
    with vandal() as connection:
        connection.execute(
            sa.insert(ScreeningQuestion.__table__),
            {"proposal_id": key, "section": "budget", "text": "Why?", "at": now() - timedelta(days=3), "by": "x"},
        )
    for role, sees in ((Role.HEAD_OF_OFFICE, True), (Role.FIELD_OFFICER, False), (Role.DESK_OFFICER, True)):
        client = as_a(registered, role)
        text = text_of(client, f"{LIST}/due")
        assert (reference in text) == sees, role
        calendar = client.get(f"{LIST}/due.ics")
        assert calendar.mimetype == "text/calendar" and (f"UPR-return-{reference}@fundapp" in calendar.text) == sees
        assert all(folded(line) == line for line in calendar.text.splitlines() if len(line) < 60)
    rows = list(csv.reader(io.StringIO(as_a(registered, Role.DESK_OFFICER).get(f"{LIST}/due.csv", buffered=True).text)))
    found = {(row[2], row[3]): int(row[1]) for row in rows[1:]}
    assert found["A question waits for an answer", reference] == -3
    assert found["It is to come back", reference] in (9, 10)
    assert ("The call closes", "2031-1") in found


def test_what_stands_for_long_is_due_and_one_may_ask_for_ones_own(registered: Flask) -> None:
    reference = submitted().reference
    with vandal() as connection:
        table = Proposal.__table__
        connection.execute(sa.update(table).values({"stage_since": now() - timedelta(days=20)}))
    client = as_a(registered, Role.DESK_OFFICER)
    assert reference in text_of(client, f"{LIST}/due")
    assert reference not in text_of(client, f"{LIST}/due?whose=mine")
    assert reference in text_of(client, f"{LIST}/due?whose=%27")


def test_an_office_sees_its_own_and_a_stranger_nothing(registered: Flask) -> None:
    reference = submitted().reference
    stranger: Person = member(Role.HEAD_OF_OFFICE, "WAFRICA")
    assert office("WAFRICA").id in {grant.office_id for grant in stranger.grants}
    assert reference in text_of(as_a(registered, Role.HEAD_OF_OFFICE), LIST)
    client = as_a(registered, Role.FIELD_OFFICER)
    assert reference not in text_of(client, LIST) and listed(client) == []
    assert listed(client, q=reference) == []
