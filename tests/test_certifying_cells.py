"""Statements of cells are certified whole, with the names that things had; nobody signs, reads or takes away one of
which something is kept from them."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from closed import certifier, closed, officer, second_certifier
from commands import Command, command
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from opened import refused
from pypdf import PdfReader
from spent import a_year_of_spending, entered, fund, pledged, some_proposal
from visiting import as_a, statements, text_of, waiting

from fundapp.access.operations import Console
from fundapp.access.policy import Role
from fundapp.contributions.models import Donor
from fundapp.finance.models import Certificate, StatementKind
from fundapp.finance.operations.certifying import certify_statement, prepare_statement, review_statement
from fundapp.finance.operations.closing import ask_reopening, settle_reopening
from fundapp.finance.queries.certifying import as_certified, faults_of, from_the_books, open_kinds
from fundapp.finance.queries.closing import period_of, reopenings
from fundapp.finance.rules.certifying import compared, digest_of, read, written
from fundapp.finance.rules.closing import Span
from fundapp.finance.rules.kept_reports import again, plain
from fundapp.finance.rules.reports import Amount, Report, Term
from fundapp.funds.models import Fund
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations.interests import recuse
from fundapp.publishing.documents.certificate import certificate
from fundapp.publishing.drawing import draw
from fundapp.publishing.layout import laid
from fundapp.publishing.paper import Ink
from fundapp.publishing.typesetting import Typesetter
from fundapp.publishing.words import Words

__all__ = ["command"]
SPAN = Span(2021)
OF_CELLS = [kind for kind in StatementKind if kind not in (StatementKind.INCOME, StatementKind.CONTRIBUTIONS)]
OF_PROJECTS = [StatementKind.BUDGET, StatementKind.COMMITMENTS]


def at(key: int) -> Certificate:
    return db.session().get_one(Certificate, key, populate_existing=True)


def prepared(kind: StatementKind) -> int:
    with unit_of_work(officer()) as work:
        return prepare_statement(work, work.session.get_one(Fund, fund().id), kind, SPAN.first, SPAN.last).id


def certified(kind: StatementKind) -> int:
    key = prepared(kind)
    for by, act in ((second_certifier(), review_statement), (certifier(), certify_statement)):
        with unit_of_work(by) as work:
            found = work.session.get_one(Certificate, key)
            act(work, found, found.version)
    return key


def a_closed_year(proposal: int | None = None) -> None:
    a_year_of_spending(proposal)
    pledged("2021-001", "CHE", date(2021, 2, 1), (5_000_00, date(2021, 6, 30)))
    closed(SPAN)


def kept(role: Role, proposal: int) -> None:
    """An interest keeps the demonstration's person of a role from a proposal."""
    person = officer() if role is Role.FINANCE_OFFICER else certifier()
    with unit_of_work(Console()) as work:
        recuse(work, work.session.get_one(Proposal, proposal), person, "A brother works there.")


VALUES = (
    st.none() | st.text() | st.integers() | st.dates() | st.decimals(allow_nan=False, allow_infinity=False)
    | st.builds(Amount, st.integers()) | st.fixed_dictionaries({language: st.text() for language in LANGUAGES})
    | st.builds(Term, st.text(), st.dictionaries(st.text(), st.integers() | st.dates() | st.decimals(allow_nan=False)))
)  # fmt: skip


@given(VALUES)
def test_whatever_stands_in_a_cell_reads_back_as_it_was(value: Any) -> None:
    back = again(json.loads(json.dumps(plain(value))))
    assert back == value and type(back) is type(value)
    assert str(back) == str(value) if isinstance(value, Decimal) else True


@pytest.mark.parametrize("kind", OF_CELLS)
def test_a_statement_of_cells_is_certified_and_reads_back(demo: Flask, kind: StatementKind) -> None:
    a_closed_year()
    found = at(certified(kind))
    assert (found.stage, found.number) == ("certified", "2021-01")
    assert faults_of(db.session(), found) == [] and digest_of(found.content) == found.digest
    facts, books = read(found.content, now()), from_the_books(db.session(), fund(), found)
    assert isinstance(facts, Report) and isinstance(books, Report)
    assert (facts.kind, facts.last, facts.first, facts.entries) == (kind, SPAN.last, books.first, books.entries)
    assert [row.code for row in facts.rows] == [row.code for row in books.rows]
    assert written(facts) == found.content == written(books)
    assert not any(row.restated for row in compared(facts, books)) and compared(facts, books)
    for language in LANGUAGES:
        assert draw(as_certified(found, {}), language, "pdf").startswith(b"%PDF")
    with refused("certificate.same"):
        prepared(kind)


def test_names_are_those_of_the_day(demo: Flask) -> None:
    a_closed_year()
    found = at(certified(StatementKind.RECEIVABLES))
    then = db.session.scalar(sa.select(Donor.name_en).where(Donor.code == "CHE"))
    with unit_of_work(Console()) as work:
        work.operation = "tests.rename"
        donor = work.session.scalars(sa.select(Donor).where(Donor.code == "CHE")).one()
        donor.name_en, donor.name_ar = "Another name", "اسم آخر"
        work.session.flush()
        work.operation = None
    text = PdfReader(io.BytesIO(draw(as_certified(at(found.id), {}), "en", "pdf"))).pages[0].extract_text()
    assert then and then in text and "Another name" not in text
    assert faults_of(db.session(), at(found.id)) == []


def reopened() -> None:
    found = period_of(db.session(), fund().id, SPAN)
    assert found
    with unit_of_work(officer()) as work:
        ask_reopening(work, found, "an invoice came late")
    with unit_of_work(certifier()) as work:
        settle_reopening(work, reopenings(work.session, found)[0], True, "", 1)


def test_what_is_posted_later_stands_beside_it_cell_by_cell(demo: Flask, command: Command) -> None:
    a_closed_year()
    key = certified(StatementKind.BUDGET)
    reopened()
    entered(date(2021, 9, 1), "EXP.STAFF", "AST.CASH", 25_00)
    found = at(key)
    rows = compared(read(found.content, now()), from_the_books(db.session(), fund(), found))
    off = {row.key: (row.certified, row.restated) for row in rows if row.restated}
    staff = next(code for code, _ in off if code.startswith("-/"))
    assert off == {
        (staff, "spent-period"): (None, 25_00), (staff, "spent"): (None, 25_00),
        ("TOTAL", "spent-period"): (1_800_00, 25_00), ("TOTAL", "spent"): (1_800_00, 25_00),
    }  # fmt: skip
    shown = command("certificate", "show", "UPR", "2021-01").out
    assert "TOTAL spent" in shown and "restated 1825.00 (25.00)" in shown
    lines = json.loads(command("certificate", "show", "UPR", "2021-01", "--format", "json").out)["lines"]
    [line] = [one for one in lines if one["line"] == "P-1/120 spent"]
    assert line["certified"] == "1500.00" and "Spent in all" in line["label"] and "P-1" in line["label"]
    assert command("certificate", "verify", "UPR").out == "1 statements: all hold.\n"


@pytest.mark.usefixtures("one_click")
def test_the_page_says_what_is_restated(demo: Flask) -> None:
    a_closed_year()
    key = certified(StatementKind.BUDGET)
    client, address = as_a(demo, "auditor"), f"/UPR/finance/certificates/{key}"
    assert "What the books say now" not in text_of(client, address)
    reopened()
    entered(date(2021, 9, 1), "EXP.STAFF", "AST.CASH", 25_00)
    page = text_of(client, address)
    assert "What the books say now" in page and "Of no project" in page and "1\N{NO-BREAK SPACE}825.00" in page


def test_lines_that_came_since_follow_the_line_before_them() -> None:
    def facts(*codes: str) -> Report:
        labels = dict.fromkeys(LANGUAGES, "x")
        of = {
            "kind": "available", "first": None, "last": "2021-12-31", "basis": "accrual", "entries": None,
            "fund": {"code": "UPR", "names": labels}, "head": "h", "notes": [],
            "columns": [{"code": "a", "head": "A", "figures": True}],
            "rows": [
                {"code": one, "kind": "account", "level": 0, "label": one, "warns": False, "cells": [{"cents": 1}]}
                for one in codes
            ],
        }  # fmt: skip
        found = read(json.dumps(of), now())
        assert isinstance(found, Report)
        return found

    def order(then: str, since: str) -> str:
        return "".join(row.key[0] for row in compared(facts(*then), facts(*since)))

    assert order("ac", "abc") == "abc"
    assert order("ac", "xyabzc") == "xyabzc"
    assert order("abc", "b") == "abc"
    assert order("", "ab") == "ab"


@pytest.mark.parametrize("kind", OF_PROJECTS)
def test_nobody_signs_what_is_kept_from_them(shown: Flask, kind: StatementKind) -> None:
    proposal = some_proposal()
    a_closed_year(proposal)
    assert "P-1" in at(prepared(kind)).content, "it is drawn whole"
    kept(Role.FINANCE_OFFICER, proposal)
    kept(Role.CERTIFYING_OFFICER, proposal)
    [key] = db.session.scalars(sa.select(Certificate.id))
    with refused("certificate.kept"):
        prepared(kind)
    with refused("certificate.kept"), unit_of_work(certifier()) as work:
        review_statement(work, work.session.get_one(Certificate, key), 1)
    with unit_of_work(second_certifier()) as work:
        review_statement(work, work.session.get_one(Certificate, key), 1)
    with refused("certificate.kept"), unit_of_work(certifier()) as work:
        certify_statement(work, work.session.get_one(Certificate, key), 2)
    assert at(key).stage == "reviewed"
    assert at(prepared(StatementKind.BALANCE)).stage == "prepared", "one that names no project stays open to them"


@pytest.mark.usefixtures("one_click")
def test_what_is_kept_from_somebody_is_not_there_for_them(shown: Flask) -> None:
    proposal = some_proposal()
    a_closed_year(proposal)
    key, other = prepared(StatementKind.BUDGET), prepared(StatementKind.BALANCE)
    certifies = as_a(shown, "certifying-officer")
    before = waiting(certifies)
    kept(Role.CERTIFYING_OFFICER, proposal)
    assert waiting(certifies) != before, "one statement less to look through"
    listed = text_of(certifies, "/UPR/finance/certificates")
    assert "Changes in balance" in listed and f"/certificates/{key}" not in listed
    assert certifies.get(f"/UPR/finance/certificates/{key}").status_code == 404
    assert certifies.get(f"/UPR/documents/certificates/{key}.pdf").status_code == 404
    step = certifies.post(f"/UPR/finance/certificates/{key}/review", data={"version": "1"})
    assert step.status_code == 404 and at(key).stage == "prepared"
    assert certifies.get(f"/UPR/documents/certificates/{other}.pdf").status_code == 200
    kept(Role.FINANCE_OFFICER, proposal)
    money = as_a(shown, "finance-officer")
    assert 'value="commitments"' not in text_of(money, "/UPR/finance/certificates/new")
    bad = money.post("/UPR/finance/certificates/new", data={"kind": "commitments", "period": "2021"})
    assert bad.status_code in (409, 422) and "is not for you to see" in bad.text


@pytest.mark.usefixtures("one_click")
def test_a_trustee_reads_what_the_books_say_and_not_who_owes_or_is_paid(demo: Flask) -> None:
    a_closed_year()
    keys = {kind: prepared(kind) for kind in OF_CELLS}
    trustee = as_a(demo, "trustee")
    said = {kind: trustee.get(f"/UPR/finance/certificates/{key}").status_code for kind, key in keys.items()}
    assert said == {kind: 200 if kind in (StatementKind.BALANCE, StatementKind.AVAILABLE) else 404 for kind in OF_CELLS}
    for kind, key in keys.items():
        assert trustee.get(f"/UPR/documents/certificates/{key}.pdf").status_code == said[kind]
    assert open_kinds(db.session(), fund(), Console()) == frozenset(StatementKind)


@pytest.mark.usefixtures("one_click")
def test_pages_of_cells_cost_few_queries_and_refuse_what_cannot_be(demo: Flask) -> None:
    a_closed_year()
    keys = [prepared(kind) for kind in OF_CELLS]
    reads = as_a(demo, "auditor")
    for address, most in [("/UPR/finance/certificates", 8)] + [
        (f"/UPR/finance/certificates/{key}", 15) for key in keys
    ]:
        with statements() as asked:
            text_of(reads, address)
        assert len(asked) <= most, (address, len(asked), asked)
    money = as_a(demo, "finance-officer")
    for kind, period, status in (
        ("budget-actual", "2021", 409), ("budget-actual", "2022", 409), ("trial-balance", "2021", 422),
        ("compared", "2021", 422), ("BUDGET", "2021", 422), ("\x00", "2021", 400), ("x" * 5000, "2021", 422),
        ("available", "2021-13", 422), ("available", "", 422),
    ):  # fmt: skip
        answer = money.post("/UPR/finance/certificates/new", data={"kind": kind, "period": period})
        assert answer.status_code == status, (kind[:20], period, answer.status_code)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Certificate)) == len(keys)


@pytest.mark.parametrize("language", LANGUAGES)
def test_signatures_stand_beside_the_last_rows(demo: Flask, language: str) -> None:
    closed()
    names = {str(officer()): "A", str(certifier()): "B"}
    for kind in (StatementKind.INCOME, StatementKind.CONTRIBUTIONS):
        with unit_of_work(officer()) as work:
            of = work.session.get_one(Fund, fund().id)
            key = prepare_statement(work, of, kind, date(2020, 1, 1), date(2020, 12, 31)).id
        sheets = laid(Typesetter(language), certificate(as_certified(at(key), names), Words(language)))
        if kind is StatementKind.INCOME:
            assert len(sheets) == 1, "Table 1 with its signatures is one page"
        last = [mark.text for mark in sheets[-1].marks if isinstance(mark, Ink)]
        assert any(at(key).digest in text for text in last)
        figures = [mark for mark in sheets[-1].marks if isinstance(mark, Ink) and mark.anchor == "right"]
        assert len(figures) > 1, "the last rows, with the head of their columns"
