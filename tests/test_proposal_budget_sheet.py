"""A budget goes out as a workbook and comes in again unchanged, in whatever language; what is wrong is named."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import xlsxwriter
from budget_lines import LINE, LINES, STAFF
from hypothesis import given, settings
from hypothesis import strategies as st
from opened import refused
from python_calamine import CalamineWorkbook

from fundapp.kernel.errors import Fault, Faults
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.sheets import csv_text
from fundapp.kernel.text import fold
from fundapp.proposals.layouts.budget_sheet import COLUMNS, NEEDED, BudgetFile, key_of, read, word, words, write
from fundapp.proposals.rules.budget import MOST_LINES, ErpClass, Limits, Line, Quarter, faults, totals
from fundapp.recommendations.layouts.incoming import incoming

RATE = Decimal("0.13")
GOOD = {"class": "120", "what": "Printing", "unit": "copy", "unit_cost": 12.5, "quantity": 200}


def came_in(content: bytes, language: str = "en", name: str = "budget.xlsx") -> tuple[BudgetFile, Faults]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        found = Faults()
        return read(incoming(path), language, found), found


def written(lines: Sequence[Line], language: str = "en") -> bytes:
    return write(lines, totals(lines, RATE), language)


def sheet(*rows: dict[str, Any], headings: Sequence[str] = tuple(GOOD), below: Sequence[str] = ()) -> bytes:
    """A workbook that an office made: headings, perhaps a row below them, and rows by heading."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, headings)
        page.write_row(1, 0, below)
        for number, row in enumerate(rows, 2 if below else 1):
            for column, heading in enumerate(headings):
                if (cell := row.get(heading, "")) != "":
                    page.write(number, column, cell)
    return out.getvalue()


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, max_size=5), st.sampled_from(LANGUAGES), st.sampled_from(LANGUAGES))
def test_what_goes_out_comes_in_again(lines: list[Line], writer: str, reader: str) -> None:
    found, wrong = came_in(written(lines, writer), reader)
    assert wrong == []
    assert [one.line for one in found.lines] == lines
    assert [one.row for one in found.lines] == list(range(3, len(lines) + 3))
    assert found.unread == ()


def cells(content: bytes, number: int = 0) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(number).to_python()


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_and_names_are_in_the_language_asked_for(language: str) -> None:
    rows = cells(written([STAFF], language))
    assert rows[0] == list(COLUMNS)
    assert rows[1] == [word(key, language) for key in COLUMNS]
    assert rows[2][:2] == ["010", word("010", language)]
    assert rows[2][4:8] == [word("month", language), 10_000.0, 2.0, 20_000.0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_without_its_keys_is_read_by_its_headings(language: str) -> None:
    headings = [word(key, language) for key in GOOD]
    row = {word(key, language): value for key, value in GOOD.items()}
    found, wrong = came_in(sheet(row, headings=headings), "en")
    assert wrong == []
    assert [(one.row, one.line.cents, one.line.what) for one in found.lines] == [(2, 250_000, "Printing")]
    assert found.headings["unit_cost"] == word("unit_cost", language)


def test_the_row_of_keys_is_hidden_and_the_sheet_runs_as_it_is_read() -> None:
    def part(language: str) -> str:
        with zipfile.ZipFile(io.BytesIO(written([LINE], language))) as book:
            return book.read("xl/worksheets/sheet1.xml").decode()

    assert '<row r="1"' in part("en") and 'hidden="1"' in part("en").partition('r="2"')[0]
    assert 'rightToLeft="1"' in part("ar") and "rightToLeft" not in part("fr")


def test_sums_are_numbers_that_nobody_reads_back() -> None:
    lines = [LINE, replace(STAFF, quarter=Quarter(2027, 1))]
    content = written(lines)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist() if "worksheets" in name)
    sums = {row[1]: row[2] for row in cells(content, 1)[1:]}
    assert sums[word("whole", "en")] == float(totals(lines, RATE).total) / 100
    assert sums[word("155", "en")] == float(totals(lines, RATE).support) / 100
    assert sum(sums.values()) == pytest.approx(2 * totals(lines, RATE).total / 100 + totals(lines, RATE).direct / 100)
    tampered = {**GOOD, "total": 99_999}
    found, _ = came_in(sheet(tampered, headings=[*GOOD, "total"]))
    assert totals([one.line for one in found.lines], RATE).direct == 250_000


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"class": "150"}, "budget.no-class", "class"),
    ({"class": ""}, "budget.class-empty", "class"),
    ({"unit_cost": "dear"}, "amount.none", "unit_cost"),
    ({"unit_cost": ""}, "amount.empty", "unit_cost"),
    ({"unit_cost": "1,2,3"}, "amount.none", "unit_cost"),
    ({"unit_cost": 1.234}, "amount.decimals", "unit_cost"),
    ({"unit_cost": 1e17}, "amount.large", "unit_cost"),
    ({"quantity": -1}, "amount.negative", "quantity"),
    ({"quantity": 0.125}, "amount.decimals", "quantity"),
    ({"quarter": "spring"}, "budget.no-quarter", "quarter"),
]


def test_what_only_turns_the_writing_is_not_read() -> None:
    """Cells that were copied out of an Arabic letter, or out of a page, bring marks that nobody sees."""
    turned = {
        "class": "\u200f120",
        "unit_cost": "\u2066250.00\u2069",
        "quantity": "\u200e2",
        "quarter": "\u20662027-Q1\u2069",
    }
    found, wrong = came_in(sheet(GOOD | turned, headings=[*GOOD, "quarter"]))
    assert (wrong, found.lines[0].line.unit_cents, str(found.lines[0].line.quarter)) == ([], 25_000, "2027-Q1")


def test_a_number_with_three_decimals_is_named_as_the_cell_has_it() -> None:
    _, [wrong] = came_in(sheet(GOOD | {"unit_cost": 1234.567}))
    assert wrong.values == {"text": "1234.567", "found": 3, "most": 2}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(("changed", "code", "column"), WRONG)
def test_what_is_not_understood_is_named_by_row_and_column(
    changed: dict[str, Any], code: str, column: str, language: str
) -> None:
    content = sheet(GOOD, GOOD | changed, headings=[*GOOD, "quarter"])
    found, wrong = came_in(content, language)
    assert [(fault.code, fault.row, fault.column) for fault in wrong] == [(code, 3, column)]
    assert len(found.lines) == 1


def test_every_fault_of_a_row_is_said() -> None:
    _, wrong = came_in(sheet(GOOD | {"class": "9", "unit_cost": "x", "quantity": "y"}))
    assert [fault.column for fault in wrong] == ["class", "unit_cost", "quantity"]


def test_faults_of_the_rules_are_placed_in_the_file() -> None:
    headings = [word(key, "fr") for key in GOOD]
    row = {word(key, "fr"): value for key, value in GOOD.items()}
    content = sheet(row, row | {word("unit_cost", "fr"): -3, word("what", "fr"): ""}, headings=headings)
    found, wrong = came_in(content, "fr")
    assert wrong == []
    said = faults([one.line for one in found.lines], RATE, Limits(), [one.row for one in found.lines])
    assert [(fault.code, fault.row, fault.column) for fault in found.placed(said)] == [
        ("budget.no-what", 3, "Description"),
        ("budget.cost-negative", 3, "Coût unitaire (dollars des États-Unis)"),
    ]


@pytest.mark.parametrize(
    ("typed", "language", "cents"),
    [("1 234,5", "fr", 123450), ("1,234", "en", 123400), ("1.234", "es", 123400), ("١٢٣٤٫٥", "ar", 123450)],
)
def test_amounts_typed_as_text_follow_the_writer_s_language(typed: str, language: str, cents: int) -> None:
    found, wrong = came_in(sheet(GOOD | {"unit_cost": typed}), language)
    assert wrong == []
    assert found.lines[0].line.unit_cents == cents


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [0.1 + 0.2, 1234.56, 1234.5, 7, 999_999_999.99, 0.01])
def test_a_number_is_itself_in_every_language(number: float, language: str) -> None:
    found, wrong = came_in(sheet(GOOD | {"unit_cost": number, "quantity": 1}), language)
    assert wrong == []
    assert found.lines[0].line.unit_cents == round(number * 100)


@pytest.mark.parametrize("text", ["120", "120 ", "Contractual services", "SERVICES CONTRACTUELS", "订约承办事务"])
def test_a_class_is_known_by_code_or_name(text: str) -> None:
    found, wrong = came_in(sheet(GOOD | {"class": text}))
    assert (wrong, found.lines[0].line.erp_class) == ([], ErpClass.CONTRACTUAL)


def test_a_class_that_lost_its_nought_or_its_code_is_known() -> None:
    staff = GOOD | {"class": 10, "grade": "P-3", "unit": "anything"}
    by_name = GOOD | {"class": "", "class_name": "Travel"}
    found, wrong = came_in(sheet(staff, by_name, headings=[*GOOD, "grade", "class_name"]))
    assert wrong == []
    assert [(one.line.erp_class, one.line.unit) for one in found.lines] == [
        (ErpClass.STAFF, "month"),
        (ErpClass.TRAVEL, "copy"),
    ]


def test_headings_below_the_keys_may_be_called_anything() -> None:
    found, wrong = came_in(sheet(GOOD, below=["Genre", "Quoi", "Mesure", "Prix", "Nombre"]))
    assert (wrong, [one.row for one in found.lines]) == ([], [3])
    assert found.headings["unit_cost"] == "Prix"


def test_a_first_line_that_says_nonsense_is_no_heading() -> None:
    _, wrong = came_in(sheet(GOOD | {"unit_cost": "dear", "quantity": "many"}))
    assert [fault.row for fault in wrong] == [2, 2]


def test_a_csv_comes_in_too_and_strange_columns_are_named() -> None:
    text = csv_text([*GOOD, "Our remarks"], [["160", "Mission", "trip", "1 500,50", "2", "later"]])
    found, wrong = came_in(text.encode(), "fr", "budget.csv")
    assert (wrong, found.lines[0].line.cents, found.unread) == ([], 300_100, ("Our remarks",))


def test_a_file_that_lacks_columns_or_has_them_twice_is_refused() -> None:
    with refused(*["csv.column-missing"] * len(NEEDED)):
        came_in(sheet({"x": 1}, headings=["x"]))
    with refused("budget.columns"):
        came_in(sheet(GOOD, headings=[*GOOD, "Quantity"]))


def test_too_many_lines_are_refused() -> None:
    with refused("csv.rows"):
        came_in(sheet(*[GOOD] * (MOST_LINES + 1)))
    found, wrong = came_in(sheet(*[GOOD] * MOST_LINES))
    assert (len(found.lines), wrong) == (MOST_LINES, [])


def test_a_file_of_faults_ends_at_the_hundredth() -> None:
    with refused(*["quantity.none"] * 100, "file.more-faults"):
        came_in(sheet(*[GOOD | {"quantity": "x"}] * 200))


def test_a_formula_is_refused_with_its_place() -> None:
    with refused("package.formula"):
        came_in(sheet(GOOD | {"unit_cost": "=1+1"}))


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "csv.empty"), (b"PK\x03\x04 broken", "package.broken"), (b"\xd0\xcf\x11\xe0old", "budget.old-workbook")],
)
def test_what_is_no_such_file_is_refused(content: bytes, code: str) -> None:
    with refused(code):
        came_in(content)


def test_every_word_of_the_sheet_stands_in_six_languages() -> None:
    assert all(set(row) == set(LANGUAGES) and all(map(str.strip, row.values())) for row in words().values())
    assert {one.value for one in ErpClass} | set(COLUMNS) <= set(words())
    assert all(len(word(key, language)) <= 31 for key in ("budget", "totals") for language in LANGUAGES)
    for keys in (COLUMNS, [one.value for one in ErpClass]):
        meant: dict[str, str] = {}
        for key in keys:
            for language in LANGUAGES:
                assert meant.setdefault(fold(word(key, language)), key) == key, (key, language)
    assert key_of("Unit cost (United States dollars)") == key_of("unit_cost") == "unit_cost"


def test_a_fault_without_a_column_is_left_as_it_is() -> None:
    found, _ = came_in(sheet(GOOD))
    assert found.placed([Fault("budget.nothing")]) == [Fault("budget.nothing")]
