"""Every form of receiving takes whatever is sent to it: a page with a sentence, never an error of the program."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from receiving import pledge
from test_board_hostile import HOSTILE, RAW, fields
from test_receiving_pages import HERE, world
from visiting import as_a, text_of

from fundapp.finance.models import PledgeChange, Receipt, Reminder, Settlement
from fundapp.kernel.database import db

pytestmark = pytest.mark.usefixtures("one_click")


def counts() -> list[int]:
    db.session.rollback()
    tables = (Receipt, Settlement, PledgeChange, Reminder)
    return [db.session().scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables]


@pytest.mark.slow
def test_no_form_breaks_on_what_is_sent_to_it(demo: Flask) -> None:
    _key, first = world()
    pledge(number="2020-002")
    client, before = as_a(demo, "finance-officer"), counts()
    forms = {
        "/receipts/new": "/receipts/new",
        "/receipts/R2020-0001": "/receipts/R2020-0001/settle",
        "/receipts/R2020-0001/undo": "/receipts/R2020-0001/undo",
        "/receipts/R2020-0001/refund": "/receipts/R2020-0001/refund",
        "/pledges/2020-002/bind": "/pledges/2020-002/bind",
        "/pledges/2020-001/change": "/pledges/2020-001/change",
        f"/ageing/{first}/remind": f"/ageing/{first}/remind",
    }
    for page, address in forms.items():
        names = fields(client, f"{HERE}{page}")
        assert names, page
        for value in HOSTILE:
            if address.endswith("undo") and len("short") <= len(value.strip()) < 2_000:
                continue  # a reason like any other
            answer = client.post(f"{HERE}{address}", data=dict.fromkeys(names, value))
            assert answer.status_code in (400, 409, 413, 422), (address, value[:20], answer.status_code)
        for body, kind in RAW:
            assert client.post(f"{HERE}{address}", data=body, content_type=kind).status_code < 500, (address, body[:20])
    assert counts() == before


@pytest.mark.slow
def test_no_address_breaks_on_what_is_asked_of_it(demo: Flask) -> None:
    world()
    client = as_a(demo, "finance-officer")
    for value in HOSTILE:
        for address, name in (
            ("/receipts", "q"), ("/receipts", "year"), ("/receipts", "page"), ("/receipts", "sort"), ("/ageing", "on"),
            ("/ageing", "age"), ("/ageing", "sort"), ("/donors/CHE", "on"), ("/receipts/new", "donor"),
        ):  # fmt: skip
            answer = client.get(f"{HERE}{address}", query_string={name: value[:2_000]})
            assert answer.status_code in (200, 400, 422), (address, name, value[:20], answer.status_code)
        for address in ("/receipts/", "/pledges/", "/donors/", "/pledge-changes/", "/ageing/"):
            assert client.get(f"{HERE}{address}{value[:200]}/x").status_code in (308, 400, 404), (address, value[:20])


def test_an_amount_in_a_sentence_is_no_markup_to_be_read(demo: Flask) -> None:
    world()
    client = as_a(demo, "finance-officer")
    for address in ("/receipts/R2020-0001/refund", "/pledges/2020-001/change", "/receipts/R2020-0001", "/receipts/new"):
        assert "&lt;bdi" not in text_of(client, f"{HERE}{address}"), address
