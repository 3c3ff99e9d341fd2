"""Two people do the same at once with the money: one of them does it, the other is told, and the books hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import bank
import closed
import pytest
import receiving
import spending
import test_manual as manual
from calls import someone
from crowd import meeting, together
from extracts import how_many_entries, line, take, undo, written
from flask import Flask
from opened import fund

from fundapp.access.operations import Console
from fundapp.access.policy import Role
from fundapp.contributions.queries import donor_by_code
from fundapp.finance.models import BankLine, Certificate, PledgeChange, Receipt, Reopening
from fundapp.finance.operations.bank import accept
from fundapp.finance.operations.certifying import certify_statement, review_statement
from fundapp.finance.operations.closing import ask_reopening, settle_reopening
from fundapp.finance.operations.extracts import book_waiting
from fundapp.finance.operations.pledge_changes import approve_change, prepare_refund
from fundapp.kernel import trail
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.queries import verify

FIRST = date(2020, 6, 30)
WHY = "The donor asked for it."


@pytest.fixture
def both(demo: Flask, tmp_path: Path) -> Iterator[Flask]:
    """A database in which two can meet."""
    with meeting(demo, tmp_path) as app, app.app_context():
        yield app


def at_once(app: Flask, act: Callable[[], object], times: int = 3) -> list[str]:
    """What each came to who did the same: "" for done, or the code of the refusal."""
    db.session.remove()

    def job() -> str:
        act()
        return ""

    answers = [one if isinstance(one, str) else repr(one) for one in together(app, *[job] * times)]
    assert verify(db.session()).holds and trail.verify(db.session())[1] is None
    return sorted(answers)


def test_an_allotment_is_released_once(both: Flask) -> None:
    key = spending.prepared(spending.project("P1"), c010=5_00)
    answers = at_once(both, lambda: spending.release(key))
    assert answers[0] == "" and set(answers[1:]) <= {"spending.changed", "allotment.settled"}


def test_a_commitment_is_approved_once(both: Flask) -> None:
    spending.receive(1_000_000_00)
    key = spending.raised(spending.allotted(), 100_00)
    answers = at_once(both, lambda: spending.approve(key))
    assert answers[0] == "" and set(answers[1:]) <= {"spending.changed", "commitment.settled"}
    assert spending.moves(key) == [("approved", 100_00, 0, spending.DAY)]


def test_a_commitment_is_paid_no_more_than_is_open(both: Flask) -> None:
    spending.receive(1_000_000_00)
    key = spending.committed(spending.allotted(), 100_00)
    answers = at_once(both, lambda: spending.paid(key, 60_00))
    assert answers[0] == "" and set(answers[1:]) <= {"spending.changed", "commitment.above-open"}
    assert sum(cents for _step, cents, *_ in spending.moves(key)) == 40_00


def test_an_entry_by_hand_is_posted_once(both: Flask) -> None:
    key = manual.prepared()
    before = how_many_entries()
    assert at_once(both, lambda: manual.certified(key)) == ["", "manual.settled", "manual.settled"]
    assert how_many_entries() == before + 1


def test_a_batch_is_taken_back_once_and_what_waited_is_booked_once(both: Flask, tmp_path: Path) -> None:
    taken = take(written(tmp_path / "a.csv", line(), line("2", project="70001")))
    assert taken.batch is not None
    key = taken.batch.id
    spending.project("P1", erp_code="70001")

    def books() -> int:
        with unit_of_work(Console()) as work:
            return book_waiting(work, fund(), "umoja")

    db.session.remove()
    assert sorted(map(str, together(both, books, books, books))) == ["0", "0", "1"]
    assert at_once(both, lambda: undo(key)) == ["", "extract.undone", "extract.undone"]


def test_a_movement_is_accepted_once(both: Flask) -> None:
    receiving.rates()
    bank.taken_in(bank.camt053(bank.entry("5.00"), closing="1005.00"))
    [one] = bank.lines()
    key, version = one.id, one.version

    def accepts() -> None:
        with unit_of_work(Console()) as work:
            donor = donor_by_code(work.session, "CHE")
            accept(work, work.session.get_one(BankLine, key), donor, [], version)

    answers = at_once(both, accepts)
    assert answers[0] == "" and set(answers[1:]) <= {"bank.changed", "receipt.line-twice"}
    assert db.session.query(Receipt).count() == 1


def test_a_refund_goes_back_once(both: Flask) -> None:
    receiving.rates()
    receipt = receiving.paid(FIRST, 100_00)
    keys = []
    for _n in range(2):
        with unit_of_work(someone(Role.FINANCE_OFFICER)) as work:
            keys.append(prepare_refund(work, work.session.get_one(Receipt, receipt), 60_00, FIRST, WHY))
    first, second = (one.id for one in keys)

    def approves(key: int) -> None:
        with unit_of_work(someone(Role.CERTIFYING_OFFICER)) as work:
            approve_change(work, work.session.get_one(PledgeChange, key))

    assert at_once(both, lambda: approves(first)) == ["", "change.settled", "change.settled"]
    assert at_once(both, lambda: approves(second)) == ["change.refund-over"] * 3


def test_a_statement_is_certified_once_and_a_period_opened_once(both: Flask) -> None:
    closed.second_certifier()
    closed.closed()
    key = closed.prepared()
    with unit_of_work(closed.second_certifier()) as work:
        found = work.session.get_one(Certificate, key)
        review_statement(work, found, found.version)
    version = db.session.get_one(Certificate, key).version

    def certifies() -> None:
        with unit_of_work(closed.certifier()) as work:
            certify_statement(work, work.session.get_one(Certificate, key), version)

    assert at_once(both, certifies) == ["", "certificate.changed", "certificate.changed"]
    with unit_of_work(closed.officer()) as work:
        asked = ask_reopening(work, closed.period(), "An invoice came late.").id
    version = db.session.get_one(Reopening, asked).version

    def grants() -> None:
        with unit_of_work(closed.certifier()) as work:
            settle_reopening(work, work.session.get_one(Reopening, asked), True, "", version)

    assert at_once(both, grants) == ["", "reopening.settled", "reopening.settled"]
