"""Amounts and quantities that field offices type: understood, or refused with the reason."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.languages import COMMA, LANGUAGES, figure
from fundapp.proposals.rules.amounts import LARGEST, cents_of, quantity_of

EVERYWHERE = [
    ("1 234,56", 123456),
    ("1.234,56", 123456),
    ("1,234.56", 123456),
    ("1'234.56", 123456),
    ("1’234.56", 123456),
    ("١٢٣٤٫٥٦", 123456),
    ("١٬٢٣٤٫٥٦", 123456),
    ("۱۲۳۴٫۵۶", 123456),
    ("１２３４．５６", 123456),
    ("USD 1 234", 123400),
    ("usd1234", 123400),
    ("US$ 1234", 123400),
    ("$1 234,5", 123450),
    ("1 234 $US", 123400),
    ("1234 美元", 123400),
    ("1234 долл. США", 123400),
    ("١٢٣٤ دولار", 123400),
    ("1234", 123400),
    ("0", 0),
    ("-", 0),
    ("—", 0),
    ("1,234,567", 123456700),
    ("  7\u00a0", 700),
    ("\u200f١٢٣٤٫٥٦\u200e", 123456),
    ("\u2066 1\u00a0234.56\u2069", 123456),
    ("\u202a1234\u202c", 123400),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("typed", "cents"), EVERYWHERE)
def test_what_is_clear_is_taken_in_every_language(typed: str, cents: int, language: str) -> None:
    assert cents_of(typed, language) == cents


def fault(typed: str, language: str = "en", **how: bool) -> Fault:
    with pytest.raises(Refusal) as refused:
        cents_of(typed, language, **how)
    [found] = refused.value.faults
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mark_of_the_language_is_no_group(language: str) -> None:
    group, decimals = ("1.234", "1,234") if language in COMMA else ("1,234", "1.234")
    assert cents_of(group, language) == 123400
    assert fault(decimals, language) == Fault("amount.decimals", {"text": decimals, "found": 3, "most": 2})


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "amount.empty"),
        (" \u00a0", "amount.empty"),
        ("1,2,3", "amount.none"),
        ("1 23", "amount.none"),
        ("twelve", "amount.none"),
        ("EUR 5", "amount.none"),
        ("USD", "amount.none"),
        ("USD 5 USD", "amount.none"),
        ("=1+1", "amount.none"),
        ("1e9", "amount.none"),
        ("NaN", "amount.none"),
        ("--5", "amount.none"),
        ("(-5)", "amount.none"),
        ("()", "amount.none"),
        ("½", "amount.none"),
        ("9" * 5000, "amount.none"),
        ("0.1234", "amount.decimals"),
        ("1 234.567", "amount.decimals"),
        ("-5", "amount.negative"),
        ("(5)", "amount.negative"),
        ("1 000 000 000.01", "amount.large"),
    ],
)
def test_what_is_not_is_refused_with_the_reason(typed: str, code: str) -> None:
    found = fault(typed)
    assert found.code == code
    assert len(str(found.values.get("text", ""))) <= 40


def test_a_reversal_may_be_negative_where_it_is_asked_for() -> None:
    assert [cents_of(text, "en", negative=True) for text in ("-5", "(5.50)", "−5", "( 1 234 )")] == [
        *(-500, -550),
        *(-500, -123400),
    ]
    assert fault("(1 000 000 000.01)", negative=True).code == "amount.large"


@pytest.mark.parametrize(
    ("typed", "language", "found"),
    [
        ("0,5", "fr", "0.50"),
        ("12.5", "fr", "12.50"),
        ("٣", "ar", "3.00"),
        ("1 000", "ru", "1000.00"),
        ("-", "en", "0"),
        ("\u200e٢", "ar", "2.00"),
    ],
)
def test_quantities_have_two_decimals(typed: str, language: str, found: str) -> None:
    assert quantity_of(typed, language) == Decimal(found)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("0.125", "amount.decimals"),
        ("-1", "amount.negative"),
        ("1000001", "quantity.large"),
        ("2 USD", "quantity.none"),
        ("a dozen", "quantity.none"),
        ("(-1)", "quantity.none"),
        (" ", "quantity.empty"),
    ],
)
def test_a_quantity_is_refused_with_the_reason(typed: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        quantity_of(typed, "en")
    assert refused.value.faults[0].code == code


@given(st.integers(-LARGEST, LARGEST), st.sampled_from(LANGUAGES))
def test_what_a_page_prints_is_read_back(cents: int, language: str) -> None:
    assert cents_of(figure(cents, language), language, negative=True) == cents


@given(st.one_of(st.text(max_size=15), st.text("0123456789., ()-٠٫٬$", max_size=15)), st.sampled_from(LANGUAGES))
def test_any_text_is_an_amount_or_refused(typed: str, language: str) -> None:
    try:
        found = cents_of(typed, language)
    except Refusal as refused:
        assert len(refused.faults) == 1
    else:
        assert 0 <= found <= LARGEST
