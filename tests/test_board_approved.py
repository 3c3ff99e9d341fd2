"""What was approved in a year: by country, region, focus area and amount; a chart, tables and files that add up."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from deciding import APPROVE, DECLINE, before, in_days, taken, with_conditions
from flask import Flask
from scoring_seen import keep_from
from test_board_decision_pages import office_person, plain, reference, signed
from visiting import as_a, statements, text_of

from fundapp.access.policy import Role
from fundapp.board.rules.approved import Approved, sums, total

YEAR = in_days(0).year
HERE = f"/UPR/board/approved/{YEAR}"

pytestmark = pytest.mark.usefixtures("one_click")


def row(cents: int, region: str = "Asia", areas: tuple[str, ...] = ("A",), statuses: tuple[str, ...] = ()) -> Approved:
    return Approved("2020-1-001", "", "en", "FJI", "Fiji", region, areas, statuses, cents, cents, False, in_days(0), "")


def test_sums_by_name_the_largest_first() -> None:
    rows = [row(10, areas=("A", "B"), statuses=("sids",)), row(20, "Africa", statuses=("lldc",)), row(5, "Africa")]
    assert [(one.name, one.many, one.cents, one.priority) for one in sums(rows, lambda one: (one.region,))] == [
        ("Africa", 2, 25, 0), ("Asia", 1, 10, 10),
    ]  # fmt: skip
    assert [(one.name, one.cents) for one in sums(rows, lambda one: one.areas)] == [("A", 35), ("B", 10)]
    assert (total(rows).many, total(rows).cents) == (3, 35) and total([]).cents == 0


def test_the_page_its_chart_and_files_add_up(shown: Flask) -> None:
    keys = before(proposals=None)
    for place, key in enumerate(keys[:8]):
        said = replace(with_conditions() if place % 2 else APPROVE, amount=(place + 1) * 1_000_00)
        taken(key, said)
    taken(keys[8], replace(DECLINE, against_advice="The State took its consent back."))
    taken(keys[0], replace(DECLINE, against_advice="The State took its consent back."))  # stands no more
    client = as_a(shown, "secretary")
    page = text_of(client, HERE)
    assert page.count("<svg viewBox") == 1 and "has the largest part" in page
    words = plain(page)
    assert "35 000" in words and "Without a region" not in words
    assert reference(keys[0]) not in words and reference(keys[1]) in words and reference(keys[8]) not in words
    answer = client.get(f"{HERE}.csv", buffered=True)
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert len(rows) == 7 and sum(Decimal(one["Approved"]) for one in rows) == 35_000
    assert all(one["Country"] and one["Region"] and one["Focus areas"] for one in rows)
    assert {one["With conditions"] for one in rows} == {"yes", "no"}
    assert [one["Country"] for one in rows] == sorted(one["Country"] for one in rows)
    assert client.get(f"{HERE}.xlsx").data.startswith(b"PK")
    assert client.get("/UPR/board/approved").location == HERE
    with statements() as asked:
        text_of(client, HERE)
    assert len(asked) <= 15, len(asked)


@pytest.mark.parametrize("language", ["ar", "zh", "fr", "ru", "es"])
def test_in_each_language(shown: Flask, language: str) -> None:
    taken(before()[0])
    client = as_a(shown, "secretary")
    for address in (HERE, "/UPR/board/decisions", "/UPR/board/conditions"):
        assert client.get(f"{address}?lang={language}").status_code == 200


def test_a_year_without_and_years_that_are_none(shown: Flask) -> None:
    client = as_a(shown, "secretary")
    assert f"Nothing was approved in {YEAR}" in text_of(client, HERE)
    assert client.get("/UPR/board/approved").location == HERE
    for year in ("1999", "2101", "x", "-1", "99999999999999999999"):
        assert client.get(f"/UPR/board/approved/{year}").status_code == 404
        assert client.get(f"/UPR/board/approved/{year}.csv").status_code == 404
    assert client.get(f"{HERE}.pdf").status_code == 404


def test_nobody_counts_what_they_may_not_know_of(shown: Flask) -> None:
    first, second, *_ = before()
    for key in (first, second):
        taken(key)
    keep_from(int(reference(first)[-3:]), Role.SECRETARY)
    page = plain(text_of(as_a(shown, "secretary"), HERE))
    assert reference(first) not in page and "80 000" not in page and "40 000" in page
    office = signed(shown, office_person(second))
    assert reference(second) in plain(text_of(office, HERE))
    trustee = text_of(as_a(shown, "trustee"), HERE)
    assert not re.search(r"2020-1-\d+", trustee)
