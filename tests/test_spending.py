"""Project accounts out of approvals, and allotments: released by another, never above what was approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from calls import fund, someone
from deciding import APPROVE, DECLINE, before, conditions, decisions, proposal, taken, with_conditions
from flask import Flask
from scoring_seen import keep_from
from spending import CERTIFIER, DAY, OFFICER, WHY, allotted, committed, prepared, project, release, spend
from test_board_conditions import meet

from fundapp.access.operations import Console
from fundapp.access.policy import Refused
from fundapp.board.models import Decision
from fundapp.finance.models import Allotment, AllotmentStage, ProjectAccount
from fundapp.finance.operations.accounts import close_account, open_account, refuse_allotment, release_allotment
from fundapp.finance.queries.spending import account, projects, quarters, uses, waiting_decisions
from fundapp.finance.rules.spending import GivenAccount, Pace, Use, forecast, pace
from fundapp.finance.situation import situation
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.scoring.queries.envelopes import envelope_on


def opened(decision: int, **more: object) -> int:
    with unit_of_work(someone(OFFICER)) as work:
        return open_account(work, work.session.get_one(Decision, decision), GivenAccount(**more)).id  # type: ignore[arg-type]


def allotment(key: int) -> Allotment:
    db.session().rollback()
    return db.session.get_one(Allotment, key)


def test_an_approval_becomes_an_account_once(shown: Flask) -> None:
    key = before()[0]
    taken(key)
    [(decision, _proposal)] = waiting_decisions(db.session(), Console(), fund())
    made = db.session.get_one(ProjectAccount, opened(decision.id))
    assert (made.code, made.title) == (proposal(key).reference, proposal(key).title)
    assert made.decision_id == decisions()[0].id and not waiting_decisions(db.session(), Console(), fund())
    with pytest.raises(Refusal, match=r"account\.already"):
        opened(decisions()[0].id, code="P9")


def test_what_was_declined_or_superseded_gets_no_account(shown: Flask) -> None:
    first, second = before()[:2]
    taken(first, replace(DECLINE, against_advice="The partners withdrew after the session."))
    taken(second)
    taken(second, APPROVE)
    for one in decisions()[:2]:
        with pytest.raises(Refusal, match=r"account\.not-approved"):
            opened(one.id)
    opened(decisions()[2].id)


def test_money_waits_for_the_conditions_of_the_decision(shown: Flask) -> None:
    taken(before()[0], with_conditions())
    of = opened(decisions()[0].id)
    key = prepared(of, today(), c010=10_000_00)
    with pytest.raises(Refusal, match=r"allotment\.waits"):
        release(key)
    meet(conditions()[0].id)
    release(key)
    assert allotment(key).stage is AllotmentStage.RELEASED


def test_no_more_is_allotted_than_was_approved(shown: Flask) -> None:
    taken(before()[0])
    of = opened(decisions()[0].id)
    release(prepared(of, today(), c010=30_000_00))
    with pytest.raises(Refusal) as found:
        prepared(of, today(), c120=10_000_01)
    assert found.value.faults[0].code == "allotment.above-decision"
    assert found.value.faults[0].values == {"allotted_cents": 40_000_01, "approved_cents": 40_000_00}
    release(prepared(of, today(), c120=10_000_00))


def test_an_allotment_is_released_by_another(demo: Flask) -> None:
    key = prepared(project(), c010=100_00)
    with pytest.raises(Refused), unit_of_work(someone(OFFICER)) as work:
        release_allotment(work, work.session.get_one(Allotment, key), 1)
    with pytest.raises(Refusal, match=r"spending\.changed"), unit_of_work(someone(CERTIFIER)) as work:
        release_allotment(work, work.session.get_one(Allotment, key), 7)
    assert uses(db.session(), fund().id, DAY) == {}
    release(key)
    with pytest.raises(Refusal, match=r"allotment\.settled"):
        release(key)


def test_one_is_prepared_at_a_time_and_a_refusal_says_why(demo: Flask) -> None:
    of = project()
    key = prepared(of, c010=100_00)
    with pytest.raises(Refusal, match=r"allotment\.one-waits"):
        prepared(of, c010=100_00)
    with pytest.raises(Refusal, match="reason-short"), unit_of_work(someone(CERTIFIER)) as work:
        refuse_allotment(work, work.session.get_one(Allotment, key), " no ", 1)
    with unit_of_work(someone(CERTIFIER)) as work:
        refuse_allotment(work, work.session.get_one(Allotment, key), WHY, 1)
    assert allotment(key).stage is AllotmentStage.REFUSED
    assert allotment(prepared(of, c010=1_00)).number == 2


def test_an_allotment_is_not_lowered_below_what_is_used(demo: Flask) -> None:
    of = allotted()
    committed(of, 400_00)
    with pytest.raises(Refusal, match=r"allotment\.below-use"):
        prepared(of, c010=-600_01)
    release(prepared(of, c010=-600_00))
    assert uses(db.session(), fund().id, DAY, of)[of]["010"] == Use(400_00, 400_00, 0)


def test_bad_accounts_and_allotments_are_refused(demo: Flask) -> None:
    for more in ({"code": "a b"}, {"code": "X" * 21}, {"code": "P2", "title": ""}, {"code": "P2", "erp_code": "\x07"},
                 {"code": "P2", "country": "XXX"}, {"code": "P2", "ends_on": date(2020, 1, 1)}):  # fmt: skip
        with pytest.raises(Refusal):
            project(**more)
    of = project()
    with pytest.raises(Refusal, match=r"account\.code-taken"):
        project()
    for since, classes in ((date(2020, 1, 1), {"c010": 1}), (DAY, {}), (DAY, {"c999": 5}), (DAY, {"c010": 10**15})):
        with pytest.raises(Refusal):
            prepared(of, since, **classes)


def test_an_account_with_open_commitments_is_not_closed(demo: Flask) -> None:
    of = allotted()
    committed(of, 10_00)

    def close(on: date) -> None:
        with unit_of_work(someone(OFFICER)) as work:
            found = work.session.get_one(ProjectAccount, of)
            close_account(work, found, on, found.version)

    with pytest.raises(Refusal, match=r"account\.commitments-open"):
        close(DAY)


def test_the_envelope_is_what_nothing_else_binds(demo: Flask) -> None:
    on = date(2021, 6, 1)
    empty = situation(db.session(), fund(), on)
    of = allotted()
    assert situation(db.session(), fund(), on).free == empty.free - 1_500_00
    committed(of, 300_00)
    assert situation(db.session(), fund(), on).free == empty.free - 1_500_00  # out of its allotment
    committed(None, 50_00)
    after = situation(db.session(), fund(), on)
    assert after.free == empty.free - 1_550_00 and after.to_commit == empty.free - 350_00
    spend(of, 200_00)
    assert situation(db.session(), fund(), on).free == empty.free - 1_550_00


def test_scenarios_are_offered_what_is_available(demo: Flask) -> None:
    on = date(2021, 6, 1)
    allotted()
    assert envelope_on(db.session(), fund(), on) == situation(db.session(), fund(), on).free


def test_a_forecast_is_the_pace_so_far_or_what_is_bound() -> None:
    on = date(2021, 7, 1)
    assert forecast(0, 182_00, 0, on) == 365_00
    assert forecast(50_00, 10_00, 400_00, on) == 460_00
    assert (pace(100, 101), pace(100, 74), pace(100, 75), pace(0, 0), pace(0, 1)) == (
        Pace.OVER, Pace.UNDER, Pace.EVEN, Pace.NONE, Pace.OVER,
    )  # fmt: skip


def test_the_list_and_the_quarters(demo: Flask) -> None:
    """Quarters run from the first entry to the last."""
    of = allotted()
    committed(of, 100_00)
    spend(of, 400_00, date(2021, 2, 1))
    spend(of, -50_00, date(2021, 8, 1), "EXP.CONTRACT")
    [row] = projects(db.session(), Console(), fund(), date(2021, 12, 31))
    assert row.use == Use(1_500_00, 100_00, 350_00, since=350_00) and row.foreseen == 450_00 and row.pace is Pace.UNDER
    assert [(one.number, one.cents) for one in quarters(db.session(), fund().id, of, date(2021, 12, 31))] == [
        (1, 400_00), (2, 0), (3, -50_00),
    ]  # fmt: skip


def test_who_is_kept_from_a_proposal_sees_nothing_of_its_money(shown: Flask) -> None:
    key = before()[0]
    taken(key)
    of = opened(decisions()[0].id)
    release(prepared(of, today(), c010=10_00))
    reference = proposal(key).reference
    assert account(db.session(), someone(OFFICER), fund(), reference) is not None
    keep_from(int(reference.rpartition("-")[2]), OFFICER)
    officer = someone(OFFICER)
    assert account(db.session(), officer, fund(), reference) is None
    assert projects(db.session(), officer, fund(), today()) == []
    with pytest.raises(Refused):
        prepared(of, today(), c010=10_00)
