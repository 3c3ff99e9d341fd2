"""Word files, read back as the XML that Word reads."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import printed_facts
import pytest
import register_facts
from docx import Document
from docx.oxml.ns import qn

from fundapp.kernel.languages import LANGUAGES
from fundapp.publishing import docx
from fundapp.publishing.blocks import (
    BarRow,
    Bars,
    Block,
    Column,
    Figure,
    Foot,
    Heading,
    Line,
    Masthead,
    Note,
    Notes,
    PageBreak,
    Paper,
    Paragraph,
    Said,
    Table,
    Title,
)
from fundapp.publishing.documents.contributions import contributions
from fundapp.publishing.documents.income_expenditure import income_expenditure
from fundapp.publishing.documents.infographic import infographic
from fundapp.publishing.documents.recommendation_matrix import matrix
from fundapp.publishing.wordml import runs
from fundapp.publishing.words import Words

COLUMNS = (Column("Text", share=3), Column("More"), Column("2020", figures=True))


def read(document: tuple[Block, ...], language: str = "en") -> Any:
    return Document(BytesIO(docx.render(document, language)))


def part(file: bytes, name: str) -> str:
    with zipfile.ZipFile(BytesIO(file)) as archive:
        return archive.read(name).decode("utf-8")


def found(element: Any, path: str) -> list[Any]:
    return list(element.xpath(path))


def one(*rows: Line, columns: tuple[Column, ...] = COLUMNS, **more: Any) -> tuple[Block, ...]:
    return (Title("T"), Table("T", "", columns, rows, **more))


def text_of(element: Any) -> str:
    return "".join(node.text or "\n" for node in element.iter(qn("w:t"), qn("w:br")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_statement_is_a_word_file_with_its_lines(language: str) -> None:
    words = Words(language)
    for blocks in (
        income_expenditure(printed_facts.income_expenditure(), words),
        contributions(printed_facts.contributions(), words),
    ):
        made = read(blocks, language)
        table = next(block for block in blocks if isinstance(block, Table))
        written = [text_of(row) for row in found(made.element, "//w:tr")]
        assert len(written) == len(table.rows) + 1
        for row, line in zip(written[1:], table.rows, strict=True):
            assert row.startswith(str(line.cells[0]))


def test_headings_are_words_own() -> None:
    made = read((Title("One", "two"), Heading("Three"), Paragraph("Four"), PageBreak(), Heading("Five")))
    styles = [(p.style.name, p.text) for p in made.paragraphs if p.text]
    assert styles == [
        ("Title", "One"),
        ("Subtitle", "two"),
        ("Heading 1", "Three"),
        ("Normal", "Four"),
        ("Heading 1", "Five"),
    ]
    assert len(found(made.element, "//w:pageBreakBefore")) == 1
    assert found(made.styles["Heading 1"].element, "w:pPr/w:outlineLvl")


def test_the_head_is_repeated_and_groups_go_over_all_columns() -> None:
    made = read(one(Line("group", ("G", None, None)), Line("account", ("a", "b", Figure(150)))))
    head, group, row = found(made.element, "//w:tr")
    assert found(head, "w:trPr/w:tblHeader")
    assert not found(row, "w:trPr/w:tblHeader")
    assert [span.get(qn("w:val")) for span in found(group, ".//w:gridSpan")] == ["3"]
    assert found(group, ".//w:keepNext")
    widths = [int(column.get(qn("w:w"))) for column in found(made.element, "//w:gridCol")]
    assert widths[0] == pytest.approx(3 * widths[1], abs=3)
    assert sum(widths) == pytest.approx((docx.WIDTH - 2 * docx.SIDE) * 20, abs=3)


def test_arabic_runs_from_the_right_and_its_figures_do_not() -> None:
    made = read(matrix(register_facts.matrix_facts(), Words("ar")), "ar")
    body = made.element.body
    assert found(body, "//w:tblPr/w:bidiVisual")
    assert found(body, "w:sectPr/w:bidi")
    title = next(p for p in made.paragraphs if p.style.name == "Title")
    assert found(title._p, "w:pPr/w:bidi")
    assert all(found(run, "w:rPr/w:rtl") for run in found(title._p, "w:r"))
    trend = read(infographic(register_facts.trend_facts(3), Words("ar")), "ar").element.body
    figures = [p for p in found(trend, "//w:tc/w:p") if found(p, "w:pPr/w:jc[@w:val='right']")]
    numbers = [p for p in figures if text_of(p).isdigit()]
    assert len(numbers) > 10
    assert not [p for p in numbers if found(p, "w:pPr/w:bidi") or found(p, ".//w:rtl")]


def test_only_arabic_has_marks_of_arabic() -> None:
    for language in LANGUAGES:
        body = read(matrix(register_facts.matrix_facts(4, language), Words(language)), language).element.body
        marked = found(body, "//w:bidi | //w:rtl | //w:bidiVisual")
        assert bool(marked) is (language == "ar")


def test_words_in_another_language_keep_their_direction() -> None:
    rows = (Line("account", (Said("English (text)", "en"), "عربي", None)),)
    body = read(one(*rows), "ar").element.body
    english, arabic, _ = found(body, "//w:tr[2]/w:tc/w:p")
    assert not found(english, "w:pPr/w:bidi")
    assert not found(english, ".//w:rtl")
    assert [lang.get(qn("w:val")) for lang in found(english, ".//w:lang")] == ["en-GB"]
    assert found(arabic, "w:pPr/w:bidi")
    body = read(one(Line("account", (Said("نص", "ar"), "x", None))), "en").element.body
    assert found(body, "//w:tr[2]/w:tc[1]/w:p/w:pPr/w:bidi")
    assert [lang.get(qn("w:bidi")) for lang in found(body, "//w:tr[2]//w:lang")] == ["ar-SA"]


def test_latin_words_in_arabic_are_no_arabic_runs() -> None:
    made = [(text_of(run), bool(found(run, "w:rPr/w:rtl"))) for run in runs("الوثيقة A/HRC/47/19 (2020)", "ar")]
    assert made == [("الوثيقة ", True), ("A/HRC/47/19 (2020", False), (")", True)]


@pytest.mark.parametrize(("language", "val"), [("fr", "fr-FR"), ("ru", "ru-RU"), ("zh", "en-GB"), ("ar", "en-GB")])
def test_the_document_says_its_language_and_fonts(language: str, val: str) -> None:
    file = docx.render((Title("T"),), language)
    lang = found(Document(BytesIO(file)).styles.element, "w:docDefaults//w:lang")[0]
    tags = [lang.get(qn(f"w:{name}")) for name in ("val", "eastAsia", "bidi")]
    assert tags == [val, "zh-CN", "ar-SA"]
    fonts = found(Document(BytesIO(file)).styles.element, "w:docDefaults//w:rFonts")[0]
    assert fonts.get(qn("w:eastAsia")) and fonts.get(qn("w:cs"))
    assert found(Document(BytesIO(file)).styles.element, "w:docDefaults//w:szCs")
    assert f">{'zh-CN' if language == 'zh' else 'ar-SA' if language == 'ar' else val}<" in part(
        file, "docProps/core.xml"
    )


def test_the_file_says_what_it_is_and_nothing_of_its_template() -> None:
    drawn = datetime(2025, 7, 3, 9, 30, tzinfo=UTC)
    file = docx.render((Masthead("Fund", "UPR", (), drawn), Title("T" * 400, "2020")), "fr")
    core = Document(BytesIO(file)).core_properties
    assert (core.author, core.last_modified_by, core.subject, core.title) == ("Fund", "Fund", "2020", "T" * 255)
    assert core.created == core.modified == drawn
    with zipfile.ZipFile(BytesIO(file)) as archive:
        names = archive.namelist()
        whole = b"".join(map(archive.read, names))
    assert "docProps/thumbnail.jpeg" not in names
    assert b"python-docx" not in whole
    assert b"Macintosh" not in whole


def test_the_same_document_is_the_same_file() -> None:
    words = Words("ar")
    first, second = (docx.render(matrix(register_facts.matrix_facts(), words), "ar") for _ in range(2))
    assert first == second
    with zipfile.ZipFile(BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {docx.ZIP_DATE}


def test_sheets_lie_as_the_document_says() -> None:
    for across in (True, False):
        section = read((Paper(across=across), Title("T"))).sections[0]
        assert (section.page_width > section.page_height) is across
        assert (section.orientation == 1) is across
    assert read((Title("T"),)).sections[0].orientation == 0


def test_the_foot_counts_its_pages() -> None:
    made = read((Masthead("Fund", "UPR"), Title("T"), Foot("UPR · T", "Page %(page)s of %(pages)s")))
    section = made.sections[0]
    for foot in (section.footer, section.first_page_footer):
        fields = [field.get(qn("w:instr")) for field in found(foot._element, ".//w:fldSimple")]
        assert fields == ["PAGE", "NUMPAGES"]
        assert text_of(foot._element).startswith("UPR · T")
    assert "Fund" in section.header.paragraphs[0].text
    assert section.first_page_header.paragraphs[0].text == ""


def test_lines_of_a_cell_stand_under_each_other() -> None:
    body = read(one(Line("account", ("one\ntwo\r\nthree", "", None)))).element.body
    cell = found(body, "//w:tr[2]/w:tc[1]")[0]
    assert text_of(cell) == "one\ntwo\nthree"


def test_notes_and_marks() -> None:
    body = read((*one(Line("memo", ("row", "", None), mark="a")), Notes((Note("first", "a"), Note("second"))))).element
    assert [text_of(run) for run in found(body, "//w:r[w:rPr/w:vertAlign]")] == [" a"]
    notes = [text_of(p) for p in found(body, "//w:p[w:pPr/w:pStyle[@w:val='MarkedNote']]")]
    assert notes == ["afirst", "second"]


def test_tables_do_not_grow_together() -> None:
    table = Table("T", "", COLUMNS, (Line("account", ("a", "b", None)),))
    body = read((table, table)).element.body
    assert [child.tag.rpartition("}")[2] for child in body] == ["tbl", "p", "tbl", "p", "sectPr"]


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_a_chart_has_its_figures_as_words(language: str) -> None:
    bars = Bars("C", "d", "u", ("now", "then"), ("s", "n"), (BarRow("label", ((12, 3), (0, 0))),))
    body = read((bars,), language).element.body
    label, names, values = found(body, "//w:tc")
    assert text_of(label) == "label"
    assert [text_of(p) for p in found(names, "w:p")] == ["now", "then"]
    assert [text_of(p).split() for p in found(values, "w:p")] == [["12", "3", "15"], ["0"]]
    grounds = {shade.get(qn("w:fill")) for shade in found(values, ".//w:shd")}
    assert len(grounds) == 2


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
@pytest.mark.parametrize(
    "text", ["", "a\x00b\x0bc\ud800\ufffe\uffff", "<b>&amp;</b> %(x)s", "😀 🇺🇳", "x" * 100_000, "многословие " * 9000]
)
def test_odd_text_is_written(text: str, language: str) -> None:
    rows = (Line("account", (text, Said(text, "ar"), Figure(-123456)), 2, "a"), Line("grand", (text[:40], "", None)))
    document = (
        Masthead(text[:500], text[:20], (text[:90],)),
        Title(text[:400], text[:50]),
        Table(text[:80], text[:80], COLUMNS, rows),
        Bars(text[:80], text, text[:80], (text[:9],), (text[:9],), (BarRow(text, ((1,),)),)),
        Notes((Note(text, "a"), Note(text[:70]))),
        Foot(text[:300], "%(page)s/%(pages)s"),
    )
    cell = found(read(document, language).element, "//w:tr[2]/w:tc[1]")[0]
    shown = text.translate({0: " ", 0xB: " ", 0xD800: "\ufffd", 0xFFFE: "\ufffd", 0xFFFF: "\ufffd"})
    assert text_of(cell) == f"{shown} a"


def test_a_document_of_nothing_is_a_file() -> None:
    assert read(()).paragraphs == []
    assert found(read(one()).element, "//w:tr")


def test_two_thousand_recommendations_are_all_there() -> None:
    made = read(matrix(register_facts.matrix_facts(2000), Words("zh")), "zh")
    cells = [text_of(cell) for cell in found(made.element, "//w:tr/w:tc[1][not(w:tcPr/w:gridSpan)]")][1:]
    assert sorted(int(cell.split()[0].removeprefix("140.")) for cell in cells) == list(range(1, 2001))
