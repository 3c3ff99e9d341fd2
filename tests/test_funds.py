"""The funds are set up once, with the rules that the fund's report names; criteria and rates are data."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from books import CLERK
from flask import Flask

from fundapp.access.models import Scope
from fundapp.access.operations import Console
from fundapp.access.policy import Refused
from fundapp.funds.models import Basis, SupportCostRate
from fundapp.funds.operations import set_up
from fundapp.funds.queries import (
    board,
    criteria,
    focus_areas,
    fund_by_code,
    funds,
    layout,
    named_fund,
    support_cost_rate,
)
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import unit_of_work


def test_two_funds_share_a_board(seeded: Flask) -> None:
    found = funds(db.session())
    assert [fund.code for fund in found] == ["UPR", "AHA"]
    assert {board(db.session(), fund).code for fund in found} == {"AHA"}
    assert board(db.session(), found[0]).fund_ids == {fund.id for fund in found}
    assert [(fund.basis, fund.reserve_rate, fund.biennial_until, fund.board_approves) for fund in found] == [
        (Basis.ACCRUAL, Decimal("0.15"), 2017, False)
    ] * 2
    assert all(db.session.get_one(Scope, fund.id).code == fund.code for fund in found)


def test_every_name_is_there_in_six_languages(seeded: Flask) -> None:
    session = db.session()
    for fund in funds(session):
        named: list[Any] = [fund, *criteria(session, fund), *focus_areas(session, fund), *layout(session, fund)]
        for each in named:
            assert all(each.names[language] for language in LANGUAGES)
            assert set(filter(None, each.to_check.split(","))) <= set(LANGUAGES)
        assert all(fund.short(language) for language in LANGUAGES)


def test_weights_total_a_hundred_and_codes_are_the_reports(seeded: Flask) -> None:
    session = db.session()
    for fund in funds(session):
        assert sum(criterion.weight for criterion in criteria(session, fund)) == 100
        assert (len(criteria(session, fund)), len(focus_areas(session, fund))) == (5, 5)
        lines = layout(session, fund)
        assert [line.position for line in lines] == list(range(1, 24))
        assert [line.code for line in lines if line.if_moved] == ["EXP.EARLIER"]


def test_a_rate_holds_from_its_day_until_the_next(seeded: Flask) -> None:
    session = db.session()
    fund = named_fund(session, "UPR")
    assert support_cost_rate(session, fund, date(2007, 12, 31)) == 0
    assert support_cost_rate(session, fund, date(2008, 1, 1)) == Decimal("0.13")
    with unit_of_work(Console()) as work:
        work.operation = "test.change_rate"
        work.session.add(SupportCostRate(fund_id=fund.id, since=date(2021, 1, 1), rate=Decimal("0.08")))
    fund = named_fund(session, "UPR")
    for day, rate in ((date(2020, 12, 31), "0.13"), (date(2021, 1, 1), "0.08"), (date(2030, 1, 1), "0.08")):
        assert support_cost_rate(session, fund, day) == Decimal(rate)


def test_setting_up_again_changes_nothing_and_is_the_consoles(seeded: Flask) -> None:
    with unit_of_work(Console()) as work:
        assert set_up(work, None) == 0
        assert work.traces == []
    with pytest.raises(Refused), unit_of_work(CLERK) as work:
        set_up(work, None)


def test_a_fund_nobody_set_up_is_refused_with_those_there_are(seeded: Flask) -> None:
    assert fund_by_code(db.session(), "upr") is None
    with pytest.raises(Refusal) as refusal:
        named_fund(db.session(), "upr")
    assert dict(refusal.value.faults[0].values) == {"code": "upr", "known": "UPR, AHA"}
