"""Themes and groups of persons: six languages, read back in each, and which themes are related; no database."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from importlib import resources

import pytest

from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.text import fold
from fundapp.recommendations.themes import (
    LONGEST,
    UHRI,
    UPR_INFO,
    person_name,
    person_names,
    persons,
    related,
    theme,
    theme_name,
    theme_names,
    themes,
)

Names = dict[str, dict[str, str]]
SCHEMES = (UHRI, UPR_INFO)
LETTERS = {"ar": r"[\u0621-\u064a]", "zh": r"[\u4e00-\u9fff]", "ru": "[А-Яа-я]"}  # of their own
LATIN = re.compile(r"[A-Za-z]")
SAME_WORD = {"Migrants"}  # one word in English and in French


def rows(name: str) -> list[dict[str, str]]:
    text = resources.files("fundapp.recommendations").joinpath("data", f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(params=["themes", "persons"])
def names(request: pytest.FixtureRequest) -> Names:
    return theme_names() if request.param == "themes" else person_names()


def test_every_theme_and_group_in_use_has_names() -> None:
    assert set(theme_names()) == set(themes()) == {row["theme"] for row in rows("themes")}
    assert len(rows("themes")) == 75
    assert set(person_names()) == {row["persons"] for row in rows("persons")} - {""}
    assert len(rows("person_names")) == len(person_names()) == 24
    assert {code: labels["en"] for code, labels in theme_names().items()} == themes()


def test_labels_stand_in_six_languages(names: Names) -> None:
    for named, labels in names.items():
        assert set(labels) == set(LANGUAGES), named
        assert all(label and label == label.strip() and len(label) <= LONGEST for label in labels.values()), named
        spelled_alike = [label for label in labels.values() if list(labels.values()).count(label) > 1]
        assert set(spelled_alike) <= SAME_WORD, named


def test_no_two_labels_of_a_language_are_alike(names: Names) -> None:
    for language in LANGUAGES:
        assert len({fold(labels[language]) for labels in names.values()}) == len(names), language


def test_no_label_names_two_things_whatever_the_language(names: Names) -> None:
    named: dict[str, set[str]] = defaultdict(set)
    for code, labels in names.items():
        for label in labels.values():
            named[fold(label.replace("&", " and "))].add(code)
    assert not {label: codes for label, codes in named.items() if len(codes) > 1}


def test_no_older_label_takes_the_words_of_another() -> None:
    older = [(row["label"], row["theme"]) for row in rows("older_themes")]
    groups = [(row["label"], row["persons"]) for row in rows("persons")]
    for written, names in ((older, theme_names()), (groups, person_names())):
        today = {fold(label): code for code, labels in names.items() for label in labels.values()}
        assert not [label for label, code in written if today.get(fold(label), code) != code]


@pytest.mark.parametrize("language", LETTERS)
def test_labels_are_written_in_the_letters_of_their_language(names: Names, language: str) -> None:
    for labels in names.values():
        assert re.search(LETTERS[language], labels[language]), labels
        assert not LATIN.search(labels[language]), labels


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_labels_in_latin_letters_hold_no_others(names: Names, language: str) -> None:
    for labels in names.values():
        assert LATIN.search(labels[language]), labels
        assert not re.search("|".join(LETTERS.values()), labels[language]), labels


def test_punctuation_is_that_of_the_language(names: Names) -> None:
    wrong = {"ar": r"[,;]", "zh": r"[,;:() ]", "fr": r"[^\u00a0][:;]|'", "es": "'", "ru": "ё|'"}
    for labels in names.values():
        assert not [labels[language] for language, marks in wrong.items() if re.search(marks, labels[language])]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_theme_is_read_in_every_language(language: str, scheme: str) -> None:
    read = {code: theme(labels[language].upper(), scheme).code for code, labels in theme_names().items()}
    assert read == {code: code for code in themes()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_group_is_read_in_every_language(language: str) -> None:
    read = {code: persons(labels[language].upper()).code for code, labels in person_names().items()}
    assert read == {code: code for code in person_names()}


def test_a_label_is_read_with_its_code_before_it_and_with_other_marks() -> None:
    assert theme("E41 健康权").code == "right-health"
    assert theme("Liberte d'association").code == "freedom-association"  # no accent, another apostrophe
    assert theme("儿童:少年司法").code == "children-justice"
    assert theme("حرية الفكر والوجدان والدّين").code == "freedom-thought-conscience-religion"
    assert persons("Refugies et demandeurs d'asile").code == "Refugees & asylum seekers"
    assert theme("Gesundheit").code is None
    assert persons("Kinder").code is None


def test_a_label_stays_as_it_was_written() -> None:
    assert theme("Право на здоровье").text == "Право на здоровье"
    assert persons("儿童").text == "儿童"


def test_names() -> None:
    assert theme_name("right-health", "ar") == "الحق في الصحة"
    assert theme_name("nmirf", "es").startswith("Mecanismos nacionales de aplicación, presentación de informes y")
    assert theme_name("right-health", "en") == "Right to health"
    assert theme_name("Business & Human Rights", "fr") == "Business & Human Rights"
    assert person_name("Women & girls", "zh") == "妇女和女童"
    assert person_name("Women & girls", "en") == "Women & girls"
    assert person_name("persons living with HIV/AIDS", "ru") == "persons living with HIV/AIDS"


def test_related_themes_are_related_both_ways_and_never_to_themselves() -> None:
    for one in themes():
        assert one not in related(one)
        assert related(one) <= set(themes())
        for other in related(one):
            assert one in related(other)
            assert related(other) - {one} == related(one) - {other}  # one family, whoever is asked


def test_every_cluster_has_at_least_two_themes() -> None:
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", row["cluster"]) for row in rows("themes"))
    assert not [one for one in themes() if not related(one)]
    assert len({row["cluster"] for row in rows("themes")}) == 17


def test_what_is_related() -> None:
    assert related("violence-against-women") >= {"sexual-gender-based-violence", "discrimination-against-women"}
    assert related("nmirf") == {"action-plans", "budget", "data-collection-research"}
    assert "right-education" not in related("death-penalty")
    assert related("Business & Human Rights") == related("") == frozenset()
