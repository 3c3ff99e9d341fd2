"""Decisions for tests: advice as the Board gave it, a decision prepared by one and taken by another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from boards import considered, opened
from calls import someone
from commands import everything

from fundapp.access.operation import operation
from fundapp.access.policy import Permission, Role
from fundapp.board.models import (
    Advice,
    AdviceOutcome,
    AdviceWay,
    BoardSession,
    Considered,
    Decision,
    DecisionCondition,
    DecisionDraft,
    SessionStage,
)
from fundapp.board.operations.deciding import decide, prepare_decision
from fundapp.board.rules.deciding import Condition, GivenDecision
from fundapp.funds.models import Fund
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.models import Call, Proposal

APPROVE = GivenDecision("approve", 40_000_00, shared="It was ranked among the first.")
DECLINE = GivenDecision("decline", shared="Others came before it.")
DEFER = GivenDecision("defer", shared="The Board asks for more on the partners.")


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def condition(place: int = 1, **more: Any) -> Condition:
    """A condition that lacks nothing."""
    said = Condition(f"The ministry confirms part {place}.", "office", in_days(30), True, place)
    return replace(said, **more)


def with_conditions(*conditions: Condition) -> GivenDecision:
    return replace(APPROVE, outcome="approve-with-conditions", conditions=conditions or (condition(),))


@operation(Permission.ADVICE_RECORD, name="tests.advise")
def advise(work: Work, one: Considered, outcome: str, amount: int | None) -> Advice:
    """What the Board advised, by consensus."""
    made = Advice(
        considered_id=one.id, outcome=AdviceOutcome(outcome), way=AdviceWay.CONSENSUS, amount_cents=amount, reasons="",
        conditions="", ballot_id=None, votes_for=0, votes_against=0, abstained=0, recused=0, taking_part=5,
        at=work.at, by=str(work.actor),
    )  # fmt: skip
    work.session.add(made)
    return made


@operation(Permission.FUND_SET_UP, name="tests.set_fund")
def set_fund(work: Work, _: None, fund_id: int, approves: bool) -> None:
    """Whether the fund needs the Board's approval."""
    work.session.get_one(Fund, fund_id).board_approves = approves


@operation(Permission.FUND_SET_UP, name="tests.set_envelope")
def set_envelope(work: Work, _: None, call_id: int, cents: int | None) -> None:
    """What a call gives in all."""
    work.session.get_one(Call, call_id).envelope_cents = cents


@operation(Permission.SESSION_RUN, name="tests.set_stage")
def set_stage(work: Work, of: BoardSession, stage: SessionStage) -> None:
    """Where a session stands."""
    of.stage = stage


def before(number: int = 25, *, outcome: str | None = "support", amount: int | None = None, **more: Any) -> list[int]:
    """A session with proposals, each with this advice; the proposals before it, by id."""
    of = opened(number, **more)
    keys = [one.id for one in considered(of)]
    if outcome:
        for key in keys:
            advised(key, outcome, amount)
    return keys


def advised(key: int, outcome: str = "support", amount: int | None = None) -> None:
    with unit_of_work(someone(Role.SECRETARY)) as work:
        advise(work, work.session.get_one(Considered, key), outcome, amount)


def prepared(key: int, said: GivenDecision = APPROVE, *, version: int = 0, by: Role = Role.DESK_OFFICER) -> int:
    """The draft of a decision, by id."""
    with unit_of_work(someone(by)) as work:
        return prepare_decision(work, work.session.get_one(Considered, key), said, version).id


def taken(key: int, said: GivenDecision = APPROVE, **more: Any) -> int:
    """A decision that was taken, by id."""
    draft = prepared(key, said, **more)
    return take(draft)


def take(draft: int, version: int | None = None) -> int:
    with unit_of_work(someone(Role.APPROVING_OFFICER)) as work:
        found = work.session.get_one(DecisionDraft, draft)
        return decide(work, found, found.version if version is None else version).id


def refused(key: int, said: GivenDecision, **more: Any) -> list[tuple[str, str | None]]:
    """Codes and fields of what was refused, after which all is as it was."""
    kept = everything()
    with pytest.raises(Refusal) as found:
        prepared(key, said, **more)
    assert everything() == kept
    return [(fault.code, fault.field) for fault in found.value.faults]


def proposal(key: int) -> Proposal:
    db.session().rollback()
    return db.session.get_one(Considered, key).proposal


def decisions() -> Sequence[Decision]:
    db.session().rollback()
    return db.session().scalars(sa.select(Decision).order_by(Decision.id)).all()


def conditions() -> Sequence[DecisionCondition]:
    db.session().rollback()
    return db.session().scalars(sa.select(DecisionCondition).order_by(DecisionCondition.id)).all()
