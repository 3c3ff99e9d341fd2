"""Amounts as people type them, in the habits of six languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.kernel.languages import LANGUAGES, figure
from fundapp.kernel.money import parse_typed


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
        ("\u22125,00", -500),
    ],
)
def test_what_is_meant_is_taken(typed: str, cents: int) -> None:
    assert parse_typed(typed) == cents


@pytest.mark.parametrize(
    "typed", ["", "-", "x", "1,23,4", "1.2345", "12.34.56", "1,234,56", "1e9", "NaN", "--5", "(5)", "5 -", ",5", "1..2"]
)
def test_what_is_not_clear_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="is no amount"):
        parse_typed(typed)


@given(st.integers(1, 10**13), st.sampled_from(LANGUAGES))
def test_what_a_page_prints_can_be_typed(cents: int, language: str) -> None:
    assert parse_typed(figure(cents, language)) == cents
