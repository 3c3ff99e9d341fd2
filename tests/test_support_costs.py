"""Support costs: posted once a month is over, at the rate of its last day, and trued up when that changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from commands import everything
from crowd import meeting, together
from extracts import line, spent, take, undo, written
from flask import Flask
from opened import fund
from test_extracts import closed
from visiting import as_a, statements, text_of

from fundapp.access.operations import Console
from fundapp.finance.operations.support_costs import post_support_costs
from fundapp.finance.queries.support_costs import month, months
from fundapp.finance.rules.support_costs import expected
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.queries import verify

HERE = "/UPR/finance/support-costs"
pytestmark = pytest.mark.usefixtures("one_click")


def run(number: int = 3, year: int = 2021, seen: int | None = None) -> int:
    with unit_of_work(Console()) as work:
        return post_support_costs(work, fund(), year, number, seen).booked_cents


def code(number: int = 3, year: int = 2021, seen: int | None = None) -> str:
    with pytest.raises(Refusal) as refused:
        run(number, year, seen)
    return refused.value.faults[0].code


def test_half_a_cent_is_rounded_away_from_nil() -> None:
    assert expected(50, Decimal("0.13")) == 7 and expected(-50, Decimal("0.13")) == -7
    assert expected(45335020, Decimal("0.13")) == 5893553


def test_a_month_is_posted_once_and_trued_up_when_it_changes(demo: Flask, tmp_path: Path) -> None:
    take(written(tmp_path / "a.csv", line(usd="1000.01"), line("2", on="2021-04-01", usd="50.00")))
    assert run() == 13000
    found = month(db.session(), fund(), 2021, 3)
    assert (found.base, found.expected, found.booked, found.difference, found.runs) == (100001, 13000, 13000, 0, 1)
    assert code() == "support.nothing"
    later = take(written(tmp_path / "b.csv", line("3", usd="100.00"))).batch
    assert later is not None
    key = later.id
    assert month(db.session(), fund(), 2021, 3).difference == 1300
    assert run() == 1300
    undo(key)
    assert run() == -1300
    assert spent()["EXP.PSC"] == 13000 and verify(db.session()).holds


def test_what_the_extract_books_itself_counts(demo: Flask, tmp_path: Path) -> None:
    take(written(tmp_path / "a.csv", line(usd="100.00"), line("2", erp_class="155", usd="10.00")))
    found = month(db.session(), fund(), 2021, 3)
    assert (found.base, found.booked, found.difference) == (10000, 1000, 300)
    assert run() == 300


def test_a_closed_month_is_posted_to_the_first_open_day_and_counts_with_its_own(demo: Flask, tmp_path: Path) -> None:
    take(written(tmp_path / "a.csv", line(usd="100.00"), line("2", on="2021-04-05", usd="200.00")))
    closed(date(2021, 3, 1), date(2021, 3, 31))
    with unit_of_work(Console()) as work:
        assert post_support_costs(work, fund(), 2021, 3).booked_on == date(2021, 4, 1)
    first, second = months(db.session(), fund(), 2021)[2:4]
    assert (first.booked, first.difference) == (1300, 0)
    assert (second.booked, second.difference) == (0, 2600)


def test_a_month_that_is_not_over_or_has_nothing_is_refused(demo: Flask, tmp_path: Path) -> None:
    assert code(today().month, today().year) == "support.not-over"
    assert code() == "support.nothing"
    take(written(tmp_path / "a.csv", line(on="2000-03-05")))
    assert code(3, 2000) in ("support.no-rate", "support.nothing") or month(db.session(), fund(), 2000, 3).rate
    take(written(tmp_path / "b.csv", line("2")))
    assert code(seen=5) == "support.changed"


def test_two_posting_the_same_month_at_once_book_it_once(demo: Flask, tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", line(usd="100.00"))
    with meeting(demo, tmp_path) as app:
        with app.app_context():
            take(file)
        assert sorted(map(str, together(app, *[run] * 3))) == ["1300", *["support.nothing"] * 2]


def test_the_page_shows_it_and_posts_it(demo: Flask, tmp_path: Path) -> None:
    take(written(tmp_path / "a.csv", line(usd="1000.00")))
    client = as_a(demo, "finance-officer")
    page = text_of(client, f"{HERE}?year=2021")
    assert "2021-03" in page and "13 %" in page and 'name="seen" value="13000"' in page
    assert client.post(f"{HERE}/2021/3", data={"seen": "13000"}).status_code == 302
    page = text_of(client, f"{HERE}?year=2021")
    assert "are posted" in page and 'name="seen"' not in page
    client.post(f"{HERE}/2021/3", data={"seen": "13000"})
    assert "in the meantime" in text_of(client, f"{HERE}?year=2021")
    auditor = as_a(demo, "auditor")
    assert auditor.get(f"{HERE}.csv?year=2021", buffered=True).text.count("\n") == 13
    before = everything()
    assert auditor.post(f"{HERE}/2021/4").status_code in (403, 404)
    for place in ("2021/13", "2021/0", "99999/1"):
        assert client.post(f"{HERE}/{place}").status_code in (404, 405), place
    assert client.get(f"{HERE}?year=abc").status_code in (400, 404, 422)
    assert everything() == before


def test_the_page_asks_the_database_little(demo: Flask) -> None:
    client = as_a(demo, "auditor")
    client.get(f"{HERE}?year=2020")
    with statements(demo) as asked:
        client.get(f"{HERE}?year=2020")
    assert 0 < len(asked) <= 7, (len(asked), asked)
