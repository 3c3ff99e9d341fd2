"""Printed documents: what is on the page, read back from the file."""

from __future__ import annotations

import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import printed_facts
import pytest
from pypdf import PdfReader

from fundapp.kernel.languages import LANGUAGES, figure
from fundapp.publishing import fonts, pdf
from fundapp.publishing.blocks import (
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
    Paragraph,
    Table,
    Title,
)
from fundapp.publishing.documents.contributions import contributions
from fundapp.publishing.documents.income_expenditure import income_expenditure
from fundapp.publishing.layout import Layout
from fundapp.publishing.paper import BOTTOM, HEIGHT, MEASURE, Ink, Sheet
from fundapp.publishing.shaping import visual, written
from fundapp.publishing.typesetting import Style, Typesetter
from fundapp.publishing.words import Words

COLUMNS = (Column("Line"), Column("2020", figures=True))


def statement(language: str) -> tuple[Block, ...]:
    return income_expenditure(printed_facts.income_expenditure(), Words(language))


def given(language: str) -> tuple[Block, ...]:
    return contributions(printed_facts.contributions(), Words(language))


def read(file: bytes) -> PdfReader:
    return PdfReader(BytesIO(file))


def text_of(file: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(file).pages)


def bare(text: str) -> str:
    """Without what readers of files add or drop: spaces and their kinds."""
    return re.sub(r"\s", "", text)


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{2,}", text))


def laid(document: tuple[Block, ...], language: str = "en") -> list[Sheet]:
    return Layout(Typesetter(language)).lay(document)


def inks(sheet: Sheet) -> list[Ink]:
    return [mark for mark in sheet.marks if isinstance(mark, Ink)]


def long_table(rows: int, *, per_group: int = 0) -> tuple[Block, ...]:
    lines: list[Line] = []
    for number in range(rows):
        if per_group and number % per_group == 0:
            lines.append(Line("group", (f"Group {number // per_group}", None)))
        lines.append(Line("account", (f"Line number {number}", Figure(number * 100 + 1)), 1))
    table = Table("Long", "US dollars", COLUMNS, tuple(lines), "%(title)s (continued)")
    return (Masthead("Fund", "UPR"), Title("Long"), table, Foot("UPR", "Page %(page)s of %(pages)s"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_and_label_of_the_statement_can_be_copied(language: str) -> None:
    text = text_of(pdf.render(statement(language), language))
    facts = printed_facts.income_expenditure()
    for row in facts.rows:
        if row.amount:
            assert bare(figure(row.amount, language)) in bare(text)
        if language == "ar":
            assert words_of(row.labels["ar"]) <= words_of(text)
        else:
            assert bare(row.labels[language]) in bare(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_donor_and_amount_can_be_copied(language: str) -> None:
    text = text_of(pdf.render(given(language), language))
    for row in printed_facts.contributions().rows:
        assert bare(figure(row.amount, language)) in bare(text)
        label = row.labels.get(language, "")
        assert words_of(label) <= words_of(text) if language == "ar" else bare(label) in bare(text)
    assert bare(figure(671370713, language)) in bare(text)


def test_arabic_is_copied_as_it_is_written() -> None:
    text = text_of(pdf.render(statement("ar"), "ar"))
    drawn = [letter for letter in text if "\ufb50" <= letter <= "\ufefc" or "\ue000" <= letter <= "\uf8ff"]
    assert drawn == []
    for phrase in ("بيان الإيرادات والنفقات", "مجموع الإيرادات", "تكاليف الموظفين", "الأول/ديسمبر", "(النقص)", "أُعلن"):
        assert phrase in text
    for amount in ("346 597.13", "(144 497.12)", "2 208 495.68", "50 000"):
        assert amount in text


@pytest.mark.parametrize("name", ["Gastón Berrutti", "Ксения Ставрова", "Côte d’Ivoire", "Nguyễn Văn An"])
def test_names_of_other_scripts_are_copied_as_they_are_written_in_arabic(name: str) -> None:
    said = (
        Title("محضر الدورة", f"سلمى الحداد، {name}، Wanjiru Kamande"),
        Paragraph(f"لم يشارك {name} (من رعايا الدولة)"),
    )
    text = " ".join(text_of(pdf.render(said, "ar")).split())
    assert text.count(name) == 2, text


def places(language: str) -> dict[str, float]:
    """Where each piece of text of the statement begins, from the left of the page."""
    found: dict[str, float] = {}

    def note(text: str, _cm: object, matrix: list[float], _font: object, _size: object) -> None:
        found.setdefault(text.strip(), matrix[4])

    read(pdf.render(statement(language), language)).pages[0].extract_text(visitor_text=note)
    return found


def test_arabic_runs_from_the_right_and_its_figures_do_not() -> None:
    arabic, english = places("ar"), places("en")
    assert arabic["317 975.13"] < 150 < 400 < arabic["تكاليف الموظفين"]
    assert english["Staff costs"] < 150 < 400 < english["317 975.13"]


def test_brackets_are_drawn_turned_and_copied_as_typed() -> None:
    drawn = visual("المنح (أقل)", "rtl")
    assert "".join(written(ord(letter)) for letter in drawn)[0] == ")"
    assert drawn[0] not in "()"
    assert visual("(144\u00a0497.12)", "rtl") == "(144\u00a0497.12)"
    assert visual("2020", "rtl") == "2020"
    assert visual("plain (text)", "ltr") == "plain (text)"


def test_letters_stand_for_one_letter_each_when_copied() -> None:
    for word in ("لا", "الأول", "الإيرادات", "الآن", "أُعلن"):
        drawn = visual(word, "rtl")
        assert "".join(written(ord(letter)) for letter in reversed(drawn)) == word
    assert written(0) == "\ufffd"
    assert written(ord("a")) == "a"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_says_what_it_is(language: str) -> None:
    file = read(pdf.render(statement(language), language))
    assert file.metadata
    names = printed_facts.fund().names
    assert file.metadata.author == names[language]
    title = next(block for block in statement(language) if isinstance(block, Title))
    assert file.metadata.title == f"{title.text}: {title.sub}"
    root = file.trailer["/Root"]
    assert root["/Lang"] == language  # type: ignore[index]
    assert ("/Direction" in root["/ViewerPreferences"]) is (language == "ar")  # type: ignore[index]
    assert [entry.title for entry in file.outline if not isinstance(entry, list)] == [title.text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_are_small_and_say_which_page_of_how_many(language: str) -> None:
    file = pdf.render(given(language), language)
    assert len(file) < 100_000
    pages = read(file).pages
    assert len(pages) == 2
    folio = Words(language).text("Page %(page)s of %(pages)s", page=2, pages=2)
    assert words_of(folio) <= words_of(pages[1].extract_text())
    assert "UPR" in pages[1].extract_text()


def test_decimals_stand_under_each_other() -> None:
    [sheet] = laid(statement("en"))
    ends = {(ink.text.endswith(")"), ink.x) for ink in inks(sheet) if re.search(r"\.\d\d\)?$", ink.text)}
    assert len(ends) == 2
    by_sign = dict(ends)
    hang = by_sign[True] - by_sign[False]
    setter = Typesetter("en")
    assert hang == pytest.approx(setter.width(")", setter.scaled(9, 12, "bold")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_drawn_outside_the_text(language: str) -> None:
    setter = Typesetter(language)
    for document in (statement(language), given(language), long_table(120, per_group=7)):
        for sheet in laid(document, language):
            for ink in inks(sheet):
                width = setter.width(ink.text, ink.style)
                start = ink.x if ink.anchor == "start" else ink.x - width
                assert start > -0.1, ink
                assert start + width < MEASURE + 0.1, ink
                assert 40 < ink.y < HEIGHT - 30, ink


def test_pages_grow_with_the_rows() -> None:
    pages = {rows: len(laid(long_table(rows))) for rows in (250, 500, 1000, 2000)}
    for rows in (250, 500, 1000):
        assert abs(pages[2 * rows] - 2 * pages[rows]) <= 1
    file = read(pdf.render(long_table(2000), "en"))
    assert len(file.pages) == pages[2000] > 40
    text = "\n".join(page.extract_text() for page in file.pages)
    assert sorted(map(int, re.findall(r"Line number (\d+)", text))) == list(range(2000))
    assert text.count("Long (continued)") == len(file.pages) - 1


def test_a_head_is_never_left_at_the_foot_and_goes_on_overleaf() -> None:
    for per_group in range(3, 12):
        sheets = laid(long_table(150, per_group=per_group))
        for sheet, following in pairwise(sheets):
            texts = [ink.text for ink in inks(sheet) if ink.text.startswith(("Group", "Line number"))]
            after = [ink.text for ink in inks(following) if ink.text.startswith(("Group", "Line number"))]
            assert texts[-1].startswith("Line")
            assert texts[-2].startswith("Line")
            group = [text for text in texts if text.startswith("Group")][-1].removesuffix(" (continued)")
            assert after[0].startswith("Group")
            assert after[0] == f"{group} (continued)" or after[0] == f"Group {int(group.split()[1]) + 1}"


def test_a_sum_is_never_alone_on_its_page() -> None:
    for rows in range(30, 60):
        document = long_table(rows)
        table = document[2]
        assert isinstance(table, Table)
        total = Line("grand", ("Total", Figure(1)))
        sheets = laid((*document[:2], replace(table, rows=(*table.rows, total)), document[3]))
        texts = [ink.text for ink in inks(sheets[-1])]
        assert texts.index("Total") > 0
        assert any(text.startswith("Line number") for text in texts)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "label",
    [
        "",
        " ",
        "x" * 4000,
        "многословие " * 600,
        "很" * 3000,
        "طويل جداً " * 700,
        "a\x00b\tc\r\nd\u2028e\u200f\u202e\ufeff",
        "<b>&amp;</b> \\(%s) %(x)s {0}",
        "emoji 😀👩‍👩‍👧 flag 🇺🇳",
        "\ud800 half",
        "English العربية 中文 Русский (mixed) 12 345.67",
        "\ue000\ue011 private",
        "e\u0301" * 200,
    ],
)
def test_odd_labels_are_printed(language: str, label: str) -> None:
    rows = (Line("account", (label, Figure(-123456)), 2, "a"), Line("grand", (label[:40], Figure(0))))
    document = (
        Masthead(label[:500], label[:20], (label[:90],)),
        Title(label[:200], label[:50]),
        Table(label[:80], "", COLUMNS, rows, "%(title)s (continued)"),
        Notes((Note(label, "a"), Note(label[:70]))),
        Foot(label[:300], "%(page)s/%(pages)s"),
    )
    text = text_of(pdf.render(document, language))
    assert len(re.findall(r"\(1 234[.,]56\)", text)) == 1
    assert not re.search("[\x00\ue000-\uf8ff]", text)
    for sheet in laid(document, language):
        assert all(ink.y <= HEIGHT - BOTTOM + 31 for ink in inks(sheet))


def test_a_label_longer_than_a_page_is_printed_whole_and_its_figure_once() -> None:
    label = " ".join(f"word{number}" for number in range(1500))
    table = Table("T", "", COLUMNS, (Line("account", (label, Figure(98765432))),))
    text = text_of(pdf.render((table,), "en"))
    assert re.findall(r"word(\d+)", text) == [str(number) for number in range(1500)]
    assert text.count("987 654.32") == 1


def test_a_document_of_nothing_is_one_empty_page() -> None:
    assert len(read(pdf.render((), "en")).pages) == 1
    assert len(read(pdf.render((Table("T", "", COLUMNS, ()),), "ar")).pages) == 1


def test_text_headings_and_breaks() -> None:
    document = (Heading("One"), Paragraph("First words. " * 700), PageBreak(), Heading("Two"), Paragraph("Last."))
    file = read(pdf.render(document, "en"))
    assert len(file.pages) == 3
    assert "Two" in file.pages[-1].extract_text()
    assert [entry.title for entry in file.outline if not isinstance(entry, list)] == ["One", "Two"]


def test_letters_the_font_lacks_come_from_another() -> None:
    style = Style(9, 12)
    assert {run.font for run in Typesetter("en").runs("Oman عمان 阿曼", style)} == {
        "NotoSans-Regular",
        "NotoNaskhArabic_400Regular",
        "NotoSansSC-Regular",
    }
    [run] = Typesetter("ar").runs("(144\u00a0497.12)", style)
    assert run.font == "NotoSans-Regular"


def test_a_missing_font_says_which_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(fonts.FontMissing, match=r"NotoNaskhArabic_400Regular\.ttf.*python3 dev\.py assets"):
        fonts.locate("NotoNaskhArabic_400Regular.ttf", (tmp_path,))


def test_every_font_is_there() -> None:
    for name in fonts.FILES.values():
        assert fonts.locate(name, fonts.folders()).stat().st_size > 10_000


def test_many_at_once_are_as_one_by_one() -> None:
    alone = {language: text_of(pdf.render(given(language), language)) for language in LANGUAGES}
    jobs = [*LANGUAGES] * 4
    with ThreadPoolExecutor(8) as pool:
        files = list(pool.map(lambda language: pdf.render(given(language), language), jobs))
    for language, file in zip(jobs, files, strict=True):
        assert text_of(file) == alone[language]


def test_copied_text_has_no_letter_in_two_forms() -> None:
    for language in LANGUAGES:
        text = text_of(pdf.render(statement(language), language))
        assert unicodedata.normalize("NFC", text) == text
        assert "\x00" not in text
        assert "\ufffd" not in text
