"""The Board at its least: seats filled, a session planned and opened, proposals put before it."""

from __future__ import annotations

from datetime import date

import pytest
from boards import considered, item_of, opened, planned, seated, the_board
from calls import someone
from flask import Flask

from fundapp.access.policy import Role
from fundapp.board.models import AgendaItem, SessionStage, Trustee
from fundapp.board.operations.members import appoint
from fundapp.board.operations.sessions import consider
from fundapp.board.queries.sessions import considered_in, participants_of, session_numbered
from fundapp.board.queries.sitting import sitting
from fundapp.board.rules.terms import last_day
from fundapp.funds.models import Board
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal
from fundapp.reference.rules import Group


def test_a_board_of_five_sits(demo: Flask) -> None:
    seated()
    found = sitting(db.session(), the_board().id, today())
    assert {one.group for one in found} == set(Group) and sum(one.chairs for one in found) == 1
    assert sitting(db.session(), the_board().id, date(2029, 1, 1)) == []


def test_a_seat_is_not_given_twice(demo: Flask) -> None:
    first = seated()[0]
    with pytest.raises(Refusal) as said, unit_of_work(someone(Role.SECRETARY)) as work:
        of = work.session.get_one(Board, the_board().id)
        appoint(
            work, of, work.session.get_one(Trustee, first.id), Group.AFRICAN, date(2027, 1, 1), date(2027, 12, 31), 2
        )
    assert {fault.code for fault in said.value.faults} == {"board.seat-taken", "board.trustee-seated"}


def test_a_term_ends_the_day_before(demo: Flask) -> None:
    assert last_day(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert last_day(date(2026, 1, 1), 3) == date(2028, 12, 31)


def test_a_session_has_proposals_before_it(shown: Flask) -> None:
    of = opened()
    fund_id = of.numbers[0].fund_id
    assert of.stage is SessionStage.OPEN and of.number(fund_id) == 25
    assert len(participants_of(db.session(), of)) == 5
    secretary = someone(Role.SECRETARY)
    assert len(considered_in(db.session(), secretary, of, fund_id)) == 4


def test_a_proposal_comes_once_before_a_session(shown: Flask) -> None:
    of = planned()
    item, proposal = item_of(of).id, considered(of)[0].proposal_id
    with pytest.raises(Refusal, match=r"session\.considered"), unit_of_work(someone(Role.SECRETARY)) as work:
        consider(work, work.session.get_one(AgendaItem, item), work.session.get_one(Proposal, proposal))


def test_a_session_is_found_by_its_number(shown: Flask) -> None:
    of = planned(31)
    fund = of.numbers[0].fund_id
    assert fund
    from_number = session_numbered(db.session(), the_board().funds[0], 31)
    assert from_number is not None and from_number.id == of.id
