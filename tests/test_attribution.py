"""Naming a donor later, saying what a difference is, and which pledge a payment settles."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from money import FIRST, LAST, SYMBOL
from opened import fund, journal, of, refused

from fundapp.access.demonstration import invented
from fundapp.access.models import Person
from fundapp.access.operations import Console
from fundapp.access.policy import Refused, Role
from fundapp.contributions.models import Donor
from fundapp.contributions.queries import donors
from fundapp.finance.operations import annotate, attribute
from fundapp.finance.queries import (
    contributions,
    examine,
    named_document,
    notes,
    unattributed,
)
from fundapp.funds.queries import named_fund
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.core import Entry, Line
from fundapp.ledger.operations import post
from fundapp.ledger.queries import accounts, entry, verify


def a_donor(code: str) -> Donor:
    return donors(db.session())[code]


def finance_officer() -> Person:
    found = invented(db.session(), Role.FINANCE_OFFICER)
    assert found
    return found


def name_donor(code: str, cents: int, on: date = LAST, reason: str = "the agreement says so") -> int:
    with unit_of_work(finance_officer()) as work:
        return attribute(work, fund(), a_donor(code), cents, on, reason)


def test_naming_the_donor_moves_income_and_keeps_the_total(demo: Flask) -> None:
    before = of(FIRST, LAST)
    name_donor("ROU", 4779000)
    after = of(FIRST, LAST)
    assert after.rows == before.rows
    rows = {(row.period, row.donor): row.amount for row in contributions(db.session(), fund(), LAST).rows}
    assert (rows["2020", "ROU"], rows["2020", None]) == (4779000, 13)
    assert contributions(db.session(), fund(), LAST).total == 671370713
    name_donor("ROU", 13)
    assert unattributed(db.session(), fund().id, 2020) == 0
    assert len([row for row in contributions(db.session(), fund(), LAST).rows if row.donor]) == 45
    assert verify(db.session()).holds


@pytest.mark.parametrize(
    ("cents", "on", "code"),
    [
        (4779014, LAST, "attribution.amount"),
        (0, LAST, "attribution.amount"),
        (-1, LAST, "attribution.amount"),
        (1, date(2019, 12, 31), "attribution.amount"),
    ],
)
def test_no_more_is_attributed_than_is_left(demo: Flask, cents: int, on: date, code: str) -> None:
    before = journal()
    with refused(code):
        name_donor("ROU", cents, on)
    assert journal() == before


def test_an_attribution_says_why_and_is_made_by_finance(demo: Flask) -> None:
    before = journal()
    with refused("attribution.reason"):
        name_donor("ROU", 1, reason="  ")
    auditor = invented(db.session(), Role.AUDITOR)
    with pytest.raises(Refused), unit_of_work(auditor) as work:
        attribute(work, fund(), a_donor("ROU"), 1, LAST, "no")
    with pytest.raises(Refused), unit_of_work(Console()) as work:
        attribute(work, fund(), a_donor("ROU"), 1, LAST, "no")
    assert journal() == before
    name_donor("ROU", 1, reason="why " * 60)
    assert len(journal()) == len(before) + 1


def test_a_reason_is_kept_whole_or_refused(demo: Flask) -> None:
    with refused("entry.memo-long"):
        name_donor("ROU", 4779000, reason="x" * 256)
    assert unattributed(db.session(), fund().id, 2020) == 4779013
    found = entry(db.session(), name_donor("ROU", 4779000, reason=" " + "x" * 255))
    assert found and found.memo == "x" * 255


def test_a_note_stands_beside_the_figure_and_changes_none(demo: Flask) -> None:
    before = journal()
    with unit_of_work(finance_officer()) as work:
        annotate(work, fund(), named_document(work.session, fund(), SYMBOL), "table2-total", "  Asked the printer. ")
    found = notes(db.session(), named_document(db.session(), fund(), SYMBOL))
    assert [(note.text, note.author) for note in found["table2-total"]] == [
        ("Asked the printer.", "沈雨桐 (demonstration)")
    ]
    assert journal() == before
    assert examine(db.session(), fund(), named_document(db.session(), fund(), SYMBOL)).checks[0].agrees


@pytest.mark.parametrize("text", ["", " \n", "x" * 2001])
def test_a_note_says_something_and_not_too_much(demo: Flask, text: str) -> None:
    with refused("annotation.text"), unit_of_work(finance_officer()) as work:
        annotate(work, fund(), named_document(work.session, fund(), SYMBOL), "net", text)


def test_a_note_belongs_to_a_document_of_the_fund(demo: Flask) -> None:
    with refused("published.unknown"), unit_of_work(finance_officer()) as work:
        found = named_document(work.session, fund(), SYMBOL)
        annotate(work, named_fund(work.session, "AHA"), found, "net", "text")


def book(on: date, debit: str, credit: str, cents: int, donor: int | None) -> None:
    keys = accounts(db.session())
    lines = (Line(keys[debit], cents, donor), Line(keys[credit], -cents, donor))
    with unit_of_work(Console()) as work:
        post(work, fund(), Entry(fund().id, on, "test", lines))


def test_payments_settle_the_oldest_pledge_of_their_donor_first(demo: Flask) -> None:
    fra, deu = a_donor("FRA").id, a_donor("DEU").id
    pledge, pay = ("AST.RECEIVABLE", "INC.CONTRIB"), ("AST.CASH", "AST.RECEIVABLE")
    book(date(2021, 3, 1), *pledge, 100000, fra)
    book(date(2022, 3, 1), *pledge, 50000, fra)
    book(date(2022, 4, 1), *pledge, 7000, deu)
    book(date(2022, 5, 1), *pay, 120000, fra)
    memo = {}
    for year in (2020, 2021, 2022, 2023):
        found = of(date(year, 1, 1), date(year, 12, 31))
        memo[year] = [found.amount(line) for line in ("PLEDGES.PRIOR", "PLEDGES.CURRENT")]
    assert memo == {
        2020: [-10500000, 0],
        2021: [-10500000, -100000],
        2022: [-10500000, -37000],  # France paid what it owed, and 20,000 of the new 50,000
        2023: [-10537000, 0],
    }
    assert of(date(2022, 1, 1), date(2022, 12, 31)).amount("CLOSING") == 220849568 + 157000


def test_who_paid_more_than_was_promised_is_in_credit(demo: Flask) -> None:
    fra = a_donor("FRA").id
    book(date(2021, 3, 1), "AST.CASH", "AST.RECEIVABLE", 5000, fra)
    assert of(date(2021, 1, 1), date(2021, 12, 31)).amount("PLEDGES.CURRENT") == 5000
    book(date(2022, 3, 1), "AST.RECEIVABLE", "INC.CONTRIB", 8000, fra)
    found = of(date(2022, 1, 1), date(2022, 12, 31))
    assert (found.amount("PLEDGES.PRIOR"), found.amount("PLEDGES.CURRENT")) == (-10500000, -3000)
