"""Amounts as people type them, in the habits of six languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.kernel.languages import LANGUAGES, figure
from fundapp.kernel.money import MoreDecimals, parse_typed


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("47 790.13", 4779013),
        ("1 234,56", 123456),
        ("1.234,56", 123456),
        ("1,234.56", 123456),
        ("١٢٣٤٫٥٦", 123456),
        ("١٬٢٣٤٫٥", 123450),
        ("1'234.50", 123450),
        ("1,234", 123400),
        ("1.234", 123400),
        ("1.234.567", 123456700),
        ("12,5", 1250),
        ("0", 0),
        ("-5", -500),
        ("- 5", -500),
        ("１２３４．５６", 123456),
        ("１，２３４．５６", 123456),
        ("－５", -500),
        ("1\u202f234\u00a0567,8", 123456780),
        ("\u22125,00", -500),
    ],
)
def test_what_is_meant_is_taken(typed: str, cents: int) -> None:
    assert parse_typed(typed) == cents


@pytest.mark.parametrize(
    "typed",
    [
        *("", "-", "x", "1,23,4", "1.2345", "12.34.56", "1,234,56", "1e9", "NaN", "--5", "(5)", "5 -", ",5", "1..2"),
        *("1 23", "12 34", "1  234", "1234 567", "1 234.567.890", "1,234 567", "1 ,5", "1.²", "½"),
    ],
)
def test_what_is_not_clear_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="is no amount"):
        parse_typed(typed)


@given(st.integers(1, 10**13), st.sampled_from(LANGUAGES))
def test_what_a_page_prints_can_be_typed(cents: int, language: str) -> None:
    assert parse_typed(figure(cents, language)) == cents


@pytest.mark.parametrize(
    ("typed", "mark", "cents"),
    [
        ("1,234", ".", 123400),
        ("1.234", ",", 123400),
        ("1.234.567", ".", 123456700),
        ("1,234,567", ",", 123456700),
        ("1,234.5", ",", 123450),
        ("1.234,5", ".", 123450),
        ("١٬٢٣٤", ",", 123400),
        ("1,23", ".", 123),
    ],
)
def test_the_mark_of_the_language_decides_what_could_be_either(typed: str, mark: str, cents: int) -> None:
    assert parse_typed(typed, mark=mark) == cents


@pytest.mark.parametrize(
    ("typed", "mark", "found"),
    [
        *(("1,234", ",", 3), ("1.234", ".", 3), ("1.234,567", ".", 3), ("1 234,567", ".", 3)),
        *(("0,12345", None, 5), ("١٢٣٤٫٥٦٧", ",", 3), ("1.2345", None, 4)),
    ],
)
def test_too_many_decimals_are_said_to_be_that(typed: str, mark: str | None, found: int) -> None:
    with pytest.raises(MoreDecimals) as refused:
        parse_typed(typed, mark=mark)
    assert refused.value.found == found


@given(st.integers(1, 10**13), st.sampled_from(LANGUAGES), st.sampled_from(",."))
def test_two_decimals_are_read_alike_whatever_the_language(cents: int, language: str, mark: str) -> None:
    assert parse_typed(figure(cents, language), mark=mark) == cents
