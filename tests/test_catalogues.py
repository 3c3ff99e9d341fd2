"""Six languages, equal: every word of the screens and documents is there in each, whole and in its own script."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from gettext import c2py
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

import dev

LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")  # English is what is translated from
DOMAINS = ("messages", "reports")
SCRIPT = {"ar": r"[\u0600-\u06ff]", "zh": r"[\u4e00-\u9fff]", "ru": r"[\u0400-\u04ff]"}
PLACE = re.compile(r"%\(\w+\)[a-z]|(?<!\{)\{\w+\}(?!\})")
SAME = Path(__file__).parent / "snapshots/same_words.txt"

every_catalogue = pytest.mark.parametrize(
    ("domain", "language"), [(domain, language) for domain in DOMAINS for language in LANGUAGES]
)
every_translation = pytest.mark.parametrize(
    ("domain", "language"), [(domain, language) for domain in DOMAINS for language in TRANSLATED]
)


@cache
def wanted(domain: str) -> Catalog:
    """What the sources mark for translation."""
    with TemporaryDirectory() as folder:
        template = Path(folder) / "found.pot"
        subprocess.run([str(part) for part in dev.extraction(domain, template)], cwd=dev.ROOT, check=True)
        with template.open("rb") as file:
            return read_po(file)


@cache
def catalogue(domain: str, language: str) -> Catalog:
    with (dev.CATALOGUES / language / f"LC_MESSAGES/{domain}.po").open("rb") as file:
        return read_po(file, locale=language, domain=domain, abort_invalid=True)


def entries(found: Catalog) -> dict[tuple[str | None, str], Message]:
    return {(m.context, first(m)): m for m in found if m.id}


def first(message: Message) -> str:
    """The English in the singular."""
    return str(message.id if isinstance(message.id, str) else message.id[0])


def forms(message: Message) -> Iterator[str]:
    yield from [message.string] if isinstance(message.string, str) else [text or "" for text in message.string or ()]


def places(text: str) -> set[str]:
    return set(PLACE.findall(text))


@cache
def same() -> frozenset[tuple[str, str]]:
    """Words that a person has said are spelled in that language as in English."""
    lines = [line for line in SAME.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return frozenset((language, text) for language, _, text in (line.partition("\t") for line in lines))


def shown(found: list[str]) -> str:
    return f"{len(found)}: " + "; ".join(found[:8])


@pytest.mark.parametrize("domain", DOMAINS)
def test_something_is_marked(domain: str) -> None:
    """Or the rest would hold for want of words."""
    assert len(entries(wanted(domain))) > 10


@every_catalogue
def test_a_catalogue_has_the_words_of_the_program_and_no_others(domain: str, language: str) -> None:
    needed, there = entries(wanted(domain)).keys(), entries(catalogue(domain, language)).keys()
    assert not needed - there, shown([text for _, text in needed - there])
    assert not there - needed, shown([text for _, text in there - needed])


@every_catalogue
def test_nothing_is_left_untranslated(domain: str, language: str) -> None:
    found = entries(catalogue(domain, language)).values()
    empty = [first(message) for message in found if not all(text.strip() for text in forms(message))]
    fuzzy = [first(message) for message in found if message.fuzzy]
    assert not empty and not fuzzy, shown(empty + fuzzy)


@every_translation
def test_every_plural_is_there(domain: str, language: str) -> None:
    """Arabic has six, Russian three, Chinese one."""
    number = get_plural(language).num_plurals
    short = [
        first(message)
        for message in entries(catalogue(domain, language)).values()
        if message.pluralizable and len(list(forms(message))) != number
    ]
    assert not short, shown(short)


@every_translation
def test_places_for_values_are_the_same(domain: str, language: str) -> None:
    """One more or less breaks the page. A form for one or two may say the number in words."""
    wrong = []
    for message in entries(catalogue(domain, language)).values():
        needed = places(first(message)) | (places(message.id[1]) if message.pluralizable else set())
        optional = (
            {"%(num)s", "%(num)d", "%(count)s", "%(count)d", "{count}", "{num}"} if message.pluralizable else set()
        )
        whole = [text for text in forms(message) if text]
        wrong += [text for text in whole if places(text) - needed or needed - places(text) - optional]
    assert not wrong, shown(wrong)


@every_translation
def test_nothing_stays_english(domain: str, language: str) -> None:
    """Equal to the English is forgotten, unless someone wrote it down in snapshots/same_words.txt."""
    own = re.compile(SCRIPT.get(language, "."))
    found = []
    for message in entries(catalogue(domain, language)).values():
        text = PLACE.sub("", first(message))
        if not re.search("[A-Za-z]{2}", text) or (language, first(message)) in same():
            continue
        found += [
            first(message) for form in forms(message) if form and (form == first(message) or not own.search(form))
        ]
    assert not found, shown(found)


@every_translation
def test_ends_are_the_same(domain: str, language: str) -> None:
    """White space around a text is layout: it must neither come nor go."""
    wrong = [
        first(message)
        for message in entries(catalogue(domain, language)).values()
        for form in forms(message)
        if form
        and (form[0].isspace(), form[-1].isspace()) != (first(message)[0].isspace(), first(message)[-1].isspace())
    ]
    assert not wrong, shown(wrong)


def test_words_said_to_be_the_same_are_in_use() -> None:
    known = {first(m) for domain in DOMAINS for m in entries(wanted(domain)).values()}
    assert not [line for line in same() if line[1] not in known]


def test_codes_do_not_stand_the_other_way_round_in_arabic() -> None:
    """After an Arabic word "2020-1" is shown as "1-2020", unless a mark of direction comes between."""
    said = [text for message in catalogue("messages", "ar") if message.id for text in forms(message)]
    assert [text for text in said if re.search(r"[^\u200e]%\((?:code|reference|day)\)s", text)] == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_what_is_counted_is_in_its_case_in_arabic(domain: str) -> None:
    """The sixth form is for 11 to 99, "20 مشروعا", the fifth for 100 to 102, "100 مشروع": they are easily swapped."""
    form = c2py(get_plural("ar").plural_expr)
    assert [form(number) for number in (11, 20, 99, 100, 102)] == [5, 5, 5, 4, 4]
    swapped = []
    for message in entries(catalogue(domain, "ar")).values():
        if message.pluralizable:
            _, _, _, _, hundred, twenty = (re.sub(r"[\u064b-\u0652.،:؛]", "", text).split() for text in forms(message))
            one, other = next(((a, b) for a, b in zip(hundred, twenty, strict=False) if a != b), ("", ""))
            swapped += [first(message)] if one == f"{other}ا" or one == "شيئا" else []
    assert not swapped, shown(swapped)
