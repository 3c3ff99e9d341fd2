"""The formal words of documents in the six languages, with no request and no screen."""

from __future__ import annotations

import datetime as calendar
import re
from collections.abc import Iterable, Mapping
from functools import cache
from gettext import NullTranslations
from pathlib import Path

from babel.support import Translations

from fundapp.finance.statements import Contribution
from fundapp.kernel import languages

DOMAIN = "reports"
CATALOGUES = Path(__file__).parent.parent / "translations"
RIGHTWARD, LEFTWARD = "\u200e", "\u200f"  # marks without ink, by which a text keeps its direction
ARABIC = re.compile(r"[\u0600-\u06ff]")
BETWEEN = {"ar": f"،{LEFTWARD} ", "zh": "、"}  # items of a list
MARKS = {"ar": "أبجدهوزحطي"}
LETTERS = "abcdefghij"


class CatalogueMissing(RuntimeError):
    """The words of a language are not compiled; the message says how to compile them."""


class Words:
    """What a document says in one language: text, dates, periods and figures."""

    def __init__(self, language: str, folder: Path = CATALOGUES) -> None:
        if language not in languages.LANGUAGES:
            raise ValueError(f"{language!r} is not one of {', '.join(languages.LANGUAGES)}")
        self.language = language
        self._catalogue = catalogue(language, folder)

    def text(self, msgid: str, /, **values: object) -> str:
        """The sentence in this language, with its values put in."""
        sentence = self._catalogue.gettext(msgid)
        return sentence % values if values else sentence

    def ntext(self, one: str, many: str, number: int, /, **values: object) -> str:
        """The sentence in the form this language has for so many; %(number)s is the count, grouped."""
        return self._catalogue.ngettext(one, many, number) % {"number": self.count(number), **values}

    def name(self, names: Mapping[str, str], otherwise: str = "") -> str:
        """A name in this language; in English where it has none, or else what else it is known by."""
        return names.get(self.language) or names.get(languages.DEFAULT) or otherwise

    def date(self, day: calendar.date) -> str:
        """A day as a sentence says it."""
        return languages.long_date(day, self.language)

    def time(self, moment: calendar.datetime) -> str:
        """The time of day in UTC, "14:05"; a moment without a zone is taken as UTC."""
        return (moment if moment.tzinfo is None else moment.astimezone(calendar.UTC)).strftime("%H:%M")

    def period(self, first: calendar.date, last: calendar.date) -> str:
        """A period short enough for the head of a column: "2020"."""
        return languages.period(first, last)

    def figure(self, cents: int, places: int = 2) -> str:
        """An amount as a United Nations table prints it."""
        return languages.figure(cents, self.language, places)

    def count(self, number: int) -> str:
        """How many, in groups of three; none is 0, not "-"."""
        return languages.figure(number, self.language, places=0, nil="0")

    def several(self, items: Iterable[str]) -> str:
        """Items one after the other, with the sign that the language sets between them."""
        return BETWEEN.get(self.language, ", ").join(items)

    def code(self, text: str) -> str:
        """A symbol or code such as 5.c, which is read from left to right in Arabic too."""
        return f"{RIGHTWARD}{text}{RIGHTWARD}" if languages.direction(self.language) == "rtl" else text

    def kept(self, text: str) -> str:
        """A name as it is written: its brackets stay where they are in Arabic too, if its letters are not Arabic."""
        return text if not text or ARABIC.search(text) else self.code(text)

    def mark(self, place: int) -> str:
        """The mark of a note: a, b, c; in Arabic by the order of its numeral letters."""
        return MARKS.get(self.language, LETTERS)[place]


def donor(row: Contribution, words: Words) -> str:
    """What a row of contributions is called: the donor's name, or that the books name none."""
    return words.name(row.labels, row.donor or words.text("Not attributed to a donor"))


def catalogue(language: str, folder: Path = CATALOGUES) -> NullTranslations:
    """The compiled words of a language; English is what the program is written in and needs none."""
    return NullTranslations() if language == languages.DEFAULT else _compiled(language, folder)


@cache
def _compiled(language: str, folder: Path) -> NullTranslations:
    file = folder / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
    if not file.is_file():
        raise CatalogueMissing(f"The formal words in {language!r} are not compiled: {file}. Run python3 dev.py assets")
    with file.open("rb") as content:
        return Translations(content, domain=DOMAIN)
