"""The demonstration's year 2020 in the books: what the document opened is undone, and what takes its place adds up to
the same tables."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from calls import fund
from flask import Flask

from fundapp.access.models import Person
from fundapp.access.operations import Console, disable
from fundapp.contributions.models import Donor, Instalment, Pledge
from fundapp.finance.models import (
    Allotment,
    Certificate,
    Commitment,
    CommitmentMove,
    CommitmentStage,
    CommitmentStep,
    ExtractBatch,
    ManualEntry,
    Receipt,
    Settlement,
    StatementKind,
)
from fundapp.finance.operations import attribute
from fundapp.finance.operations.commitments import raise_commitment
from fundapp.finance.queries import contributions, statement, unattributed
from fundapp.finance.queries.certifying import faults_of, from_the_books
from fundapp.finance.queries.closing import checklist, period_of
from fundapp.finance.queries.support_costs import months
from fundapp.finance.rules.certifying import written
from fundapp.finance.rules.closing import Point, Span
from fundapp.finance.rules.commitments import GivenCommitment
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.money import parse_printed
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.models import JournalEntry
from fundapp.ledger.queries import first_open_day, verify
from fundapp.web.money import SYMBOL, demonstrate
from fundapp.web.money_out import finance
from fundapp.web.written import table

YEARS = tuple(range(2009, 2021))
FIRST, LAST = date(2020, 1, 1), date(2020, 12, 31)
CODES = [row["place"] for row in table("a_hrc_47_19.csv") if row["part"] == "table1" and row["says"]]


def printed() -> dict[str, int | None]:
    rows = [row for row in table("a_hrc_47_19.csv") if row["part"] == "table1" and row["says"]]
    return {row["place"]: parse_printed(row["says"]) for row in rows}


def amounts(year: int) -> dict[str, int | None]:
    found = statement(db.session(), fund(), date(year, 1, 1), date(year, 12, 31))
    return {row.line: row.amount for row in found.rows if row.amount is not None}


def test_every_line_is_table_1_to_the_cent(rebuilt: Flask) -> None:
    found = amounts(2020)
    assert found["CLOSING"] == 220_849_568  # the printed one has its cents cut off
    assert found | {"CLOSING": 220_849_500} == printed() and set(CODES) == set(found)


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


def test_books_without_the_document_are_left_alone(seeded: Flask) -> None:
    assert demonstrate() is False


def test_books_in_which_somebody_was_at_work_are_left_alone(held: Flask) -> None:
    with unit_of_work(finance()) as work:
        given = sa.select(Donor).where(Donor.code == "ROU")
        attribute(work, fund(), work.session.scalars(given).one(), 4_779_013, LAST, "Of the schedule of trust funds")
    assert demonstrate() is False
    assert amounts(2020)["INC.CONTRIB"] == 34_659_713


def test_without_an_officer_nothing_begins(held: Flask) -> None:
    with unit_of_work(Console()) as work:
        disable(work, work.session.get_one(Person, finance().id))
    assert demonstrate() is False
    assert not list(db.session().scalars(sa.select(Pledge)))


def test_the_journal_adds_up(rebuilt: Flask) -> None:
    assert verify(db.session()).holds


def test_what_was_spent_came_by_the_extract_and_nothing_of_it_waits(rebuilt: Flask) -> None:
    batches = list(db.session().scalars(sa.select(ExtractBatch).order_by(ExtractBatch.id)))
    assert [(one.added, one.waiting) for one in batches] == [(389, 0), (1, 0)]


def test_commitments_are_paid_by_it_and_the_rest_is_carried_over(rebuilt: Flask) -> None:
    left = list(db.session().scalars(
        sa.select(Commitment.number).where(Commitment.stage == CommitmentStage.APPROVED).order_by(Commitment.number)
    ))  # fmt: skip
    assert left == ["C2020-0005", "C2020-0008"]
    carried = sa.select(sa.func.sum(CommitmentMove.carried_cents)).where(CommitmentMove.step == CommitmentStep.CARRIED)
    assert db.session().scalar(carried) == 765_000


def test_support_costs_are_those_of_each_month_and_the_erp_lacks_37_98(rebuilt: Flask) -> None:
    found = months(db.session(), fund(), 2020)
    assert [one.difference for one in found] == [0] * 11 + [-3_798]


def test_what_is_committed_allotted_and_entered_by_hand_is_the_work_of_two(rebuilt: Flask) -> None:
    signed = [
        (one.prepared_by, one.settled_by)
        for asked in (sa.select(Commitment), sa.select(Allotment), sa.select(ManualEntry))
        for one in db.session().scalars(asked)
    ]
    assert len(signed) == 8 + 4 + 5
    assert all(settled and settled != prepared for prepared, settled in signed)


def test_a_commitment_above_the_cash_is_refused_with_the_sum(rebuilt: Flask) -> None:
    day = date(2021, 1, 11)
    said = GivenCommitment(
        None, "EXP.CONTRACT", "120", "Publisher (demonstration)", "An atlas of reviews", "", day, date(2021, 12, 31),
        500_000_000,
    )  # fmt: skip
    with pytest.raises(Refusal) as refused, unit_of_work(finance()) as work:
        raise_commitment(work, fund(), said)
    (fault,) = refused.value.faults
    assert (fault.code, fault.values["wanted_cents"]) == ("commitment.no-cash", 500_000_000)
    left = fault.values["left_cents"]
    assert isinstance(left, int) and 0 < left < 220_849_568


def test_the_year_is_closed_and_takes_no_more_entries(rebuilt: Flask) -> None:
    assert first_open_day(db.session(), fund().id, date(2020, 3, 15)) == date(2021, 1, 1)
    points = checklist(db.session(), fund(), Span(2020), period_of(db.session(), fund().id, Span(2020)))
    assert all(item.met for item in points)
    assert {item.point for item in points if item.said} == {Point.MATCHES, Point.TIE_OUT}


def test_its_statements_are_certified_by_three_people_as_the_books_have_them(rebuilt: Flask) -> None:
    found = list(db.session().scalars(sa.select(Certificate).order_by(Certificate.id)))
    assert [(one.kind, one.number) for one in found] == [
        (StatementKind.INCOME, "2020-01"), (StatementKind.CONTRIBUTIONS, "2020-02"),
    ]  # fmt: skip
    for one in found:
        assert len({one.prepared_by, one.reviewed_by, one.certified_by}) == 3
        assert faults_of(db.session(), one) == []
        assert written(from_the_books(db.session(), fund(), one)) == one.content
