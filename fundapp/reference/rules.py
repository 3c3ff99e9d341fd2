"""What is known about countries without asking a database: kinds of standing, spellings, order, days. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache

from fundapp.kernel.text import fold


class Standing(StrEnum):
    """What a country or area is to the United Nations; a non-member State takes part in its agencies (Cook Islands)."""

    MEMBER = "member"
    OBSERVER = "observer"
    NON_MEMBER = "non-member"
    AREA = "area"


class Group(StrEnum):
    """The five regional groups of Member States, in which seats of a Board are shared out."""

    AFRICAN = "african"
    ASIA_PACIFIC = "asia-pacific"
    EASTERN_EUROPEAN = "eastern-european"
    LATIN_AMERICAN = "grulac"
    WESTERN = "weog"


class Footing(StrEnum):
    """How a State sits in its group: observers attend it, and some count in it for elections only."""

    MEMBER = "member"
    OBSERVER = "observer"
    ELECTIONS = "elections"


class Status(StrEnum):
    """The groups of countries in special situations: least developed, landlocked, small island developing."""

    LDC = "ldc"
    LLDC = "lldc"
    SIDS = "sids"


@dataclass(frozen=True, slots=True)
class GivenRate:
    """A rate as a file gives it: units of a currency for one dollar, from a day on; `row` is its place in the file."""

    row: int
    currency: str
    since: date
    rate: Decimal


_ARTICLES = re.compile(r"^(?:the|la|le|les|el|los|las|l) | (?:the|la|le|les|el|los|las)$")
_GOVERNMENT = re.compile(
    r"^(?:the )?(?:government|gouvernement|gobierno) (?:of (?:the )?|de la |de l |du |des |de |del )"
)
_FOOTNOTE = re.compile(r"(?<=\D)\d+\b")
_SAINT = re.compile(r"\bst\b")
_CLOSENESS = 0.6  # of difflib's ratio: "Rumania" is 0.86 of "Roumania"; below this, suggestions mislead


def _without_article(form: str) -> str:
    return _ARTICLES.sub("", form)


def spellings(text: str) -> Iterator[str]:
    """The folded forms under which a name may be known, the nearest to what was written first.

    Footnote marks go, "&" is "and", "St." is "Saint", "the" and "Government of" are left out, and what stands after
    a comma may come first: "Korea, Republic of".
    """
    turned = " ".join(reversed(text.split(",", 1)))
    for spelling in (text, turned):
        form = _FOOTNOTE.sub("", fold(spelling.replace("&", " and "))).strip()
        form = _SAINT.sub("saint", form)
        yield form
        yield _without_article(form)
        yield _without_article(_GOVERNMENT.sub("", form))


def bare(name: str) -> str | None:
    """The name without what it says in parentheses: "Bolivia"; nothing when it says nothing there."""
    short = re.sub(r"\s*[(（].*[)）]\s*", "", name)
    return short if short and short != name else None


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Every known spelling and code, each with the ISO 3166 alpha-3 code of its country: for files of many rows."""

    forms: Mapping[str, str]
    codes: Mapping[str, str]

    def resolve(self, text: str) -> str | None:
        """The code of the country someone wrote down in any of the six languages, or as an ISO or M49 code."""
        if found := self.codes.get(text.strip()):
            return found
        return next((self.forms[form] for form in spellings(text) if form in self.forms), None)

    def nearest(self, text: str, count: int = 3) -> list[str]:
        """The codes of the countries whose spellings come closest, best first; none when nothing is close."""
        wanted = next(spellings(text))
        close = get_close_matches(wanted, self.forms, n=4 * count, cutoff=_CLOSENESS)
        return list(dict.fromkeys(self.forms[form] for form in close))[:count]


def gathered(names: Mapping[str, Iterable[str]], aliases: Mapping[str, str]) -> dict[str, str]:
    """Form -> country out of country -> names; what two countries share is nobody's, unless an alias settles it."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for country, forms in names.items():
        for form in map(fold, forms):
            if found.setdefault(form, country) != country:
                shared.add(form)
    kept = {form: country for form, country in found.items() if form and form not in shared}
    return kept | {fold(form): country for form, country in aliases.items()}


def holds(since: date | None, until: date | None, on: date) -> bool:
    """Whether something was so on a day: from `since` (or always) up to the day before `until` (or still)."""
    return (since is None or since <= on) and (until is None or on < until)


def target_codes(goal: int, numbered: int, lettered: int) -> list[str]:
    """The codes of a goal's targets: "1.1" ... and, for the means of implementation, "1.a" ..."""
    letters = (chr(ord("a") + step) for step in range(lettered))
    return [f"{goal}.{end}" for end in (*range(1, numbered + 1), *letters)]


@lru_cache(maxsize=4096)  # lists of countries stand on many pages: 200 names in six languages
def order_key(name: str, english: str, language: str) -> tuple[str, str]:
    """What a list of countries is sorted by: the letters of the name; in Chinese the English name, as documents do."""
    if language == "ar":
        name = name.removeprefix("ال")  # the article does not count; "ألمانيا" begins with another letter
    return fold(english if language == "zh" else name), fold(english)
