"""Workbooks, read back with another library than wrote them."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path
from tempfile import gettempdir

import printed_facts
import pytest
from python_calamine import CalamineWorkbook

from fundapp.kernel.languages import LANGUAGES
from fundapp.publishing import xlsx
from fundapp.publishing.blocks import Block, Cell, Column, Figure, Line, Masthead, Note, Notes, Table, Title
from fundapp.publishing.documents.contributions import contributions
from fundapp.publishing.documents.income_expenditure import income_expenditure
from fundapp.publishing.words import Words

COLUMNS = (Column("Line"), Column("2020", figures=True))
NO_BREAK = "\u00a0"


def statement(language: str) -> bytes:
    words = Words(language)
    return xlsx.render(income_expenditure(printed_facts.income_expenditure(), words), language)


def book(file: bytes) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(BytesIO(file))


def rows_of(file: bytes) -> list[list[object]]:
    return [list(row) for row in book(file).get_sheet_by_index(0).to_python()]


def part(file: bytes, name: str) -> str:
    with zipfile.ZipFile(BytesIO(file)) as archive:
        return archive.read(name).decode("utf-8")


def one(*cells: Cell, title: str = "T") -> tuple[Block, ...]:
    return (
        Title(title),
        Table(title, "US dollars", COLUMNS, tuple(Line("account", ("label", cell)) for cell in cells)),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_are_numbers_and_the_same_in_every_language(language: str) -> None:
    numbers = [row[1] for row in rows_of(statement(language)) if isinstance(row[1], float)]
    amounts = [row.amount for row in printed_facts.income_expenditure().rows]
    assert numbers == [amount / 100 for amount in amounts if amount is not None]


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_are_in_the_language_and_headers_have_no_amount(language: str) -> None:
    cells = {str(row[0]): row[1] for row in rows_of(statement(language))}
    for row in printed_facts.income_expenditure().rows:
        name = row.labels[language] + (f" ({Words(language).mark(0)})" if row.kind == "memo" else "")
        assert cells[name] == ("" if row.amount is None else row.amount / 100)


def test_contributions_add_up() -> None:
    document = contributions(printed_facts.contributions(), Words("en"))
    numbers = [row[1] for row in rows_of(xlsx.render(document, "en")) if isinstance(row[1], float)]
    assert len(numbers) == 46
    assert round(sum(numbers[:-1]), 2) == numbers[-1] == 6713707.13


def test_only_arabic_runs_from_right_to_left() -> None:
    for language in LANGUAGES:
        sheet = part(statement(language), "xl/worksheets/sheet1.xml")
        assert ('rightToLeft="1"' in sheet) is (language == "ar")


def test_the_head_is_frozen_and_printed_on_each_page() -> None:
    file = statement("en")
    head = next(number for number, row in enumerate(rows_of(file), 1) if row == ["Line", "2020"])
    sheet = part(file, "xl/worksheets/sheet1.xml")
    assert f'<pane ySplit="{head}" topLeftCell="A{head + 1}"' in sheet
    assert 'state="frozen"' in sheet
    assert f"${head}:${head}" in part(file, "xl/workbook.xml")


def test_the_file_says_what_it_is() -> None:
    said = part(statement("fr"), "docProps/core.xml")
    assert "État des recettes et des dépenses" in said
    assert printed_facts.fund().names["fr"] in said


@pytest.mark.parametrize("text", ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "1234", "http://x.org"])
def test_text_stays_text(text: str) -> None:
    document = (Title(text), Table(text, text, COLUMNS, (Line("account", (text, text)),)), Notes((Note(text),)))
    file = xlsx.render(document, "en")
    shown = text.replace("\t", " ")
    assert [row[0] for row in rows_of(file)].count(shown) >= 3
    assert [shown, shown] in rows_of(file)
    sheet = part(file, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (Figure(0), "0.00_);(0.00);-_)"),
        (Figure(5), "0.00_);(0.00);-_)"),
        (Figure(46612), "0.00_);(0.00);-_)"),
        (Figure(-564759), "# ##0.00_);(# ##0.00);-_)"),
        (Figure(34659713), "# ##0.00_);(# ##0.00);-_)"),
        (Figure(220849568), "# ### ##0.00_);(# ### ##0.00);-_)"),
        (Figure(40000, 0), "# ##0_);(# ##0);-_)"),
        (Figure(999, 0), "0_);(0);-_)"),
        (Figure(1234567, 3), "# ##0.000_);(# ##0.000);-_)"),
    ],
)
def test_numbers_are_shown_as_the_united_nations_prints_them(amount: Figure, expected: str) -> None:
    assert xlsx.number_format(amount) == expected.replace("# ", f"#{NO_BREAK}")
    styles = part(xlsx.render(one(amount), "en"), "xl/styles.xml")
    assert xlsx.number_format(amount) in styles


def test_an_amount_too_long_for_a_spreadsheet_is_text_and_exact() -> None:
    [*_, row] = rows_of(xlsx.render(one(Figure(123456789012345678)), "fr"))
    assert row[1] == "1 234 567 890 123 456,78".replace(" ", NO_BREAK)


def test_two_thousand_rows_are_all_there() -> None:
    rows = rows_of(xlsx.render(one(*(Figure(cents) for cents in range(1, 2001))), "zh"))
    assert [row[1] for row in rows if isinstance(row[1], float)] == [cents / 100 for cents in range(1, 2001)]


@pytest.mark.parametrize(
    "label", ["", "x" * 40_000, "a\x00b\x0bc\ud800", "😀 <b>&amp;</b>", "_x0041_", " lead and trail ", "多" * 500]
)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_odd_labels_are_written(label: str, language: str) -> None:
    document = (Masthead(label, "UPR", (label,)), Title(label), Table(label, label, COLUMNS, ()), Notes((Note(label),)))
    sheet = book(xlsx.render(document, language))
    [name] = sheet.sheet_names
    assert 1 <= len(name) <= 31
    written = [str(row[0]) for row in sheet.get_sheet_by_index(0).to_python()]
    if label.isprintable() and len(label) < 32_000:
        assert not label or label in written
    else:
        assert any(text and len(text) < 32_767 for text in written)


def test_sheets_are_named_apart() -> None:
    tables = [Table(title, "", COLUMNS, ()) for title in ("A/B [1]", "a b  1", "History", "", "'", "same", "SAME")]
    names = book(xlsx.render(tables, "en")).sheet_names
    assert len({name.casefold() for name in names}) == len(names) == 7
    assert not any(re.search(r"[\[\]:*?/\\]", name) for name in names)
    assert "history" not in {name.casefold() for name in names}


def test_a_document_without_a_table_is_a_sheet_of_text() -> None:
    assert rows_of(xlsx.render((Title("Alone", "2020"),), "en")) == [["Alone"], ["2020"]]
    assert book(xlsx.render((), "en")).sheet_names == ["1"]


def test_nothing_is_left_behind() -> None:
    before = set(Path(gettempdir()).glob("fundapp-xlsx-*"))
    statement("en")
    assert set(Path(gettempdir()).glob("fundapp-xlsx-*")) <= before
