"""That less is paid than was promised, that money goes back, and reminders: by two people, and in the books."""

from __future__ import annotations

from datetime import date

import pytest
from calls import someone
from flask import Flask
from receiving import balance, bound, instalments, paid, rates, settles
from test_receiving import ADVANCE, CASH, FIRST, INCOME, RECEIVABLE, codes

from fundapp.access.models import Person
from fundapp.access.operations import Console
from fundapp.access.policy import Refused, Role
from fundapp.contributions.models import Instalment
from fundapp.finance.models import ChangeKind, ChangeStage, PledgeChange, Receipt
from fundapp.finance.operations.pledge_changes import approve_change, prepare_change, prepare_refund, refuse_change
from fundapp.finance.operations.receiving import undo_receipt
from fundapp.finance.operations.reminding import remind
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work

ON = date(2020, 11, 1)


def lowered(key: int, minor: int, kind: ChangeKind = ChangeKind.REDUCTION) -> int:
    with unit_of_work(someone(Role.FINANCE_OFFICER)) as work:
        made = prepare_change(work, work.session.get_one(Instalment, key), kind, minor, ON, "The donor wrote so.")
    return made.id


def refund(key: int, minor: int) -> int:
    with unit_of_work(someone(Role.FINANCE_OFFICER)) as work:
        made = prepare_refund(work, work.session.get_one(Receipt, key), minor, ON, "The project was not begun.")
    return made.id


def approve(key: int, by: Person | None = None) -> PledgeChange:
    with unit_of_work(by or someone(Role.CERTIFYING_OFFICER)) as work:
        approve_change(work, work.session.get_one(PledgeChange, key))
    return db.session.get_one(PledgeChange, key)


@pytest.mark.parametrize("kind", [ChangeKind.REDUCTION, ChangeKind.WRITE_OFF])
def test_what_is_lowered_leaves_income_and_the_receivable_at_what_it_was_booked_at(
    demo: Flask, kind: ChangeKind
) -> None:
    rates()
    before = balance(INCOME)
    [part] = instalments(bound(parts=[(100_000_00, FIRST)]))
    settles(paid(date(2020, 6, 15), 60_000_00), part, 60_000_00)
    key = lowered(part, 30_000_00, kind)
    assert balance(RECEIVABLE) == 103_092_78 - 61_855_67
    assert approve(key).stage is ChangeStage.APPROVED
    assert balance(RECEIVABLE) == 10_309_28
    assert balance(INCOME) - before == -(103_092_78 - 30_927_83)
    approve(lowered(part, 10_000_00, kind))
    assert balance(RECEIVABLE) == 0


def test_whoever_prepared_it_does_not_approve_it_and_nobody_twice(demo: Flask) -> None:
    rates()
    [part] = instalments(bound(parts=[(100_000_00, FIRST)]))
    key = lowered(part, 5_00)
    with pytest.raises(Refused):
        approve(key, someone(Role.FINANCE_OFFICER))
    with pytest.raises(Refused):
        approve(key, someone(Role.AUDITOR))
    approve(key)
    with pytest.raises(Refusal) as refusal:
        approve(key)
    assert codes(refusal) == ["change.settled"]


def test_what_is_refused_changes_nothing_and_needs_a_reason(demo: Flask) -> None:
    rates()
    [part] = instalments(bound(parts=[(100_000_00, FIRST)]))
    key, before = lowered(part, 5_00), balance(RECEIVABLE)
    for answer, expected in (("", ["reason.short"]), ("It was paid.", None)):
        if expected is None:
            with unit_of_work(someone(Role.CERTIFYING_OFFICER)) as work:
                refuse_change(work, work.session.get_one(PledgeChange, key), answer)
        else:
            with pytest.raises(Refusal) as refusal, unit_of_work(someone(Role.CERTIFYING_OFFICER)) as work:
                refuse_change(work, work.session.get_one(PledgeChange, key), answer)
            assert codes(refusal) == expected
    assert balance(RECEIVABLE) == before


def test_no_more_is_lowered_than_is_outstanding_also_when_it_is_paid_in_between(demo: Flask) -> None:
    rates()
    [part] = instalments(bound(parts=[(100_00, FIRST)]))
    for minor, code in ((100_01, "change.over"), (0, "receipt.amount"), (-1, "receipt.amount")):
        with pytest.raises(Refusal) as refusal:
            lowered(part, minor)
        assert codes(refusal) == [code]
    key = lowered(part, 50_00)
    settles(paid(date(2020, 6, 15), 60_00), part, 60_00)
    with pytest.raises(Refusal) as refusal:
        approve(key)
    assert codes(refusal) == ["change.over"]


def test_a_refund_takes_what_settles_nothing_first_and_then_income(demo: Flask) -> None:
    rates()
    [part] = instalments(bound(parts=[(96_00, FIRST)]))
    cash, income = balance(CASH), balance(INCOME)
    receipt = paid(date(2020, 6, 15), 192_00)
    settles(receipt, part, 96_00)
    approve(refund(receipt, 48_00))
    assert (balance(ADVANCE), balance(CASH) - cash, balance(INCOME) - income) == (-50_00, 150_00, 0)
    approve(refund(receipt, 96_00))
    assert (balance(ADVANCE), balance(CASH) - cash, balance(INCOME) - income) == (0, 50_00, 50_00)
    for minor in (48_01, 0):
        with pytest.raises(Refusal) as refusal:
            refund(receipt, minor)
        assert codes(refusal) == ["change.refund-over" if minor else "receipt.amount"]
    approve(refund(receipt, 48_00))
    assert balance(CASH) == cash
    with pytest.raises(Refusal) as refusal, unit_of_work(Console()) as work:
        undo_receipt(work, work.session.get_one(Receipt, receipt), "By mistake.")
    assert codes(refusal) == ["receipt.refunded"]


def test_a_donor_is_reminded_twice_of_what_is_due_and_not_of_what_is_paid(demo: Flask) -> None:
    rates()
    first, second = instalments(bound())

    def reminded(key: int, on: date, language: str = "fr") -> int:
        with unit_of_work(someone(Role.SECRETARY)) as work:
            return remind(work, work.session.get_one(Instalment, key), on, language).number

    assert reminded(first, date(2020, 7, 15)) == 1
    for key, on, code in (
        (first, date(2020, 7, 20), "remind.soon"),
        (second, date(2020, 7, 20), "remind.day"),
        (first, date(2199, 7, 20), "receipt.day"),
    ):
        with pytest.raises(Refusal) as refusal:
            reminded(key, on)
        assert codes(refusal) == [code]
    assert reminded(first, date(2020, 9, 1)) == 2
    with pytest.raises(Refusal) as refusal:
        reminded(first, date(2020, 12, 1))
    assert codes(refusal) == ["remind.twice"]
    settles(paid(date(2020, 12, 15), 100_000_00), second, 100_000_00)
    with pytest.raises(Refusal) as refusal:
        reminded(second, date(2021, 2, 1))
    assert codes(refusal) == ["remind.paid"]
