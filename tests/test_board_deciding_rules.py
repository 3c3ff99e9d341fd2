"""What a decision must hold beside the budget, the advice and the envelope; when conditions are due."""

from __future__ import annotations

from dataclasses import replace

import pytest
from deciding import APPROVE, DECLINE, DEFER, condition, in_days, with_conditions

from fundapp.board.rules.deciding import Advised, GivenDecision, Known, against, decision_faults, shares
from fundapp.board.rules.following import Standing, reminder, standing

TODAY = in_days(0)
KNOWN = Known(50_000_00, Advised("support"), False, TODAY)


def codes(said: GivenDecision, known: Known = KNOWN) -> list[tuple[str, str | None]]:
    return [(one.code, one.field) for one in decision_faults(said, known)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (APPROVE, []),
        (DECLINE, [("decision.against-advice", "against_advice")]),
        (DEFER, []),
        (GivenDecision("maybe"), [("decision.no-outcome", "outcome")]),
        (GivenDecision(""), [("decision.no-outcome", "outcome")]),
        (replace(APPROVE, amount=None), [("decision.no-amount", "amount")]),
        (replace(APPROVE, amount=0), [("decision.no-amount", "amount")]),
        (replace(APPROVE, amount=-5), [("decision.no-amount", "amount")]),
        (replace(APPROVE, amount=50_000_01), [("decision.above-asked", "amount")]),
        (replace(APPROVE, classes={"010": 39_999_99}), [("decision.classes-sum", "amount")]),
        (replace(APPROVE, classes={"010": 30_000_00, "160": 10_000_00}), []),
        (replace(APPROVE, classes={"999": 40_000_00}), [("decision.no-class", "amount")]),
        (replace(APPROVE, classes={"010": 50_000_00, "160": -10_000_00}), [("decision.no-class", "class_160")]),
        (replace(DEFER, amount=1), [("decision.amount-idle", "amount")]),
        (replace(DEFER, shared="No."), [("decision.no-shared", "shared")]),
        (replace(APPROVE, conditions=(condition(),)), [("decision.conditions-idle", "outcome")]),
        (replace(with_conditions(), conditions=()), [("decision.no-conditions", "text_1")]),
        (with_conditions(condition(2, owner="")), [("decision.condition-owner", "owner_2")]),
        (with_conditions(condition(owner="the State")), [("decision.condition-owner", "owner_1")]),
        (with_conditions(condition(due_on=None)), [("decision.condition-date", "due_1")]),
        (with_conditions(condition(due_on=in_days(-1))), [("decision.condition-past", "due_1")]),
        (with_conditions(condition(due_on=in_days(0))), []),
        (with_conditions(condition(due_on=in_days(36_500))), [("decision.condition-far", "due_1")]),
        (with_conditions(condition(text=" ")), [("decision.condition-empty", "text_1")]),
        (with_conditions(condition(text="x" * 1_001)), [("call.long", "text_1")]),
        (
            with_conditions(condition(text="Same"), condition(2, text=" same ")),
            [("decision.condition-twice", "text_2")],
        ),
        (with_conditions(*map(condition, range(1, 12))), [("decision.many-conditions", "outcome")]),
        (replace(APPROVE, reasons="x" * 5_001), [("call.long", "reasons")]),
    ],
)
def test_what_a_decision_must_hold(said: GivenDecision, expected: list[tuple[str, str | None]]) -> None:
    assert codes(said) == expected


def test_the_sum_is_held_against_the_envelope() -> None:
    known = replace(KNOWN, envelope=100_000_00, approved=60_000_00)
    assert codes(APPROVE, known) == []
    (fault,) = decision_faults(replace(APPROVE, amount=40_000_01), known)
    assert fault.code == "decision.above-envelope"
    assert fault.values == {"sum_cents": 100_000_01, "envelope_cents": 100_000_00, "over_cents": 1}


@pytest.mark.parametrize(
    ("outcome", "amount", "advice", "departs"),
    [
        ("approve", 10, Advised("support"), False),
        ("approve", 10, Advised("support", 10), False),
        ("approve", 11, Advised("support", 10), True),
        ("approve", 10, Advised("support-with-conditions", 10), True),
        ("approve-with-conditions", 10, Advised("support-with-conditions", 10), False),
        ("approve", 10, Advised("defer"), True),
        ("approve", 10, Advised("not-support"), True),
        ("decline", None, Advised("support"), True),
        ("decline", None, Advised("not-support"), False),
        ("defer", None, Advised("support"), False),
        ("decline", None, None, False),
    ],
)
def test_what_goes_against_the_advice(
    outcome: str, amount: int | None, advice: Advised | None, departs: bool
) -> None:  # fmt: skip
    assert against(GivenDecision(outcome, amount), advice) is departs


def test_a_fund_may_need_the_boards_approval() -> None:
    strict = replace(KNOWN, board_approves=True, advised=None)
    why = replace(APPROVE, against_advice="It cannot wait for a session.")
    assert codes(why, strict) == [("decision.no-advice", None)]
    assert codes(why, replace(strict, advised=Advised("defer"))) == [("decision.not-approved", "outcome")]
    assert codes(why, replace(strict, advised=Advised("support"))) == []
    lenient = replace(strict, board_approves=False)
    assert codes(APPROVE, lenient) == [("decision.without-advice", "against_advice")]
    assert codes(why, lenient) == []


def test_an_amount_is_shared_out_to_the_cent() -> None:
    found = shares(100, {"010": 1, "120": 1, "160": 1})
    assert sum(found.values()) == 100 and sorted(found.values()) == [33, 33, 34]
    assert shares(100, {}) == {} and shares(50, {"010": 100}) == {"010": 50}


def test_when_a_condition_is_brought_back_to_mind() -> None:
    assert [reminder(in_days(days), TODAY) for days in (15, 14, 4, 3, 1, 0)] == [
        None, "ahead-14", "ahead-14", "ahead-3", "ahead-3", "ahead-3",
    ]  # fmt: skip
    assert [reminder(in_days(-days), TODAY) for days in (1, 30, 31, 61)] == ["late-0", "late-0", "late-1", "late-2"]
    assert standing(None, in_days(-1), TODAY) is Standing.OVERDUE and standing("met", in_days(-1), TODAY) == "met"
    assert standing("reopened", in_days(0), TODAY) is Standing.SOON and standing(None, in_days(31), TODAY) == "open"
    assert standing(None, in_days(-1), TODAY, lapsed=True) is Standing.LAPSED
