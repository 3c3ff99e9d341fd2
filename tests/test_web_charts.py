"""Charts: the geometry follows the figures, words are escaped, and the figures that are written are the true ones."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.kernel.languages import figure
from fundapp.web.charts import SERIES, Series, Told, largest, legend, meter, scale, stacked

TOLD = Told("Contributions", "By period and donor", lambda thousands: figure(thousands, "en", 0, nil="0"))
K = 100_000  # cents of a thousand dollars
amounts = st.integers(-(10**11), 10**11)


def drawn(markup: str) -> ElementTree.Element:
    """The drawing, read as XML."""
    return ElementTree.fromstring(f"<div>{markup}</div>")


def rects(markup: str) -> list[tuple[str, float, float]]:
    """Class, top and height of each part."""
    return [(r.attrib["class"], float(r.attrib["y"]), float(r.attrib["height"])) for r in drawn(markup).iter("rect")]


def texts(markup: str) -> list[str]:
    """What is written in it."""
    return [text.text or "" for text in drawn(markup).iter("text")]


def test_parts_stand_on_each_other_and_reach_the_total() -> None:
    series = [Series("Norway", (849 * K, 0)), Series("Others", (873 * K, 155 * K))]
    markup = stacked(["2012-2013", "2019"], series, TOLD, years_from=1)
    first, second, third = rects(markup)
    assert (first[0], second[0], third[0]) == ("c1", "c2", "c2")
    assert first[1] + first[2] == pytest.approx(266, abs=0.2)
    assert second[1] + second[2] == pytest.approx(first[1], abs=0.2)
    assert first[2] / second[2] == pytest.approx(849 / 873, rel=0.01)
    assert third[1] + third[2] == pytest.approx(266, abs=0.2)
    assert "1\u00a0722" in texts(markup) and "849" in texts(markup) and "155" in texts(markup)
    assert 'stroke-dasharray="3 4"' in markup
    assert "style=" not in markup


def test_a_round_scale_of_three_steps() -> None:
    found = scale([Series("a", (1_722_333_00,))])
    assert found.ticks == [0, 600 * K, 1200 * K, 1800 * K]


def test_refunds_hang_below_nil() -> None:
    markup = stacked(["2020"], [Series("a", (90 * K,)), Series("b", (-30 * K,))], TOLD)
    above, below = rects(markup)
    nil = above[1] + above[2]
    assert below[1] == pytest.approx(nil, abs=0.2) and below[1] + below[2] <= 266.1
    assert "60" in texts(markup) and "(30)" in texts(markup)


def test_words_are_text() -> None:
    told = Told('<script>"', "a & b", str)
    markup = stacked(["<2020>"], [Series("x", (K,))], told)
    assert "<script>" not in markup and "&lt;2020&gt;" in markup and "a &amp; b" in markup
    assert "&lt;b&gt;" in legend([Series("<b>", (1,))])
    title = next(drawn(markup).iter("title"))
    svg = next(drawn(markup).iter("svg"))
    assert title.attrib["id"] in svg.attrib["aria-labelledby"].split() and svg.attrib["role"] == "img"


def test_nothing_at_all_is_drawn_as_nothing() -> None:
    assert rects(stacked([], [], TOLD)) == []
    assert rects(stacked(["2020"], [Series("a", (0,))], TOLD)) == []


def test_labels_of_many_periods_do_not_touch() -> None:
    years = [str(year) for year in range(1990, 2020)]
    markup = stacked(years, [Series("a", tuple(K for _ in years))], TOLD)
    middles = [float(t.attrib["x"]) for t in drawn(markup).iter("text") if t.text in years]
    assert min(b - a for a, b in pairwise(middles)) >= 60


@given(st.lists(st.tuples(amounts, amounts), max_size=12))
def test_others_hold_what_is_left(rows: list[tuple[int, int]]) -> None:
    series = [Series(str(number), row) for number, row in enumerate(rows)]
    found = largest(series, "Others")
    assert len(found) <= SERIES
    for column in (0, 1):
        assert sum(one.amounts[column] for one in found) == sum(row[column] for row in rows)


@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=SERIES))
def test_every_part_is_on_the_paper_and_its_height_is_its_amount(rows: list[tuple[int, int]]) -> None:
    series = [Series(str(number), row) for number, row in enumerate(rows)]
    found = scale(series)
    for _, top, height in rects(stacked(["a", "b"], series, TOLD)):
        assert top >= 25.8 and top + height <= 266.2
    for row in rows:
        for cents in row:
            expected = abs(cents) / found.step * 240 / found.steps
            assert found.y(0) - found.y(cents) == pytest.approx(expected if cents > 0 else -expected, abs=0.01)


@pytest.mark.parametrize(("length", "kind", "width"), [(1, None, 90.0), (0.5, None, 45.0), (-0.1, "neg", 4.5)])
def test_a_bar_in_a_cell(length: float, kind: str | None, width: float) -> None:
    bar = next(drawn(meter(length)).iter("rect"))
    assert (bar.attrib.get("class"), float(bar.attrib["width"])) == (kind, width)
    assert re.search(r'aria-hidden="true"', meter(length))
