"""Three people certify a statement; what was certified never changes, and what is posted later stands beside it."""

from __future__ import annotations

import json
from datetime import date

import pytest
import sqlalchemy as sa
from closed import FIRST, LAST, YEAR, add, certified, certifier, closed, officer, period, prepared, second_certifier
from commands import Command, command
from flask import Flask
from opened import fund, of, refused
from sqlalchemy.exc import DBAPIError
from visiting import as_a, statements, text_of

from conftest import vandal
from fundapp.access.policy import Refused
from fundapp.finance.models import Certificate, StatementKind
from fundapp.finance.operations.certifying import (
    certify_statement,
    review_statement,
    send_back_statement,
    withdraw_statement,
)
from fundapp.finance.operations.closing import ask_reopening, settle_reopening
from fundapp.finance.queries.certifying import as_certified, faults_of, from_the_books
from fundapp.finance.queries.closing import reopenings
from fundapp.finance.rules.certifying import compared, differ, digest_of, read, written
from fundapp.kernel import trail
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import unit_of_work

__all__ = ["command"]


def at(key: int) -> Certificate:
    return db.session().get_one(Certificate, key, populate_existing=True)


def opened_again() -> None:
    with unit_of_work(officer()) as work:
        ask_reopening(work, period(), "an invoice came late")
    with unit_of_work(certifier()) as work:
        settle_reopening(work, reopenings(work.session, period())[0], True, "", 1)


def test_a_snapshot_reads_back_as_it_was(demo: Flask) -> None:
    facts = of(FIRST, LAST)
    assert read(written(facts), facts.generated_at) == facts
    assert written(read(written(facts), now())) == written(facts) and not differ(facts, facts)


def test_three_people_certify_and_it_is_numbered(demo: Flask) -> None:
    closed()
    found = at(certified())
    assert (found.stage, found.number, found.layout) == ("certified", "2020-01", "A/HRC/47/19")
    assert len({found.prepared_by, found.reviewed_by, found.certified_by}) == 3
    assert digest_of(found.content) == found.digest and faults_of(db.session(), found) == []
    assert at(certified(StatementKind.CONTRIBUTIONS)).number == "2020-02"
    assert trail.verify(db.session())[1] is None


def test_nobody_does_two_of_the_three_steps(demo: Flask) -> None:
    closed()
    key = prepared()
    with pytest.raises(Refused), unit_of_work(officer()) as work:
        review_statement(work, at(key), 1)
    with refused("certificate.changed"), unit_of_work(certifier()) as work:
        certify_statement(work, at(key), 1)
    with unit_of_work(certifier()) as work:
        review_statement(work, at(key), 1)
    with pytest.raises(Refused), unit_of_work(certifier()) as work:
        certify_statement(work, at(key), 2)
    with unit_of_work(second_certifier()) as work:
        certify_statement(work, at(key), 2)


def test_only_closed_days_are_certified(demo: Flask) -> None:
    with refused("certificate.not-closed"):
        prepared()
    closed()
    prepared()
    with refused("certificate.on-its-way"):
        prepared()


def test_a_statement_is_not_certified_after_the_books_changed(demo: Flask) -> None:
    closed()
    key = prepared()
    opened_again()
    with refused("certificate.not-closed"), unit_of_work(certifier()) as work:
        review_statement(work, at(key), 1)
    add(date(2020, 5, 4))
    closed()
    with refused("certificate.outdated"), unit_of_work(certifier()) as work:
        review_statement(work, at(key), 1)
    with unit_of_work(officer()) as work:
        withdraw_statement(work, at(key), 1)
    assert at(certified()).number == "2020-01"


def test_a_statement_is_sent_back(demo: Flask) -> None:
    closed()
    key = prepared()
    with unit_of_work(certifier()) as work:
        send_back_statement(work, at(key), 1)
    assert at(key).stage == "withdrawn"
    with refused("certificate.changed"), unit_of_work(certifier()) as work:
        review_statement(work, at(key), 2)


def test_what_is_posted_later_stands_beside_it(demo: Flask) -> None:
    closed()
    key = certified()
    with refused("certificate.same"):
        prepared()
    opened_again()
    add(date(2020, 5, 4), 1100)
    found = at(key)
    then = as_certified(found, {}).facts
    off = {
        row.key[0]: row.restated for row in compared(then, from_the_books(db.session(), fund(), found)) if row.restated
    }
    assert off == {"EXP.STAFF": 1100, "EXP.TOTAL": 1100, "NET": -1100, "CLOSING": -1100}
    assert faults_of(db.session(), found) == []


@pytest.mark.parametrize("column", ["content", "digest", "number", "stage", "note"])
def test_a_certified_row_is_never_changed(demo: Flask, column: str) -> None:
    closed()
    key, table = certified(), Certificate.__table__
    with pytest.raises(DBAPIError, match="what was certified stays"), vandal() as connection:
        connection.execute(sa.update(table).where(table.c.id == key).values({column: "withdrawn"}))
    with pytest.raises(DBAPIError, match="what was certified stays"), vandal() as connection:
        connection.execute(sa.delete(table).where(table.c.id == key))
    assert at(key).stage == "certified"


def test_a_statement_changed_beside_the_program_shows(demo: Flask) -> None:
    closed()
    found = at(certified())
    db.session.expunge(found)
    found.content = found.content.replace("2020", "2019", 1)
    assert [fault.code for fault in faults_of(db.session(), found)] == ["certificate.altered"]
    found.digest = digest_of(found.content)
    assert [fault.code for fault in faults_of(db.session(), found)] == ["certificate.not-as-recorded"]


def test_a_clock_that_was_set_back_certifies_nothing(demo: Flask) -> None:
    closed()
    key = prepared()
    with refused("clock.set-back"), unit_of_work(certifier(), then=at(key).prepared_at.replace(year=2020)) as work:
        review_statement(work, at(key), 1)


def test_pages_certify_and_draw_six_languages(demo: Flask, one_click: None) -> None:
    closed()
    money, certifies, reads = (as_a(demo, role) for role in ("finance-officer", "certifying-officer", "auditor"))
    bad = money.post("/UPR/finance/certificates/new", data={"kind": "x", "period": "soon"})
    assert bad.status_code == 422 and "is no period" in bad.text and "Choose a statement" in bad.text
    said = {"kind": "income-expenditure", "period": "2020", "note": "as printed"}
    page = money.post("/UPR/finance/certificates/new", data=said, follow_redirects=True)
    assert "as printed" in page.text and "Certify it" not in page.text
    key = db.session.scalar(sa.select(sa.func.max(Certificate.id))) or 0
    assert money.post(f"/UPR/finance/certificates/{key}/review", data={"version": "1"}).status_code == 403
    assert reads.post(f"/UPR/finance/certificates/{key}/review", data={"version": "1"}).status_code == 403
    with unit_of_work(second_certifier()) as work:
        review_statement(work, at(key), 1)
    assert certifies.post(f"/UPR/finance/certificates/{key}/certify", data={"version": "1"}).status_code == 409
    done = certifies.post(f"/UPR/finance/certificates/{key}/certify", data={"version": "2"}, follow_redirects=True)
    assert "never changes again" in done.text and "2020-01" in done.text
    for language in LANGUAGES:
        drawn = reads.get(f"/UPR/documents/certificates/{key}.pdf?language={language}")
        assert drawn.status_code == 200 and drawn.data.startswith(b"%PDF")
    assert reads.get(f"/AHA/finance/certificates/{key}").status_code == 404
    assert reads.get("/UPR/finance/certificates/99999999999999999999").status_code == 404
    for address, most in (("/UPR/finance/certificates", 8), (f"/UPR/finance/certificates/{key}", 10)):
        with statements() as asked:
            text_of(reads, address)
        assert len(asked) <= most, (address, len(asked), asked)


def test_the_command_line_lists_shows_and_verifies(demo: Flask, command: Command) -> None:
    closed(YEAR)
    certified()
    assert command("certificate", "list", "UPR").out.startswith("2020-01  income-expenditure  2020  certified  ")
    shown = json.loads(command("certificate", "show", "UPR", "2020-01", "--format", "json").out)
    assert {one["line"]: one["certified"] for one in shown["lines"]}["CLOSING"] == "2208495.68"
    assert command("certificate", "verify", "UPR").out == "1 statements: all hold.\n"
    assert "There are: 2020-01" in command("certificate", "show", "UPR", "7").err
