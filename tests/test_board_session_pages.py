"""The pages of sessions: who reads what, what stands on the page of one, and what is said of what was typed wrongly."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from board_sessions import advise, again, declare, do, key_of, other_fund, plan, said
from boards import considered, item_of, opened, planned, seated, trustee_emails
from calls import faults, fund, someone
from commands import Command, command, one_sentence  # noqa: F401
from flask import Flask
from flask.testing import FlaskClient
from sending_documents import MB, PDF, counter, in_a_folder, post_file
from signing_in import PASSWORD, sign_in
from visiting import as_a, statements, text_of

from fundapp.access.models import Person
from fundapp.access.policy import Role
from fundapp.board.models import (
    AdviceOutcome,
    AgendaDocument,
    AgendaItem,
    BoardSession,
    Considered,
    ItemKind,
    Participant,
    SessionStage,
)
from fundapp.board.operations.sessions import add_item, cancel_session
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations.interests import open_to, recuse

HERE = "/UPR/board/sessions"
READERS = (Role.SECRETARY, Role.DESK_OFFICER, Role.APPROVING_OFFICER, Role.TRUSTEE, Role.AUDITOR)

pytestmark = pytest.mark.usefixtures("one_click")


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.replace("<wbr>", "")))


def send(client: FlaskClient, address: str, **data: Any) -> tuple[int, str]:
    """Status and page of what is posted; where it leads, that page."""
    answer = client.post(f"{HERE}{address}", data=data)
    if answer.status_code == 302:
        return 302, text_of(client, answer.headers["Location"])
    return answer.status_code, answer.get_data(as_text=True)


def listed(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    """The list as a file of comma-separated values."""
    text = client.get(f"{HERE}/list.csv{query}", buffered=True).get_data(as_text=True)
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def typed(**more: str) -> dict[str, str]:
    first = today() + timedelta(days=20)
    values = {
        "since": first.isoformat(), "until": "", "way": "online", "place": "", "hosts": "", "zone": "Europe/Zurich",
        "silent_on": "", "silent_hour": "", "version": "0", f"number_{fund().id}": "30",
    }  # fmt: skip
    return values | more


def session_of(number: int) -> BoardSession:
    db.session().rollback()
    asked = sa.select(BoardSession).order_by(BoardSession.id.desc())
    return next(one for one in db.session().scalars(asked) if (fund().id, number) in {
        (each.fund_id, each.number) for each in one.numbers
    })  # fmt: skip


# --------------------------------------------------------------------------------------------------------- who sees it


@pytest.mark.parametrize("role", Role)
def test_who_reads_and_who_runs_sessions(shown: Flask, role: Role) -> None:
    opened()
    client = as_a(shown, role.value)
    assert client.get(f"{HERE}/25").status_code == (200 if role in READERS else 403)
    assert client.get(f"{HERE}/25/session.ics").status_code == (200 if role in READERS else 403)
    offices = role in (Role.FIELD_OFFICER, Role.HEAD_OF_OFFICE)
    for page in ("", "/list.csv"):
        assert client.get(f"{HERE}{page}").status_code == (403 if offices else 200)
    runs = role is Role.SECRETARY
    for page in ("new", "25/change", "25/cancel", "25/close", "25/items/new", "25/items/2/proposals",
                 "25/items/2/documents/new", "25/participants/new"):  # fmt: skip
        assert client.get(f"{HERE}/{page}").status_code == (200 if runs else 403), page
    for act in ("items/1/down", "items/1/take-off", "proposals/2020-1-001/take-off", "participants/1/take-off"):
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
        client = shown.test_client()
        assert sign_in(client, email, PASSWORD)[0] == 200
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


# ------------------------------------------------------------------------------------------------------------ agenda


def test_the_agenda_is_written_and_ordered(shown: Flask) -> None:
    planned()
    client = as_a(shown, "secretary")
    status, page = send(client, "/25/items/new", kind="finance", fund="", call="", version="0")
    assert (status, faults(page)) == (422, ["Give the item a title in one language at least."])
    wrong = (
        ({"kind": "magic"}, "Say what the item is about."), ({"fund": "99"}, "Choose one of what"),
        ({"call": "99"}, "Choose one of what"), ({"name_ar": "x" * 201}, "at most 200"),
    )  # fmt: skip
    for more, said_then in wrong:
        values = {"kind": "finance", "fund": "", "call": "", "name_en": "Money", "version": "0", **more}
        status, page = send(client, "/25/items/new", **values)
        assert status == 422 and said_then in faults(page)[0]
    send(client, "/25/items/new", kind="finance", fund="", call="", name_fr="Situation financière", version="0")
    item = db.session.scalars(sa.select(AgendaItem).where(AgendaItem.kind == ItemKind.FINANCE)).one().id
    page = text_of(client, f"{HERE}/25")
    assert '<span lang="fr" dir="ltr">Situation financière</span>' in page
    status, page = send(client, f"/25/items/{item}/up")
    assert status == 302 and page.index("Situation financière") < page.index('id="item-2"')
    status, page = send(client, f"/25/items/{item}", kind="finance", fund="", call="", name_en="Money", version="1")
    assert status == 409 and "Somebody else changed the item" in page
    status, page = send(client, f"/25/items/{item}/take-off")
    assert status == 302 and "The item is off the agenda." in page and "Situation financière" not in page
    status, page = send(client, f"/25/items/{item_of(session_of(25)).id}/take-off")
    assert status == 302 and "Proposals are under this item. Take them off first." in page
    assert client.post(f"{HERE}/25/items/{item}/up").status_code == 404


def test_documents_are_what_they_say(shown: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = planned()
    in_a_folder(shown, monkeypatch, tmp_path)
    item = item_of(made).id
    client, address = as_a(shown, "secretary"), f"{HERE}/25/items/{item}/documents/new"
    assert client.post(address, data={"language": "en"}).status_code == 422, "no file"
    for content, name in (
        (b"", "empty.pdf"),
        (b"MZ\x90\0", "budget.pdf"),
        (b"<html><script>", "note.pdf"),
        (PDF, "note.docx"),
    ):
        answer = post_file(client, address, content, name, language="en", title="")
        assert answer.status_code == 422 and faults(answer.text), name
    counter(shown, monkeypatch, largest=20)
    assert post_file(client, address, PDF, language="en", title="").status_code in (409, 422), "too large"
    assert db.session.scalar(sa.select(AgendaDocument.id)) is None
    counter(shown, monkeypatch, largest=25 * MB)
    answer = post_file(client, address, PDF, "الوثيقة.pdf", language="ar", title="")
    assert answer.status_code == 302, faults(answer.text)
    row = db.session.scalars(sa.select(AgendaDocument)).one()
    assert (row.name, row.title, row.media_type) == ("الوثيقة.pdf", "الوثيقة", "application/pdf")
    key, there = row.id, f"{HERE}/25/items/{item}/documents"
    answer = as_a(shown, "trustee").get(f"{there}/{key}")
    assert answer.data == PDF and answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert as_a(shown, "finance-officer").get(f"{there}/{key}").status_code == 403
    assert post_file(client, address, PDF, language="en", title="Twice").status_code == 422
    assert client.post(f"{there}/{key}/take-off").status_code == 302
    assert client.get(f"{there}/{key}").status_code == 404 == client.post(f"{there}/{key}/take-off").status_code


def test_proposals_are_put_before_the_board_all_or_none(shown: Flask) -> None:
    made = planned(proposals=0)
    item = item_of(made).id
    client, address = as_a(shown, "secretary"), f"/25/items/{item}/proposals"
    assert text_of(client, f"{HERE}{address}").count('name="proposal"') == 28
    assert send(client, address)[0] == 409
    for strange in ("2020-1-999", "2026-1-005", "' or 1=1", "x" * 5000):
        status, page = send(client, address, proposal=["2020-1-001", strange])
        assert status == 409 and "cannot be put under this item now" in page
        assert 'value="2020-1-001" id=' in page and considered(again(made)) == []
    status, page = send(client, address, proposal=["2020-1-001", "2020-1-003"])
    assert status == 302 and "Put before the Board: 2." in plain(page)
    assert send(client, address, proposal=["2020-1-001"])[0] == 409, "twice"
    status, page = send(client, "/25/proposals/2020-1-003/take-off")
    assert status == 302 and "2020-1-003 is not before this session any more." in plain(page)
    assert client.post(f"{HERE}/25/proposals/2020-1-003/take-off").status_code == 404


def test_a_secretary_kept_from_a_proposal_is_not_offered_it(shown: Flask) -> None:
    made = planned(proposals=0)
    item = item_of(made).id
    key = db.session.scalars(sa.select(Proposal).where(Proposal.reference == "2020-1-001")).one().id
    with unit_of_work(someone(Role.SECRETARY)) as work:
        recuse(work, work.session.get_one(Proposal, key), work.session.get_one(Person, work.actor.id), "Worked for it")
    client = as_a(shown, "secretary")
    assert "2020-1-001" not in text_of(client, f"{HERE}/25/items/{item}/proposals")
    assert send(client, f"/25/items/{item}/proposals", proposal=["2020-1-001"])[0] == 409


# ------------------------------------------------------------------------------------------------------ participants


def test_participants_are_added_and_noted(shown: Flask) -> None:
    opened()
    client = as_a(shown, "secretary")
    new = {"trustee": "", "name": "Noor Haddad", "capacity": "secretariat", "function": "", "version": "0"}
    assert send(client, "/25/participants/new", **new)[0] == 302
    wrong: tuple[tuple[dict[str, str], str], ...] = (
        ({}, "takes part already"), ({"name": ""}, "Write something here."), ({"capacity": "king"}, "Say in what"),
        ({"name": "A", "capacity": "chair"}, "Somebody chairs"), ({"trustee": "999"}, "no trustee who has a seat"),
    )  # fmt: skip
    for more, said_then in wrong:
        status, page = send(client, "/25/participants/new", **{**new, **more})
        assert status == 422 and any(said_then in one for one in faults(page)), (more, faults(page))
    rows = db.session.scalars(sa.select(Participant).order_by(Participant.id)).all()
    noted = {f"presence-{one.id}": "present" for one in rows[:3]} | {f"presence-{rows[3].id}": "away"}
    strange = {"presence-x": "present", "presence-9999": "present", f"presence-{rows[4].id}": "asleep"}
    status, page = send(client, "/25/participants/presence", **noted, **strange)
    assert status == 302 and "The quorum is there: 3 trustees are present, 3 must be." in plain(page)
    status, page = send(client, "/25/participants/presence", **{f"presence-{rows[0].id}": "away"})
    assert "No quorum: 2 trustees are present, 3 must be." in plain(page)
    gone = f"/25/participants/{rows[5].id}"
    assert send(client, f"{gone}/take-off")[0] == 302 and client.get(f"{HERE}{gone}").status_code == 404
    one = f"/25/participants/{rows[1].id}"
    change = {"trustee": str(rows[1].trustee_id), "capacity": "trustee", "function": "Rapporteur", "version": "1"}
    status, page = send(client, one, **change)
    assert status == 409 and "Somebody else changed what is said of" in page
    assert send(client, one, **{**change, "version": "2"})[0] == 302


# ------------------------------------------------------------------------------------------ calendars, list, commands


def test_a_session_goes_into_a_calendar(shown: Flask) -> None:
    made = opened(place="Palais des Nations; room XX, Geneva")
    text = text_of(as_a(shown, "trustee"), f"{HERE}/25/session.ics")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    whole = text.replace("\r\n ", "")
    first, after = made.since, made.until + timedelta(days=1)
    assert f"DTSTART;VALUE=DATE:{first:%Y%m%d}" in whole and f"DTEND;VALUE=DATE:{after:%Y%m%d}" in whole
    assert "LOCATION:Online: Palais des Nations\\; room XX\\, Geneva" in whole and "STATUS:CONFIRMED" in whole
    do(made, lambda work, of: cancel_session(work, of, "No flights."))
    again_ = text_of(as_a(shown, "trustee"), f"{HERE}/25/session.ics").replace("\r\n ", "")
    assert "STATUS:CANCELLED" in again_ and re.findall(r"UID:.*", again_) == re.findall(r"UID:.*", whole)


def test_the_list_is_filtered_and_downloads_alike(shown: Flask) -> None:
    opened(25, place="By video")
    planned(26)
    client = as_a(shown, "secretary")
    assert text_of(client, HERE).count("<tr role") == 3
    page = text_of(client, f"{HERE}?stage=open&q=video&year={today().year}&way=online")
    assert "Session 25" in page and "Session 26" not in page
    rows = listed(client, "?stage=open")
    assert [(row["Number"], row["Stage"], row["Proposals"]) for row in rows] == [("25", "Open to trustees", "4")]
    assert client.get(f"{HERE}/list.xlsx").data[:2] == b"PK"
    for strange in ("?stage=x&way=y&year=abc&sort=zz&page=99", "?year=99999999", "?q=%25_"):
        assert client.get(f"{HERE}{strange}").status_code == 200
    assert "No session fits these filters." in text_of(client, f"{HERE}?q=nowhere")


def test_the_command_line_lists_and_shows_sessions(shown: Flask, command: Command) -> None:  # noqa: F811
    made = opened()
    key = considered(made)[0].id
    do(made, lambda work, of: advise(work, work.session.get_one(Considered, key), AdviceOutcome.SUPPORT))
    do(made, lambda work, of: add_item(work, of, ItemKind.OTHER, {"ar": "مسائل أخرى"}))
    found = command("session", "list", "UPR")
    assert found.status == 0 and found.out.startswith("25  ") and "4 proposals" in found.out
    facts = json.loads(command("session", "show", "UPR", "25", "--format", "json").out)
    assert facts["stage"] == SessionStage.OPEN and facts["numbers"] == {"UPR": 25} and len(facts["participants"]) == 5
    assert [item["kind"] for item in facts["agenda"]] == ["policy", "proposals", "other"]
    assert facts["agenda"][1]["proposals"][0]["advice"] == "support"
    text = command("session", "show", "UPR", "25")
    assert text.status == 0 and "quorum      3, present 0" in text.out and "مسائل أخرى" in text.out
    gone = command("session", "show", "UPR", "26")
    assert gone.status == 1 and one_sentence(gone) == "UPR has no session 26. There are: 25."
    assert command("session", "show", "UPR", "0").status == 2
    assert command("session", "list", "XXX").status == 1
