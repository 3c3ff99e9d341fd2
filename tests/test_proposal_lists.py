"""Lists of proposals: every filter narrows as a plain comparison would, and nobody sees beyond what is theirs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from calls import fund, office, opened, past, someone
from flask import Flask
from flask.testing import FlaskClient
from proposing import in_screening, member, returned, submitted
from python_calamine import CalamineWorkbook
from visiting import as_a, statements, text_of

from bench.many import seed
from conftest import vandal
from fundapp.access.models import Person
from fundapp.access.policy import Role
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.icalendar import folded
from fundapp.kernel.text import fold
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal, ProposalArea, SavedView, ScreeningQuestion
from fundapp.proposals.operations.views import keep_view
from fundapp.proposals.queries import named_call
from fundapp.proposals.rules.stages import OF_THE_OFFICE
from fundapp.reference.models import Country
from fundapp.reference.queries import countries_with
from fundapp.reference.rules import Status

LIST = "/UPR/proposals"
SIZE = 240
Rows = list[Any]
Test = Callable[[Any], bool]


@pytest.fixture(autouse=True)
def one_click(registered: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration's people sign in without proof."""
    monkeypatch.setitem(registered.config, "FUNDAPP_DEMONSTRATION", True)


@pytest.fixture
def full(registered: Flask) -> Flask:
    """Proposals of many offices to a call of long ago and to one that is open."""
    past("2010-1", closed=datetime.fromisoformat("2010-06-30T12:00"))
    opened("2031-1")
    seed(db.session(), fund(), SIZE, now())
    return registered


def every() -> Rows:
    """All proposals as the table has them."""
    db.session().rollback()
    return list(db.session().execute(sa.select(Proposal.__table__).order_by(Proposal.id)))


def seen(role: Role) -> Rows:
    """Those that the demonstration's person of a role may see, found one by one."""
    held = {grant.office_id for grant in someone(role).grants if grant.office_id}
    if held:
        return [row for row in every() if row.office_id in held]
    return [row for row in every() if role is Role.AUDITOR or row.stage not in OF_THE_OFFICE]


def listed(client: FlaskClient, **words: Any) -> list[str]:
    """The references of a list, as its file has them."""
    answer = client.get(f"{LIST}/list.csv?{urlencode(words, doseq=True)}", buffered=True)
    assert answer.status_code == 200, answer.text
    return [row[0] for row in csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))][1:]


def on_page(text: str) -> list[str]:
    """The references that a page shows, in order."""
    return re.findall(r'app-under"><bdi dir="ltr">([0-9-]+)</bdi>', text)


def country(code: str) -> Any:
    return db.session().execute(sa.select(Country.__table__).where(Country.code == code)).one()


def of_africa() -> set[str]:
    """The codes of Africa's countries: Northern Africa and the rest."""
    asked = sa.select(Country.code).where(Country.subregion.in_(("015", "202", "014", "017", "018", "011")))
    return set(db.session().scalars(asked))


def with_status(status: Status) -> Test:
    """Whether the State had a status when its call closed, or has it now."""
    days = {call.id: (call.closes_at if call.closes_at <= now() else now()).date() for call in _calls()}
    return lambda row: row.country in countries_with(db.session(), status, days[row.call_id])


def _calls() -> Rows:
    from_table = sa.table("call", sa.column("id"), sa.column("closes_at", sa.DateTime), sa.column("opened_at"))
    return list(db.session().execute(sa.select(from_table).where(from_table.c.opened_at.is_not(None))))


def _cases() -> dict[str, tuple[dict[str, Any], Test]]:
    """What an address says, and what it means of a row."""
    rows = seen(Role.DESK_OFFICER)
    first = rows[0]
    mine = someone(Role.DESK_OFFICER).id
    area = db.session().scalars(sa.select(ProposalArea.area_id)).first()
    has = set(db.session().scalars(sa.select(ProposalArea.proposal_id).where(ProposalArea.area_id == area)))
    africa, part = of_africa(), country(first.country).subregion
    return {
        "call": ({"call": first.call_id}, lambda row: row.call_id == first.call_id),
        "stages": ({"stage": ["submitted", "eligible"]}, lambda row: row.stage in ("submitted", "eligible")),
        "region": ({"region": "002"}, lambda row: row.country in africa),
        "subregion": ({"region": part}, lambda row: country(row.country).subregion == part),
        "country": ({"country": first.country}, lambda row: row.country == first.country),
        "ldc": ({"status": "ldc"}, with_status(Status.LDC)),
        "either": (
            {"status": ["sids", "lldc"]},
            lambda row: with_status(Status.SIDS)(row) or with_status(Status.LLDC)(row),
        ),
        "area": ({"area": area}, lambda row: row.id in has),
        "least": ({"least": "20 000.00"}, lambda row: row.total_cents >= 20_000_00),
        "most": ({"most": "20,000"}, lambda row: row.total_cents <= 20_000_00),
        "between": (
            {"least": "10000", "most": "20000"},
            lambda row: 10_000_00 <= row.total_cents <= 20_000_00,
        ),
        "mine": ({"officer": "mine"}, lambda row: row.officer_id == mine),
        "nobody": ({"officer": "nobody"}, lambda row: row.officer_id is None),
        "officer": ({"officer": mine}, lambda row: row.officer_id == mine),
        "language": ({"language": "fr"}, lambda row: row.language == "fr"),
        "words": ({"q": "TORTURE Réco"}, lambda row: "torture" in row.sought and "reco" in row.sought),
        "reference": ({"q": first.reference}, lambda row: row.reference == first.reference),
    }


def test_each_filter_narrows_as_a_plain_comparison_does(full: Flask) -> None:
    client, rows = as_a(full, Role.DESK_OFFICER), seen(Role.DESK_OFFICER)
    assert len(rows) > 100
    for name, (words, test) in _cases().items():
        wanted = sorted(row.reference for row in rows if test(row))
        assert wanted and len(wanted) < len(rows), name
        assert sorted(listed(client, **words)) == wanted, name


def test_filters_together_narrow_together(full: Flask) -> None:
    client, rows, cases = as_a(full, Role.DESK_OFFICER), seen(Role.DESK_OFFICER), _cases()
    for names in (
        ("stages", "least"),
        ("region", "ldc"),
        ("call", "either", "most"),
        ("region", "country"),
        ("mine", "area", "language"),
        ("words", "stages", "between", "call"),
    ):
        words: dict[str, Any] = {}
        for name in names:
            words |= cases[name][0]
        wanted = sorted(row.reference for row in rows if all(cases[name][1](row) for name in names))
        assert sorted(listed(client, **words)) == wanted, names


def test_a_status_is_that_of_the_day_on_which_the_call_closed(full: Flask) -> None:
    """Samoa was a least developed country until 2014: to the call of 2010 it is one, to the open one it is not."""
    old, new = (_call(code) for code in ("2010-1", "2031-1"))
    with vandal() as connection:
        table = Proposal.__table__
        ids = connection.execute(sa.select(table.c.id).order_by(table.c.id).limit(2)).scalars().all()
        for key, call in zip(ids, (old, new), strict=True):
            row = {"call_id": call, "country": "WSM", "stage": "submitted", "number": 900 + key}
            connection.execute(sa.update(table).where(table.c.id == key).values(row))
    at_first, later = (db.session().get_one(Proposal, key).reference for key in ids)
    found = listed(as_a(full, Role.DESK_OFFICER), status="ldc", country="WSM")
    assert at_first in found and later not in found


def _call(code: str) -> int:
    return named_call(db.session(), fund(), code).id


@pytest.mark.parametrize("sort", ["reference", "amount", "since", "submitted"])
def test_a_list_is_ordered_both_ways(full: Flask, sort: str) -> None:
    client = as_a(full, Role.AUDITOR)
    column = {"amount": "total_cents", "since": "stage_since", "submitted": "submitted_at"}.get(sort, "reference")
    rows = [row for row in seen(Role.AUDITOR) if getattr(row, column) is not None]
    known = {row.reference for row in rows}
    up = [row.reference for row in sorted(rows, key=lambda row: (getattr(row, column), row.id))]
    assert [one for one in listed(client, sort=sort) if one in known] == up
    assert [one for one in listed(client, sort=f"-{sort}") if one in known] == up[::-1]


def test_states_are_ordered_by_their_names_in_the_readers_language(full: Flask) -> None:
    client = as_a(full, Role.AUDITOR)
    client.get("/help?lang=fr")
    text = client.get(f"{LIST}/list.csv?sort=state&columns=state", buffered=True).text
    names = [row[2] for row in csv.reader(io.StringIO(text))][1:]
    folded_names = list(dict.fromkeys(name for name in names if name))
    assert len(folded_names) == len(set(folded_names))
    letters = [fold(name)[0] for name in folded_names]  # "É" stands among the names with "E"
    assert letters == sorted(letters) and any(name[0] == "É" for name in folded_names)
    client.get("/help?lang=en")


# ------------------------------------------------------------------------------------------------------- who sees what


@pytest.mark.parametrize(
    "role", [Role.FIELD_OFFICER, Role.HEAD_OF_OFFICE, Role.DESK_OFFICER, Role.SECRETARY, Role.AUDITOR]
)
def test_everybody_sees_what_is_theirs_in_lists_counts_and_files(full: Flask, role: Role) -> None:
    client, rows = as_a(full, role), seen(role)
    wanted = sorted(row.reference for row in rows)
    assert 0 < len(wanted) < SIZE or role is Role.AUDITOR
    assert sorted(listed(client)) == wanted
    text = text_of(client, LIST)
    assert f"<b>{len(wanted)} proposal" in text
    total = sum(row.total_cents for row in rows)
    assert f"{total // 100:,}".replace(",", "\u00a0") in text
    shown: list[str] = []
    for page in range(1, -(-len(wanted) // 60) + 1):
        shown += on_page(text_of(client, f"{LIST}?page={page}"))
    assert sorted(shown) == wanted
    board = text_of(client, f"{LIST}/board")
    counts = {
        name: int(many) for name, many in re.findall(r'id="stage-([a-z-]+)".*?<b><bdi dir="ltr">(\d+)</bdi></b>', board)
    }
    assert sum(counts.values()) == len(wanted)
    for stage, many in counts.items():
        assert many == sum(row.stage == stage for row in rows), stage
    due = {row[3] for row in csv.reader(io.StringIO(client.get(f"{LIST}/due.csv", buffered=True).text))}
    strangers = {row.reference for row in every()} - set(wanted)
    for page_text in (text, board, text_of(client, f"{LIST}/due"), client.get(f"{LIST}/due.ics").text):
        assert not strangers & set(re.findall(r"\d{4}-\d-\d{3,}", page_text))
    assert not due & strangers


def test_others_do_not_read_lists_of_proposals(full: Flask) -> None:
    for role in (Role.TRUSTEE, Role.FINANCE_OFFICER, Role.ADMINISTRATOR):
        client = as_a(full, role)
        for address in ("", "/list.csv", "/board", "/due", "/due.csv", "/bulk", "/lists"):
            assert client.get(f"{LIST}{address}").status_code == 403, (role, address)


def test_an_office_is_not_told_who_the_desk_officers_are(full: Flask) -> None:
    client = as_a(full, Role.FIELD_OFFICER)
    assert someone(Role.DESK_OFFICER).name not in text_of(client, LIST)
    assert client.get(f"{LIST}?officer={someone(Role.DESK_OFFICER).id}").status_code == 400
    assert client.get(f"{LIST}?columns=officer").status_code == 400


# ---------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("sort=x", "“x” (Order) cannot be chosen here."),
        ("least=abc", "“abc” (Amount from) is no amount."),
        ("most=-5", "“-5” (Amount to) is no amount."),
        ("least=9&most=8", "The least amount, 9.00, is above the most, 8.00."),
        ("region='", "(Region) cannot be chosen here."),
        ("country=fji", "“fji” (Country) cannot be chosen here."),
        ("call=1%20or%201=1", "(Call) cannot be chosen here."),
        ("call=99999999999999999999", "(Call) cannot be chosen here."),
        ("stage=submitted&stage=none", "“none” (Stage) cannot be chosen here."),
        ("stage=draft", "“draft” (Stage) cannot be chosen here."),
        ("status=LDC", "“LDC” (Least developed, small island, landlocked) cannot be chosen here."),
        ("area=0", "“0” (Focus area) cannot be chosen here."),
        ("officer=me", "“me” (Desk officer) cannot be chosen here."),
        ("language=de", "“de” (Written in) cannot be chosen here."),
        ("columns=unknown", "“unknown” (Columns) cannot be chosen here."),
        (f"q={'a' * 5000}", "These are 5000 characters; at most 200 are looked for."),
    ],
)
def test_what_cannot_be_asked_is_said_and_nothing_is_listed(full: Flask, query: str, says: str) -> None:
    client = as_a(full, Role.DESK_OFFICER)
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 400 and says in answer.text.replace("&#39;", "'")
    assert not on_page(answer.text)
    files = client.get(f"{LIST}/list.csv?{query}", buffered=True)
    assert files.status_code == 400 and says in files.text
    assert client.get(f"{LIST}/bulk?do=screen&all=yes&{query}").status_code == 400


@pytest.mark.parametrize("number", ["0", "-1", "1" + "0" * 30, "x", "", "1.5", "٣"])
def test_a_page_that_is_none_is_the_first_or_the_last(full: Flask, number: str) -> None:
    assert on_page(text_of(as_a(full, Role.AUDITOR), f"{LIST}?{urlencode({'page': number})}"))


@pytest.mark.parametrize("words", ["%", "_", "\\", "'; drop table proposal --", "…", "\u202e", "<script>"])
def test_signs_are_looked_for_as_they_are(full: Flask, words: str) -> None:
    answer = as_a(full, Role.AUDITOR).get(f"{LIST}?{urlencode({'q': words})}")
    assert answer.status_code == 200 and "Nothing found" in answer.text and "<script>" not in answer.text


# ------------------------------------------------------------------------------------------- columns, files, questions


def test_page_csv_and_workbook_say_the_same(full: Flask) -> None:
    client = as_a(full, Role.DESK_OFFICER)
    query = "stage=submitted&columns=state&columns=amount&columns=stage,call&sort=-amount"
    rows = list(
        csv.reader(io.StringIO(client.get(f"{LIST}/list.csv?{query}", buffered=True).text.removeprefix("\ufeff")))
    )
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{LIST}/list.xlsx?{query}").data))
    cells = book.get_sheet_by_index(0).to_python()
    assert rows[0] == cells[0] == ["Reference", "Title", "Call", "Country", "Requested", "Stage"]
    assert [[*row[:4], float(row[4]), row[5]] for row in rows[1:]] == cells[1:]
    assert on_page(text_of(client, f"{LIST}?{query}")) == [row[0] for row in rows[1:61]]


def test_a_title_is_never_a_formula(full: Flask) -> None:
    key = seen(Role.DESK_OFFICER)[0].id
    with vandal() as connection:
        said = {"title": '=HYPERLINK("http://example.org")<b>'}
        connection.execute(sa.update(Proposal.__table__).where(Proposal.__table__.c.id == key).values(said))
    client = as_a(full, Role.DESK_OFFICER)
    assert "'=HYPERLINK" in client.get(f"{LIST}/list.csv", buffered=True).text
    assert "<b>" not in client.get(f"{LIST}?q={seen(Role.DESK_OFFICER)[0].reference}").text.split("rowheader")[1][:400]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DESK_OFFICER, Role.FIELD_OFFICER])
def test_a_page_asks_four_questions_whatever_it_lists(full: Flask, role: Role) -> None:
    client = as_a(full, role)
    for query in (
        "",
        "?page=2" if role is not Role.FIELD_OFFICER else "?page=1",
        "?stage=submitted&status=ldc&region=002&q=torture&sort=state",
    ):
        text_of(client, f"{LIST}{query}")
        with statements() as asked:
            text_of(client, f"{LIST}{query}")
        assert len(asked) <= 4, (query, asked)
    for address, most in (("/board", 4), ("/due", 8)):
        text_of(client, f"{LIST}{address}")
        with statements() as asked:
            text_of(client, f"{LIST}{address}")
        assert len(asked) <= most, (address, len(asked))


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
    assert client.post(f"{LIST}/lists/new", data={"name": "All"}).status_code == 409
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
    answer = client.post(f"{LIST}/bulk", data={"do": "screen", "chosen": chosen})
    assert answer.status_code == 200 and "1 proposal: done. 4 were refused." in answer.text
    stages = {row.reference: row.stage for row in every()}
    assert stages[first] == stages[other] == "in-screening"
    again = client.post(f"{LIST}/bulk", data={"do": "screen", "chosen": [first]})
    assert "0 proposals: done." in again.text and "1 was refused." in again.text


def test_a_secretary_names_the_desk_officer_of_several(registered: Flask) -> None:
    chosen = [submitted().reference, submitted("2031-2").reference]
    client, desk = as_a(registered, Role.SECRETARY), someone(Role.DESK_OFFICER).id
    assert "It will happen to 2 proposals" in text_of(client, f"{LIST}/bulk?do=assign&all=yes&stage=submitted")
    for officer in ("", "0", str(someone(Role.TRUSTEE).id), "x", "9" * 30):
        answer = client.post(f"{LIST}/bulk", data={"do": "assign", "chosen": chosen, "officer": officer})
        assert answer.status_code == 422 and "Choose a desk officer." in answer.text
    answer = client.post(f"{LIST}/bulk", data={"do": "assign", "chosen": chosen, "officer": str(desk)})
    assert "2 proposals: done." in answer.text
    assert {row.officer_id for row in every()} == {someone(Role.DESK_OFFICER).id}
    twice = client.post(f"{LIST}/bulk", data={"do": "assign", "chosen": chosen[:1], "officer": str(desk)})
    assert "sees to it already." in twice.text


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
