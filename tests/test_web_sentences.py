"""Every code that the program refuses with has a sentence, and every sentence takes the values that come with it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.web.sentences import SENTENCES, sentence, sentences

ROOT = Path(__file__).resolve().parent.parent
NAMES = re.compile(r"%\((\w+)\)s")
PLACES = frozenset({"row", "column", "field"})


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every Fault(…) and refuse(…) of the program, with where it stands."""
    for path in sorted((ROOT / "fundapp").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) in ("Fault", "refuse"):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def codes(node: ast.expr) -> Iterator[str]:
    """The codes an expression may be: a text, or either side of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from codes(node.body)
        yield from codes(node.orelse)


FOUND = [(place, call, code) for place, call in calls() if call.args for code in codes(call.args[0])]


def test_there_are_refusals_to_look_at() -> None:
    assert len({code for _, _, code in FOUND}) > 60


@pytest.mark.parametrize("code", sorted({code for _, _, code in FOUND}))
def test_a_code_has_a_sentence(code: str) -> None:
    places = [place for place, _, other in FOUND if other == code]
    assert code in SENTENCES, f"{', '.join(places)}: no sentence in fundapp/web/wording for {code}"


def given(call: ast.Call) -> set[str] | None:
    """The names of the values of a call; None when they cannot be read off it."""
    if getattr(call.func, "id", None) == "refuse":
        if any(word.arg is None for word in call.keywords):
            return None
        return {word.arg for word in call.keywords if word.arg} - PLACES
    values = call.args[1] if len(call.args) > 1 else next((w.value for w in call.keywords if w.arg == "values"), None)
    if values is None:
        return set()
    if isinstance(values, ast.Dict) and all(isinstance(key, ast.Constant) for key in values.keys):
        return {str(key.value) for key in values.keys if isinstance(key, ast.Constant)}
    return None


@pytest.mark.parametrize(("place", "call", "code"), FOUND, ids=[f"{code} {place}" for place, _, code in FOUND])
def test_a_sentence_takes_the_values_it_is_given(place: str, call: ast.Call, code: str) -> None:
    values = given(call)
    if values is not None and code in SENTENCES:
        lacking = set(NAMES.findall(str(SENTENCES[code]))) - values
        assert not lacking, f"{place}: {code} says %({')s %('.join(sorted(lacking))})s and is not given it"


def test_places_names_and_amounts(app: Flask) -> None:
    with app.test_request_context("/?lang=fr"):
        fault = Fault("fund.unknown", {"code": "X", "known": ["UPR", "AHA"]}, row=7, column="fund")
        assert "X" in sentence(fault) and "UPR, AHA" in sentence(fault) and "7" in sentence(fault)
        assert "1\u00a0234,50" in sentence(Fault("tie.differs", {"cents": 123450}))
        rates = {"cents": 1, "percent": "13", "implied": "13.0084"}
        assert "13,0084" in sentence(Fault("explain.support-costs", rates))


def test_the_place_in_a_file_comes_first(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        row, column = Fault("fund.unknown", {"code": "X", "known": "Y"}, row=3), Fault("none.such", {}, column="c")
        assert sentences(Refusal(row, column)) == [
            "Row 3: There is no fund X. There are: Y.",
            "Column c: It was refused: none.such",
        ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sign_of_per_cent_in_a_value_is_only_that(app: Flask, language: str) -> None:
    with app.test_request_context(f"/?lang={language}"):
        [said] = sentences(refuse("fund.unknown", code="100%s", known="%(code)s"))
        assert "100%s" in said and "%(code)s" in said


def test_how_many_is_grouped_as_figures_are(app: Flask) -> None:
    large = Fault("quantity.large", {"text": "1000001", "largest_count": 1_000_000})
    with app.test_request_context("/?lang=en"):
        assert (
            sentence(large) == "“1000001” is too large; at most 1\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000 is taken."
        )
        above = sentence(Fault("budget.quantity-large", {"largest_count": 1_000_000}))
        assert "above 1\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000." in above
        assert "no quantity" in sentence(Fault("quantity.none", {"text": "a dozen"}))
