"""Money counts whole minor units; figures are read as tables print them and written so that a machine reads them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from money import printed_figure

from fundapp.kernel.languages import LANGUAGES, figure
from fundapp.kernel.money import Money, decimal_text, exponent, parse_printed, printed_places

CENTS = st.integers(-(10**14), 10**14)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("346 597.13", 34659713),
        ("346\u00a0597.13", 34659713),
        ("346\u202f597.13", 34659713),
        ("(5 647.59)", -564759),
        ("( 5 647.59 )", -564759),
        ("-12", -1200),
        ("\u2212" + "12.5", -1250),
        ("-", 0),
        ("–", 0),
        ("—", 0),
        ("(0)", 0),
        ("2 208 495", 220849500),
        ("1234567", 123456700),
        ("  7 ", 700),
        ("", None),
        (" \u00a0", None),
    ],
)
def test_a_printed_figure_is_read(text: str, cents: int | None) -> None:
    assert parse_printed(text) == cents


NOT_FIGURES = [
    *("12,34,5", "1.234,56", "1,234.56", "1 23", "12 34", "1234 567", "1 2345", "1  234"),
    *("NaN", "inf", "1e9", "0x10", "1_000", "١٢٣", "１２３", "½", "²"),
    *("--5", "-(5)", "(-5)", "(5", "5)", "((5))", "()", "(-)", "+5", "5-", "- -"),
    *("5.", ".5", "5.5.5", "1.234", "$5", "5 USD"),
    "9" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_FIGURES)
def test_what_is_no_figure_is_refused_and_never_guessed(text: str) -> None:
    with pytest.raises(ValueError):
        parse_printed(text)


@given(CENTS, st.sampled_from(LANGUAGES))
def test_a_figure_as_printed_reads_back(cents: int, language: str) -> None:
    printed = figure(cents, language)
    assert parse_printed(printed.replace(",", ".")) == cents
    assert parse_printed(printed_figure(cents)) == cents


@given(CENTS)
def test_a_plain_decimal_is_exact(cents: int) -> None:
    text = decimal_text(cents)
    assert Decimal(text) * 100 == cents
    assert len(text.partition(".")[2]) == 2
    assert decimal_text(cents, 0) == str(cents)


@given(st.text(max_size=12))
def test_any_text_is_a_figure_or_refused(text: str) -> None:
    try:
        found = parse_printed(text)
    except ValueError:
        return
    assert found is None or type(found) is int
    assert (
        text.isascii()
        or found in (None, 0)
        or any(space in text for space in "\u00a0\u202f\u2009\u2212")
        or text.strip().isascii()
    )


@pytest.mark.parametrize(
    ("text", "places"), [("2 208 495", 0), ("2 208 495.68", 2), ("(144 497.12)", 2), ("( 7.5 )", 1), ("-", 0), ("", 0)]
)
def test_the_printed_precision_is_known(text: str, places: int) -> None:
    assert printed_places(text) == places


def test_money_refuses_what_is_not_whole_and_does_not_mix() -> None:
    for minor in (1.0, Decimal(1), True, "1", None):
        with pytest.raises(TypeError):
            Money(minor)  # type: ignore[arg-type]
    for code in ("usd", "US", "USDX", ""):
        with pytest.raises(ValueError):
            Money(1, code)
    for mixed in (
        lambda: Money(1) + Money(1, "EUR"),
        lambda: Money(1) < Money(1, "EUR"),
        lambda: Money(1) - Money(1, "JPY"),
    ):
        with pytest.raises(ValueError):
            mixed()
    assert Money(1, "EUR") != Money(1)


def test_minor_units_are_those_of_the_currency() -> None:
    assert [exponent(code) for code in ("USD", "JPY", "KWD", "CHF")] == [2, 0, 3, 2]
    assert [Money(-5, code).amount for code in ("USD", "JPY", "KWD")] == [Decimal("-0.05"), -5, Decimal("-0.005")]


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=9).filter(any))
def test_shares_add_up_to_the_whole(minor: int, weights: list[int]) -> None:
    shares = Money(minor).split(weights)
    assert sum(share.minor for share in shares) == minor
    total = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share.minor * total - minor * weight) < total  # less than one cent off
        assert weight or not share
        assert share.minor * minor >= 0


def test_the_first_wins_a_tie_of_remainders() -> None:
    assert [share.minor for share in Money(100).split([1, 1, 1])] == [34, 33, 33]
    assert [share.minor for share in Money(-100).split([1, 1, 1])] == [-34, -33, -33]


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [2, -1]])
def test_weights_that_share_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError):
        Money(1).split(weights)
