"""Commitments: never by one person, never above the allotment or the cash; paid, changed, carried over, cancelled."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from calls import fund, someone
from crowd import meeting, together
from flask import Flask
from spending import (
    CERTIFIER,
    DAY,
    OFFICER,
    WHY,
    allotted,
    approve,
    balance,
    cancelled,
    carried,
    changed,
    commitment,
    committed,
    count,
    given,
    moves,
    open_and_carried,
    paid,
    raised,
    receive,
    spend,
)

from fundapp.access.models import Person
from fundapp.access.operations import grant
from fundapp.access.policy import Refused, Role
from fundapp.finance.models import Commitment, CommitmentStage
from fundapp.finance.operations.commitments import (
    approve_commitment,
    liquidate_extract,
    raise_commitment,
    refuse_commitment,
)
from fundapp.finance.queries.commitments import standing_of
from fundapp.finance.queries.spending import uses
from fundapp.finance.situation import situation
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.queries import verify

NEXT = date(2022, 2, 1)


def fault(key: int | None, cents: Any = 100_00, **more: Any) -> Fault:
    before = count(Commitment)
    with pytest.raises(Refusal) as found:
        raised(key, cents, **more)
    db.session().rollback()
    assert count(Commitment) == before
    return found.value.faults[0]


def test_it_is_raised_by_one_and_approved_by_another(demo: Flask) -> None:
    key = raised(allotted())
    assert commitment(key).number == "C2021-0001" and commitment(key).stage is CommitmentStage.RAISED
    with pytest.raises(Refused), unit_of_work(someone(OFFICER)) as work:
        approve_commitment(work, work.session.get_one(Commitment, key), 1)
    approve(key)
    assert moves(key) == [("approved", 100_00, 0, DAY)]
    with pytest.raises(Refusal, match=r"commitment\.settled"):
        approve(key)


def test_a_refused_one_says_why_and_binds_nothing(demo: Flask) -> None:
    key = raised(allotted())
    with unit_of_work(someone(CERTIFIER)) as work:
        refuse_commitment(work, work.session.get_one(Commitment, key), WHY, 1)
    assert commitment(key).stage is CommitmentStage.REFUSED and not moves(key)
    assert open_and_carried(NEXT) == (0, 0)


def test_nothing_above_the_class_and_the_refusal_shows_the_sum(demo: Flask) -> None:
    of = allotted()
    committed(of, 600_00)
    spend(of, 150_00)
    found = fault(of, 250_01)
    assert found.code == "commitment.above-class"
    assert found.values["left_cents"] == 250_00 and found.values["spent_cents"] == 150_00
    assert found.values["committed_cents"] == 600_00 and found.values["allotted_cents"] == 1_000_00
    committed(of, 250_00)


def test_classes_that_the_books_do_not_tell_apart_are_held_together(demo: Flask) -> None:
    of = allotted(c125=300_00, c130=200_00)
    more = {"account": "EXP.OPERATING", "erp_class": "125"}
    committed(of, 450_00, **more)
    assert fault(of, 50_01, account="EXP.OPERATING", erp_class="130").code == "commitment.above-class"


def test_nothing_above_the_project_where_a_class_was_overspent(demo: Flask) -> None:
    of = allotted()
    spend(of, 700_00, account="EXP.CONTRACT")
    found = fault(of, 900_00)
    assert found.code == "commitment.above-allotment" and found.values["left_cents"] == 800_00


def test_nothing_above_cash_less_the_reserve(demo: Flask) -> None:
    of = allotted(c010=9_000_000_00)
    free = situation(db.session(), fund(), DAY)
    assert 0 < free.to_commit < 9_000_000_00 and free.reserve > 0 and free.pledges > 0
    found = fault(of, free.to_commit + 1)
    assert found.code == "commitment.no-cash" and found.values["left_cents"] == free.to_commit
    assert found.values["cash_cents"] == free.cash and found.values["reserve_cents"] == free.reserve
    key = raised(of, free.to_commit)
    committed(of, 1_00)
    with pytest.raises(Refusal, match=r"commitment\.no-cash"):
        approve(key)  # what it was held against when it was raised is not there any more
    receive(1_00)
    approve(key)


def test_money_that_came_later_is_no_cash_of_an_earlier_day(demo: Flask) -> None:
    of = allotted(c010=9_000_000_00)
    free = situation(db.session(), fund(), DAY).to_commit
    receive(5_000_00, date(2021, 6, 1))
    assert fault(of, free + 1).values["day"] == DAY.isoformat()
    committed(of, free + 1, committed_on=date(2021, 6, 2))


def test_bad_input_is_refused_field_by_field(demo: Flask) -> None:
    of = allotted()
    for field, more in (
        ("line", {"erp_class": "999"}), ("line", {"account": "AST.CASH"}), ("payee", {"payee": " "}),
        ("purpose", {"purpose": "x" * 301}), ("reference", {"reference": "x" * 61}),
        ("committed_on", {"committed_on": None}), ("committed_on", {"committed_on": date(2999, 1, 1)}),
        ("expires_on", {"expires_on": date(2021, 2, 1)}), ("amount", {"cents": 0}), ("amount", {"cents": -5}),
    ):  # fmt: skip
        assert fault(of, **{"cents": 100_00, **more}).field == field, more
    assert fault(999_999, 100_00).field == "project"


def test_paid_in_part_and_whole(demo: Flask) -> None:
    key = committed(allotted(), 100_00)
    paid(key, 30_00)
    assert standing_of(db.session(), key).open == 70_00
    with pytest.raises(Refusal, match=r"commitment\.above-open"):
        paid(key, 70_01)
    paid(key, 70_00)
    assert commitment(key).stage is CommitmentStage.CLOSED
    with pytest.raises(Refusal, match=r"commitment\.not-open"):
        paid(key, 1)


def test_changed_up_within_the_allotment_and_down_to_nil(demo: Flask) -> None:
    of = allotted()
    key = committed(of, 100_00)
    changed(key, 900_00)
    with pytest.raises(Refusal, match=r"commitment\.above-class"):
        changed(key, 1)
    with pytest.raises(Refusal, match=r"commitment\.below-nil"):
        changed(key, -1_000_01)
    changed(key, -1_000_00)
    assert commitment(key).stage is CommitmentStage.CLOSED


def test_a_stale_step_is_refused(demo: Flask) -> None:
    key = committed(allotted(), 100_00)
    seen = commitment(key).version
    paid(key, 10_00)
    with pytest.raises(Refusal, match=r"spending\.changed"), unit_of_work(someone(CERTIFIER)) as work:
        refuse_commitment(work, work.session.get_one(Commitment, key), WHY, seen)


def test_carried_over_paid_and_cancelled(demo: Flask) -> None:
    of = allotted()
    key = committed(of, 100_00)
    paid(key, 20_00)
    assert carried() == [key]
    assert balance("EXP.STAFF", date(2021, 12, 31)) - balance("EXP.STAFF", date(2021, 12, 30)) == 80_00
    assert balance("LIA.COMMITMENTS") == -80_00
    assert uses(db.session(), fund().id, NEXT, of)[of]["010"].left == 1_000_00 - 80_00
    spend(of, 50_00, NEXT)
    paid(key, 50_00, NEXT)
    assert balance("LIA.COMMITMENTS") == -30_00
    assert balance("EXP.STAFF") == balance("EXP.STAFF", date(2021, 12, 31))  # the year it is paid in does not bear it
    before = balance("PRIOR.ADJ")
    cancelled(key, NEXT)
    assert balance("LIA.COMMITMENTS") == 0 and balance("PRIOR.ADJ") - before == -30_00
    assert commitment(key).stage is CommitmentStage.CLOSED
    with pytest.raises(Refusal, match=r"commitment\.nothing-to-carry"):
        carried()
    assert verify(db.session()).holds


def test_carried_over_late_with_what_was_paid_and_dropped_since(demo: Flask) -> None:
    of = allotted()
    key, other = committed(of, 100_00), committed(of, 40_00)
    paid(key, 60_00, NEXT)
    cancelled(other, NEXT)
    carried()
    assert standing_of(db.session(), key).carried == 40_00 and standing_of(db.session(), other).carried == 0
    assert balance("LIA.COMMITMENTS") == -40_00
    assert balance("LIA.COMMITMENTS", date(2021, 12, 31)) == -140_00


def test_a_year_that_is_not_over_is_not_carried(demo: Flask) -> None:
    committed(allotted(), 100_00)
    with pytest.raises(Refusal, match=r"commitment\.year-not-over"):
        carried(2999)


def test_an_extract_pays_by_number_or_by_the_number_of_the_erp(demo: Flask) -> None:
    of = allotted()
    first, second = committed(of, 100_00), committed(of, 50_00, reference="4500012345")
    entry = spend(of, 130_00)
    with unit_of_work(someone(OFFICER)) as work:
        unknown = liquidate_extract(
            work, fund(),
            [("C2021-0001", 120_00, DAY, entry), ("4500012345", 30_00, DAY, entry), ("C1", 5, DAY, entry),
             ("4500012345", -10_00, DAY, entry)],
        )  # fmt: skip
    assert unknown == ["C1"]
    assert standing_of(db.session(), first).open == 0 and standing_of(db.session(), second).open == 30_00


@pytest.fixture
def shared(demo: Flask, tmp_path: Path) -> Iterator[Flask]:
    with meeting(demo, tmp_path) as found:
        yield found


def test_of_two_who_commit_the_last_money_at_once_one_does(shared: Flask) -> None:
    with shared.app_context():
        of = allotted()
        keys = [raised(of, 600_00), raised(of, 600_00)]
        certifier = someone(CERTIFIER).id
    met = threading.Barrier(2, timeout=10)

    def approves(key: int) -> str:
        actor = db.session.get_one(Person, certifier)
        met.wait()
        with unit_of_work(actor) as work:
            approve_commitment(work, work.session.get_one(Commitment, key), 1)
        return "done"

    answers = together(shared, *[lambda key=key: approves(key) for key in keys])
    assert sorted(map(str, answers)) == ["commitment.above-class", "done"]
    with shared.app_context():
        assert open_and_carried(NEXT) == (600_00, 0)


def test_numbers_are_given_once_when_two_raise_at_once(shared: Flask) -> None:
    with shared.app_context():
        of, officer = allotted(), someone(OFFICER).id
    met = threading.Barrier(2, timeout=10)

    def raises() -> str:
        actor = db.session.get_one(Person, officer)
        met.wait()
        with unit_of_work(actor) as work:
            return raise_commitment(work, fund(), given(of, 100_00)).number

    assert sorted(map(str, together(shared, raises, raises))) == ["C2021-0001", "C2021-0002"]


def test_nobody_approves_their_own_whatever_roles_they_hold(demo: Flask) -> None:
    of = allotted()
    with unit_of_work(someone(Role.ADMINISTRATOR)) as work:
        grant(work, work.session.get_one(Person, someone(OFFICER).id), CERTIFIER)
    db.session().rollback()
    key = raised(of)
    with pytest.raises(Refused), unit_of_work(someone(OFFICER)) as work:
        approve_commitment(work, work.session.get_one(Commitment, key), 1)
