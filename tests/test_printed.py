"""Printed tables are understood cell by cell, or refused with every fault named: file, row and column."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from money import FIRST, LAST, PARTS, Tables, as_source, change, printed_figure, tables

from fundapp.finance.printed import STATED, TABLE1, TABLE2, parts
from fundapp.kernel.errors import MOST_FAULTS, Refusal

Place = tuple[str, int | None, str | None]


def refused(found: Tables, *which: str) -> list[Place]:
    with pytest.raises(Refusal) as refusal:
        found.printed(*which)
    return [(fault.code, fault.row, fault.column) for fault in refusal.value.faults]


def test_the_tables_are_understood() -> None:
    printed = tables().printed()
    assert (printed.first, printed.last) == (FIRST, LAST)
    assert (len(printed.lines), len(printed.donors), len(printed.facts)) == (22, 44, 49)
    assert printed.cents("EXP.TRAVELREP") == -564759
    assert printed.cents("INC.FX") is None
    assert printed.cents("INC.FX.SGP") == 0
    assert printed.line("CLOSING") is not None and printed.line("CLOSING").text == "2 208 495"  # type: ignore[union-attr]
    assert sum(row.cents for row in printed.donors) == 666591700
    assert printed.total is not None and printed.total.cents == 692459100
    assert (printed.donors[0].first, printed.donors[0].last) == (2008, 2009)
    assert [fact.value for fact in printed.stated("donor_count")] == ["18"]


@pytest.mark.parametrize("text", ["12,34,5", "1.234,56", "NaN", "1e9", "١٢٣", "--5", "(5", "5)", "1.005"])
def test_a_figure_that_is_not_one_is_named_with_its_place(text: str) -> None:
    found = tables()
    found.line("INC.MISC")["printed"] = text
    found.table2[10]["printed"] = text
    assert refused(found) == [("published.no-figure", 6, "printed"), ("published.no-figure", 12, "printed")]


def test_every_fault_is_named_at_once_in_the_order_of_files_and_rows() -> None:
    found = tables()
    found.line("INC.FX")["printed"] = "1"
    found.line("INC.MISC")["printed"] = ""
    found.line("NET")["line"] = "NOT"
    found.line("CLOSING")["printed"] = "9" * 14
    found.table1.append(dict(found.line("OPENING")))
    found.table2[0]["donor_iso3"] = "COLX"
    found.table2[1]["period"] = "2009-2008"
    found.table2[2]["period"] = "20١٨"
    found.table2[4]["donor_iso3"] = "DEU"
    found.table2[5]["printed"] = ""
    found.stated[0]["value"] = "eighteen"
    found.stated[1]["value"] = ""
    assert refused(found) == [
        ("published.no-figure", 2, "value"),
        ("published.fact-empty", 3, "value"),
        ("published.header-figure", 3, "printed"),
        ("published.figure-missing", 6, "printed"),
        ("published.line-unknown", 19, "line"),
        ("published.figure-large", 23, "printed"),
        ("published.line-twice", 24, "line"),
        ("donor.unknown", 2, "donor_iso3"),
        ("published.years-upside-down", 3, "period"),
        ("published.no-period", 4, "period"),
        ("published.donor-twice", 6, "donor_iso3"),
        ("published.no-figure", 7, "printed"),
    ]


@pytest.mark.parametrize("value", ["18.0", "-1", "١٨", "9" * 5000, "1e3"])
def test_a_count_is_a_count(value: str) -> None:
    found = tables()
    found.stated[0]["value"] = value
    assert refused(found) == [("published.no-figure", 2, "value")]


def test_what_the_books_open_with_must_be_there() -> None:
    found = tables()
    found.table1 = [row for row in found.table1 if row["line"] not in ("INC.CONTRIB", "OPENING")]
    assert refused(found) == [("published.line-missing", None, "line")] * 2


def test_a_total_has_a_figure_and_stands_once() -> None:
    found = tables()
    found.table2[-1]["printed"] = ""
    assert refused(found) == [("published.total-wrong", 46, "period")]
    found = tables()
    found.table2.append(dict(found.table2[-1]))
    assert refused(found) == [("published.total-wrong", 47, "period")]


def test_a_file_full_of_faults_is_not_listed_to_its_end() -> None:
    found = tables()
    found.table2 = [{"period": "x", "donor_iso3": "x", "printed": "x"} for _ in range(5000)]
    places = refused(found)
    assert len(places) == MOST_FAULTS + 1
    assert places[-1] == ("file.more-faults", None, None)


def relabel(found: Tables, opening: str, closing: str) -> Tables:
    found.line("OPENING")["label"], found.line("CLOSING")["label"] = opening, closing
    return found


@pytest.mark.parametrize(
    ("opening", "closing", "first", "last"),
    [
        ("1 January 2016", "31 December 2017", date(2016, 1, 1), date(2017, 12, 31)),
        ("2019 年 1 月 1 日期初余额", "截至 2019 年 12 月 31 日总资金余额", date(2019, 1, 1), date(2019, 12, 31)),
        ("Opening balance", "at 31 December 2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("1 January 2019", "Closing balance", date(2019, 1, 1), date(2019, 12, 31)),
        ("no year 120201 in it", "nor here", FIRST, LAST),  # then it is that of Table 2's newest rows
    ],
)
def test_table1_says_its_period(opening: str, closing: str, first: date, last: date) -> None:
    printed = relabel(tables(), opening, closing).printed()
    assert (printed.first, printed.last) == (first, last)


def test_a_period_upside_down_or_unknown_is_refused() -> None:
    assert refused(relabel(tables(), "1 January 2021", "31 December 2020")) == [
        ("published.period-upside-down", None, None)
    ]
    assert refused(relabel(tables(), "", ""), TABLE1) == [("published.period-unknown", None, None)]
    given = tables().printed(period=(date(2019, 7, 1), date(2020, 6, 30)))
    assert (given.first, given.last) == (date(2019, 7, 1), date(2020, 6, 30))


@given(st.permutations(PARTS))
def test_files_are_known_by_their_headings_in_any_order(order: list[str]) -> None:
    found = tables()
    named = {part: as_source("same.csv", found.part(part)) for part in PARTS}
    assert parts([named[part] for part in order]) == named


def test_table1_alone_is_enough_and_nothing_else_is() -> None:
    found = tables()
    assert found.printed(TABLE1).donors == ()
    with pytest.raises(Refusal) as refusal:
        parts([found.sources()[TABLE2], found.sources()[STATED]])
    assert refusal.value.faults[0].code == "published.no-table1"


def test_a_file_is_told_what_it_is_not() -> None:
    found = tables()
    for rows, code in (
        ([{"a": "1", "b": "2"}], "published.no-table"),
        ([{"line": "NET", "printed": "1"}], "csv.column-missing"),
        ([{"period": "2020", "donor_iso3": "FRA", "figure": "1"}], "csv.column-missing"),
    ):
        with pytest.raises(Refusal) as refusal:
            parts([as_source("odd.csv", rows)])
        assert [fault.code for fault in refusal.value.faults] == [code]
        assert refusal.value.faults[0].values["name"] == "odd.csv"
    twice = [as_source("one.csv", found.table1), as_source("two.csv", found.table1)]
    with pytest.raises(Refusal) as refusal:
        parts(twice)
    assert dict(refusal.value.faults[0].values) == {"name": "two.csv", "other": "one.csv", "part": TABLE1}


@given(st.integers(0, 43), st.integers(-(10**12), 10**12))
def test_any_figure_is_read_as_printed(row: int, cents: int) -> None:
    found = tables()
    found.table2[row]["printed"] = printed_figure(cents)
    assert found.printed().donors[row].cents == cents
    change(found.table2[row], 1)
    assert found.printed().donors[row].cents == cents + 1
