"""The dossier of a proposal: what is in it, in six languages as PDF and as Word, however much or little there is."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from dossier_facts import TEXTS, facts, sections
from pypdf import PdfReader

from fundapp.kernel.languages import LANGUAGES
from fundapp.proposals.rules.dossier import DossierFacts
from fundapp.publishing.blocks import Block, Figure, Heading, Line, Paragraph, Said, Table, Title
from fundapp.publishing.documents.dossier import PARTS, dossier
from fundapp.publishing.documents.dossier.labels import section_title
from fundapp.publishing.documents.dossier.spoken import tongue
from fundapp.publishing.drawing import DOSSIER_FORMATS, draw
from fundapp.publishing.layout import Layout
from fundapp.publishing.typesetting import Typesetter
from fundapp.publishing.words import Words

OTHER = {"ar": "en", "zh": "ar", "en": "fr", "fr": "zh", "ru": "es", "es": "ru"}


def bare(text: str) -> str:
    """Without what readers of files add or drop: spaces, and signs that turn with the line."""
    return re.sub(r"[\s\u200e\u200f()\[\]（）]", "", text)


def pdf_text(file: bytes) -> str:
    return bare("\n".join(page.extract_text() for page in PdfReader(BytesIO(file)).pages))


def word_text(file: bytes) -> str:
    return bare("".join(node.text or "" for node in Document(BytesIO(file)).element.iter(qn("w:t"))))


def texts(blocks: tuple[Block, ...]) -> list[str]:
    """Every text of a document, figures as cents."""
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Heading | Paragraph | Title):
            found.append(block.text)
        elif isinstance(block, Table):
            found += [_said(cell) for line in block.rows for cell in line.cells if cell is not None]
    return found


def _said(cell: str | Said | Figure | None) -> str:
    return cell.text if isinstance(cell, Said) else str(cell.minor) if isinstance(cell, Figure) else str(cell)


def table(blocks: tuple[Block, ...], title: str) -> Table:
    return next(block for block in blocks if isinstance(block, Table) and block.title == title)


def pages(found: DossierFacts, language: str = "en") -> int:
    return len(Layout(Typesetter(language)).lay(dossier(found, Words(language))))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", DOSSIER_FORMATS)
def test_everything_is_in_the_file_in_each_language(language: str, form: str) -> None:
    """The document in one language, the texts in another, their translation in a third."""
    spoken, courtesy = OTHER[language], OTHER[OTHER[language]]
    file = draw(facts(sections(spoken, courtesy), spoken, courtesy), language, form)
    said = pdf_text(file) if form == "pdf" else word_text(file)
    words = Words(language)
    marks = [f"{name}.{field}" for name, field in (
        ("country", "partners"), ("context", "problem"), ("context", "context"), ("gender", "analysis"),
        ("national-systems", "strengthening"), ("goals", "alignment"), ("inclusion", "left-behind"),
        ("sustainability", "afterwards"), ("other-funding", "sources"), ("monitoring", "plan"),
    )]  # fmt: skip
    for mark in marks:
        assert said.count(bare(mark)) == 2, mark  # the text and its translation
    for name in PARTS:
        assert bare(section_title(name, words)) in said, name
    for known in ("2027-1-001", "0123456789abcdef" * 4, "140.7", "ana@example.org", "ab" * 32, "A/HRC/47/19"):
        assert bare(known) in said, known
    if form == "docx":  # of a PDF, lines of Arabic are read back as they are drawn
        assert said.count(bare(TEXTS[spoken])) > 20 and bare(TEXTS[courtesy]) in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", DOSSIER_FORMATS)
def test_a_proposal_that_says_nothing_has_a_dossier(language: str, form: str) -> None:
    file = draw(facts({}, fixed=False), language, form)
    said = pdf_text(file) if form == "pdf" else word_text(file)
    words = Words(language)
    assert bare(words.text("Draft, not handed in")) in said
    assert said.count(bare(words.text("Nothing was written here."))) > 10
    assert pages(facts({}, fixed=False), language) <= 3


def test_the_figures_are_those_of_the_budget() -> None:
    found = facts(sections(lines=12))
    blocks, totals = dossier(found, Words("en")), found.totals
    lines = table(blocks, "Budget lines").rows
    single = [line.cells[-1] for line in lines if line.kind == "account" and str(line.cells[0]).startswith("B")]
    assert sum(cell.minor for cell in single if isinstance(cell, Figure)) == totals.direct
    assert lines[-1].cells[-1] == Figure(totals.total) and totals.total == totals.direct + totals.support
    assert totals.support == round(totals.direct * 13 / 100)
    for title in ("class", "year, support costs included", "activity, support costs included"):
        rows = table(blocks, f"Budget by {title}").rows
        parts = [line.cells[-1] for line in rows[:-1]]
        assert sum(cell.minor for cell in parts if isinstance(cell, Figure)) == totals.total, title
        assert rows[-1].cells[-1] == Figure(totals.total)


def test_a_line_that_cannot_be_counted_is_shown_and_left_out() -> None:
    whole = sections(lines=2)
    whole["budget"]["lines"] += [
        {"id": "B8", "class": "120", "what": "Something", "unit_cost": "about 100", "quantity": "3"},
        {"id": "B9", "class": "120", "what": "Back", "unit": "day", "unit_cost": "-5.00", "quantity": "1"},
    ]
    found = facts(whole)
    rows = table(dossier(found, Words("en")), "Budget lines").rows
    place = next(n for n, line in enumerate(rows) if "not counted" in str(line.cells[0]))
    assert [line.cells[-1] for line in rows[place + 1 : place + 3]] == [None, None]
    assert rows[-1].cells[-1] == Figure(facts(sections(lines=2)).totals.total)


def test_the_dossier_says_what_was_handed_in_and_what_is_a_draft() -> None:
    fixed, draft = (texts(dossier(facts(sections(), fixed=one), Words("en"))) for one in (True, False))
    assert "0123456789abcdef" * 4 in fixed and "Draft, not handed in" not in fixed
    assert "0123456789abcdef" * 4 not in draft
    [title] = [block for block in dossier(facts(sections()), Words("en")) if isinstance(block, Title)]
    assert title.sub == "As handed in on 1 February 2027"


def test_recommendations_with_position_and_reason_in_the_language_there_is() -> None:
    rows = table(dossier(facts(sections("fr"), "fr"), Words("zh")), Words("zh").text("Recommendations")).rows
    assert rows[0].cells[1] == TEXTS["zh"] and rows[1].cells[1] == Said(TEXTS["en"], "en")
    assert rows[2].cells[1] == Said(TEXTS["fr"], "fr")  # why a noted one is among them
    assert [rows[0].cells[2], rows[1].cells[2]] == [Words("zh").text("Supported"), Words("zh").text("Noted")]


def test_the_calendar_has_a_column_for_each_quarter() -> None:
    rows = [block for block in dossier(facts(sections()), Words("en")) if isinstance(block, Table)]
    [calendar] = [block for block in rows if block.title == "Calendar of activities"]
    assert [column.title for column in calendar.columns[1:3]] == ["2027\nQ2", "2027\nQ3"]
    assert [line.cells.count("×") for line in calendar.rows] == [2, 2, 2]
    assert calendar.rows[0].cells[1] == "×" and calendar.rows[1].cells[1] is None


def test_indicators_stand_under_what_they_measure() -> None:
    rows = table(dossier(facts(sections()), Words("en")), "Results framework").rows
    labels = [str(line.cells[0]) for line in rows]
    assert labels == [
        "Outcome C1", "Indicator I4", "Output P1", "Indicator I1", "Output P2", "Indicator I2", "Indicator I3"
    ]  # fmt: skip
    assert rows[1].cells[4] == "Women: 24\nMen: 16"


def test_the_direction_of_a_text_is_its_own() -> None:
    file = draw(facts(sections("ar", "en"), "ar", "en"), "en", "docx")
    for paragraph in Document(BytesIO(file)).element.iter(qn("w:p")):
        said = "".join(node.text or "" for node in paragraph.iter(qn("w:t")))
        turned = paragraph.pPr is not None and paragraph.pPr.find(qn("w:bidi")) is not None
        if TEXTS["ar"][:20] in said:
            assert turned
        elif TEXTS["en"][:20] in said:
            assert not turned


@pytest.mark.parametrize(
    ("text", "otherwise", "spoken"),
    [
        ("ana@example.org", "ar", "en"), ("مرحبا Ana", "en", "ar"), ("谢谢。 ok", "fr", "zh"), ("Merci", "fr", "fr"),
        ("12 345", "ar", "ar"), ("", "zh", "zh"),
    ],
)  # fmt: skip
def test_a_text_of_unknown_language_is_set_by_its_letters(text: str, otherwise: str, spoken: str) -> None:
    assert tongue(text, otherwise) == spoken


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_long_texts_flow_over_pages(language: str) -> None:
    """Twenty thousand letters without a line end, in a text, in an outcome and in a reason."""
    long = (TEXTS[language] + " ") * (20_000 // (len(TEXTS[language]) + 1))
    whole: dict[str, Any] = sections(language)
    whole["context"]["problem"] = long
    whole["results"]["outcomes"][0]["text"] = long
    whole["recommendations"]["linked"][1]["reason"] = long
    found = facts(whole, language)
    assert 8 < pages(found, language) < 90  # a Chinese letter takes the room of two
    assert word_text(draw(found, language, "docx")).count(bare(long)) == 3


def test_many_lines_take_as_many_pages_and_no_more() -> None:
    few, many = (pages(facts(sections(lines=lines, indicators=n))) for lines, n in ((10, 4), (500, 60)))
    assert few < 12 and 15 < many - few < 45
    lines = table(dossier(facts(sections(lines=500)), Words("en")), "Budget lines").rows
    assert len(lines) < 530


def test_a_control_character_or_half_a_letter_breaks_no_file() -> None:
    whole = sections()
    whole["context"]["problem"] = "one\x00two\x0bthree\ud800 \u202e four\r\nfive"
    whole["budget"]["lines"][0]["what"] = "\x07 <&> \ufffe"
    for form in DOSSIER_FORMATS:
        draw(facts(whole), "en", form)
        draw(facts(whole), "ar", form)


def test_a_memo_line_is_a_translation_under_its_text() -> None:
    rows = table(dossier(facts(sections("ar", "fr"), "ar", "fr"), Words("en")), "Risks").rows
    assert [line.kind for line in rows] == ["account", "memo"]
    assert rows[1] == Line("memo", ("Courtesy translation", Said(TEXTS["fr"], "fr"), None, None, None))
