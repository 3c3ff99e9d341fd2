"""The matrix of recommendations and the trend by theme, as blocks and as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pytest
import register_facts
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from register_facts import THEMES, matrix_facts, row, trend_facts

from fundapp.kernel.languages import LANGUAGES
from fundapp.publishing import pdf, xlsx
from fundapp.publishing.blocks import Bars, Block, Cell, Figure, Notes, PageBreak, Paper, Said, Table, Title
from fundapp.publishing.documents.infographic import infographic
from fundapp.publishing.documents.recommendation_matrix import matrix
from fundapp.publishing.drawing import REGISTER_FORMATS, draw
from fundapp.publishing.layout import Layout
from fundapp.publishing.paper import ACROSS, BOTTOM, Ink
from fundapp.publishing.typesetting import Typesetter
from fundapp.publishing.words import Words
from fundapp.recommendations.matrix import MatrixFacts, MatrixTheme, Tally, as_written, sections

EN = Words("en")


def table(document: tuple[Block, ...]) -> Table:
    return next(block for block in document if isinstance(block, Table))


def notes(document: tuple[Block, ...]) -> list[str]:
    return [note.text for block in document if isinstance(block, Notes) for note in block.items]


def said(cell: Cell) -> str:
    assert isinstance(cell, str | Said)
    return cell if isinstance(cell, str) else cell.text


def paragraphs(document: tuple[Block, ...]) -> Iterator[int]:
    for line in table(document).rows:
        if line.kind == "account":
            yield int(said(line.cells[0]).split()[0].removeprefix("140."))


def bare(text: str) -> str:
    return re.sub(r"\s|[\u200e\u200f]", "", text)


def pages(file: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(file)).pages]


def test_each_recommendation_is_printed_once_under_its_first_theme() -> None:
    document = matrix(matrix_facts(), EN)
    assert sorted(paragraphs(document)) == list(range(1, 31))
    groups = [line.cells[0] for line in table(document).rows if line.kind == "group"]
    assert groups == [*(f"Theme: {theme.names['en']}" for theme in THEMES), "Other themes"]


def test_a_row_says_all_that_ohchr_prints() -> None:
    rows = {said(line.cells[0]).split()[0]: line.cells for line in table(matrix(matrix_facts(), EN)).rows}
    assert rows["140.5"] == (
        "140.5 Continue the reform of schools in remote districts, so that each child has a teacher and a desk"
        " (Maldives) (Portugal)",
        "Supported",
        "Conditions of detention\nGroups of persons:\nWomen & girls\nChildren",
        "4 – Quality education",
    )
    assert said(rows["140.6"][3]).startswith("5 – Gender equality\nTargets: 5.1, 5.c\n4 – Quality education")
    assert rows["140.12"][1] == "Not known"
    assert said(rows["140.10"][2]).startswith("Freedom of the high seas")


def test_the_counts_are_those_of_the_rows() -> None:
    document = matrix(matrix_facts(), EN)
    assert table(document).unit == "30 recommendations: supported 16, noted 6, pending 6"
    assert "The position on 2 recommendations is not known." in notes(document)
    assert any(text == "Source: A/HRC/59/99, list-of-the-isles.docx" for text in notes(document))
    assert any(text.startswith("Drawn on 3 July 2025 at 09:30 UTC") for text in notes(document))
    assert not any("language of their source" in text for text in notes(document))


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_stay_in_their_language_and_states_are_named_in_it(language: str) -> None:
    document = matrix(matrix_facts(4, "fr"), Words(language))
    cells = [line.cells[0] for line in table(document).rows if line.kind == "account"]
    assert all("Monténégro" in said(cell) for cell in cells if "140.2 " in said(cell))
    assert all(isinstance(cell, Said) is (language != "fr") for cell in cells)
    assert THEMES[1].names[language] in said(table(document).rows[0].cells[0])


def test_a_text_in_a_seventh_language_names_states_in_that_of_the_document() -> None:
    cell = table(matrix(matrix_facts(1, "pt"), EN)).rows[1].cells[0]
    assert isinstance(cell, Said)
    assert cell.language == "pt"
    assert "(Portugal)" in cell.text
    assert draw(matrix_facts(1, "pt"), "ar", "docx")
    assert draw(matrix_facts(1, "pt"), "ar", "pdf")


def test_sections_follow_the_order_of_the_themes_and_end_with_the_others() -> None:
    late = MatrixTheme("late", as_written("Late"))
    unknown = replace(row(1), themes=(MatrixTheme(None, as_written("As written")),))
    known = replace(row(2), themes=(MatrixTheme(None, as_written("As written")), late))
    found = sections([unknown, known, replace(row(3), themes=()), row(4)], ["budget", "women"])
    assert [section.theme.code if section.theme else None for section in found] == ["budget", "late", None]
    assert found[-1].rows == (unknown, replace(row(3), themes=()))
    assert sections([], []) == ()


def test_a_review_without_recommendations_is_a_document() -> None:
    empty = MatrixFacts(register_facts.STATE, 4, None, register_facts.DRAWN, (), ())
    document = matrix(empty, EN)
    assert table(document).unit == "0 recommendations: supported 0, noted 0, pending 0"
    assert next(block for block in document if isinstance(block, Title)).sub.endswith("cycle 4")
    for kind in REGISTER_FORMATS:
        assert draw(empty, "zh", kind)


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_the_matrix_lies_across_and_can_be_copied(language: str) -> None:
    facts = matrix_facts()
    file = draw(facts, language, "pdf")
    for page in PdfReader(BytesIO(file)).pages:
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx((841.89, 595.28))
    texts = pages(file)
    head = bare(Words(language).text("Position"))
    assert all(head in bare(text) for text in texts[:-1])
    whole = bare("".join(texts))
    for recommendation in facts.rows:
        assert bare(recommendation.text)[:40] in whole
    assert bare("(Maldives)(Portugal)(Montenegro)(Côted’Ivoire)") in whole
    assert bare(facts.state[language]) in whole


def test_english_in_arabic_begins_on_the_left_of_its_column() -> None:
    sheets = Layout(Typesetter("ar")).lay(matrix(matrix_facts(), Words("ar")))
    english = [mark for sheet in sheets for mark in sheet.marks if isinstance(mark, Ink) and mark.language == "en"]
    assert len(english) > 30
    assert {mark.anchor for mark in english} == {"end"}
    assert len({mark.x for mark in english}) == 1
    setter = Typesetter("ar")
    drawn = "".join(run.text for run in setter.runs("text (a) 12.", english[0].style, "en"))
    assert drawn == "text (a) 12."


def test_codes_of_targets_are_not_turned() -> None:
    setter = Typesetter("ar")
    words = Words("ar")
    line = f"الغايات: {words.several(map(words.code, ('5.1', '5.c')))}"
    drawn = "".join(run.text for run in setter.runs(line, setter.scaled(9, 12)))
    assert "5.c" in drawn
    assert drawn.index("5.c") < drawn.index("5.1")


def test_nothing_of_a_long_text_is_drawn_outside_the_sheet() -> None:
    text = " ".join(f"word{number}" for number in range(2500))
    document = matrix(matrix_facts(2, "en", text), Words("ar"))
    sheets = Layout(Typesetter("ar")).lay(document)
    assert all(sheet.size == ACROSS for sheet in sheets)
    for sheet in sheets:
        assert all(mark.y <= ACROSS.height - BOTTOM + 31 for mark in sheet.marks)
    printed = "".join(pages(pdf.render(document, "ar")))
    assert [int(number) for number in re.findall(r"word(\d+)", printed)] == [*range(2500), *range(2500)]


@pytest.mark.parametrize("text", ["a\x00b\x0bc\ud800", "\ufffe", "<b>&</b>", "\u202eturned", "x" * 20_000])
def test_odd_texts_are_printed(text: str) -> None:
    for kind in REGISTER_FORMATS:
        for language in ("en", "ar"):
            assert draw(matrix_facts(2, "en", text), language, kind)


def test_pages_grow_with_the_rows() -> None:
    count = {rows: len(Layout(Typesetter("en")).lay(matrix(matrix_facts(rows), EN))) for rows in (500, 1000, 2000)}
    assert abs(count[2000] - 2 * count[1000]) <= 3
    assert abs(count[1000] - 2 * count[500]) <= 3
    assert sorted(paragraphs(matrix(matrix_facts(2000), EN))) == list(range(1, 2001))


def test_lines_of_a_cell_stay_lines_in_a_workbook() -> None:
    document = matrix(matrix_facts(5), EN)
    assert isinstance(document[0], Paper)
    rows = CalamineWorkbook.from_filelike(BytesIO(xlsx.render(document, "en"))).get_sheet_by_index(0).to_python()
    assert any(
        "Conditions of detention\nGroups of persons:\nWomen & girls\nChildren" in map(str, line) for line in rows
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chart_and_the_table_have_the_same_figures(language: str) -> None:
    document = infographic(trend_facts(), Words(language))
    chart = next(block for block in document if isinstance(block, Bars))
    for bars, line in zip(chart.rows, table(document).rows, strict=False):
        now, before = bars.values
        assert line.cells[0] == bars.label
        figures = [cell.minor for cell in line.cells[1:] if isinstance(cell, Figure)]
        assert figures == [*now, sum(now), *before, sum(before), sum(now) - sum(before)]
    last = table(document).rows[-1]
    assert [cell.minor for cell in last.cells[1:] if isinstance(cell, Figure)] == [217, 37, 254, 171, 44, 215, 39]


def test_without_an_earlier_cycle_nothing_is_compared() -> None:
    document = infographic(trend_facts(4, compared=False), EN)
    chart = next(block for block in document if isinstance(block, Bars))
    assert chart.bars == ("Cycle 4",)
    assert [column.title for column in table(document).columns] == [
        "Theme",
        *(f"Cycle\u00a04\n{part}" for part in ("Supported", "Noted", "Total")),
    ]
    assert not any(text.startswith("Change") for text in notes(document))
    assert not any(isinstance(block, PageBreak) for block in document)


def test_pending_is_shown_where_there_is_some() -> None:
    chart = next(block for block in infographic(trend_facts(5, pending=6), EN) if isinstance(block, Bars))
    assert chart.parts == ("Supported", "Noted", "Pending")
    assert chart.rows[3].values[0][2] == 6
    assert any("pending" in text for text in notes(infographic(trend_facts(5, pending=6), EN)))
    assert Tally(1, 2, 3).total == 6


@pytest.mark.parametrize("language", ["en", "ar", "zh", "ru"])
def test_the_trend_fits_two_pages_and_can_be_copied(language: str) -> None:
    texts = pages(draw(trend_facts(), language, "pdf"))
    assert len(texts) == 2
    words = Words(language)
    for text in texts:
        assert bare(THEMES[3].names[language]) in bare(text)
    assert bare(words.text("All recommendations")) in bare(texts[1])


@pytest.mark.parametrize("kind", REGISTER_FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_format_is_drawn_in_every_language(kind: str, language: str) -> None:
    for facts in (matrix_facts(), trend_facts()):
        assert draw(facts, language, kind).startswith({"pdf": b"%PDF-", "docx": b"PK\x03\x04"}[kind])
