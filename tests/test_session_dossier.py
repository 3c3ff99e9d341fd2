"""The dossier of a session on paper: two pages for each proposal, a list of contents that is right, spreads."""

from __future__ import annotations

import re
from functools import lru_cache
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from bench.board import facts
from fundapp.publishing import pdf
from fundapp.publishing.abridging import beginning, excerpt, fair, shortened
from fundapp.publishing.blocks import Abridged, Contents, Heading, PageBreak, Passage, Spread, Spreads, Title
from fundapp.publishing.documents.session_dossier import session_dossier
from fundapp.publishing.layout import Layout
from fundapp.publishing.paper import Box, Ink, Link
from fundapp.publishing.typesetting import Typesetter
from fundapp.publishing.words import Words

MANY = 4


@lru_cache
def drawn(language: str) -> PdfReader:
    blocks = session_dossier(facts(language, MANY), Words(language))
    return PdfReader(BytesIO(pdf.render(blocks, language)))


def begins(language: str) -> list[int]:
    """The pages, from 0, on which each proposal begins."""
    outline: Any = drawn(language).outline
    entries = [(one.title, drawn(language).get_destination_page_number(one)) for one in outline]
    return [page for title, page in entries if page is not None and re.search(r"2027-1-\d{3}", str(title))]


@pytest.mark.parametrize("language", ["ar", "zh", "en"])
def test_a_brief_has_two_pages_and_its_plan_begins_the_third(language: str) -> None:
    plan = Words(language).text("%(proposal)s: plan and budget", proposal="")
    for number, page in enumerate(begins(language), 1):
        first, second, third = (drawn(language).pages[page + place].extract_text() for place in range(3))
        assert f"2027-1-{number:03}" in first and "…" in second and f"2027-1-{number:03}" not in second
        assert f"2027-1-{number:03}" in third and plan.strip(" :").split()[0] in third


def test_the_contents_name_the_page_on_which_each_part_begins() -> None:
    said = drawn("en").pages[0].extract_text()
    for number, page in enumerate(begins("en"), 1):
        assert re.search(rf"2027-1-{number:03} Name en\s+{page + 1}\b", said), said
    links: Any = drawn("en").pages[0]["/Annots"]
    assert len(links) == len(drawn("en").outline) - 1


def test_without_room_the_texts_share_what_there_is() -> None:
    assert fair([10, 2, 30], 21) == [9, 2, 10]
    assert fair([3, 3], 100) == [3, 3]
    assert fair([5, 5, 5], 2) == [1, 1, 1]
    assert fair([], 7) == []


def test_a_text_that_is_cut_ends_in_an_ellipsis() -> None:
    assert shortened(["one two", "three four"], 2) == ["one two", "three four"]
    assert shortened(["one two", "three four"], 1) == ["one …"]
    assert shortened(["一二三四", "五"], 1) == ["一二 …"]
    assert beginning("A\n\nB", 4) == (["A", "B"], True)
    assert beginning("A" * 1_000, 1)[1] is False


def test_an_excerpt_ends_with_a_sentence() -> None:
    assert excerpt("Short.", 20) == "Short."
    assert excerpt("It is so. It goes on and on.", 12) == "It is so. …"
    assert excerpt("It goes on and on without an end", 12) == "It goes on …"
    assert excerpt("报告迟交。没有机制跟踪。", 7) == "报告迟交。 …"
    assert excerpt("a" * 30, 10) == f"{'a' * 10} …"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_texts_that_are_abridged_fill_their_sheets_and_no_more(language: str) -> None:
    long = "A sentence that is written again and again. " * 200
    for passages in (1, 7, 12):
        block = Abridged(tuple(Passage(f"Title {n}", long, "en") for n in range(passages)), 2)
        sheets = Layout(Typesetter(language)).lay((Title("T"), PageBreak(), Title("U"), block, PageBreak(), Title("V")))
        assert len(sheets) == 4, passages


def test_a_short_text_is_given_whole() -> None:
    block = Abridged((Passage("Title", "A text.\nIts second paragraph."),), 2)
    [sheet] = Layout(Typesetter("en")).lay((block,))
    texts = [mark.text for mark in sheet.marks if isinstance(mark, Ink)]
    assert {"Title", "A text.", "Its second paragraph."} <= set(texts) and not any("…" in text for text in texts)


def test_a_spread_reaches_from_the_lowest_to_the_highest() -> None:
    rows = (Spread("One", 2_500, 7_500, 5_000), Spread("Same", 5_000, 5_000, 5_000))
    [sheet] = Layout(Typesetter("en")).lay((Spreads("Totals", "Of 100", 10_000, rows),))
    first, tick, second, _ = (mark for mark in sheet.marks if isinstance(mark, Box))
    assert first.width == pytest.approx(2 * (tick.x + tick.width / 2 - first.x)) and second.width < 1
    assert {"25", "50", "75", "100", "50.00"} <= {mark.text for mark in sheet.marks if isinstance(mark, Ink)}


def test_contents_without_anything_to_list_are_empty() -> None:
    [sheet] = Layout(Typesetter("en")).lay((Title("T"), Contents(), Heading("In it", 2)))
    assert not [mark for mark in sheet.marks if isinstance(mark, Link)]
