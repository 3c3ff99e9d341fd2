"""Two people at once: what one receipt holds is settled once, an instalment is paid once, a pledge binds once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from calls import someone
from crowd import meeting, together
from flask import Flask
from receiving import balance, bound, instalments, paid, pledge, rates, settles

from fundapp.access.operations import Console
from fundapp.access.policy import Role
from fundapp.contributions.models import Instalment, Pledge
from fundapp.finance.models import ChangeKind, PledgeChange, Receipt, Recognition, Settlement
from fundapp.finance.operations.pledge_changes import approve_change, prepare_change
from fundapp.finance.operations.receiving import bind, undo_receipt
from fundapp.finance.operations.reminding import thank
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.queries import verify

FIRST = date(2020, 6, 30)


@pytest.fixture
def both(demo: Flask, tmp_path: Path) -> Iterator[Flask]:
    """A database in which two can meet."""
    with meeting(demo, tmp_path) as app, app.app_context():
        yield app


def kinds(answers: list[object]) -> list[str]:
    return sorted(one if isinstance(one, str) else type(one).__name__ for one in answers)


def test_two_who_settle_at_once_do_not_settle_more_than_is_outstanding(both: Flask) -> None:
    rates()
    [part] = instalments(bound(parts=[(100_00, FIRST)]))
    one, two = paid(FIRST, 80_00), paid(FIRST, 80_00)
    db.session.remove()
    answers = together(both, lambda: settles(one, part, 80_00), lambda: settles(two, part, 80_00))
    assert kinds(answers) == ["Settlement", "settle.over-instalment"]
    assert balance("AST.RECEIVABLE") == 103_09 - 82_47
    assert verify(db.session()).holds


def test_two_who_settle_at_once_do_not_settle_more_than_was_paid(both: Flask) -> None:
    rates()
    first, second = instalments(bound())
    receipt = paid(FIRST, 100_00)
    db.session.remove()
    answers = together(
        both,
        lambda: settles(receipt, first, 60_00),
        lambda: settles(receipt, second, 60_00),
        lambda: settles(receipt, first, 40_00),
    )
    assert kinds(answers) in (
        ["Settlement", "Settlement", "settle.over-receipt"],
        ["Settlement", "settle.over-receipt", "settle.over-receipt"],
    )
    assert sum(db.session().scalars(sa.select(Settlement.minor))) <= 100_00


def test_of_two_who_let_a_pledge_bind_at_once_one_does(both: Flask) -> None:
    rates()
    key = pledge()
    db.session.remove()

    def binds() -> str:
        with unit_of_work(Console()) as work:
            return bind(work, work.session.get_one(Pledge, key), FIRST).number

    answers = together(both, binds, binds)
    assert sorted(map(str, answers)) == ["2020-001", "pledge.no-draft"]
    assert db.session().scalar(sa.select(sa.func.count()).select_from(Recognition)) == 2


def test_numbers_of_receipts_are_given_once(both: Flask) -> None:
    rates()
    db.session.remove()
    answers = together(both, *[lambda: paid(FIRST, 5_00)] * 4)
    assert kinds(answers) == ["int"] * 4
    numbers = db.session().scalars(sa.select(Receipt.number).order_by(Receipt.number)).all()
    assert numbers == [f"R2020-000{n}" for n in range(1, 5)]


def test_the_same_receipt_from_two_at_once_is_recorded_once(both: Flask) -> None:
    rates()
    db.session.remove()
    answers = together(both, *[lambda: paid(FIRST, 5_00, reference="MT 1")] * 3)
    assert kinds(answers) == ["int", "receipt.twice", "receipt.twice"]


def test_what_is_settled_and_taken_back_at_once_is_one_or_the_other(both: Flask) -> None:
    rates()
    [part] = instalments(bound(parts=[(100_00, FIRST)]))
    receipt = paid(FIRST, 100_00)
    db.session.remove()

    def undoes() -> str:
        with unit_of_work(Console()) as work:
            return undo_receipt(work, work.session.get_one(Receipt, receipt), "By mistake.").number

    together(both, lambda: settles(receipt, part, 100_00), undoes)
    assert balance("LIA.ADVANCE") == 0
    assert balance("AST.RECEIVABLE") == 103_09
    assert verify(db.session()).holds


def test_two_changes_approved_at_once_do_not_lower_more_than_is_outstanding(both: Flask) -> None:
    rates()
    [part] = instalments(bound(parts=[(100_00, FIRST)]))
    keys = []
    for _n in range(2):
        with unit_of_work(someone(Role.FINANCE_OFFICER)) as work:
            of = work.session.get_one(Instalment, part)
            made = prepare_change(work, of, ChangeKind.REDUCTION, 60_00, date(2020, 11, 1), "The donor wrote so.")
        keys.append(made.id)
    db.session.remove()

    def approves(key: int) -> str:
        with unit_of_work(someone(Role.CERTIFYING_OFFICER)) as work:
            return approve_change(work, work.session.get_one(PledgeChange, key)).stage.value

    answers = together(both, lambda: approves(keys[0]), lambda: approves(keys[1]))
    assert sorted(map(str, answers)) == ["approved", "change.over"]


def test_of_two_who_thank_at_once_one_does(both: Flask) -> None:
    rates()
    bound()
    key = paid(FIRST, 80_00)
    db.session.remove()

    def thanks() -> object:
        with unit_of_work(Console()) as work:
            return thank(work, work.session.get_one(Receipt, key), FIRST, "fr")

    assert kinds(together(both, thanks, thanks)) == ["Thanks", "thank.twice"]
