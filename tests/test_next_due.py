"""When the next instalment of a pledge is due: the first that is not paid, marked where its day has passed."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from opened import fund
from receiving import bound, instalments, paid, pledge, rates, settles
from visiting import as_a, text_of

from fundapp.contributions.models import Instalment
from fundapp.contributions.queries.pledges import PledgesWanted, pledge_rows
from fundapp.finance.queries.receiving import due_by_pledge, standing
from fundapp.kernel.clock import today
from fundapp.kernel.database import db

FIRST, SECOND = date(2020, 6, 30), date(2020, 12, 31)
pytestmark = pytest.mark.usefixtures("one_click")


def shown(app: Flask, address: str = "/UPR/donors/pledges") -> list[tuple[str, bool]]:
    """The day in each row of a list, and whether it is marked as overdue; nothing where there is none."""
    page = text_of(as_a(app, "auditor"), address)
    cells = re.findall(r'data-l="Next due">(.*?)</td>', page)
    return [("".join(re.findall(r'datetime="([^"]+)"', cell)), "overdue" in cell) for cell in cells]


def test_an_instalment_that_is_overdue_stands_with_its_day(demo: Flask) -> None:
    rates()
    first, second = instalments(bound())
    for address in ("/UPR/donors/pledges", "/UPR/donors/register/CHE"):
        assert shown(demo, address) == [("2020-06-30", True)]
    settles(paid(date(2020, 6, 15), 120_000_00), first, 60_000_00)
    assert shown(demo) == [("2020-06-30", True)]  # in part is not paid
    settles(paid(date(2020, 7, 15), 40_000_00), first, 40_000_00)
    assert shown(demo) == [("2020-12-31", True)]
    settles(paid(date(2021, 1, 15), 100_000_00), second, 100_000_00)
    assert shown(demo) == [("", False)]


def test_what_is_to_come_is_not_overdue_and_paid_in_advance_not_due(demo: Flask) -> None:
    rates()
    ahead, later = today() + timedelta(days=30), today() + timedelta(days=60)
    first, _second = instalments(bound(parts=((100_00, ahead), (100_00, later))))
    assert shown(demo) == [(ahead.isoformat(), False)]
    settles(paid(date(2020, 7, 15), 100_00), first, 100_00)
    assert shown(demo) == [(later.isoformat(), False)]


def test_a_draft_is_never_overdue(demo: Flask) -> None:
    pledge()
    assert shown(demo) == [("", False)]


def test_the_list_is_in_the_order_of_what_is_due(demo: Flask) -> None:
    rates()
    ahead = today() + timedelta(days=3)
    bound(number="2020-001", parts=((100_00, ahead),))
    bound(number="2020-002", parts=((100_00, SECOND),))
    bound(number="2020-003", parts=((100_00, FIRST),))
    assert [day for day, _overdue in shown(demo, "/UPR/donors/pledges?sort=due")] == [
        "2020-06-30", "2020-12-31", ahead.isoformat()
    ]  # fmt: skip
    rows = pledge_rows(db.session(), fund(), "en", PledgesWanted(sort="-due"), today())
    assert not any(row.overdue for row in rows), "what was paid is not known here"


def test_the_demonstration_owes_what_its_standings_say(rebuilt: Flask) -> None:
    session = db.session()
    every = session.query(Instalment).order_by(Instalment.due_on).all()
    owed: dict[int, date] = {}
    for one in every:
        if standing(session, one).outstanding > 0:
            owed.setdefault(one.pledge_id, one.due_on)
    assert owed and due_by_pledge(session, fund().id) == owed
    marked = [day for day, overdue in shown(rebuilt) if overdue]
    assert sorted(marked) == sorted(day.isoformat() for day in owed.values() if day < today())
