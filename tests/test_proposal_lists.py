"""Lists of proposals: every filter narrows as a plain comparison would, and nobody sees beyond what is theirs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from calls import fund, someone
from flask import Flask
from many import LIST, SIZE, Rows, every, fill, listed, seen
from python_calamine import CalamineWorkbook
from visiting import as_a, statements, text_of

from conftest import vandal
from fundapp.access.policy import Role
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.text import fold
from fundapp.proposals.models import Proposal, ProposalArea
from fundapp.proposals.queries import named_call
from fundapp.reference.models import Country
from fundapp.reference.queries import countries_with
from fundapp.reference.rules import Status

Test = Callable[[Any], bool]

pytestmark = pytest.mark.usefixtures("one_click")


@pytest.fixture
def full(registered: Flask) -> Flask:
    """Proposals of many offices to a call of long ago and to one that is open."""
    fill()
    return registered


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
    addresses = ("", "/list.csv", "/board", "/due", "/due.csv", "/bulk", "/lists")
    for role in (Role.FINANCE_OFFICER, Role.ADMINISTRATOR):
        client = as_a(full, role)
        for address in addresses:
            assert client.get(f"{LIST}{address}").status_code == 403, (role, address)


def test_a_trustee_finds_none_that_is_not_open_to_them(full: Flask) -> None:
    trustee = as_a(full, Role.TRUSTEE)
    known = [one.reference for one in db.session().scalars(sa.select(Proposal)) if one.handed_in]
    for address in ("", "/list.csv", "/board", "/due", "/due.csv"):
        text = trustee.get(f"{LIST}{address}", buffered=True).text
        assert known and not [one for one in known if one in text], address


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
