"""The pages of calls: who opens which, what they show, bad input beside its field, two at once, few queries."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from calls import DAY, FIELDS, again, draft, faults, fund, given, office, opened, past, second_secretary, send, someone
from commands import everything
from flask import Flask
from signing_in import enter
from visiting import as_a, statements, text_of

from fundapp.access.policy import Role
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import unit_of_work
from fundapp.proposals import letters
from fundapp.proposals.operations import ask_for, change_call, except_office, extend_call
from fundapp.proposals.queries import PAGE, named_call, written
from fundapp.proposals.rules import GivenItem, Item, Places, local

UNTIL = {"until_on": "2031-12-15", "until_hour": "", "zone": "Pacific/Fiji", "reason": "A cyclone"}
ITEM = {"code": "consent", "name_en": "Consent", "required": "y", "limit": "", "version": "1"}
MOST_QUERIES = 12

pytestmark = pytest.mark.usefixtures("one_click")


# --------------------------------------------------------------------------------------------------------- who may


@pytest.mark.parametrize("role", Role)
def test_who_opens_which_page(demo: Flask, role: Role) -> None:
    draft("2031-1")
    opened("2031-2")
    client = as_a(demo, role.value)
    prepares = role in (Role.SECRETARY, Role.DESK_OFFICER)
    officer = role in (Role.FIELD_OFFICER, Role.HEAD_OF_OFFICE)

    def status(address: str) -> int:
        return client.get(f"/UPR/calls{address}", buffered=True).status_code

    assert [status(address) for address in ("", "/list.csv", "/list.xlsx", "/2031-2")] == [200] * 4
    assert status("/2031-1") == (404 if officer else 200)
    for address in ("/new", "/2031-1/change", "/2031-1/documents/new", "/2031-1/questions/new"):
        assert status(address) == (200 if prepares else 403), address
    for address in ("/2031-1/open", "/2031-2/extend", "/2031-2/exception", "/2031-2/correct", "/2031-2/cancel"):
        assert status(address) == (200 if role is Role.SECRETARY else 403), address


def test_nobody_signed_in_sees_a_call(demo: Flask) -> None:
    opened()
    for address in ("", "/2031-1", "/list.csv", "/new"):
        assert "/login" in demo.test_client().get(f"/UPR/calls{address}").headers["Location"]


def test_who_may_not_changes_nothing(demo: Flask) -> None:
    draft("2031-1")
    opened("2031-2")
    clients = {role: as_a(demo, role.value) for role in (Role.TRUSTEE, Role.FIELD_OFFICER, Role.AUDITOR)}
    before = everything()
    for role, client in clients.items():
        for address in (
            "/new", "/2031-1/change", "/2031-1/open", "/2031-1/documents/new", "/2031-1/documents/x/drop",
            "/2031-2/extend", "/2031-2/exception", "/2031-2/correct", "/2031-2/cancel",
        ):  # fmt: skip
            assert client.post(f"/UPR/calls{address}", data=FIELDS | UNTIL).status_code == 403, (role, address)
    assert everything() == before


def test_what_is_not_there_is_not_found(demo: Flask) -> None:
    draft()
    client = as_a(demo, "secretary")
    for address in (
        "/2031-9", "/2031-9/change", "/2031-9/open", "/2031-9/extend", "/x", "/2031-1/documents/gone",
        "/2031-1/other/new",
    ):  # fmt: skip
        assert client.get(f"/UPR/calls{address}").status_code == 404, address
    assert client.get("/XXX/calls").status_code == 404


def test_a_role_in_another_fund_opens_nothing_here(demo: Flask) -> None:
    opened()
    draft("2031-2", of="AHA")
    second_secretary("aha@example.org", code="AHA")
    client = demo.test_client()
    enter(client, "aha@example.org")
    for address in ("/UPR/calls", "/UPR/calls/2031-1", "/UPR/calls/new", "/UPR/calls/2031-1/cancel"):
        assert client.get(address).status_code == 403, address
    assert client.get("/AHA/calls").status_code == 200 and client.get("/AHA/calls/2031-2").status_code == 200
    assert client.get("/AHA/calls/2031-1").status_code == 404


# ----------------------------------------------------------------------------------------------------------- lists


def test_the_list_its_filters_and_files(demo: Flask) -> None:
    draft("2031-1", title={"fr": "Appel <b>", "en": ""})
    opened("2031-2", closes_at=now() + 5 * DAY)
    past("2021-1")
    client = as_a(demo, "auditor")

    def shown(query: str = "") -> list[str]:
        return re.findall(r'href="/UPR/calls/(20\d\d-\d+)"', text_of(client, f"/UPR/calls{query}"))

    assert shown() == ["2031-2", "2031-1", "2021-1"]
    assert shown("?stage=closed") == ["2021-1"] and shown("?stage=nonsense&area=x&page=x&sort=x") == shown()
    assert shown("?q=appel") == ["2031-1"] and shown("?sort=code") == ["2021-1", "2031-1", "2031-2"]
    page = text_of(client, "/UPR/calls")
    assert "Appel &lt;b&gt;" in page and 'lang="fr"' in page and re.search("[45] days left", page)
    assert "No call fits these filters" in text_of(client, "/UPR/calls?q=zzz")
    rows = list(csv.reader(io.StringIO(client.get("/UPR/calls/list.csv?stage=closed", buffered=True).text)))
    assert [row[0] for row in rows[1:]] == ["2021-1"] and rows[1][6:] == ["1000000.00", "10000.00", "100000.00"]
    assert client.get("/UPR/calls/list.xlsx").data.startswith(b"PK")
    office_rows = client_rows(demo)
    assert [row[0] for row in office_rows] == ["2031-2", "2021-1"]


def client_rows(demo: Flask) -> list[list[str]]:
    """What an office takes away as a file."""
    answer = as_a(demo, "field-officer").get("/UPR/calls/list.csv", buffered=True)
    return list(csv.reader(io.StringIO(answer.text)))[1:]


def test_a_list_of_many_asks_no_more(demo: Flask) -> None:
    counted = []
    client = as_a(demo, "field-officer")
    for number in range(PAGE + 5):
        if number in (1, PAGE + 4):
            client.get("/UPR/calls")
            with statements(demo) as asked:
                text_of(client, "/UPR/calls")
            counted.append(len(asked))
        past(f"2021-{number + 1}" if number < 50 else f"2022-{number}")
    assert counted[0] == counted[1] <= MOST_QUERIES, counted
    assert "Page 2" in text_of(client, "/UPR/calls")


def test_pages_ask_little(demo: Flask) -> None:
    draft("2031-1", places=Places(frozenset({"FJI"}), frozenset({"african"})))
    past("2021-1")
    with unit_of_work(someone(Role.SECRETARY)) as work:
        extend_call(work, named_call(work.session, fund(), "2021-1"), now() + DAY, "UTC", "why")
        except_office(work, named_call(work.session, fund(), "2021-1"), office(), now() + 3 * DAY, "UTC", "why")
    client = as_a(demo, "secretary")
    for address in ("2021-1", "2031-1", "2031-1/change", "2031-1/open", "2021-1/extend", "2021-1/exception", "new"):
        client.get(f"/UPR/calls/{address}")
        with statements(demo) as asked:
            text_of(client, f"/UPR/calls/{address}")
        assert len(asked) <= MOST_QUERIES, (address, len(asked))


# ------------------------------------------------------------------------------------------------------- one call


def test_a_moment_in_arabic_has_the_arabic_comma(demo: Flask) -> None:
    """On the pages of a call, and in letters about its close."""
    opened()
    for language, mark in (("ar", "،"), ("en", ",")):
        page = text_of(as_a(demo, "trustee"), f"/UPR/calls/2031-1?lang={language}")
        moments = re.findall(r"<time [^>]+>[^<]*\d{4}(.) <bdi dir=\"ltr\">\d\d:\d\d</bdi>", page)
        assert moments and set(moments) == {mark}, moments
        assert f"{now().year}{mark} " in letters._moment(now(), "UTC", language)


def test_a_call_in_the_readers_language(demo: Flask) -> None:
    opened(title={"en": "In English", "fr": "En français"}, guidance={"en": "Do.", "fr": "Faites."})
    client = as_a(demo, "trustee")
    french = text_of(client, "/UPR/calls/2031-1?lang=fr")
    assert "En français" in french and "Faites." in french and "In English" not in french
    arabic = text_of(client, "/UPR/calls/2031-1?lang=ar")
    assert '<span lang="en" dir="ltr">In English</span>' in arabic and '<div lang="en" dir="ltr"><p>Do.' in arabic
    english = text_of(client, "/UPR/calls/2031-1?lang=en")
    assert "No complete text yet in:" in english and "no text in your language" not in english
    assert "Lucía Ferrer" in english and "Tomás Aldana" in english and "days left" in english


def test_every_language_draws_every_page(demo: Flask) -> None:
    draft("2031-1", places=Places(frozenset({"FJI"}), frozenset({"african"}), frozenset({"054"})))
    opened("2031-2")
    client = as_a(demo, "secretary")
    for language in LANGUAGES:
        for address in ("", "/2031-1", "/2031-1/change", "/2031-1/open", "/2031-2/correct", "/2031-2/extend"):
            text_of(client, f"/UPR/calls{address}?lang={language}")


def test_texts_are_escaped(demo: Flask) -> None:
    opened(title={"en": "<script>alert(1)</script>"}, guidance={"en": "<img src=x onerror=y>\n\nB"})
    page = text_of(as_a(demo, "trustee"), "/UPR/calls/2031-1")
    assert "<script>alert" not in page and "<img" not in page and "&lt;script&gt;" in page


# ------------------------------------------------------------------------------------------------------ preparing


def test_from_nothing_to_an_open_call(demo: Flask) -> None:
    """A desk officer prepares it in pieces, a secretary opens it."""
    desk, secretary = as_a(demo, "desk-officer"), as_a(demo, "secretary")
    form = text_of(desk, "/UPR/calls/new")
    assert f'value="{now().year}-1"' in form
    areas = re.findall(r'name="areas" type="checkbox" value="(\d+)"', form)
    status, page = send(
        desk, "/new", **FIELDS | {"areas": areas, "groups": ["african"], "states": "Fiji\nالسنغال\nPER"}
    )
    assert status == 302 and "The draft lacks nothing" in page and "Group of African States" in page
    found = again()
    assert (found.envelope_cents, found.floor_cents, found.ceiling_cents) == (1_000_000_00, 10_000_00, 100_000_50)
    assert found.closes_at and f"{local(found.closes_at, 'Europe/Zurich'):%Y-%m-%d %H:%M}" == "2031-06-30 23:59"
    assert found.opens_at and f"{found.opens_at:%H:%M}" == "08:00"
    assert written(db.session(), found).places.states == {"FJI", "SEN", "PER"}
    status, page = send(desk, "/2031-1/documents/new", **ITEM)
    assert status == 302 and "Consent" in page
    ask = {"code": "why", "name_en": "Why?", "name_ar": "لماذا؟", "limit": "٢٥٠", "version": "2"}
    status, page = send(desk, "/2031-1/questions/new", **ask)
    assert status == 302 and "at most 250 words" in page
    confirm = text_of(secretary, "/UPR/calls/2031-1/open")
    assert "This becomes fixed" in confirm and "Gender perspective" in confirm and "30 June 2031" in confirm
    status, page = send(secretary, "/2031-1/open", version="3")
    assert status == 302 and "Not open yet" in page and "fixed when the call was opened" in page
    assert desk.get("/UPR/calls/2031-1/change").status_code == 409
    assert "what it says is fixed" in desk.post("/UPR/calls/2031-1/change", data=FIELDS).text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "twenty"}, "“twenty” is no code of a call"),
        ({"envelope": "a lot"}, "“a lot” is no amount"),
        ({"floor": "1,2,3"}, "“1,2,3” is no amount"),
        ({"ceiling": "-5"}, "Give an amount above nil"),
        ({"envelope": "9" * 30}, "This is more than 100"),
        ({"floor": "200000"}, "is above the most that a proposal may ask for"),
        ({"ceiling": "2000000"}, "is above the envelope"),
        ({"opens_on": "31/12/2030"}, "“31/12/2030” is no date"),
        ({"closes_on": "2031-02-30"}, "“2031-02-30” is no date"),
        ({"opens_on": "1999-01-01"}, "Give a day between 2008 and 2100"),
        ({"closes_hour": "25:00"}, "“25:00” is no hour"),
        ({"opens_hour": "noon"}, "“noon” is no hour"),
        ({"closes_on": "", "closes_hour": "18:00"}, "An hour is given and no day"),
        ({"closes_on": "2031-02-28"}, "closes before it opens"),
        ({"standing": "y"}, "A standing call has no close"),
        ({"zone": "Europe/Atlantis"}, "“Europe/Atlantis” is no time zone"),
        ({"zone": ""}, "is no time zone"),
        ({"closes_on": "2031-03-30", "closes_hour": "02:30"}, "jump from 02:00 to 03:00: there is no 02:30"),
        ({"closes_on": "2031-10-26", "closes_hour": "02:30"}, "02:30 comes twice"),
        ({"states": "Atlantis\nFiji\nEl Dorado"}, "no States that are known here: Atlantis, El Dorado"),
        ({"areas": ["999999"]}, "no focus area of the fund"),
        ({"groups": ["martian"]}, "cannot be chosen here: martian"),
        ({"regions": ["777"]}, "cannot be chosen here: 777"),
        ({"title_fr": "x" * 251}, "These are 251 characters; at most 250"),
        ({"guidance_ar": "ب" * 20_001}, "at most 20000"),
    ],
)
def test_bad_input_is_answered_beside_its_field(demo: Flask, change: dict[str, Any], said: str) -> None:
    client = as_a(demo, "desk-officer")
    before = everything()
    status, page = send(client, "/new", **FIELDS | change)
    assert status == 422 and any(said in fault for fault in faults(page)), faults(page)
    assert "Do this." in page and everything() == before  # nothing that was typed is lost


def test_amounts_of_a_call_are_read_as_its_writer_types_them(demo: Flask) -> None:
    """1.234 is 1234 to whoever writes in French; in English it has three decimals, which no amount has."""
    client = as_a(demo, "desk-officer")
    status, page = send(client, "/new", **FIELDS | {"floor": "1.234"})
    assert status == 422 and any("“1.234” is no amount" in fault for fault in faults(page))
    client.get("/help?lang=fr")
    assert send(client, "/new", **FIELDS | {"floor": "1.234"})[0] == 302
    assert again().floor_cents == 123_400


def test_signs_that_are_no_letters(demo: Flask) -> None:
    """A database that refuses them is never asked, and no answer is a failure of the program."""
    client = as_a(demo, "desk-officer")
    bad = {name: f"{value}\x07\x85" for name, value in FIELDS.items() if isinstance(value, str)}
    assert send(client, "/new", **bad | {"regions": ["\x07"]})[0] == 422
    assert send(client, "/new", **FIELDS | {"title_en": "\0"})[0] == 400  # whatever the page
    status, page = send(client, "/new", **FIELDS | {"title_en": "A\x07 call\x1b", "guidance_en": "Do\x08\r\nthis"})
    assert status == 302 and "A call" in page and again().guidance["en"] == "Do\nthis"
    for address in ("?q=%00", "?q=%ff&area=%00", "/%00", "/2031-1%00", "/2031-1/documents/%00", "/2031-1%0A"):
        assert client.get(f"/UPR/calls{address}").status_code in (200, 400, 404), address


def test_all_faults_are_said_at_once(demo: Flask) -> None:
    bad = {"code": "x", "envelope": "x", "opens_on": "x", "closes_hour": "x", "states": "x", "areas": ["0"]}
    status, page = send(as_a(demo, "desk-officer"), "/new", **FIELDS | bad)
    assert status == 422 and page.count('class="govuk-error-message"') >= 4


def test_a_code_that_is_taken(demo: Flask) -> None:
    draft()
    status, page = send(as_a(demo, "desk-officer"), "/new", **FIELDS)
    assert status == 422 and "The fund has a call 2031-1 already" in page


def test_two_at_one_draft_lose_nothing(demo: Flask) -> None:
    draft(title={"en": "Theirs"})
    client = as_a(demo, "secretary")
    form = text_of(client, "/UPR/calls/2031-1/change")
    assert 'name="version" value="1"' in form
    with unit_of_work(someone(Role.DESK_OFFICER)) as work:
        change_call(
            work,
            named_call(work.session, fund(), "2031-1"),
            given(title={"en": "Theirs again"}, envelope=5_000_000_00),
            1,
        )
    status, page = send(client, "/2031-1/change", **FIELDS | {"title_en": "Mine", "version": "1"})
    assert status == 409 and "Theirs again" in page and "5000000.00" in page and 'value="Mine"' in page
    assert "Somebody else changed the call 2031-1" in page
    assert 'name="version" value="2"' in page
    status, page = send(client, "/2031-1/change", **FIELDS | {"title_en": "Mine", "version": "2"})
    assert status == 302 and again().names["en"] == "Mine"


def test_two_at_one_question(demo: Flask) -> None:
    draft()
    with unit_of_work(someone(Role.DESK_OFFICER)) as work:
        ask_for(
            work,
            named_call(work.session, fund(), "2031-1"),
            Item.QUESTION,
            GivenItem("why", {"en": "Why?"}, limit=100),
            1,
        )
    client = as_a(demo, "secretary")
    mine = {"code": "why", "name_en": "Why not?", "limit": "50", "version": "1"}
    status, page = send(client, "/2031-1/questions/why", **mine)
    assert status == 409 and "Why?" in page and "Why not?" in page and 'value="2"' in page
    status, page = send(client, "/2031-1/questions/why", **mine | {"version": "2"})
    assert status == 302 and "Why not?" in page
    assert client.post("/UPR/calls/2031-1/questions/why/drop", data={"version": "1"}).status_code == 409
    status, page = send(client, "/2031-1/questions/why/drop", version="3")
    assert status == 302 and "Why not?" not in page
    assert client.post("/UPR/calls/2031-1/questions/why/drop", data={"version": "4"}).status_code == 409


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("documents", {"code": "Two words"}, "“two words” is no code"),
        ("documents", {"code": ""}, "“” is no code"),
        ("documents", {"name_en": ""}, "Write it in one language at least"),
        ("documents", {"name_fr": "x" * 201}, "at most 200"),
        ("questions", {}, "Say how many words an answer may have"),
        ("questions", {"limit": "many"}, "“many” is no number of words"),
        ("questions", {"limit": "5001"}, "from 1 to 5000"),
    ],
)
def test_bad_documents_and_questions(demo: Flask, kind: str, change: dict[str, str], said: str) -> None:
    draft()
    status, page = send(as_a(demo, "desk-officer"), f"/2031-1/{kind}/new", **ITEM | change)
    assert status == 422 and any(said in fault for fault in faults(page)), faults(page)
