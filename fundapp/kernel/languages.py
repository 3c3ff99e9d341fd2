"""The six official languages: direction, and figures and dates as United Nations documents print them. Pure."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from babel.dates import format_date

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")  # the order of the Charter's Arabic alphabetisation: none comes first
OWN_NAMES = {"ar": "العربية", "zh": "中文", "en": "English", "fr": "Français", "ru": "Русский", "es": "Español"}
DEFAULT = "en"

NO_BREAK = "\u00a0"
NIL = "-"
COMMA = frozenset({"fr", "ru", "es"})
# Documents of the United Nations give both names of a month in Arabic; CLDR gives one.
ARABIC_MONTHS = (
    "كانون الثاني/يناير",
    "شباط/فبراير",
    "آذار/مارس",
    "نيسان/أبريل",
    "أيار/مايو",
    "حزيران/يونيه",
    "تموز/يوليه",
    "آب/أغسطس",
    "أيلول/سبتمبر",
    "تشرين الأول/أكتوبر",
    "تشرين الثاني/نوفمبر",
    "كانون الأول/ديسمبر",
)


def direction(language: str) -> str:
    """Which way the language is written: "rtl" or "ltr"."""
    return "rtl" if language == "ar" else "ltr"


def decimal_mark(language: str) -> str:
    """What stands before the decimals of a figure; Arabic documents of the United Nations have a point too."""
    return "," if language in COMMA else "."


def grouped(whole: int) -> str:
    """A whole number, 0 or more, in groups of three held together by no-break spaces."""
    return f"{whole:,}".replace(",", NO_BREAK)


def figure(minor: int, language: str, places: int = 2, nil: str = NIL) -> str:
    """An amount of minor units as a table prints it: (144 497.12) is negative, "-" is nil.

    places: how many decimals the currency has; 0 with an amount in whole units.
    """
    if not minor:
        return nil
    whole, part = divmod(abs(minor), 10**places)
    text = grouped(whole)
    if places:
        text += decimal_mark(language) + f"{part:0{places}d}"
    return f"({text})" if minor < 0 else text


@lru_cache(maxsize=4096)  # a statement asks for the same two days in six languages on every line
def long_date(day: date, language: str) -> str:
    """A date as a sentence says it: "31 December 2020"."""
    if language == "ar":
        return f"{day.day} {ARABIC_MONTHS[day.month - 1]} {day.year}"
    if language == "en":
        return format_date(day, "d MMMM y", locale="en")
    if language == "fr" and day.day == 1:
        return f"1er {format_date(day, 'MMMM y', locale='fr')}"
    if language == "ru":
        return format_date(day, "d MMMM y 'года'", locale="ru")
    return format_date(day, "long", locale="zh_Hans" if language == "zh" else language)


def date_and_hour(day: str, hour: str, language: str) -> str:
    """A date with an hour behind it, with the comma of the language between them."""
    return f"{day}{'،' if language == 'ar' else ','} {hour}"


@lru_cache(maxsize=4096)
def month_and_year(day: date, language: str) -> str:
    """A month as a sentence says it: "May 2025"."""
    if language == "ar":
        return f"{ARABIC_MONTHS[day.month - 1]} {day.year}"
    pattern = {"zh": "y年M月", "es": "MMMM 'de' y", "ru": "LLLL y 'года'"}.get(language, "MMMM y")
    return format_date(day, pattern, locale="zh_Hans" if language == "zh" else language)


def is_whole_years(first: date, last: date) -> bool:
    """Whether the period is of calendar years, which are the fund's financial years."""
    return (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)


def period(first: date, last: date) -> str:
    """How a label names the period: "2020", "2018-2020", or the dates where it is not whole years."""
    if not is_whole_years(first, last):
        return f"{first.isoformat()}/{last.isoformat()}"
    return str(first.year) if first.year == last.year else f"{first.year}-{last.year}"
