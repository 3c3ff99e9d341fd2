"""The books opened from a printed document, and the statements of any period that come out of them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from money import FIRST, LAST, LAYOUT, SYMBOL, Tables, change, tables
from opened import fund, journal, load, of, refused

from fundapp.finance.models import PublishedCell
from fundapp.finance.printed import Printed
from fundapp.finance.queries import (
    contributions,
    copy_of,
    document,
    examine,
    named_document,
    printed_of,
    statement,
)
from fundapp.finance.rules import Owed, accounts_behind, contribution_period, dates_behind, statement_rows
from fundapp.funds.queries import named_fund
from fundapp.kernel.database import db
from fundapp.kernel.languages import LANGUAGES
from fundapp.ledger.queries import balances, verify

READS = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
DAYS = st.dates(date(2007, 1, 1), date(2023, 12, 31))
BALANCE = 235299280  # on 1 January 2020, in cents
FACTS_OF_2020 = {
    "INC.CONTRIB": 34659713,
    "INC.TOTAL": 36782659,
    "EXP.TOTAL": 51232371,
    "NET": -14449712,
    "OPENING": BALANCE,
    "PLEDGES.PRIOR": -10500000,
    "PLEDGES.CURRENT": 0,
    "CLOSING": 220849568,
}


def test_the_books_open_with_what_was_printed(demo: Flask) -> None:
    found = of(FIRST, LAST)
    assert {line: found.amount(line) for line in FACTS_OF_2020} == FACTS_OF_2020
    printed = tables()
    lines = {row.line: row.amount for row in found.rows}
    assert list(lines) == [row["line"] for row in printed.table1]
    expected = {line.line: line.cents for line in printed.printed().lines}
    assert lines == expected | {"CLOSING": 220849568}
    assert found.entries == 17
    eve = balances(db.session(), fund().id, date(2019, 12, 31))
    assert eve["AST.RECEIVABLE"] == 10500000
    assert eve["AST.RECEIVABLE"] + eve["AST.CASH"] == BALANCE
    assert verify(db.session()).holds


def test_contributions_are_those_of_table2_and_one_row_of_nobody(demo: Flask) -> None:
    found = contributions(db.session(), fund(), LAST)
    printed = [(row["period"], row["donor_iso3"], row["printed"]) for row in tables().table2[:-1]]
    named = [row for row in found.rows if row.donor]
    amounts = {(row.period, row.donor): row.amount for row in named}
    assert amounts == {(period, donor): int(text.replace(" ", "")) * 100 for period, donor, text in printed}
    assert sum(amounts.values()) == 666591700
    assert [(row.period, row.amount) for row in found.rows if row.donor is None] == [("2020", 4779013)]
    assert found.total == 671370713
    in_2019 = [row.labels["en"] for row in named if row.period == "2019"]
    assert in_2019 == ["Pakistan", "Republic of Korea", "Saudi Arabia", "Spain"]  # put in order, unlike the print
    assert found.rows[-1].donor is None
    assert {row.labels["zh"] for row in named if row.donor == "NLD"} == {"荷兰"}


@pytest.mark.parametrize(
    ("first", "last", "opening", "income", "closing"),
    [
        (date(2000, 1, 1), date(2007, 12, 31), 0, 0, 0),  # before the first entry
        (date(2018, 1, 1), date(2018, 12, 31), 532221700, 88954100, 621175800),
        (date(2020, 12, 31), date(2020, 12, 31), BALANCE, 36782659, 220849568),  # one day
        (date(2020, 1, 1), date(2020, 12, 30), BALANCE, 0, BALANCE),
        (date(2031, 1, 1), date(2031, 12, 31), 220849568, 0, 220849568),  # to come
        (date(2008, 1, 1), date(2020, 12, 31), 0, 673493659, 220849568),
    ],
)
def test_periods_of_any_kind(demo: Flask, first: date, last: date, opening: int, income: int, closing: int) -> None:
    found = of(first, last)
    assert (found.amount("OPENING"), found.amount("CLOSING")) == (opening, closing)
    assert found.amount("INC.TOTAL") == income


def test_expenditure_before_the_document_is_one_amount(demo: Flask) -> None:
    found = of(date(2009, 1, 1), LAST)
    assert found.amount("EXP.EARLIER") == 636711000 - BALANCE
    assert [row.line for row in found.rows if row.line == "EXP.EARLIER"] == ["EXP.EARLIER"]
    assert "EXP.EARLIER" not in [row.line for row in of(FIRST, LAST).rows]  # a line printed only where it moved


@READS
@given(st.lists(DAYS, min_size=2, max_size=5, unique=True))
def test_periods_obey_their_arithmetic_and_chain(demo: Flask, days: list[date]) -> None:
    marks = sorted(days)
    spans = [(one + timedelta(days=1), other) for one, other in pairwise(marks)]
    found = [of(first, last) for first, last in spans]
    for facts in found:
        value = {row.line: row.amount or 0 for row in facts.rows}
        assert value["OPENING"] + value["NET"] == value["CLOSING"]
        assert value["NET"] == value["INC.TOTAL"] - value["EXP.TOTAL"] + value["PRIOR.ADJ"]
        income = sum(amount for line, amount in value.items() if line.startswith("INC.") and line != "INC.TOTAL")
        spent = sum(amount for line, amount in value.items() if line.startswith("EXP.") and line != "EXP.TOTAL")
        assert (income, spent) == (value["INC.TOTAL"], value["EXP.TOTAL"])
    for before, after in pairwise(found):
        assert before.amount("CLOSING") == after.amount("OPENING")
    whole = of(marks[0] + timedelta(days=1), marks[-1])
    for line in ("INC.TOTAL", "EXP.TOTAL", "NET", "INC.CONTRIB"):
        assert sum(facts.amount(line) or 0 for facts in found) == whole.amount(line)
    assert sum(facts.entries for facts in found) == whole.entries


@READS
@given(DAYS)
def test_contributions_to_a_day_are_the_income_of_that_line_to_that_day(demo: Flask, last: date) -> None:
    facts = contributions(db.session(), fund(), last)
    assert facts.total == sum(row.amount for row in facts.rows)
    assert facts.total == of(date(1990, 1, 1), last).amount("INC.CONTRIB")


def test_a_period_upside_down_is_refused(demo: Flask) -> None:
    with refused("period.upside-down"):
        of(LAST, FIRST)


@pytest.mark.parametrize("span", [(date.min, date.min), (date.min, date.max), (date.max, date.max), (FIRST, date.max)])
def test_the_first_and_the_last_day_there_is(demo: Flask, span: tuple[date, date]) -> None:
    found = of(*span)
    assert found.amount("CLOSING") == (0 if span[1] == date.min else 220849568)
    assert contributions(db.session(), fund(), span[1]).total == (0 if span[1] == date.min else 671370713)


def test_the_copy_is_kept_cell_by_cell(demo: Flask) -> None:
    found = named_document(db.session(), fund(), SYMBOL)
    copy = copy_of(db.session(), found)
    for part in ("table1", "table2", "stated"):
        kept = [dict(row.cells) for row in copy[part].rows]
        assert kept == [{heading: row[heading] for heading in copy[part].headings} for row in tables().part(part)]
    assert printed_of(db.session(), fund(), found).cents("CLOSING") == 220849500


def test_a_second_document_is_kept_and_books_nothing(demo: Flask) -> None:
    before, found = journal(), tables()
    change(found.line("INC.MISC"), 100)
    assert load(found, "A/HRC/48/1").entries == 0
    assert journal() == before
    second = named_document(db.session(), fund(), "A/HRC/48/1")
    by_id = {check.id: check for check in examine(db.session(), fund(), second).checks}
    assert by_id["income-total"].difference == "-1.00"


def test_a_document_is_loaded_once(demo: Flask) -> None:
    before, found = journal(), tables()
    with refused("published.already"):
        load(found, period=(FIRST, LAST))
    change(found.line("NET"), 1)
    with refused("published.already-otherwise"):
        load(found)
    assert journal() == before
    assert db.session.scalar(sa.select(sa.func.count(sa.distinct(PublishedCell.document_id)))) == 1


@pytest.mark.parametrize("symbol", ["", "x" * 61, " A", "A\n", "A\udc80", "\x1b[2J"])
def test_a_symbol_is_one_line_of_letters(seeded: Flask, symbol: str) -> None:
    with refused("published.symbol"):
        load(tables(), symbol)
    assert journal() == []


def test_another_fund_has_its_own_documents_and_books(demo: Flask) -> None:
    aha = named_fund(db.session(), "AHA")
    assert document(db.session(), aha, SYMBOL) is None
    with refused("published.unknown"):
        named_document(db.session(), aha, SYMBOL)
    assert statement(db.session(), aha, FIRST, LAST).amount("CLOSING") == 0
    with refused("fund.unknown"):
        named_fund(db.session(), "upr")


def test_table1_alone_opens_the_books(seeded: Flask) -> None:
    load(tables(), SYMBOL, "table1")
    found = of(FIRST, LAST)
    assert {line: found.amount(line) for line in FACTS_OF_2020} == FACTS_OF_2020
    assert [(row.period, row.donor, row.amount) for row in contributions(db.session(), fund(), LAST).rows] == [
        ("2020", None, 34659713)
    ]


def relabelled(first: int, last: int, received: str) -> Tables:
    found = tables()
    found.line("OPENING")["label"] = f"Opening balance, 1 January {first}"
    found.line("CLOSING")["label"] = f"Fund balance at 31 December {last}"
    found.line("INC.CONTRIB")["printed"] = received
    return found


def test_table1_of_a_biennium_opens_the_books(seeded: Flask) -> None:
    load(relabelled(2016, 2017, "1 150 000.00"))
    found = of(date(2016, 1, 1), date(2017, 12, 31))
    assert (found.amount("OPENING"), found.amount("INC.CONTRIB")) == (BALANCE, 115000000)
    rows = {(row.period, row.donor): row.amount for row in contributions(db.session(), fund(), LAST).rows}
    assert rows["2016-2017", None] == 115000000 - 114423600
    assert rows["2018", "NOR"] == 35727000  # what Table 2 prints after the period is booked in its year
    assert ("2020", None) not in rows
    assert of(date(2018, 1, 1), date(2018, 12, 31)).amount("INC.TOTAL") == 88954100


@pytest.mark.parametrize("year", [2016, 2017])
def test_a_biennium_over_the_end_of_the_period_changes_no_total(seeded: Flask, year: int) -> None:
    load(relabelled(year, year, "500 000.00"))
    found = of(date(year, 1, 1), date(year, 12, 31))
    assert (found.amount("OPENING"), found.amount("INC.CONTRIB")) == (BALANCE, 50000000)
    rows = {(row.period, row.donor): row.amount for row in contributions(db.session(), fund(), LAST).rows}
    assert rows["2016-2017", "NOR"] == 47536700
    assert sum(amount for (period, _), amount in rows.items() if period == "2016-2017") == 50000000


def test_a_contribution_taken_back_and_a_nil_are_booked_as_they_are(seeded: Flask) -> None:
    found = tables()
    found.donor("2020", "FRA")["printed"] = "(1 000)"
    found.donor("2020", "IND")["printed"] = "-"
    load(found)
    rows = {(row.period, row.donor): row.amount for row in contributions(db.session(), fund(), LAST).rows}
    assert rows["2020", "FRA"] == -100000
    assert ("2020", "IND") not in rows
    assert of(FIRST, LAST).amount("INC.CONTRIB") == 34659713


def test_the_largest_figures_still_add_up(seeded: Flask) -> None:
    found = tables()
    for row in found.table2[:-1]:
        row["printed"] = "9" * 11
    load(found)
    assert contributions(db.session(), fund(), LAST).total == 34659713 + 38 * 99999999999 * 100
    assert verify(db.session()).holds


OWED = st.builds(Owed, st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))


@given(st.lists(OWED, max_size=6))
def test_what_is_unpaid_is_what_was_owed_less_what_was_paid(owed: list[Owed]) -> None:
    rows = statement_rows(LAYOUT, FIRST, LAST, {}, {}, owed)
    memo = {row.line: row.amount or 0 for row in rows if row.kind == "memo"}
    assert -memo["PLEDGES.PRIOR"] - memo["PLEDGES.CURRENT"] == sum(o.opening + o.promised - o.paid for o in owed)
    assert -memo["PLEDGES.PRIOR"] == sum(max(o.opening - o.paid, 0) for o in owed)


def test_labels_say_the_period_in_every_language(demo: Flask) -> None:
    found = {row.line: row.labels for row in of(date(2018, 1, 1), date(2020, 6, 30)).rows}
    assert found["INC.CONTRIB"]["en"] == "Voluntary contributions received in 2018-01-01/2020-06-30"
    assert found["INC.FX.PRIOR"]["en"] == "Pledge of 2017, received"
    assert found["CLOSING"]["fr"].endswith("30 juin 2020")
    for labels in found.values():
        assert set(labels) == set(LANGUAGES)
        assert all(text and "{" not in text for text in labels.values())


@pytest.mark.parametrize(
    ("year", "period"), [(2008, "2008-2009"), (2009, "2008-2009"), (2017, "2016-2017"), (2018, "2018")]
)
def test_biennia_begin_in_even_years(year: int, period: str) -> None:
    assert contribution_period(year, 2017) == period


def test_every_line_opens_to_what_is_behind_it(demo: Flask) -> None:
    for row in of(FIRST, LAST).rows:
        behind, (first, last) = accounts_behind(row.line, LAYOUT), dates_behind(row.line, FIRST, LAST)
        assert behind and last <= LAST and (first is None or FIRST <= first <= last)
        if row.kind in ("total", "grand", "memo") or row.line == "OPENING":
            sums = balances(db.session(), fund().id, last)
            earlier = balances(db.session(), fund().id, date(2019, 12, 31)) if first else {}
            moved = sum(sums.get(code, 0) - earlier.get(code, 0) for code in behind)
            assert abs(moved) == abs(row.amount or 0) or row.line == "PLEDGES.CURRENT"


def printed_now() -> Printed:
    return printed_of(db.session(), fund(), named_document(db.session(), fund(), SYMBOL))


def test_what_is_read_back_is_what_was_understood(seeded: Flask) -> None:
    found = tables()
    load(found)
    assert printed_now() == found.printed()
