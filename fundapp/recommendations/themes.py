"""The themes and groups of persons in use, their names in the six languages, and how what files say is read. Pure."""

from __future__ import annotations

import csv
import io
import re
from functools import cache
from importlib import resources

from fundapp.kernel.languages import DEFAULT, LANGUAGES
from fundapp.kernel.text import fold
from fundapp.recommendations.rules import Label

UHRI, UPR_INFO = "uhri", "upr-info"
LONGEST = 255  # characters of a label
_CODE = re.compile(r"([A-H]\d{1,2})(?:\.\d+)?\s+(?=\S)")


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("fundapp.recommendations").joinpath("data", f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def _form(label: str) -> str:
    return fold(label.replace("&", " and "))


@cache
def themes() -> dict[str, str]:
    """Theme -> its label as the Universal Human Rights Index spells it."""
    return {row["theme"]: row["label"] for row in _rows("themes")}


@cache
def theme_names() -> dict[str, dict[str, str]]:
    """Theme -> language -> its label."""
    return {row["theme"]: _six(row, row["label"]) for row in _rows("themes")}


@cache
def person_names() -> dict[str, dict[str, str]]:
    """Group of persons, as the label in use spells it -> language -> its label."""
    return {row["persons"]: _six(row, row["persons"]) for row in _rows("person_names")}


def _six(row: dict[str, str], english: str) -> dict[str, str]:
    return {language: english if language == DEFAULT else row[language] for language in LANGUAGES}


def theme_name(code: str, language: str) -> str:
    """The label of a theme in a language; what is no theme is named as it is written."""
    return theme_names()[code][language] if code in theme_names() else code


def person_name(label: str, language: str) -> str:
    """The label of a group of persons in a language; a label that is not in use stays as it is written."""
    return person_names()[label][language] if label in person_names() else label


@cache
def _related() -> dict[str, frozenset[str]]:
    families: dict[str, set[str]] = {}
    for row in _rows("themes"):
        families.setdefault(row["cluster"], set()).add(row["theme"])
    return {theme: frozenset(family - {theme}) for family in families.values() for theme in family}


def related(theme: str) -> frozenset[str]:
    """The other themes of a theme's cluster; none for what is no theme."""
    return _related().get(theme, frozenset())


def _spelled(names: dict[str, dict[str, str]]) -> dict[str, str]:
    """Folded label of any of the six languages -> what it names."""
    return {_form(label): named for named, labels in names.items() for label in labels.values()}


@cache
def _known(scheme: str) -> dict[str, str]:
    """Folded label or code -> theme."""
    found = _spelled(theme_names())
    for row in _rows("older_themes"):
        if row["scheme"] == scheme:
            found |= {form: row["theme"] for form in (_form(row["label"]), row["code"]) if form}
    return found


@cache
def _groups() -> dict[str, str]:
    return _spelled(person_names()) | {_form(row["label"]): row["persons"] for row in _rows("persons")}


@cache
def theme(text: str, scheme: str = UHRI) -> Label:
    """A theme as written in any of the six languages, and the one in use: by its label, or by the code before it."""
    known, coded = _known(scheme), _CODE.match(text)
    bare = text[coded.end() :] if coded else text
    return Label(text, known.get(_form(bare)) or (known.get(coded[1]) if coded else None) or None)


@cache
def persons(text: str) -> Label:
    """A group of persons as it was written in any of the six languages, and the one in use."""
    return Label(text, _groups().get(_form(text)) or None)
