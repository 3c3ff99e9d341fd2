"""Letters of thanks: recorded once as sent, by whoever writes to donors; receipts that nobody thanked for are found."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from commands import Command, command
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from receiving import bound, paid, rates
from sqlalchemy.exc import DBAPIError
from visiting import as_a, statements, text_of

from conftest import vandal
from fundapp.access.operations import Console
from fundapp.finance.models import Receipt, Thanks
from fundapp.finance.operations.receiving import undo_receipt
from fundapp.finance.operations.reminding import thank
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work

__all__ = ["command"]
pytestmark = pytest.mark.usefixtures("one_click")
HERE = "/UPR/finance/receipts"
LETTER = "/UPR/documents/donors/thanks/R2020-0001.pdf"
NUMBER = "R2020-0001"


def received() -> None:
    rates()
    bound()
    paid(date(2020, 6, 15), 120_000_00, reference="MT 1")
    paid(date(2020, 6, 16), 60_000_00, reference="MT 2")


def thanked() -> list[Thanks]:
    db.session.expire_all()
    return list(db.session().scalars(sa.select(Thanks)))


def sent(client: FlaskClient, **said: Any) -> Any:
    return client.post(f"{HERE}/{NUMBER}/thank", data={"on": "2020-06-20", "language": "fr", **said})


def test_a_letter_of_thanks_is_recorded_once_with_who_when_and_language(demo: Flask) -> None:
    received()
    client = as_a(demo, "secretary")
    assert "Record as thanked" in text_of(client, f"{HERE}/{NUMBER}")
    assert "Record the letter as sent" in text_of(client, f"{HERE}/{NUMBER}/thank")
    assert sent(client).status_code == 302
    [found] = thanked()
    assert (found.thanked_on, found.language) == (date(2020, 6, 20), "fr") and found.by.startswith("person:")
    page = text_of(client, f"{HERE}/{NUMBER}")
    assert "Thanked on" in page and "Record as thanked" not in page
    again = sent(client, on="2020-07-01")
    assert again.status_code == 409 and "was sent already" in again.text and len(thanked()) == 1
    letter = client.get(LETTER)
    assert "-fr.pdf" in letter.headers["Content-Disposition"]
    assert "20 juin 2020" in " ".join(PdfReader(io.BytesIO(letter.data)).pages[0].extract_text().split())
    assert "-en.pdf" in client.get(f"{LETTER}?language=en").headers["Content-Disposition"]


def test_who_was_never_thanked_is_found(demo: Flask) -> None:
    received()
    client = as_a(demo, "secretary")
    assert text_of(client, HERE).count("not yet") == 2
    sent(client)
    every, left = text_of(client, HERE), text_of(client, f"{HERE}?state=unthanked")
    assert NUMBER in every and "R2020-0002" in every
    assert NUMBER not in left and "R2020-0002" in left and "Not thanked for yet" in left
    rows = list(
        csv.DictReader(io.StringIO(client.get(f"{HERE}/list.csv", buffered=True).get_data().decode("utf-8-sig")))
    )
    assert {row["Number"]: row["Thanked on"] for row in rows} == {NUMBER: "2020-06-20", "R2020-0002": ""}
    reads = as_a(demo, "auditor")
    assert "not yet" in text_of(reads, HERE) and "/thank" not in text_of(reads, HERE)


def test_the_command_line_says_when_a_donor_was_thanked(demo: Flask, command: Command) -> None:
    received()
    with unit_of_work(Console()) as work:
        found = work.session.scalars(sa.select(Receipt).where(Receipt.number == NUMBER)).one()
        thank(work, found, date(2020, 6, 20), "fr")
    shown = csv.DictReader(io.StringIO(command("receipts", "list", "UPR", "--format", "csv").out))
    assert {row["number"]: row["thanked"] for row in shown} == {NUMBER: "2020-06-20", "R2020-0002": ""}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"on": ""}, "is no date"),
        ({"on": "soon"}, "is no date"),
        ({"on": "2020-02-30"}, "is no date"),
        ({"on": "2020-06-14"}, "cannot be older"),
        ({"on": (today() + timedelta(days=2)).isoformat()}, "in the future"),
        ({"language": "de"}, "There is no language"),
        ({"language": ""}, "There is no language"),
        ({"language": "x" * 5000}, "There is no language"),
    ],
)
def test_a_letter_that_cannot_be_names_its_field(demo: Flask, said: dict[str, str], sentence: str) -> None:
    received()
    answer = sent(as_a(demo, "finance-officer"), **said)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not thanked()


def test_others_do_not_record_it_and_nothing_is_thanked_for_that_is_not_there(demo: Flask) -> None:
    received()
    for role in ("auditor", "trustee", "certifying-officer"):
        assert sent(as_a(demo, role)).status_code == 403, role
    client = as_a(demo, "secretary")
    for address in ("/UPR/finance/receipts/R2020-0009/thank", f"/AHA/finance/receipts/{NUMBER}/thank"):
        assert client.get(address).status_code == 404
        assert client.post(address, data={"on": "2020-06-20", "language": "fr"}).status_code == 404
    with unit_of_work(Console()) as work:
        undo_receipt(work, work.session.scalars(sa.select(Receipt).where(Receipt.number == NUMBER)).one(), "Mistake.")
    answer = sent(client)
    assert answer.status_code == 409 and "was taken back" in answer.text
    assert NUMBER not in text_of(client, f"{HERE}?state=unthanked") and not thanked()


def test_what_was_sent_stays(demo: Flask) -> None:
    received()
    sent(as_a(demo, "secretary"))
    table = Thanks.__table__
    with pytest.raises(DBAPIError, match="append-only"), vandal() as connection:
        connection.execute(sa.update(table).values(language="en"))
    with pytest.raises(DBAPIError, match="append-only"), vandal() as connection:
        connection.execute(sa.delete(table))
    assert len(thanked()) == 1


def test_its_pages_cost_few_queries(demo: Flask) -> None:
    received()
    client = as_a(demo, "secretary")
    sent(client)
    for address in (HERE, f"{HERE}?state=unthanked", f"{HERE}/{NUMBER}", f"{HERE}/R2020-0002/thank"):
        with statements() as asked:
            text_of(client, address)
        assert len(asked) <= 15, (address, len(asked), asked)
