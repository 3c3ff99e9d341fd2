"""An entry by hand is prepared by one with a document, certified by another, and posted once."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from commands import everything
from flask import Flask
from flask.testing import FlaskClient
from opened import fund
from test_extracts import closed
from visiting import as_a, statements, text_of
from werkzeug.test import TestResponse

from fundapp.access.demonstration import invented
from fundapp.access.models import Person
from fundapp.access.policy import Refused, Role
from fundapp.access.queries import person_by_email
from fundapp.finance.models import ManualEntry, ManualStage
from fundapp.finance.operations.manual import certify_manual, prepare_manual, refuse_manual
from fundapp.finance.rules.manual import GivenEntry, GivenLine
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.files import Kept
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.models import JournalEntry
from fundapp.ledger.queries import entry, verify
from fundapp.proposals.operations.documents import Arrived

HERE = "/UPR/finance/manual"
LINES = (GivenLine("EXP.STAFF", 12345), GivenLine("EXP.CONTRACT", -12345))
LETTER = Arrived("letter.pdf", "application/pdf", Kept("0" * 64, 10))
pytestmark = pytest.mark.usefixtures("one_click")


def person(role: Role) -> Person:
    found = invented(db.session(), role)
    assert found is not None
    return found


def prepared(given: GivenEntry | None = None, by: Role = Role.FINANCE_OFFICER) -> int:
    with unit_of_work(person(by)) as work:
        said = given or GivenEntry(date(2021, 3, 5), "From contracts to staff", LINES)
        return prepare_manual(work, fund(), said, LETTER).id


def certified(key: int, seen: int = 0, by: Role = Role.CERTIFYING_OFFICER) -> int:
    with unit_of_work(person(by)) as work:
        return certify_manual(work, work.session.get_one(ManualEntry, key), seen)


def codes(given: GivenEntry) -> list[str]:
    with pytest.raises(Refusal) as refused:
        prepared(given)
    return [fault.code for fault in refused.value.faults]


def test_it_is_posted_once_another_certifies_it(demo: Flask) -> None:
    key = prepared()
    assert db.session.get_one(ManualEntry, key).entry_id is None
    number = certified(key)
    found = entry(db.session(), number)
    assert found is not None
    assert [(one.account, one.cents) for one in found.lines] == [("EXP.STAFF", 12345), ("EXP.CONTRACT", -12345)]
    made = db.session.get_one(ManualEntry, key)
    assert (made.stage, made.entry_id) == (ManualStage.CERTIFIED, number)
    with pytest.raises(Refusal):
        certified(key)
    assert verify(db.session()).holds


def test_nobody_does_both(demo: Flask) -> None:
    key = prepared()
    with pytest.raises(Refused):
        certified(key, by=Role.FINANCE_OFFICER)
    both = person(Role.CERTIFYING_OFFICER)
    email = both.email
    with unit_of_work(person_by_email(db.session(), email)) as work, pytest.raises(Refused):
        prepare_manual(work, fund(), GivenEntry(date(2021, 3, 5), "Mine", LINES), LETTER)
    with unit_of_work(person(Role.FINANCE_OFFICER)) as work:
        made = work.session.get_one(ManualEntry, key)
        assert made.prepared_by_id == work.actor.id


def test_it_is_refused_with_an_answer(demo: Flask) -> None:
    key = prepared()
    before = everything()
    with unit_of_work(person(Role.CERTIFYING_OFFICER)) as work, pytest.raises(Refusal):
        refuse_manual(work, work.session.get_one(ManualEntry, key), "  ")
    assert everything() == before
    with unit_of_work(person(Role.CERTIFYING_OFFICER)) as work:
        refuse_manual(work, work.session.get_one(ManualEntry, key), "The letter says otherwise.")
    with pytest.raises(Refusal):
        certified(key)
    assert db.session.get_one(ManualEntry, key).stage is ManualStage.REFUSED


def test_it_undoes_or_replaces_an_entry(demo: Flask) -> None:
    first = certified(prepared())
    replaced = certified(
        prepared(GivenEntry(date(2021, 4, 1), "Half of it", (GivenLine("EXP.STAFF", 1), GivenLine("EXP.CONTRACT", -1)),
                            corrects=first))
    )  # fmt: skip
    found = entry(db.session(), first)
    assert found is not None and len(found.corrected_by) == 2 and replaced in found.corrected_by
    assert codes(GivenEntry(date(2021, 4, 1), "Again", (), corrects=first)) == ["entry.corrected"]
    undone = certified(prepared(GivenEntry(date(2021, 4, 2), "Not at all", (), corrects=replaced)))
    found = entry(db.session(), undone)
    assert found is not None and found.corrects_id == replaced
    assert verify(db.session()).holds


def test_a_closed_day_is_refused_and_a_late_one_says_where_it_belongs(demo: Flask) -> None:
    closed(date(2021, 3, 1), date(2021, 3, 31))
    assert codes(GivenEntry(date(2021, 3, 5), "Late", LINES)) == ["manual.closed"]
    key = prepared(GivenEntry(date(2021, 4, 1), "Late", LINES, late_for=date(2021, 3, 5)))
    found = db.session.get_one(JournalEntry, certified(key))
    assert "2021-03-05" in found.memo
    waits = prepared(GivenEntry(date(2021, 5, 5), "Early", LINES))
    closed(date(2021, 5, 1), date(2021, 5, 31))  # in the meantime
    with pytest.raises(Refusal) as refused:
        certified(waits)
    assert [fault.code for fault in refused.value.faults] == ["manual.closed"]


def test_what_cannot_be_posted_is_not_prepared(demo: Flask) -> None:
    day = date(2021, 3, 5)
    wrong = {
        "entry.unbalanced": GivenEntry(day, "m", (GivenLine("EXP.STAFF", 2), GivenLine("AST.CASH", -1))),
        "entry.nil": GivenEntry(day, "m", (GivenLine("EXP.STAFF", 0), GivenLine("AST.CASH", 0))),
        "manual.lines": GivenEntry(day, "m", (GivenLine("EXP.STAFF", 1),)),
        "manual.no-account": GivenEntry(day, "m", (GivenLine("EXP.NONE", 1), GivenLine("AST.CASH", -1))),
        "manual.no-donor": GivenEntry(day, "m", (GivenLine("EXP.STAFF", 1, "XXX"), GivenLine("AST.CASH", -1))),
        "manual.no-project": GivenEntry(day, "m", (GivenLine("EXP.STAFF", 1, "", "P"), GivenLine("AST.CASH", -1))),
        "manual.no-memo": GivenEntry(day, "x" * 256, LINES),
        "manual.no-day": GivenEntry(None, "m", LINES),
        "manual.future": GivenEntry(today() + timedelta(1), "m", LINES),
        "manual.late": GivenEntry(day, "m", LINES, late_for=day),
        "manual.no-entry": GivenEntry(day, "m", LINES, corrects=10**6),
    }
    before = everything()
    for code, given in wrong.items():
        assert codes(given) == [code]
    assert everything() == before


def data(**more: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "on": "2021-03-05", "memo": "From contracts to staff", "account_1": "EXP.STAFF", "debit_1": "1 234,50",
        "account_2": "EXP.CONTRACT", "credit_2": "1234.50",
    }  # fmt: skip
    usual["file"] = (io.BytesIO(b"A letter.\n"), "letter.txt")
    return {**usual, **more}


def send(client: FlaskClient, **more: object) -> TestResponse:
    return client.post(f"{HERE}/new", data=data(**more), content_type="multipart/form-data")


def test_the_pages_lead_two_people_through_it(demo: Flask) -> None:
    officer = as_a(demo, "finance-officer")
    made = send(officer)
    assert made.status_code == 302, made.text
    page = text_of(officer, made.location)
    assert "waits to be certified" in page and "Certify and post" not in page
    assert officer.get(f"{made.location}/document", buffered=True).text == "A letter.\n"
    key = int(made.location.rpartition("/")[2])
    assert officer.post(f"{HERE}/{key}/certify").status_code in (403, 404)
    certifier = as_a(demo, "certifying-officer")
    assert "Certify and post" in text_of(certifier, made.location)
    stale = certifier.post(f"{HERE}/{key}/certify", data={"version": "99"})
    assert stale.status_code == 409 and "in the meantime" in stale.text
    assert certifier.post(f"{HERE}/{key}/certify", data={"version": "1"}).status_code == 302
    again = certifier.post(f"{HERE}/{key}/certify", data={"version": "1"})
    assert again.status_code == 409 and "settled already" in again.text
    assert "certified" in text_of(certifier, HERE)
    auditor = as_a(demo, "auditor")
    assert text_of(auditor, made.location) and auditor.get(f"{HERE}/new").status_code in (403, 404)
    assert auditor.post(f"{HERE}/{key}/refuse", data={"answer": "x"}).status_code in (403, 404)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"on": "5 March"}, "5 March"), ({"memo": ""}, "what the entry is about"), ({"debit_1": "much"}, "much"),
        ({"debit_1": "-5"}, "debit or a credit"), ({"credit_1": "5"}, "debit or a credit"),
        ({"debit_1": "1"}, "balance"), ({"account_1": "AST.NONE"}, "no account AST.NONE"),
        ({"corrects": "abc"}, "no entry abc"), ({"corrects": "999999"}, "no entry"), ({"donor_1": "XXX"}, "no donor"),
        ({"project_1": "P"}, "no project account"), ({"late_for": "2022-01-01"}, "comes before"),
        ({"file": ""}, "Add the document"),
    ],
)  # fmt: skip
def test_bad_input_is_told_and_nothing_is_kept(demo: Flask, more: dict[str, object], said: str) -> None:
    client, before = as_a(demo, "finance-officer"), everything()
    answer = send(client, **more)
    assert answer.status_code in (409, 422) and said in answer.text, answer.text[:3000]
    assert everything() == before


def test_a_document_that_runs_is_refused(demo: Flask) -> None:
    client, before = as_a(demo, "finance-officer"), everything()
    answer = send(client, file=(io.BytesIO(b"MZ\x90\x00" + b"\0" * 100), "letter.pdf"))
    assert answer.status_code == 422 and everything() == before


def test_pages_ask_the_database_little(demo: Flask) -> None:
    keys = [prepared() for _ in range(12)]
    client = as_a(demo, "certifying-officer")
    for place, most in (("", 6), (f"/{keys[0]}", 9)):
        client.get(HERE + place)
        with statements(demo) as asked:
            client.get(HERE + place)
        assert 0 < len(asked) <= most, (place, len(asked), asked)
    assert (
        client.get(f"{HERE}/{2**60}").status_code == 404
        and client.get(f"/AHA/finance/manual/{keys[0]}").status_code == 404
    )
    assert db.session().scalar(sa.select(sa.func.count()).select_from(ManualEntry)) == 12
