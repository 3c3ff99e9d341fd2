"""Charts of bars: their geometry, on paper and on the screen."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
import register_facts
from pypdf import PdfReader

from fundapp.publishing import pdf, svg
from fundapp.publishing.bars import Part, Plot, Sizes, Strip
from fundapp.publishing.blocks import BarRow, Bars, Foot, Masthead
from fundapp.publishing.documents.infographic import bars
from fundapp.publishing.layout import Layout
from fundapp.publishing.paper import BOTTOM, HEIGHT, MEASURE, Box, Ink, Sheet
from fundapp.publishing.typesetting import Typesetter
from fundapp.publishing.words import Words

SIZES = Sizes(width=400, letters=8, small=6, leading=10, bar=9, between=2, gap=6)
TWO = Bars(
    "Title",
    "What it shows",
    "Number",
    ("Now", "Then"),
    ("Supported", "Noted"),
    (BarRow("First theme", ((30, 10), (8, 0))), BarRow("Second", ((0, 0), (1, 19)))),
    "%(title)s (continued)",
)


def measure(text: str, size: float) -> float:
    return len(text) * size / 2


def plot(chart: Bars = TWO) -> Plot:
    return Plot(chart, SIZES, measure)


def bar(strip: Strip, number: int) -> list[Part]:
    return [part for part in strip.parts if part.bar == number]


def laid(chart: Bars, language: str = "en") -> list[Sheet]:
    return Layout(Typesetter(language)).lay((Masthead("R", "REG"), chart, Foot("f", "%(page)s/%(pages)s")))


def boxes(sheet: Sheet) -> list[Box]:
    return [mark for mark in sheet.marks if isinstance(mark, Box)]


def texts(sheet: Sheet) -> list[str]:
    return [mark.text for mark in sheet.marks if isinstance(mark, Ink)]


def test_bars_are_as_long_as_their_counts() -> None:
    first, second = plot().strips()
    supported, noted = bar(first, 0)
    assert supported.width == pytest.approx(3 * noted.width)
    assert noted.x == pytest.approx(supported.x + supported.width)
    assert [part.part for part in bar(first, 1)] == [0]
    assert bar(second, 0) == []
    assert sum(part.width for part in bar(second, 1)) == pytest.approx((supported.width + noted.width) / 2)


def test_bars_lie_under_each_other_and_within_the_strip() -> None:
    for strip in plot().strips():
        now, then = bar(strip, 0), bar(strip, 1)
        assert all(part.y >= 0 and part.y + part.height <= strip.height for part in strip.parts)
        assert all(part.x >= (strip.axis or 0) and part.x + part.width <= SIZES.width for part in strip.parts)
        assert not now or now[0].y + now[0].height < then[0].y
        assert not now or then[0].height < now[0].height


def test_figures_are_at_the_end_and_in_the_parts_that_have_room() -> None:
    first, second = plot().strips()
    figures = [(text.kind, text.text) for text in first.texts if text.kind in ("total", "part")]
    assert figures == [("total", "40"), ("part", "30"), ("part", "10"), ("total", "8")]
    assert [text.text for text in second.texts if text.kind == "total"] == ["0", "20"]
    end = max(part.x + part.width for part in bar(first, 0))
    assert next(text for text in first.texts if text.text == "40").x > end


def test_one_bar_alone_has_no_name() -> None:
    alone = replace(TWO, bars=("Now",), rows=(BarRow("First", ((3, 1),)),))
    [strip] = plot(alone).strips()
    assert not [text for text in strip.texts if text.kind == "name"]


def test_a_chart_of_nothing_has_a_head() -> None:
    empty = plot(replace(TWO, rows=()))
    assert list(empty.strips()) == []
    assert [text.text for text in empty.head().texts] == ["Number", "Supported", "Noted"]
    [strip] = plot(replace(TWO, rows=(BarRow("", ((0, 0), (0, 0))),))).strips()
    assert strip.parts == ()


def test_a_long_label_takes_several_lines_and_its_room() -> None:
    [strip] = plot(replace(TWO, rows=(BarRow("many words " * 40, ((1, 1), (1, 1))),))).strips()
    lines = [text for text in strip.texts if text.kind == "label"]
    assert len(lines) > 5
    assert strip.height >= len(lines) * SIZES.leading


@pytest.mark.parametrize("language", ["en", "ar", "zh", "ru"])
def test_twenty_themes_fit_one_sheet(language: str) -> None:
    sheets = laid(bars(register_facts.trend_facts(20), Words(language)), language)
    assert len(sheets) == 1
    setter = Typesetter(language)
    for mark in sheets[0].marks:
        if isinstance(mark, Ink) and mark.anchor != "middle":
            width = setter.width(mark.text, mark.style)
            start = mark.x if mark.anchor == "start" else mark.x - width
            assert start > -0.1 and start + width < MEASURE + 0.1, mark


def test_a_long_chart_goes_on_overleaf_with_its_head() -> None:
    rows = tuple(BarRow(f"Theme {number}", ((number % 30, 2), (3, 4))) for number in range(300))
    sheets = laid(replace(TWO, rows=rows))
    assert len(sheets) > 5
    for number, sheet in enumerate(sheets):
        shown = texts(sheet)
        assert ("Title" if number == 0 else "Title (continued)") in shown
        assert {"Supported", "Noted", "Number"} <= set(shown)
        assert all(box.y + box.height <= HEIGHT - BOTTOM + 0.1 for box in boxes(sheet))
    found = [text for sheet in sheets for text in texts(sheet) if text.startswith("Theme ")]
    assert found == [f"Theme {number}" for number in range(300)]


def test_parts_are_told_apart_in_black_and_white() -> None:
    [sheet] = laid(TWO)
    greys = {box.grey for box in boxes(sheet) if box.outline is not None}
    assert len(greys) == 2
    assert max(greys) - min(greys) > 0.5


def test_the_pdf_is_turned_in_arabic_and_its_figures_are_not() -> None:
    places: dict[str, dict[str, float]] = {}
    for language in ("en", "ar"):
        spots = places[language] = {}

        def note(
            text: str, _cm: object, matrix: list[float], _font: object, _size: object, spots: dict[str, float] = spots
        ) -> None:
            spots.setdefault(text.strip(), matrix[4])

        file = pdf.render((bars(register_facts.trend_facts(3), Words(language)),), language)
        PdfReader(BytesIO(file)).pages[0].extract_text(visitor_text=note)
    english, arabic = places["en"], places["ar"]
    assert english["Right to education"] < 150 < 400 < english["34"]
    assert arabic["34"] < 150 < 400 < arabic["الحق في التعليم"]


def drawn(language: str) -> ET.Element:
    return ET.fromstring(svg.draw(bars(register_facts.trend_facts(20), Words(language)), language, "trend"))


def test_the_image_says_its_title_and_what_it_shows() -> None:
    image = drawn("en")
    assert image.get("role") == "img"
    assert image.get("aria-labelledby") == "trend-t trend-d"
    title, text = list(image)[:2]
    assert (title.get("id"), title.text) == ("trend-t", "Supported and noted recommendations by theme")
    assert (text.get("id"), text.text) == (
        "trend-d",
        "Cycle 4: supported 217, noted 37. Cycle 3: supported 171, noted 44.",
    )


def test_the_image_has_classes_and_no_style() -> None:
    markup = svg.draw(bars(register_facts.trend_facts(20), Words("ar")), "ar", "t")
    assert "style" not in markup
    assert set(re.findall(r'class="(\w+)"', markup)) == {"c1", "c2", "t", "w", "x"}


def test_the_image_is_turned_in_arabic() -> None:
    sides = {}
    for language in ("en", "ar"):
        group = next(child for child in drawn(language) if child.tag == "g")
        assert group.get("direction") == ("rtl" if language == "ar" else "ltr")
        rects = [child for child in group if child.tag == "rect"]
        sides[language] = [(float(rect.get("x", 0)), float(rect.get("width", 0))) for rect in rects]
        assert all(x >= 0 and x + width <= 1000 for x, width in sides[language])
    longest = {language: max(found, key=lambda place: place[1]) for language, found in sides.items()}
    assert longest["en"][0] > 300
    assert longest["ar"][0] < 300


def test_markup_in_words_is_words() -> None:
    odd = replace(TWO, title="<b>&", description='"><script>', rows=(BarRow("<i>\x00</i>", ((1, 1), (1, 1))),))
    image = ET.fromstring(svg.draw(odd, "en", "t"))
    assert "<b>&" in "".join(image.itertext())
    assert not [child for child in image.iter() if child.tag in ("b", "i", "script")]
