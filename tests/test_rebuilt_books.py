"""The demonstration's year 2020 in the books: what the document opened is undone, and what takes its place adds up to
the same tables."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from calls import fund
from flask import Flask

from fundapp.contributions.models import Donor, Instalment, Pledge
from fundapp.finance.models import Receipt, Settlement
from fundapp.finance.queries import contributions, statement, unattributed
from fundapp.kernel.database import db
from fundapp.kernel.money import parse_printed
from fundapp.ledger.models import JournalEntry
from fundapp.ledger.queries import verify
from fundapp.web.money import SYMBOL, demonstrate
from fundapp.web.written import table

YEARS = tuple(range(2009, 2021))
FIRST, LAST = date(2020, 1, 1), date(2020, 12, 31)
INCOME = ("INC.CONTRIB", "INC.FX.PRIOR", "INC.FX.SGP", "PLEDGES.PRIOR", "PLEDGES.CURRENT", "OPENING")


def printed() -> dict[str, int | None]:
    rows = [row for row in table("a_hrc_47_19.csv") if row["part"] == "table1" and row["says"]]
    return {row["place"]: parse_printed(row["says"]) for row in rows}


def amounts(year: int) -> dict[str, int | None]:
    found = statement(db.session(), fund(), date(year, 1, 1), date(year, 12, 31))
    return {row.line: row.amount for row in found.rows if row.amount is not None}


@pytest.mark.parametrize("line", INCOME)
def test_what_came_in_is_table_1_to_the_cent(rebuilt: Flask, line: str) -> None:
    assert amounts(2020)[line] == printed()[line]


def test_no_income_is_of_nobody_and_romania_gave_what_table_2_lacks(rebuilt: Flask) -> None:
    assert unattributed(db.session(), fund().id, 2020) == 0
    found = contributions(db.session(), fund(), LAST)
    assert sum(row.amount for row in found.rows if row.period == "2020") == 34_659_713
    assert [row.amount for row in found.rows if (row.donor, row.period) == ("ROU", "2020")] == [4_779_013]


def test_what_is_undone_points_at_the_entry_of_the_document_and_is_of_its_day(rebuilt: Flask) -> None:
    undone = list(db.session().scalars(sa.select(JournalEntry).where(JournalEntry.corrects_id.is_not(None))))
    assert len(undone) >= 21
    for one in undone:
        before = db.session().get_one(JournalEntry, one.corrects_id)
        assert (before.source, before.posted_on, before.memo) == (SYMBOL, one.posted_on, one.memo)
    left = sa.select(JournalEntry).where(JournalEntry.posted_on >= FIRST, JournalEntry.source == SYMBOL)
    of_2020 = list(db.session().scalars(left.where(JournalEntry.corrects_id.is_(None))))
    assert {one.id for one in of_2020} < {one.corrects_id for one in undone}


def test_earlier_years_come_to_what_they_came_to(rebuilt: Flask) -> None:
    assert amounts(2018)["INC.CONTRIB"] == 88_954_100 and amounts(2019)["INC.CONTRIB"] == 15_535_200
    assert amounts(2019)["CLOSING"] == printed()["OPENING"]


def test_a_pledge_in_swiss_francs_was_paid_in_two_parts_at_two_rates(rebuilt: Flask) -> None:
    asked = sa.select(Settlement, Receipt).join(Receipt, Receipt.id == Settlement.receipt_id)
    asked = asked.join(Instalment, Instalment.id == Settlement.instalment_id)
    asked = asked.join(Pledge, Pledge.id == Instalment.pledge_id).where(Pledge.reference == "ROU/NV/2020-311")
    parts = list(db.session().execute(asked.order_by(Settlement.id)))
    assert [receipt.currency for _, receipt in parts] == ["CHF", "CHF"]
    assert len({receipt.rate for _, receipt in parts}) == 2
    assert [settled.cents - settled.recognised_cents for settled, _ in parts] == [-16_818, 16_818]


def test_what_is_unpaid_is_known_by_donor(rebuilt: Flask) -> None:
    settled = sa.select(Settlement.instalment_id)
    asked = sa.select(Donor.code, sa.func.sum(Instalment.minor)).join(Pledge, Pledge.donor_id == Donor.id)
    asked = asked.join(Instalment, Instalment.pledge_id == Pledge.id).where(Instalment.id.not_in(settled))
    found = {code: int(minor) for code, minor in db.session().execute(asked.group_by(Donor.code))}
    assert found == {"NOR": 3_000_000, "SAU": 7_500_000}


def test_twice_is_no_harm(rebuilt: Flask) -> None:
    many = db.session().scalar(sa.select(sa.func.count()).select_from(JournalEntry))
    assert demonstrate() is False
    assert db.session().scalar(sa.select(sa.func.count()).select_from(JournalEntry)) == many


def test_books_that_hold_more_than_the_document_are_left_alone(seeded: Flask) -> None:
    assert demonstrate() is False  # there is no document at all


def test_the_journal_adds_up(rebuilt: Flask) -> None:
    assert verify(db.session()).holds
