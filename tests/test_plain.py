"""Statements for machines and terminals say the facts exactly, whatever a donor is called."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from printed_facts import contributions, income_expenditure

from fundapp.finance.statements import Contribution, Contributions
from fundapp.kernel.languages import LANGUAGES, NO_BREAK
from fundapp.kernel.sheets import HARMFUL
from fundapp.publishing.drawing import FORMATS, draw
from fundapp.publishing.plain import aligned, as_csv, as_json, as_text, width
from fundapp.publishing.words import Words

EN = Words("en")


def with_donor(name: str, cents: int) -> Contributions:
    facts = contributions()
    row = Contribution("2020", "x", dict.fromkeys(LANGUAGES, name), cents)
    return replace(facts, rows=(row,), total=cents)


@given(st.text(min_size=1, max_size=40).filter(lambda text: "\0" not in text), st.integers(-(10**15), 10**15))
def test_any_name_and_amount_survive_as_csv_and_json(name: str, cents: int) -> None:
    if any("\ud800" <= letter <= "\udfff" for letter in name):
        return
    facts = with_donor(name, cents)
    heading, row, total = csv.reader(io.StringIO(as_csv(facts, EN), newline=""))
    assert heading == ["period", "donor", "label", "amount"]
    assert row[2].removeprefix("'") == name.removeprefix("'")
    assert not row[2].startswith(HARMFUL)
    assert row[3] == total[3] == f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"
    found = json.loads(as_json(facts, EN))
    assert (found["rows"][0]["label"], found["rows"][0]["amount"], found["total"]) == (name, row[3], row[3])


@pytest.mark.parametrize("language", LANGUAGES)
def test_decimals_stand_under_each_other(language: str) -> None:
    lines = as_text(income_expenditure(), Words(language)).splitlines()[4:]
    ends = {
        width(line.removesuffix(")"))
        for line in lines
        if line[-1:].isdigit() or (line.endswith(")") and line[-2].isdigit())
    }
    assert len(ends) == 1
    assert len(lines) == 22


@given(
    st.lists(st.tuples(st.text("aé法ア ", max_size=9), st.from_regex(r"\(?[0-9]{1,6}\)?", fullmatch=True)), max_size=6)
)
def test_columns_are_as_wide_as_they_must_be(rows: list[tuple[str, str]]) -> None:
    found = aligned(rows)
    assert len({width(line.removesuffix(")")) for line in found}) <= 1
    for (label, amount), line in zip(rows, found, strict=True):
        assert line.startswith(label.rstrip() or line[:0])
        assert line.endswith(amount)


def test_an_ideograph_takes_two_columns() -> None:
    assert (width("法国"), width("France"), width(f"1{NO_BREAK}0"), width("ＡＢ")) == (4, 6, 3, 4)


def test_a_statement_of_nothing_is_a_statement() -> None:
    facts = replace(contributions(), rows=(), total=0, entries=0)
    assert as_csv(facts, EN) == "period,donor,label,amount\nTOTAL,,Total,0.00\n"
    assert json.loads(as_json(facts, EN))["rows"] == []
    for kind in FORMATS:
        assert draw(facts, "ar", kind)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_drawn_in_every_language(kind: str) -> None:
    for language in LANGUAGES:
        for facts in (income_expenditure(), contributions()):
            content = draw(facts, language, kind)
            magic = {"pdf": b"%PDF-", "xlsx": b"PK\x03\x04", "json": b"{"}.get(kind, b"")
            assert content.startswith(magic)
            assert len(content) > 500
