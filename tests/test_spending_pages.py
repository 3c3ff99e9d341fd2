"""The pages of spending: what they show, who may do what, bad input, and how often they ask the database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from commands import Command, command
from deciding import before, decisions, proposal, taken
from flask import Flask
from flask.testing import FlaskClient
from scoring_seen import keep_from
from spending import OFFICER, allotted, commitment, committed, prepared, project, raised, release, spend
from test_spending import opened
from visiting import as_a, statements, text_of

from fundapp.finance.models import Allotment, Commitment, ProjectAccount
from fundapp.kernel.clock import today
from fundapp.kernel.database import db

__all__ = ["command"]  # a fixture
pytestmark = pytest.mark.usefixtures("one_click")
HERE = "/UPR/finance"
FIELDS = {
    "project": "P1", "line": "EXP.STAFF:010", "amount": "100.00", "payee": "Salote Tukana", "purpose": "Adviser",
    "reference": "", "committed_on": "2021-03-01", "expires_on": "2021-12-31",
}  # fmt: skip
READERS = ("finance-officer", "certifying-officer", "auditor", "secretary")


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(f"{HERE}/{path}", buffered=True)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def only(model: Any) -> int:
    """The key of the one row there is."""
    db.session().rollback()
    return int(db.session.scalars(sa.select(model.id)).one())


def filled() -> int:
    of = allotted()
    spend(of, 300_00, date(2021, 2, 1))
    spend(of, 100_00, date(2021, 8, 1), "EXP.CONTRACT")
    return committed(of, 200_00)


def test_every_page_opens_for_those_who_read_the_money(demo: Flask) -> None:
    filled()
    for role in READERS:
        client = as_a(demo, role)
        for path in ("projects", "projects/P1", "projects/P1/allotments/1", "commitments",
                     "commitments/C2021-0001"):  # fmt: skip
            assert text_of(client, f"{HERE}/{path}")
    assert "500.00" in text_of(as_a(demo, "auditor"), f"{HERE}/projects/P1")
    assert as_a(demo, "trustee").get(f"{HERE}/projects").status_code == 403


def test_pages_ask_a_constant_number_of_times(demo: Flask) -> None:
    filled()
    client = as_a(demo, "finance-officer")
    counts: dict[str, int] = {}
    for _round in range(2):
        for path in ("projects", "projects/P1", "commitments", "commitments/C2021-0001",
                     "projects/P1/allotments/1", "commitments/raise", "projects/P1/allot"):  # fmt: skip
            text_of(client, f"{HERE}/{path}")
            with statements(demo) as asked:
                text_of(client, f"{HERE}/{path}")
            assert len(asked) <= 15, (path, len(asked))
            assert counts.setdefault(path, len(asked)) == len(asked), path
        for n in range(2, 6):
            committed(project(f"P{n}") and allotted(f"Q{n}"), 10_00) if _round == 0 else None


def test_an_allotment_goes_through_the_pages(demo: Flask) -> None:
    project()
    client, certifier = as_a(demo, "finance-officer"), as_a(demo, "certifying-officer")
    answer = client.post(f"{HERE}/projects/P1/allot", data={"since": "2021-02-30", "class_010": "abc", "reason": "x"})
    assert answer.status_code == 422 and not db.session.query(Allotment).count()
    sent = {"since": "2021-02-01", "class_010": "1 000.00", "class_120": "", "reason": "As the decision has it."}
    assert client.post(f"{HERE}/projects/P1/allot", data=sent).status_code == 302
    address = f"{HERE}/projects/P1/allotments/1"
    assert client.post(f"{address}/release", data={"version": "1"}).status_code == 403
    assert certifier.post(f"{address}/release", data={"version": "9"}).status_code == 409
    assert certifier.post(f"{address}/refuse", data={"version": "1", "answer": ""}).status_code == 422
    assert certifier.post(f"{address}/release", data={"version": "1"}).status_code == 302
    assert certifier.post(f"{address}/release", data={"version": "2"}).status_code == 409
    assert "1 000.00" in text_of(client, f"{HERE}/projects/P1").replace("\u00a0", " ")


def test_a_commitment_goes_through_the_pages(demo: Flask) -> None:
    allotted()
    client, certifier = as_a(demo, "finance-officer"), as_a(demo, "certifying-officer")
    assert client.post(f"{HERE}/commitments/raise", data=FIELDS).status_code == 302
    address = f"{HERE}/commitments/C2021-0001"
    assert client.post(f"{address}/approve", data={"version": "1"}).status_code == 404
    assert certifier.post(f"{address}/approve", data={"version": "1"}).status_code == 302
    assert "The commitment is approved." in text_of(certifier, address)  # what was done, not only that it was
    step = {
        "version": str(commitment(only(Commitment)).version),
        "amount": "40.00",
        "on": "2021-04-01",
        "reason": "The first month.",
    }
    assert client.post(f"{address}/pay", data=step | {"amount": "400"}).status_code == 422
    assert client.post(f"{address}/pay", data=step | {"on": "2021-13-01"}).status_code == 422
    assert client.post(f"{address}/pay", data=step).status_code == 302
    assert "The payment is recorded." in text_of(client, address)
    assert client.post(f"{address}/pay", data=step).status_code == 409  # made from what was there before
    late = {
        "version": str(commitment(only(Commitment)).version),
        "amount": "-10",
        "on": "2021-05-01",
        "reason": "A shorter contract.",
    }
    assert certifier.post(f"{address}/change", data=late).status_code == 302
    assert "The amount of the commitment is changed." in text_of(certifier, address)
    assert client.post(f"{HERE}/commitments/carry", data={"year": "soon"}).status_code == 422
    assert client.post(f"{HERE}/commitments/carry", data={"year": "2021"}).status_code == 302
    last = {
        "version": str(commitment(only(Commitment)).version),
        "on": "2022-02-01",
        "reason": "Nothing more will come.",
    }
    assert certifier.post(f"{address}/cancel", data=last).status_code == 302
    assert "What was open of the commitment is cancelled." in text_of(certifier, address)
    assert "Nothing is open" in text_of(client, address)


def test_a_refusal_shows_the_sum(demo: Flask) -> None:
    allotted()
    client = as_a(demo, "finance-officer")
    answer = client.post(f"{HERE}/commitments/raise", data=FIELDS | {"amount": "1 000.01"})
    said = answer.get_data(as_text=True).replace("\u00a0", " ")
    assert answer.status_code == 409 and "1 000.00 dollars left" in said and "1 000.01 is more than that" in said


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("project", "NONE"), ("line", ""), ("line", "AST.CASH:010"), ("line", "EXP.STAFF:999"), ("amount", ""),
        ("amount", "-5"), ("amount", "1.234,567"), ("payee", "\x07"), ("payee", "x" * 300), ("purpose", ""),
        ("committed_on", "yesterday"), ("committed_on", "2999-01-01"), ("expires_on", "2020-01-01"),
        ("reference", "y" * 61),
    ],
)  # fmt: skip
def test_bad_input_names_its_field_and_changes_nothing(demo: Flask, field: str, value: str) -> None:
    allotted()
    answer = as_a(demo, "finance-officer").post(f"{HERE}/commitments/raise", data=FIELDS | {field: value})
    assert answer.status_code == 422, field
    assert f'id="{field}-error"' in answer.get_data(as_text=True)
    assert not db.session.query(Commitment).count()


def test_what_is_not_there_is_not_found(demo: Flask) -> None:
    client = as_a(demo, "finance-officer")
    for path in ("projects/NONE", "projects/NONE/allot", "projects/P1/allotments/99999999999999999999",
                 "commitments/C1", "projects/open/2020-1-001"):  # fmt: skip
        assert client.get(f"{HERE}/{path}").status_code == 404, path
    for path in ("commitments?stage=x&project=%07&page=99", "projects?sort=-x&page=0&q=%27"):
        assert client.get(f"{HERE}/{path}").status_code == 200, path


def test_the_lists_are_files_too(demo: Flask) -> None:
    filled()
    client = as_a(demo, "auditor")
    assert "P1,Project P1,,1500.00,200.00,400.00,900.00" in read(client, "projects/list.csv")
    assert "C2021-0001,P1,Salote Tukana" in read(client, "commitments/list.csv")
    assert client.get(f"{HERE}/commitments/list.xlsx").data[:2] == b"PK"


def test_an_interest_keeps_the_money_of_a_proposal_out_of_pages_totals_and_files(shown: Flask) -> None:
    key = before()[0]
    taken(key)
    reference = proposal(key).reference
    client = as_a(shown, "finance-officer")
    assert reference in text_of(client, f"{HERE}/projects")
    answer = client.post(
        f"{HERE}/projects/open/{reference}", data={"code": reference, "opened_on": today().isoformat()}
    )
    assert answer.status_code == 302
    of = only(ProjectAccount)
    release(prepared(of, today(), c010=10_000_00))
    raised(of, 77_77, committed_on=today(), expires_on=today())
    assert "10 000.00" in text_of(client, f"{HERE}/projects").replace("\u00a0", " ")
    keep_from(int(reference.rpartition("-")[2]), OFFICER)
    client = as_a(shown, "finance-officer")
    number = f"C{today().year}-0001"
    for path in ("projects", "commitments", "projects/list.csv", "commitments/list.csv", "commitments/raise"):
        said = read(client, path).replace("\u00a0", " ")
        assert reference not in said and number not in said and "10 000.00" not in said and "77.77" not in said, path
    for path in (f"projects/{reference}", f"commitments/{number}", f"projects/{reference}/allotments/1"):
        assert client.get(f"{HERE}/{path}").status_code == 404, path


def test_the_account_of_an_approval_is_opened_once(shown: Flask) -> None:
    key = before()[0]
    taken(key)
    opened(decisions()[0].id)
    assert as_a(shown, "finance-officer").get(f"{HERE}/projects/open/{proposal(key).reference}").status_code == 404


def test_the_commands_list_and_refuse(demo: Flask, command: Command) -> None:
    filled()
    assert "1500.00" in command("projects", "UPR", "--on", "2021-12-31").out
    assert '"number": "C2021-0001"' in command("commitments", "UPR", "--format", "json").out
    assert command("projects", "NONE").status == 1
