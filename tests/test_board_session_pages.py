"""The pages of sessions: who reads what, what stands on the page of one, and what is said of what was typed wrongly."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from board_sessions import (
    HERE,
    advise,
    declare,
    do,
    key_of,
    listed,
    other_fund,
    plain,
    plan,
    said,
    send,
    session_of,
    typed,
)
from boards import considered, item_of, opened, planned, seated, trustee_emails
from calls import faults, fund, someone
from commands import Command, command, one_sentence  # noqa: F401
from flask import Flask
from minuted import as_person
from signing_in import person
from visiting import as_a, statements, text_of

from fundapp.access.models import Person
from fundapp.access.policy import Role
from fundapp.board.models import (
    AdviceOutcome,
    BoardSession,
    Considered,
)
from fundapp.board.queries.sessions import participants_of
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations.interests import open_to, recuse

READERS = (Role.SECRETARY, Role.DESK_OFFICER, Role.APPROVING_OFFICER, Role.TRUSTEE, Role.AUDITOR)

pytestmark = pytest.mark.usefixtures("one_click")


# --------------------------------------------------------------------------------------------------------- who sees it


@pytest.mark.parametrize("role", Role)
def test_who_reads_and_who_runs_sessions(shown: Flask, role: Role) -> None:
    made = opened()
    item, person = item_of(made).id, participants_of(db.session(), made)[0].id
    client = as_a(shown, role.value)
    assert client.get(f"{HERE}/25").status_code == (200 if role in READERS else 403)
    assert client.get(f"{HERE}/25/session.ics").status_code == (200 if role in READERS else 403)
    offices = role in (Role.FIELD_OFFICER, Role.HEAD_OF_OFFICE)
    for page in ("", "/list.csv"):
        assert client.get(f"{HERE}{page}", buffered=True).status_code == (403 if offices else 200)
    runs = role is Role.SECRETARY
    for page in ("new", "25/change", "25/cancel", "25/close", "25/items/new", f"25/items/{item}/proposals",
                 f"25/items/{item}/documents/new", "25/participants/new"):  # fmt: skip
        assert client.get(f"{HERE}/{page}").status_code == (200 if runs else 403), page
    for act in (
        f"items/{item}/down",
        f"items/{item}/take-off",
        "proposals/2020-1-001/take-off",
        f"participants/{person}/take-off",
    ):
        assert client.post(f"{HERE}/25/{act}").status_code == (302 if runs else 403), act


@pytest.mark.parametrize("role", ["secretary", "trustee"])
def test_the_page_asks_six_times_whatever_it_shows(shown: Flask, role: str) -> None:
    opened(proposals=None)
    client = as_a(shown, role)
    client.get(f"{HERE}/25")
    with statements() as asked:
        page = text_of(client, f"{HERE}/25")
    assert len(asked) <= 6, asked
    assert "Session 25 of the Board" in page and page.count("2020-1-0") >= 28


def test_the_other_pages_ask_a_constant_number_of_times(shown: Flask) -> None:
    made = opened()
    client, item = as_a(shown, "secretary"), item_of(made).id
    for page in ("", "/25/participants", f"/25/items/{item}/proposals", f"/25/items/{item}", "/25/change", "/new"):
        client.get(f"{HERE}{page}")
        with statements() as asked:
            text_of(client, f"{HERE}{page}")
        assert len(asked) <= 10, (page, asked)


def test_a_session_that_is_not_there_is_not_found(shown: Flask) -> None:
    plan(said(numbers={other_fund().id: 77}))
    client = as_a(shown, "secretary")
    for page in ("26", "77", "0", "100001", "99999999999999999999", "-1", "25x"):
        assert client.get(f"{HERE}/{page}").status_code == 404, page
    assert client.get("/AHA/board/sessions/77").status_code == 200
    made = opened()
    item, others = item_of(made).id, key_of(session_of(25))
    for page in (f"25/items/{item + 99}", "25/participants/9999", f"25/items/{item}/documents/1"):
        assert client.get(f"{HERE}/{page}").status_code == 404, (page, others)
    assert client.get(f"/AHA/board/sessions/77/items/{item}").status_code == 404, "of another session"


# -------------------------------------------------------------------------------------------------- what trustees see


def test_a_trustee_knows_the_names_before_the_rest(shown: Flask) -> None:
    made = opened()
    one, two, *_ = considered(made)
    first, second = one.proposal.reference, two.proposal.reference
    cents, keys = f"{one.proposal.total_cents // 100 % 1000:03}", (one.id, two.id)
    do(made, lambda work, of: advise(work, work.session.get_one(Considered, keys[0]), AdviceOutcome.SUPPORT))
    client = as_a(shown, "trustee")
    page = plain(text_of(client, f"{HERE}/25"))
    assert first in page and second in page and "Advised: support" not in page
    assert "4 proposals wait for you to declare your interest" in page
    assert f"proposals/{first}" not in text_of(client, f"{HERE}/25")
    person, trustee = someone(Role.TRUSTEE).id, seated()[0].id
    with unit_of_work(someone(Role.SECRETARY)) as work:
        declare(work, work.session.get_one(Considered, keys[0]), trustee)
        found = work.session.get_one(Considered, keys[0])
        open_to(work, work.session.get_one(Proposal, found.proposal_id), work.session.get_one(Person, person))
    page = plain(text_of(client, f"{HERE}/25"))
    assert "Advised: support" in page and cents in page
    assert "3 proposals wait for you to declare your interest" in page


def test_a_recused_trustee_sees_nothing_of_the_proposal(shown: Flask) -> None:
    made = opened()
    gone = considered(made)[0].proposal
    reference, title, key = gone.reference, gone.title, gone.id
    do(made, lambda work, of: advise(work, work.session.get_one(Considered, considered(of)[0].id), AdviceOutcome.DEFER))
    with unit_of_work(someone(Role.SECRETARY)) as work:
        person = work.session.get_one(Person, someone(Role.TRUSTEE).id)
        recuse(work, work.session.get_one(Proposal, key), person, "A national of the State")
    client = as_a(shown, "trustee")
    for page in ("/25", "", "/25/participants"):
        text = text_of(client, f"{HERE}{page}")
        assert reference not in text and title not in text and "recused" not in text.lower()
    assert "3 proposals wait" in plain(text_of(client, f"{HERE}/25"))
    rows = listed(client, "")
    assert [row["Proposals"] for row in rows] == ["3"]
    others = as_a(shown, "secretary")
    assert reference in text_of(others, f"{HERE}/25") and listed(others)[0]["Proposals"] == "4"


def test_trustees_are_told_of_no_proposal_before_the_session_is_open(shown: Flask) -> None:
    made = planned()
    reference = considered(made)[0].proposal.reference
    trustee = as_a(shown, "trustee")
    assert reference not in text_of(trustee, f"{HERE}/25") and reference in text_of(
        as_a(shown, "auditor"), f"{HERE}/25"
    )
    rows = listed(trustee, "")
    assert [row["Proposals"] for row in rows] == ["0"]


def test_each_of_five_trustees_finds_the_session(shown: Flask) -> None:
    opened()
    for email in trustee_emails()[1:]:
        client = as_person(shown, person(email))
        page = plain(client.get(f"{HERE}/25?lang=en").text)
        assert "4 proposals wait for you to declare your interest" in page


# ---------------------------------------------------------------------------------------------------------- planning


def test_a_session_is_planned_changed_opened_and_cancelled(shown: Flask) -> None:
    seated()
    client = as_a(shown, "secretary")
    assert 'value="1"' in text_of(client, f"{HERE}/new"), "the next number is offered"
    both = {f"number_{fund().id}": "٣٠", f"number_{other_fund().id}": "70"}
    status, page = send(client, "/new", **typed(way="place", place=" Geneva ", hosts="The Office", **both))
    assert status == 302 and "Geneva" in page and "Session 70 of AHA" in page and "Ready to be opened?" in page
    assert "Nothing on the agenda yet" in page
    status, page = send(client, "/30/open", version="1")
    assert status == 409 and "There is nothing on the agenda yet" in page
    send(client, "/30/items/new", kind="proposals", fund=str(fund().id), call="", name_en="Proposals", version="0")
    status, page = send(client, "/30/open", version="1")
    assert (status, faults(page)[0]) == (422, "Tick that the session is to be opened all the same.")
    assert "No proposal is before the session yet" in page
    status, page = send(client, "/30/open", version="1", sure="y")
    assert status == 302 and "its trustees are told" in page
    assert client.get(f"{HERE}/30/open").status_code == 409, "it is open"
    status, page = send(client, "/30/cancel", version="2", reason=" ")
    assert (status, faults(page)[0]) == (422, "Give the reason.")
    status, page = send(client, "/30/cancel", version="2", reason="No flights.\r\n\r\nNone at all.")
    assert status == 302 and "This session was cancelled" in page and "None at all." in page
    assert client.get(f"{HERE}/30/change").status_code == 409


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"since": ""}, "Give the first day."),
        ({"since": "31.12.2030"}, "“31.12.2030” is no date"),
        ({"until": "2019-01-01"}, "The session ends before it begins."),
        ({"since": "2020-11-16", "until": "2020-11-18"}, "These days are past."),
        ({"way": "telepathy"}, "Say how the Board meets."),
        ({"way": "place"}, "Say where the Board meets."),
        ({"way": "written"}, "A written procedure needs a moment"),
        ({"way": "written", "silent_on": "2020-01-01"}, "Silence would end at a moment that has passed"),
        ({"way": "written", "silent_on": "2020-01-01", "silent_hour": "25:00"}, "no hour of the day"),
        ({"way": "written", "silent_hour": "18:00"}, "An hour is given and no day"),
        ({"zone": "Mars"}, "is no time zone"),
        ({"place": "x" * 201}, "at most 200"),
        ({"number": ""}, "Give the session its number."),
        ({"number": "thirty"}, "“thirty” is no whole number."),
        ({"number": "0"}, "is no whole number"),
        ({"number": "25"}, "The fund has a session 25 already."),
        ({"number": "99999"}, "Give a number between 1 and 9999."),
    ],
)
def test_what_was_typed_wrongly_is_said_beside_its_field(shown: Flask, more: dict[str, str], said: str) -> None:
    planned()
    values = typed(**more)
    if "number" in more:
        values[f"number_{fund().id}"] = values.pop("number")
    client = as_a(shown, "secretary")
    status, page = send(client, "/new", **values)
    assert status in (409, 422) and any(said in one for one in faults(page)), faults(page)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BoardSession)) == 1
    assert values["zone"] in page, "what was typed stays"


def test_a_written_procedure_ends_with_its_silence(shown: Flask) -> None:
    seated()
    client, last = as_a(shown, "secretary"), today() + timedelta(days=25)
    status, page = send(client, "/new", **typed(way="written", silent_on=last.isoformat(), silent_hour="18:00"))
    found = session_of(30)
    assert status == 302 and "Silence lasts until:" in page and found.until == last
    assert found.silent_until is not None and found.silent_until.hour in (16, 17), "said in Zurich, kept in UTC"


def test_a_session_of_the_past_is_recorded_and_says_so(shown: Flask) -> None:
    seated()
    client = as_a(shown, "secretary")
    values = typed(since="2020-11-16", until="2020-11-18", record="y")
    status, page = send(client, "/new", **values)
    assert status == 302 and "recorded after it was held" in page and "Recorded the session after it was held" in page


def test_who_comes_second_sees_what_the_first_one_wrote(shown: Flask) -> None:
    planned()
    client = as_a(shown, "secretary")
    here = typed(**{f"number_{fund().id}": "25"})
    assert send(client, "/25/change", **{**here, "place": "By video", "version": "1"})[0] == 302
    status, page = send(client, "/25/change", **{**here, "place": "By telephone", "version": "1"})
    assert status == 409 and "Somebody else changed the session" in page and "By telephone" in page
    assert "By video" in page and 'name="version" value="2"' in page
    status, page = send(client, "/25/change", **{**here, "place": "By telephone", "version": "2"})
    assert status == 302 and "By telephone" in page
