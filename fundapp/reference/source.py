"""The reference data that comes with the program (data/*.csv), as rows of its tables. No database, no network."""

from __future__ import annotations

import csv
import io
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.money import exponent
from fundapp.reference.rules import Footing, Group, Standing, Status, bare, gathered, target_codes

Row = dict[str, Any]
STATES = frozenset({Standing.MEMBER, Standing.OBSERVER})


@cache
def _read(name: str) -> tuple[dict[str, str], ...]:
    text = resources.files("fundapp.reference").joinpath("data", f"{name}.csv").read_text("utf-8")
    return tuple(csv.DictReader(io.StringIO(text)))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _six(row: dict[str, str]) -> Row:
    return {f"name_{language}": row[language] for language in LANGUAGES}


def _names() -> dict[tuple[str, str], Row]:
    """(country, until) -> its names; `until` is empty for the names of today."""
    found: dict[tuple[str, str], Row] = {}
    for row in _read("names"):
        found.setdefault((row["country"], row["until"]), {})[f"name_{row['language']}"] = row["name"]
    return found


def regions() -> list[Row]:
    """Regions before the subregions within them."""
    return [{"code": row["code"], "within": row["within"] or None, **_six(row)} for row in _read("regions")]


def regional_groups() -> list[Row]:
    """The five groups."""
    return [{"code": Group(row["code"]), **_six(row)} for row in _read("regional_groups")]


def currencies() -> list[Row]:
    """Those of the countries, and those that the euro replaced since 2009."""
    return [
        {"code": row["code"], "exponent": exponent(row["code"]), "until": _day(row["until"])}
        for row in _read("currencies")
    ]


def countries() -> list[Row]:
    """States and areas with the names of today."""
    names = _names()
    return [
        {
            "code": row["code"],
            "alpha2": row["alpha2"],
            "m49": row["m49"],
            "standing": Standing(row["standing"]),
            "subregion": row["subregion"] or None,
            "regional_group": Group(row["regional_group"]) if row["regional_group"] else None,
            "footing": Footing(row["footing"]) if row["footing"] else None,
            "currency": row["currency"] or None,
            **names[row["code"], ""],
        }
        for row in _read("countries")
    ]


def former_names() -> list[Row]:
    """Names that a State gave up."""
    return [{"country": country, "until": _day(until), **six} for (country, until), six in _names().items() if until]


def _spelt() -> dict[str, list[str]]:
    """Country -> what it is called: its names of today and before and, for States, without their parentheses."""
    found: dict[str, list[str]] = {}
    for (country, _), six in _names().items():
        found.setdefault(country, []).extend(six.values())
    for row in countries():
        if row["standing"] in STATES:
            short = (bare(row[f"name_{language}"]) for language in LANGUAGES)
            found[row["code"]].extend(name for name in short if name)
    return found


def aliases() -> list[Row]:
    """Every spelling that means one country."""
    written = {row["form"]: row["country"] for row in _read("aliases")}
    forms = gathered(_spelt(), written)
    return [{"form": form, "country": country} for form, country in sorted(forms.items())]


def statuses() -> list[Row]:
    """Least developed, landlocked and small island developing countries, with the days where they are known."""
    return [
        {
            "country": row["country"],
            "status": Status(row["status"]),
            "since": _day(row["since"]),
            "until": _day(row["until"]),
        }
        for row in _read("statuses")
    ]


def goals() -> list[Row]:
    """The 17 goals."""
    return [{"number": int(row["number"]), **_six(row)} for row in _read("goals")]


def targets() -> list[Row]:
    """The 169 targets, counted out from how many each goal has."""
    return [
        {"code": code, "goal": int(row["number"])}
        for row in _read("goals")
        for code in target_codes(int(row["number"]), int(row["numbered"]), int(row["lettered"]))
    ]


def treaty_bodies() -> list[Row]:
    """The committees of the human rights treaties."""
    return [
        {"code": row["code"], "symbol": row["symbol"], "instrument": row["instrument"], **_six(row)}
        for row in _read("treaty_bodies")
    ]
