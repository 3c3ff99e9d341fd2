"""The themes and groups of persons in use, and which of them an older label, code or issue is read as. Pure."""

from __future__ import annotations

import csv
import io
import re
from functools import cache
from importlib import resources

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
def _known(scheme: str) -> dict[str, str]:
    """Folded label or code -> theme."""
    found = {_form(label): theme for theme, label in themes().items()}
    for row in _rows("older_themes"):
        if row["scheme"] == scheme:
            found |= {form: row["theme"] for form in (_form(row["label"]), row["code"]) if form}
    return found


@cache
def _groups() -> dict[str, str]:
    return {_form(row["label"]): row["persons"] for row in _rows("persons")}


@cache
def theme(text: str, scheme: str = UHRI) -> Label:
    """A theme as it was written, and the one in use that it is read as: by its label, or by the code before it."""
    known, coded = _known(scheme), _CODE.match(text)
    bare = text[coded.end() :] if coded else text
    return Label(text, known.get(_form(bare)) or (known.get(coded[1]) if coded else None) or None)


@cache
def persons(text: str) -> Label:
    """A group of persons as it was written, and the one in use."""
    return Label(text, _groups().get(_form(text)) or None)
