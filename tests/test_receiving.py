"""What donors promise and pay: recognition, receipts, settlements, gain and loss on exchange."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from receiving import balance, bound, instalments, paid, pledge, rates, settles, the_fund

from fundapp.access.operations import Console
from fundapp.contributions.models import Instalment, Pledge, PledgeStage
from fundapp.finance.models import Receipt, Recognition, Settlement
from fundapp.finance.operations.receiving import bind, settle, undo_receipt
from fundapp.finance.queries.receiving import standing
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.operations import close_year
from fundapp.ledger.queries import earliest_year, last_closed, verify

CASH, ADVANCE, RECEIVABLE, INCOME = "AST.CASH", "LIA.ADVANCE", "AST.RECEIVABLE", "INC.CONTRIB"
PRIOR = "INC.FX.PRIOR"
FIRST, SECOND = date(2020, 6, 30), date(2020, 12, 31)


def codes(refusal: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [fault.code for fault in refusal.value.faults]


def test_a_pledge_becomes_income_at_the_rate_of_the_day_on_which_it_binds(demo: Flask) -> None:
    rates()
    before = balance(INCOME)
    key = bound(date(2020, 2, 1))
    assert db.session.get_one(Pledge, key).stage is PledgeStage.BINDING
    found = db.session().scalars(sa.select(Recognition).order_by(Recognition.id)).all()
    assert [(one.cents, str(one.rate), one.recognised_on) for one in found] == [
        (103_092_78, "0.970", date(2020, 2, 1))
    ] * 2
    assert balance(RECEIVABLE) == 2 * 103_092_78
    assert balance(INCOME) - before == -2 * 103_092_78


def test_a_pledge_in_swiss_francs_paid_in_two_parts_at_two_rates(demo: Flask) -> None:
    """100 000 francs promised at 0.97 francs for a dollar; 60 000 paid at 0.96, 40 000 paid at 0.89 a year later."""
    rates()
    cash = balance(CASH)
    key = bound(date(2020, 2, 1), parts=[(100_000_00, FIRST)])
    [part] = instalments(key)
    first, second = paid(date(2020, 6, 15), 60_000_00), paid(date(2021, 1, 10), 40_000_00)
    one, two = settles(first, part, 60_000_00), settles(second, part, 40_000_00)
    assert (one.cents, one.recognised_cents) == (62_500_00, 61_855_67)
    assert (two.cents, two.recognised_cents) == (44_943_82, 41_237_11)
    assert one.recognised_cents + two.recognised_cents == 103_092_78
    assert balance(RECEIVABLE) == balance(ADVANCE) == 0
    assert balance(CASH) - cash == 62_500_00 + 44_943_82
    assert -balance(PRIOR) == (62_500_00 - 61_855_67) + (44_943_82 - 41_237_11)
    stands = standing(db.session(), db.session.get_one(Instalment, part))
    assert (stands.outstanding, stands.outstanding_cents, stands.gain) == (0, 0, -balance(PRIOR))
    assert verify(db.session()).holds


def test_a_loss_is_booked_as_a_loss(demo: Flask) -> None:
    rates(("CHF", date(2020, 1, 1), "0.90"), ("CHF", date(2020, 6, 1), "1.00"))
    [part] = instalments(bound(date(2020, 2, 1), parts=[(90_00, FIRST)]))
    settles(paid(date(2020, 7, 1), 90_00), part, 90_00)
    assert balance(PRIOR) == 10_00


def test_the_gain_of_a_donor_with_a_line_of_its_own_stands_in_that_line(demo: Flask) -> None:
    rates(("SGD", date(2020, 1, 1), "1.40"), ("SGD", date(2020, 6, 1), "1.35"))
    [part] = instalments(bound(date(2020, 2, 1), parts=[(14_000_00, FIRST)], donor="SGP", currency="SGD"))
    settles(paid(date(2020, 7, 1), 14_000_00, "SGD", donor="SGP"), part, 14_000_00)
    assert -balance("INC.FX.SGP", "SGP") == 370_37
    assert balance(PRIOR, "SGP") == 0


def test_an_instalment_may_be_paid_before_it_is_due_and_part_by_part(demo: Flask) -> None:
    rates()
    first, second = instalments(bound())
    receipt = paid(date(2020, 3, 1), 150_000_00)
    settles(receipt, first, 100_000_00)
    settles(receipt, second, 20_000_00)
    settles(receipt, second, 30_000_00)
    assert balance(ADVANCE) == 0
    assert balance(RECEIVABLE) == 51_546_39


def test_whatever_the_parts_the_cents_add_up_to_what_was_booked(demo: Flask) -> None:
    rates()
    [part] = instalments(bound(parts=[(100, FIRST)]))
    receipt = paid(date(2020, 3, 1), 100)
    found = [settles(receipt, part, minor) for minor in (33, 33, 33, 1)]
    assert sum(one.recognised_cents for one in found) == 103
    assert sum(one.cents for one in found) == 103
    assert balance(RECEIVABLE) == balance(ADVANCE) == 0


def test_a_receipt_of_a_closed_day_is_booked_on_the_first_open_one(demo: Flask) -> None:
    closed_to(2019)
    before = balance(CASH)
    receipt = db.session.get_one(Receipt, paid(date(2019, 5, 5), 100_00, "USD"))
    assert receipt.received_on == date(2019, 5, 5)
    assert receipt.number == "R2019-0001"
    assert balance(CASH, since=date(2020, 1, 1)) == balance(CASH) - before == 100_00


def closed_to(year: int) -> None:
    """Close the years up to this one, as far as they have entries."""
    fund = the_fund()
    closed = last_closed(db.session(), fund.id)
    first = closed + 1 if closed else earliest_year(db.session(), fund.id) or year
    for one in range(first, year + 1):
        with unit_of_work(Console()) as work:
            close_year(work, the_fund(), one)


@pytest.mark.parametrize(
    ("minor", "currency", "on", "code"),
    [
        (0, "CHF", FIRST, "receipt.amount"),
        (-5_00, "CHF", FIRST, "receipt.amount"),
        (10**18, "CHF", FIRST, "receipt.amount-large"),
        (5_00, "CHF", date(2019, 12, 31), "rate.missing"),
        (5_00, "XXX", FIRST, "rate.currency-unknown"),
        (5_00, "CHF", date(2199, 1, 1), "receipt.day"),
        (5_00, "CHF", date(1999, 1, 1), "receipt.day"),
    ],
)
def test_a_receipt_that_cannot_be_is_refused(demo: Flask, minor: int, currency: str, on: date, code: str) -> None:
    rates()
    with pytest.raises(Refusal) as refusal:
        paid(on, minor, currency)
    assert codes(refusal) == [code]
    assert db.session().scalar(sa.select(sa.func.count()).select_from(Receipt)) == 0


def test_the_same_receipt_twice_is_refused_and_two_without_reference_are_two(demo: Flask) -> None:
    rates()
    paid(FIRST, 5_00, reference="MT103 1")
    with pytest.raises(Refusal) as refusal:
        paid(FIRST, 5_00, reference=" MT103 1 ")
    assert codes(refusal) == ["receipt.twice"]
    assert paid(FIRST, 5_00) != paid(FIRST, 5_00)


def test_no_more_is_settled_than_was_paid_or_promised(demo: Flask) -> None:
    rates()
    first, second = instalments(bound())
    small, large = paid(FIRST, 10_00), paid(FIRST, 300_000_00)
    for receipt, instalment, minor, code in (
        (small, first, 10_01, "settle.over-receipt"),
        (large, first, 100_000_01, "settle.over-instalment"),
        (large, second, 0, "receipt.amount"),
        (large, second, -1, "receipt.amount"),
    ):
        with pytest.raises(Refusal) as refusal:
            settles(receipt, instalment, minor)
        assert codes(refusal) == [code]
    assert db.session().scalar(sa.select(sa.func.count()).select_from(Settlement)) == 0


def test_a_receipt_settles_only_what_its_donor_promised_in_its_currency_and_binds(demo: Flask) -> None:
    rates()
    first = instalments(bound())[0]
    draft = instalments(pledge(number="2020-002"))[0]
    for receipt, instalment, code in (
        (paid(FIRST, 10_00, "EUR"), first, "settle.other-currency"),
        (paid(FIRST, 10_00, donor="SGP"), first, "settle.other-donor"),
        (paid(FIRST, 10_00), draft, "pledge.not-binding"),
        (paid(FIRST, 10_00, fund="AHA"), first, "settle.other-donor"),
    ):
        with pytest.raises(Refusal) as refusal:
            settles(receipt, instalment, 5_00)
        assert codes(refusal) == [code]


def test_a_pledge_binds_once_with_parts_that_add_up_and_a_rate(demo: Flask) -> None:
    rates()
    whole, lacking = bound(), pledge(minor=5, number="2020-002")
    for key, on, code in (
        (whole, FIRST, "pledge.no-draft"),
        (lacking, FIRST, "pledge.parts"),
        (pledge(number="2020-003"), date(2199, 1, 1), "receipt.day"),
        (pledge(number="2020-004"), date(2019, 1, 1), "rate.missing"),
    ):
        with pytest.raises(Refusal) as refusal, unit_of_work(Console()) as work:
            bind(work, work.session.get_one(Pledge, key), on)
        assert codes(refusal) == [code]
    assert db.session.get_one(Pledge, lacking).stage is PledgeStage.DRAFT


def test_a_receipt_taken_back_leaves_the_books_as_they_were(demo: Flask) -> None:
    rates()
    first, second = instalments(bound())
    before = [balance(code) for code in (CASH, ADVANCE, RECEIVABLE, PRIOR)]
    receipt = paid(date(2020, 10, 5), 120_000_00)
    settles(receipt, first, 100_000_00)
    settles(receipt, second, 7_77)
    with unit_of_work(Console()) as work:
        undo_receipt(work, work.session.get_one(Receipt, receipt), "Of another fund.")
    assert [balance(code) for code in (CASH, ADVANCE, RECEIVABLE, PRIOR)] == before
    again = paid(date(2020, 10, 5), 200_000_00)
    settles(again, first, 100_000_00)
    settles(again, second, 100_000_00)
    assert balance(RECEIVABLE) == 0
    with pytest.raises(Refusal) as refusal, unit_of_work(Console()) as work:
        undo_receipt(work, work.session.get_one(Receipt, receipt), "Of another fund.")
    assert codes(refusal) == ["receipt.undone"]
    with pytest.raises(Refusal) as refusal, unit_of_work(Console()) as work:
        settle(work, work.session.get_one(Receipt, receipt), work.session.get_one(Instalment, first), 1)
    assert codes(refusal) == ["receipt.undone"]
