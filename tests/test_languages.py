"""Figures and dates as United Nations documents print them, in each of the six languages."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.kernel.languages import LANGUAGES, OWN_NAMES, date_and_hour, direction, figure, long_date, period

N = "\u00a0"


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_are_grouped_by_a_space_that_holds(language: str) -> None:
    mark = "," if language in ("fr", "ru", "es") else "."
    assert figure(234567890, language) == f"2{N}345{N}678{mark}90"
    assert figure(-14449712, language) == f"(144{N}497{mark}12)"
    assert figure(5, language) == f"0{mark}05"
    assert figure(0, language) == "-"
    assert figure(0, language, nil="0") == "0"
    assert figure(2208495, language, places=0) == f"2{N}208{N}495"


@given(st.integers(-(10**15), 10**15), st.sampled_from(LANGUAGES), st.integers(0, 3))
def test_groups_have_three_digits(minor: int, language: str, places: int) -> None:
    text = figure(minor, language, places)
    if not minor:
        assert text == "-"
        return
    assert (text[0] == "(" and text[-1] == ")") == (minor < 0)
    whole, _, part = text.strip("()").replace(",", ".").partition(".")
    first, *rest = whole.split(N)
    assert 1 <= len(first) <= 3
    assert all(len(group) == 3 for group in rest)
    assert len(part) == places
    assert int("".join([first, *rest, part])) == abs(minor)


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        ("en", "1 January 2020", "31 December 2020"),
        ("fr", "1er janvier 2020", "31 décembre 2020"),
        ("es", "1 de enero de 2020", "31 de diciembre de 2020"),
        ("ru", "1 января 2020 года", "31 декабря 2020 года"),
        ("zh", "2020年1月1日", "2020年12月31日"),
        ("ar", "1 كانون الثاني/يناير 2020", "31 كانون الأول/ديسمبر 2020"),
    ],
)
def test_dates_as_sentences_say_them(language: str, first: str, last: str) -> None:
    assert (long_date(date(2020, 1, 1), language), long_date(date(2020, 12, 31), language)) == (first, last)


@given(st.dates(), st.sampled_from(LANGUAGES))
def test_every_day_can_be_said(day: date, language: str) -> None:
    assert str(day.year) in long_date(day, language).replace("0", "0") or day.year < 1000


def test_periods_are_named_as_short_as_they_can_be() -> None:
    assert period(date(2020, 1, 1), date(2020, 12, 31)) == "2020"
    assert period(date(2016, 1, 1), date(2017, 12, 31)) == "2016-2017"
    assert period(date(2020, 1, 1), date(2020, 12, 30)) == "2020-01-01/2020-12-30"
    assert period(date(2020, 2, 29), date(2020, 2, 29)) == "2020-02-29/2020-02-29"


def test_six_equal_languages_and_one_runs_from_right_to_left() -> None:
    assert sorted(LANGUAGES) == ["ar", "en", "es", "fr", "ru", "zh"]
    assert [language for language in LANGUAGES if direction(language) == "rtl"] == ["ar"]
    assert set(OWN_NAMES) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_hour_behind_a_date_has_the_comma_of_the_language(language: str) -> None:
    mark = "،" if language == "ar" else ","
    assert date_and_hour("1 2026", "09:24", language) == f"1 2026{mark} 09:24"
