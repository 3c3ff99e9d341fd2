"""Pages of receipts, the money of pledges, ageing and donors' statements: what they do, refuse, and cost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from receiving import balance, bound, instalments, paid, pledge, rates, settles
from visiting import as_a, statements, text_of

from fundapp.contributions.models import Pledge, PledgeStage
from fundapp.finance.models import ChangeStage, PledgeChange, Receipt, Reminder, Settlement
from fundapp.kernel.database import db

pytestmark = pytest.mark.usefixtures("one_click")
HERE = "/UPR/finance"
FIRST, SECOND = date(2020, 6, 30), date(2020, 12, 31)
MOST = 15
LETTERS = "/UPR/documents/donors"


def world() -> tuple[int, int]:
    """A pledge in Swiss francs, one instalment of it paid in part, and the keys of the two."""
    rates()
    key = bound()
    settles(paid(date(2020, 6, 15), 120_000_00, reference="MT 1"), instalments(key)[0], 60_000_00)
    return key, instalments(key)[0]


def send(client: FlaskClient, address: str, **data: Any) -> tuple[int, str]:
    answer = client.post(f"{HERE}{address}", data=data)
    while answer.status_code == 302:
        answer = client.get(answer.headers["Location"])
    return answer.status_code, answer.get_data(as_text=True)


def test_a_receipt_is_recorded_settled_and_taken_back(demo: Flask) -> None:
    rates()
    part = instalments(bound())[0]
    client = as_a(demo, "finance-officer")
    assert "Record a receipt" in text_of(client, f"{HERE}/receipts")
    given = {"donor": "CHE", "on": "2020-06-15", "amount": "60 000.00", "currency": "CHF", "reference": "MT 1"}
    status, page = send(client, "/receipts/new", **given)
    assert (status, "R2020-0001 is recorded" in page) == (200, True)
    assert "62\N{NO-BREAK SPACE}500.00" in page
    status, page = send(client, "/receipts/R2020-0001/settle", instalment=str(part), amount="60000")
    assert (status, "It is settled." in page, "2020-001/1" in page) == (200, True, True)
    assert balance("LIA.ADVANCE") == 0
    money = text_of(client, f"{HERE}/pledges/2020-001")
    assert "644.33" in money
    status, page = send(client, "/receipts/R2020-0001/undo", reason="Of another fund.")
    assert (status, "This receipt was taken back" in page) == (200, True)
    assert "Taken back: R2020-0001" in text_of(client, f"{HERE}/entries?from=2020-01-01&to=2020-12-31&donor=CHE")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("donor", "", "Choose the donor."),
        ("donor", "XYZ", "Choose the donor."),
        ("on", "30.6.2020", "is no date"),
        ("on", "", "is no date"),
        ("on", "2199-01-01", "in the future"),
        ("on", "2019-12-31", "no United Nations operational rate for CHF"),
        ("amount", "", "Write an amount above nil"),
        ("amount", "ten", "is no amount"),
        ("amount", "1.234,567", "decimals"),
        ("amount", "-5", "above nil"),
        ("amount", "0", "above nil"),
        ("amount", "9" * 30, "larger than the books can hold"),
        ("currency", "XXX", "Nobody knows the currency"),
        ("currency", "<b>", "Nobody knows the currency"),
        ("reference", "x" * 256, "at most 255"),
        ("note", "x" * 2001, "at most 2000"),
    ],
)
def test_a_receipt_that_cannot_be_names_its_field(demo: Flask, field: str, value: str, sentence: str) -> None:
    rates()
    client = as_a(demo, "finance-officer")
    given = {"donor": "CHE", "on": "2020-06-15", "amount": "5.00", "currency": "CHF"}
    status, page = send(client, "/receipts/new", **{**given, field: value})
    assert status in (409, 422)
    assert sentence in page.replace("\N{NO-BREAK SPACE}", " ")
    assert db.session().scalar(sa.select(sa.func.count()).select_from(Receipt)) == 0


def test_what_settles_too_much_or_nothing_is_refused_beside_its_field(demo: Flask) -> None:
    key, first = world()
    client = as_a(demo, "finance-officer")
    second = instalments(key)[1]
    for given, sentence in (
        ({"instalment": str(first), "amount": "40000.01"}, "outstanding of the instalment"),
        ({"instalment": str(second), "amount": "60000.01"}, "left of the receipt"),
        ({"instalment": "999999", "amount": "5"}, "Choose the instalment."),
        ({"instalment": "x", "amount": "5"}, "Choose the instalment."),
        ({"instalment": str(second), "amount": ""}, "Write an amount above nil"),
    ):
        status, page = send(client, "/receipts/R2020-0001/settle", **given)
        assert status == 422, given
        assert sentence in page
    assert db.session().scalar(sa.select(sa.func.count()).select_from(Settlement)) == 1


def test_a_pledge_is_made_to_bind_on_its_page_once(demo: Flask) -> None:
    rates()
    key = pledge()
    client = as_a(demo, "finance-officer")
    assert "does not bind yet" in text_of(client, f"{HERE}/pledges/2020-001")
    assert send(client, "/pledges/2020-001/bind", on="soon")[0] == 422
    status, page = send(client, "/pledges/2020-001/bind", on="2020-02-01")
    assert (status, "2020-001\N{POP DIRECTIONAL ISOLATE} binds." in page) == (200, True)
    assert db.session.get_one(Pledge, key).stage is PledgeStage.BINDING
    assert send(client, "/pledges/2020-001/bind", on="2020-02-01")[0] == 409


def test_less_than_was_promised_is_prepared_by_one_and_approved_by_another(demo: Flask) -> None:
    _key, first = world()
    officer, certifier = as_a(demo, "finance-officer"), as_a(demo, "certifying-officer")
    given = {"kind": "write-off", "instalment": str(first), "amount": "10000", "on": "2020-11-01"}
    status, page = send(officer, "/pledges/2020-001/change", **given, reason="")
    assert (status, "at least" in page) == (422, True)
    assert send(officer, "/pledges/2020-001/change", **{**given, "kind": "refund"}, reason="A letter.")[0] == 422
    assert send(officer, "/pledges/2020-001/change", **given, reason="A letter says so.")[0] == 200
    change = db.session().scalars(sa.select(PledgeChange)).one()
    assert "Approve" not in text_of(officer, f"{HERE}/pledge-changes/{change.id}").split("<main")[1]
    assert officer.post(f"{HERE}/pledge-changes/{change.id}/approve").status_code in (403, 404)
    assert "Waits for approval" in text_of(certifier, f"{HERE}/pledge-changes")
    assert send(certifier, f"/pledge-changes/{change.id}/refuse", answer="")[0] == 422
    status, page = send(certifier, f"/pledge-changes/{change.id}/approve", answer="")
    assert (status, "It is approved." in page) == (200, True)
    db.session.expire_all()
    assert db.session.get_one(PledgeChange, change.id).stage is ChangeStage.APPROVED
    assert send(certifier, f"/pledge-changes/{change.id}/approve", answer="")[0] == 409
    status, _page = send(officer, "/receipts/R2020-0001/refund", amount="5", on="2020-11-01", reason="A letter.")
    assert status == 200


def test_a_reminder_is_recorded_and_its_letter_is_in_the_language_of_the_donor(demo: Flask) -> None:
    _key, first = world()
    client = as_a(demo, "secretary")
    assert "Remind" in text_of(client, f"{HERE}/ageing")
    status, page = send(client, f"/ageing/{first}/remind", on="2020-09-01", language="fr")
    assert (status, "The reminder is recorded." in page) == (200, True)
    assert db.session().scalars(sa.select(Reminder)).one().outstanding_minor == 40_000_00
    letter = client.get(f"{LETTERS}/reminders/{first}/1.pdf")
    assert (letter.status_code, letter.mimetype) == (200, "application/pdf")
    assert "-fr.pdf" in letter.headers["Content-Disposition"]
    for missing in (f"{LETTERS}/reminders/{first}/2.pdf", f"{LETTERS}/reminders/999/1.pdf"):
        assert client.get(missing).status_code == 404
    assert send(client, f"/ageing/{first}/remind", on="2020-09-01", language="de")[0] == 422
    assert send(client, "/ageing/999999/remind", on="2020-09-01", language="fr")[0] == 404


def test_ageing_of_a_day_knows_what_was_outstanding_then(demo: Flask) -> None:
    world()
    client = as_a(demo, "auditor")
    page = text_of(client, f"{HERE}/ageing?on=2020-06-30").replace("\N{NO-BREAK SPACE}", " ")
    assert "144 329.89" in page  # 40 000 and 100 000 francs as booked
    assert "206 185.56" in text_of(client, f"{HERE}/ageing?on=2020-06-01").replace("\N{NO-BREAK SPACE}", " ")
    rows = client.get(f"{HERE}/ageing/list.csv?on=2020-07-31", buffered=True).text
    assert "2020-001,1,CHE" in rows
    assert ",31,31 to 90 days," in rows
    assert client.get(f"{HERE}/ageing?on=yesterday").status_code == 400
    assert "Nothing is unpaid" in text_of(client, f"{HERE}/ageing?on=2020-07-31&age=older")


@pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
def test_the_letters_are_drawn_in_six_languages(demo: Flask, language: str) -> None:
    world()
    client = as_a(demo, "finance-officer")
    for name in ("receipts/R2020-0001.pdf", "thanks/R2020-0001.pdf", "CHE/statement.pdf"):
        answer = client.get(f"{LETTERS}/{name}?language={language}")
        assert answer.status_code == 200, name
        assert answer.data.startswith(b"%PDF")


def test_a_donors_statement_says_what_it_promised_and_paid(demo: Flask) -> None:
    world()
    client = as_a(demo, "auditor")
    page = text_of(client, f"{HERE}/donors/CHE?on=2020-12-31").replace("\N{NO-BREAK SPACE}", " ")
    for text in ("200 000.00", "60 000.00", "140 000.00", "144 329.89", "125 000.00", "What the fund spent in 2020"):
        assert text in page, text
    assert client.get(f"{HERE}/donors/NOBODY").status_code == 404
    assert "R2020-0001" in client.get(f"{HERE}/donors/CHE/statement.csv", buffered=True).text


PAGES = (
    "/receipts", "/receipts/R2020-0001", "/pledges/2020-001", "/pledge-changes", "/ageing", "/donors/CHE",
)  # fmt: skip


def test_a_page_costs_as_many_queries_however_much_there_is(demo: Flask) -> None:
    world()
    client = as_a(demo, "finance-officer")
    counts = {}
    for address in PAGES:
        text_of(client, f"{HERE}{address}")
        with statements() as asked:
            text_of(client, f"{HERE}{address}")
        counts[address] = len(asked)
        assert len(asked) <= MOST, (address, len(asked), asked)
    key = bound(number="2020-002", parts=[(5_000_00, FIRST)] * 5)
    receipt = paid(date(2020, 7, 1), 50_000_00)
    for part in instalments(key):
        settles(receipt, part, 1_000_00)
    for address in PAGES:
        with statements() as asked:
            text_of(client, f"{HERE}{address}")
        assert len(asked) == counts[address], (address, asked)


def test_who_may_not_see_it_does_not_and_who_reads_changes_nothing(demo: Flask) -> None:
    _key, first = world()
    trustee, auditor = as_a(demo, "trustee"), as_a(demo, "auditor")
    for address in PAGES:
        assert trustee.get(f"{HERE}{address}").status_code in (403, 404), address
        assert auditor.get(f"{HERE}{address}").status_code == 200, address
    for address in (
        "/receipts/new", "/receipts/R2020-0001/undo", "/receipts/R2020-0001/refund", "/receipts/R2020-0001/settle",
        "/pledges/2020-001/bind", "/pledges/2020-001/change", f"/ageing/{first}/remind",
    ):  # fmt: skip
        assert auditor.post(f"{HERE}{address}").status_code == 403, address
    for address in ("/receipts/R2020-0002", "/pledges/2020-009", "/pledge-changes/99"):
        assert auditor.get(f"{HERE}{address}").status_code == 404, address
    assert auditor.get("/AHA/finance/receipts/R2020-0001").status_code == 404


def test_the_list_of_receipts_is_narrowed_sorted_and_taken_away(demo: Flask) -> None:
    world()
    paid(date(2020, 7, 1), 5_000, "JPY", donor="JPN", reference="Tokyo")
    client = as_a(demo, "auditor")
    page = text_of(client, f"{HERE}/receipts?q=tokyo")
    assert ("R2020-0002" in page, "R2020-0001" in page) == (True, False)
    assert "5\N{NO-BREAK SPACE}000&nbsp;JPY" in page
    assert "R2020-0002" in text_of(client, f"{HERE}/receipts?state=left&year=2020&sort=donor")
    assert "No receipt fits" in text_of(client, f"{HERE}/receipts?state=undone")
    assert text_of(client, f"{HERE}/receipts?year=20x0&sort=nothing&page=99&state=zz")
    rows = client.get(f"{HERE}/receipts/list.csv", buffered=True).text
    assert "R2020-0002,2020-07-01,JPN" in rows
    assert client.get(f"{HERE}/receipts/list.xlsx").status_code == 200
