"""Bands of totals, shades of means, how reviewers score and disagree, and the charts of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.scoring.rules.bands import bands
from fundapp.scoring.rules.combining import Candidate, Ranked, Sheet, Terms, ranked
from fundapp.scoring.rules.moderating import Given, apart, given_again, spread
from fundapp.scoring.rules.reviewing import mean_of_all, of_reviewers
from fundapp.scoring.rules.scales import Scale
from fundapp.scoring.rules.shades import shade
from fundapp.web.spreads import LONGEST, Around, around, columns


def scale(code: str, weight: int, highest: int = 4) -> Scale:
    return Scale(0, code, {}, {}, weight, 0, highest, True, None, {})


def of(*sheets: tuple[int, int, tuple[int | None, ...]]) -> tuple[Ranked, ...]:
    """A ranking by these sheets: proposal, reviewer, steps on two criteria of 60 and 40."""
    terms = Terms((scale("a", 60), scale("b", 40)), 2)
    given_ones = [Sheet(*one) for one in sheets]
    return ranked([Candidate(key) for key in sorted({one[0] for one in sheets})], given_ones, terms)


def drawn(markup: str) -> ElementTree.Element:
    """The drawing, read as XML."""
    return ElementTree.fromstring(f"<div>{markup}</div>")


def test_a_hundred_lies_in_the_last_band() -> None:
    found = bands(map(Decimal, ("0", "9.99", "10", "89.99", "90.00", "100.00")))
    assert [(one.low, one.many) for one in found if one.many] == [(0, 2), (10, 1), (80, 1), (90, 2)]
    assert len(found) == 10 and found[-1].high == 100


@given(st.lists(st.decimals(0, 100, places=2)))
def test_every_total_lies_in_one_band(totals: list[Decimal]) -> None:
    found = bands(totals)
    assert sum(one.many for one in found) == len(totals)
    for one in found:
        last = one.high == 100
        assert one.many == sum(one.low <= total and (total < one.high or last) for total in totals)


def test_on_five_steps_the_shade_is_the_nearest_step() -> None:
    marks = {"0": 0, "0.49": 0, "0.50": 1, "1.49": 1, "1.50": 2, "3.49": 3, "3.50": 4, "4": 4}
    assert {text: shade(Decimal(text), 0, 4) for text in marks} == marks


@pytest.mark.parametrize(("lowest", "highest"), [(1, 5), (0, 10), (0, 3), (0, 1), (2, 9)])
def test_any_scale_has_all_five_shades(lowest: int, highest: int) -> None:
    assert shade(Decimal(lowest), lowest, highest) == 0 and shade(Decimal(highest), lowest, highest) == 4
    steps = [Decimal(lowest * 100 + part * (highest - lowest)) / 100 for part in range(101)]
    found = [shade(one, lowest, highest) for one in steps]
    assert found == sorted(found) and set(found) == {0, 1, 2, 3, 4}


def test_a_reviewer_is_held_against_those_who_scored_the_same() -> None:
    # proposal 1: the first gives 100, the second 50; proposal 2: the first gives 50, the third 50
    found = of_reviewers(of((1, 1, (4, 4)), (1, 2, (2, 2)), (2, 1, (2, 2)), (2, 3, (2, None))))
    assert found[1].mean == Decimal("75.00") and found[1].sd == Decimal("35.36")
    assert found[2].mean == Decimal("50.00") and found[2].sd is None and found[2].above == Decimal("-50.00")
    assert found[1].above == Decimal("31.25")  # (60 * 50 + 40 * 50 + 60 * 0) / 160
    assert found[3].mean == Decimal("50.00") and found[3].above == Decimal("0.00")
    assert mean_of_all(of((1, 1, (4, 4)), (1, 2, (2, 2)))) == Decimal("75.00")


def test_of_a_reviewer_alone_there_is_nothing_to_say() -> None:
    found = of_reviewers(of((1, 1, (4, 4)), (2, 2, (None, None))))
    assert found[1].above is None and found[2].mean is None and found[2].sd is None
    assert mean_of_all(of((1, 1, (None, None)))) is None and Fraction(1) == 1


def test_columns_are_as_high_as_their_figures() -> None:
    markup = columns(["0–10", "10–20", "20–30"], [0, 2, 8], "A <finding>", "Columns", 0.5)
    heights = [float(one.attrib["height"]) for one in drawn(markup).iter("rect")]
    assert len(heights) == 2 and heights[1] == pytest.approx(4 * heights[0], rel=0.01)
    words = [one.text for one in drawn(markup).iter("text")]
    assert {"2", "8", "0–10", "20–30"} <= set(words) and 'stroke-dasharray="3 4"' in markup
    [svg] = drawn(markup).iter("svg")
    titles = {one.attrib["id"]: one.text for one in (*svg.iter("title"), *svg.iter("desc"))}
    assert [titles[name] for name in svg.attrib["aria-labelledby"].split()] == ["A <finding>", "Columns"]
    assert "style=" not in markup and 'role="img"' in markup


def test_columns_of_nothing_stand_on_a_grid() -> None:
    markup = columns(["0–10"], [0], "None", "Columns", None)
    assert not list(drawn(markup).iter("rect")) and "dasharray" not in markup


def test_a_row_for_each_reviewer() -> None:
    rows = [Around("Ada", 75, 35.4), Around("B" * 60, 10, 20), Around("<C>", 100, None)]
    markup = around(rows, "Means", "A row each", 60)
    assert len(list(drawn(markup).iter("circle"))) == 3 and len(list(drawn(markup).iter("rect"))) == 2
    words = [one.text or "" for one in drawn(markup).iter("text")]
    assert "Ada" in words and "<C>" in words and all(len(one) <= LONGEST for one in words)
    for one in drawn(markup).iter("rect"):  # what lies around is cut at nil and at a hundred
        assert float(one.attrib["x"]) >= 269 and float(one.attrib["x"]) + float(one.attrib["width"]) <= 1001


def test_not_applicable_is_no_step() -> None:
    assert spread([None, 0]) == 0 == spread([]) == spread([None])
    assert spread([4, None, 1]) == 3
    assert apart([2, 4]) and not apart([2, 3]) and not apart([None, 4]) and not apart([4])


def test_a_sheet_given_again_before_the_other_is_no_revision() -> None:
    early = datetime(2026, 1, 1, tzinfo=UTC)
    late, later = early + timedelta(days=1), early + timedelta(days=2)
    first = Given(1, 1, early, 0)
    assert not given_again([first, Given(2, 1, late, 3)], None)
    assert given_again([first, Given(2, 2, late, 3)], None)
    assert not given_again([Given(1, 2, early, 0), Given(2, 1, late, 3)], None)  # there was nothing to disagree with
    assert not given_again([Given(1, 3, late, 0)], None)  # nobody to disagree with
    assert not given_again([first, Given(2, 2, late, 3)], late) and given_again([first, Given(2, 2, later, 3)], late)
