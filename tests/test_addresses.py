"""What lies in an address beyond every table and calendar: no page, an empty list or a sentence, and no fault."""

from __future__ import annotations

import pytest
from flask import Flask
from visiting import as_a

TOO_LARGE = "9" * 25  # more than a column of any database holds

pytestmark = pytest.mark.usefixtures("one_click")


@pytest.mark.parametrize("page", ["/UPR/finance/entries/{}", "/people/{}", "/trail/{}", "/outbox/{}"])
def test_a_number_that_no_table_holds_is_no_page(demo: Flask, page: str) -> None:
    client = as_a(demo, "auditor")
    for number in (TOO_LARGE, str(2**63), str(2**63 - 1)):
        assert client.get(page.format(number)).status_code == 404, number


@pytest.mark.parametrize(
    "page",
    [
        "/UPR/finance/entries?from=0001-01-01&to=0001-12-31&line=OPENING",
        "/UPR/finance/entries?from=0001-01-01&to=9999-12-31&line=CLOSING",
        "/UPR/finance/statement?from=0001-01-01&to=9999-12-31",
        "/UPR/documents/income-expenditure.csv?from=0001-01-01&to=9999-12-31",
        "/UPR/finance/contributions?to=9999-12-31",
        "/trail?since=0001-01-01&until=9999-12-31",
    ],
)
def test_the_first_and_the_last_day_of_the_calendar_are_days(demo: Flask, page: str) -> None:
    assert as_a(demo, "auditor").get(page).status_code == 200


def test_there_is_no_year_nil(demo: Flask) -> None:
    assert as_a(demo, "finance-officer").get("/UPR/finance/not-attributed/0").status_code == 404
    assert as_a(demo, "certifying-officer").post("/UPR/finance/years/0/close").status_code == 404
