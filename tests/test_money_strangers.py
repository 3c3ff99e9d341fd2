"""What a stranger tries on the pages, files and commands of the money: answered clearly, and the books hold."""

from __future__ import annotations

import pytest
from flask import Flask
from visiting import as_a, text_of

pytestmark = pytest.mark.usefixtures("one_click")
HERE = "/UPR/finance"
# Words of a query that are options of addresses too: kinds of file, funds, and what url_for itself takes.
OPTIONS = {"kind": "csv", "fund": "AHA", "_external": "1", "_scheme": "https", "_method": "POST", "_anchor": "x"}


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("finance-officer", "/UPR/finance/contributions"),
        ("finance-officer", "/UPR/finance/tie-out"),
        ("administrator", "/people"),
        ("auditor", "/trail"),
        ("finance-officer", "/recommendations/evidence"),
        ("finance-officer", "/recommendations/calendar"),
    ],
)
def test_words_in_an_address_are_no_options_of_the_links_on_its_page(demo: Flask, who: str, address: str) -> None:
    client = as_a(demo, who)
    plain = text_of(client, address)
    for word, value in OPTIONS.items():
        page = text_of(client, f"{address}?{word}={value}")
        assert 'href="https' not in page.split("<main")[-1].split("<footer")[0], (word, value)
        assert (".csv" in page) == (".csv" in plain)
        assert "/AHA/" not in page.split("<main")[-1].split("<footer")[0]


@pytest.mark.parametrize(
    "asked", ["balance?from=9999-12-31", "balance?to=9999-12-31", "available?on=9999-12-31", "balance?to=0001-01-01"]
)
def test_the_calendars_first_and_last_day_are_days(demo: Flask, asked: str) -> None:
    text_of(as_a(demo, "finance-officer"), f"{HERE}/statements/{asked}")
