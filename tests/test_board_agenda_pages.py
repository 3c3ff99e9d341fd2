"""The pages of an agenda and of participants, documents that lie about what they are; calendars, the list, commands."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from board_sessions import (
    HERE,
    advise,
    again,
    do,
    listed,
    plain,
    send,
    session_of,
)
from boards import considered, item_of, opened, planned
from calls import faults, someone
from commands import Command, command, one_sentence  # noqa: F401
from flask import Flask
from sending_documents import MB, PDF, counter, in_a_folder, post_file
from visiting import as_a, text_of

from fundapp.access.models import Person
from fundapp.access.policy import Role
from fundapp.board.models import (
    AdviceOutcome,
    AgendaDocument,
    AgendaItem,
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
from fundapp.proposals.operations.interests import recuse

pytestmark = pytest.mark.usefixtures("one_click")


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
