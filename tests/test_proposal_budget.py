"""Budgets add up to the cent, whichever way they are looked at, and say what is wrong with each line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from budget_lines import LINE, LINES, STAFF, budget_line
from hypothesis import given
from hypothesis import strategies as st

from fundapp.kernel.errors import Fault
from fundapp.proposals.rules.amounts import LARGEST, LARGEST_QUANTITY
from fundapp.proposals.rules.budget import (
    DEAREST_MONTH,
    GRANT_LIMIT,
    LONGEST,
    MONTH,
    MOST_LINES,
    MOST_MONTHS,
    TYPED,
    ErpClass,
    Limits,
    Line,
    Quarter,
    faults,
    quarter_of,
    quarters,
    staff,
    support_costs,
    totals,
)

RATE = Decimal("0.13")
RATES = st.decimals("0", "0.99", places=4)
Q1, Q4 = Quarter(2027, 1), Quarter(2027, 4)
YEAR = quarters(Q1, Q4)


def test_classes_are_those_of_the_erp() -> None:
    assert [one.value for one in ErpClass] == "010 120 125 130 135 140 145 155 160".split()
    assert ErpClass.SUPPORT not in TYPED
    assert len(TYPED) == 8


@pytest.mark.parametrize(
    ("unit_cents", "quantity", "cents"),
    [
        (10_000, "12.5", 125_000),
        (1, "0.5", 1),
        (1, "0.49", 0),
        (333, "0.5", 167),
        (101, "0.25", 25),
        (102, "0.25", 26),
        (-1, "0.5", -1),
        (10**30, "0.01", 10**28),
    ],
)
def test_a_line_is_rounded_half_up(unit_cents: int, quantity: str, cents: int) -> None:
    assert replace(LINE, unit_cents=unit_cents, quantity=Decimal(quantity)).cents == cents


@pytest.mark.parametrize("quantity", ["NaN", "Infinity", "-Infinity"])
def test_a_quantity_is_a_number(quantity: str) -> None:
    with pytest.raises(ValueError, match="no quantity"):
        replace(LINE, quantity=Decimal(quantity))


def test_staff_costs_months_at_the_rate_of_a_grade() -> None:
    line = staff("P-3", Decimal("4.5"), 12_345_67, "Programme officer")
    assert (line.cents, line.unit, line.erp_class) == (5_555_552, MONTH, ErpClass.STAFF)
    assert faults([line], RATE, Limits()) == []


@pytest.mark.parametrize(
    ("direct", "rate", "cents"),
    [(45_335_020, "0.13", 5_893_553), (50, "0.13", 7), (50, "0.01", 1), (49, "0.01", 0), (0, "0.13", 0), (100, "0", 0)],
)
def test_support_costs_are_a_share_of_the_sum(direct: int, rate: str, cents: int) -> None:
    assert support_costs(direct, Decimal(rate)) == cents


@pytest.mark.parametrize("rate", ["-0.01", "1", "13"])
def test_a_rate_in_per_cent_is_a_mistake(rate: str) -> None:
    with pytest.raises(ValueError, match="no rate"):
        support_costs(100, Decimal(rate))


def test_a_budget_by_class_year_activity_and_quarter() -> None:
    lines = [
        replace(STAFF, activity="1.1", quarter=Q1),  # 2 x 10,000.00
        replace(LINE, activity="1.2"),  # 3 x 100.01 over the year: 75.01 75.01 75.01 75.00
        replace(LINE, erp_class=ErpClass.TRAVEL, quarter=Quarter(2028, 1), unit_cents=50_000),
    ]
    found = totals(lines, RATE, YEAR)
    assert (found.direct, found.support, found.total) == (2_180_003, 283_400, 2_463_403)
    assert found.by_class == {
        ErpClass.STAFF: 2_000_000,
        ErpClass.CONTRACTUAL: 30_003,
        ErpClass.SUPPORT: 283_400,
        ErpClass.TRAVEL: 150_000,
    }
    assert list(found.by_class) == sorted(found.by_class)
    assert found.by_year == {2027: 2_293_903, 2028: 169_500}
    assert found.by_activity == {"1.1": 2_260_000, "1.2": 33_903, "": 169_500}
    assert list(found.by_quarter) == [*YEAR, Quarter(2028, 1)]
    assert sum(found.by_quarter.values()) == found.total


def test_nothing_comes_to_nothing() -> None:
    found = totals([], RATE, YEAR)
    assert (found.total, found.by_class, found.by_year, found.by_activity, found.by_quarter) == (0, {}, {}, {}, {})


@given(st.lists(LINES, max_size=12), RATES, st.sampled_from([(), YEAR, quarters(Q1, Quarter(2029, 2))]))
def test_every_view_adds_up_to_the_total(lines: list[Line], rate: Decimal, over: Sequence[Quarter]) -> None:
    found = totals(lines, rate, over)
    assert found.direct == sum(line.cents for line in lines)
    assert 2 * abs(found.support - found.direct * rate) <= 1
    for view in (found.by_class, found.by_year, found.by_activity, found.by_quarter):
        assert sum(view.values()) == found.total
        assert min(view.values(), default=0) >= 0
    for year, cents in found.by_year.items():
        assert cents == sum(c for q, c in found.by_quarter.items() if (q.year if q else None) == year)
    assert (None in found.by_quarter) <= (not over)


@given(st.lists(LINES, max_size=6), LINES)
def test_lines_at_fault_are_not_counted(lines: list[Line], wrong: Line) -> None:
    bad = [replace(wrong, unit_cents=-wrong.unit_cents), replace(wrong, quantity=Decimal(0))]
    bad.append(replace(wrong, erp_class=ErpClass.SUPPORT))
    assert totals([*bad, *lines, *bad], RATE, YEAR) == totals(lines, RATE, YEAR)


@given(st.lists(LINES, min_size=1, max_size=8))
def test_a_sound_budget_has_no_faults(lines: list[Line]) -> None:
    assert faults(lines, RATE, Limits(0, totals(lines, RATE).total)) == []


CEILING = totals([LINE], RATE).total
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"unit_cents": 0}, "budget.cost-nothing", "unit_cost"),
    ({"unit_cents": -5}, "budget.cost-negative", "unit_cost"),
    ({"unit_cents": LARGEST + 1}, "budget.line-large", "unit_cost"),
    ({"unit_cents": LARGEST, "quantity": Decimal("1.01")}, "budget.line-large", "unit_cost"),
    ({"quantity": Decimal(0)}, "budget.quantity-nothing", "quantity"),
    ({"quantity": Decimal("-1")}, "budget.quantity-negative", "quantity"),
    ({"quantity": Decimal("0.125")}, "budget.quantity-decimals", "quantity"),
    ({"quantity": Decimal(LARGEST_QUANTITY + 1)}, "budget.quantity-large", "quantity"),
    ({"unit_cents": 1, "quantity": Decimal("0.49")}, "budget.line-nothing", "quantity"),
    ({"what": " \n"}, "budget.no-what", "what"),
    ({"unit": ""}, "budget.no-unit", "unit"),
    ({"erp_class": ErpClass.SUPPORT}, "budget.support-typed", "class"),
    ({"grade": "P-3"}, "budget.grade-no-staff", "grade"),
    ({"erp_class": ErpClass.STAFF}, "budget.no-grade", "grade"),
    ({"quarter": Quarter(2029, 1)}, "budget.quarter-outside", "quarter"),
    ({"activity": "9.9"}, "budget.activity-unknown", "activity"),
    *(({name: "x" * (LONGEST[name] + 1)}, "budget.long", name) for name in ("what", "unit", "reason")),
]


@pytest.mark.parametrize(("changed", "code", "column"), WRONG)
def test_a_line_at_fault_is_named_by_row_and_column(changed: dict[str, Any], code: str, column: str) -> None:
    limits = Limits(quarters=YEAR, activities=("1.1", "1.2"))
    found = faults([LINE, replace(LINE, **changed)], RATE, limits)
    assert [(fault.code, fault.row, fault.column) for fault in found] == [(code, 2, column)]
    numbered = faults([LINE, replace(LINE, **changed)], RATE, limits, rows=[4, 9])
    assert [fault.row for fault in numbered] == [9]


def test_absurd_staff_is_named() -> None:
    months = replace(STAFF, quantity=Decimal(MOST_MONTHS) + 1)
    dear = replace(STAFF, unit_cents=DEAREST_MONTH + 1)
    found = faults([months, dear, STAFF], RATE, Limits())
    assert [(fault.code, fault.row) for fault in found] == [("budget.months-large", 1), ("budget.rate-large", 2)]


@pytest.mark.parametrize(
    ("cents", "reason", "refused"),
    [
        (GRANT_LIMIT - 1, "", False),
        (GRANT_LIMIT, "", True),
        (GRANT_LIMIT, "  ", True),
        (GRANT_LIMIT, "Agreed with the Board", False),
        (GRANT_LIMIT * 3, "", True),
    ],
)
def test_a_large_grant_out_needs_a_reason(cents: int, reason: str, refused: bool) -> None:
    grant = replace(LINE, erp_class=ErpClass.GRANTS, unit_cents=cents, quantity=Decimal(1), reason=reason)
    found = faults([grant], RATE, Limits())
    values = {"cents": cents, "limit_cents": GRANT_LIMIT}
    assert found == ([Fault("budget.grant-large", values, 1, "reason")] if refused else [])
    assert faults([replace(grant, erp_class=ErpClass.PARTNERS)], RATE, Limits()) == []


def test_a_ceiling_and_a_floor_are_held_with_support_costs() -> None:
    assert CEILING == 33_903
    assert faults([LINE], RATE, Limits(CEILING, CEILING)) == []
    [above] = faults([LINE], RATE, Limits(ceiling=CEILING - 1))
    assert above == Fault("budget.above", {"total_cents": CEILING, "ceiling_cents": CEILING - 1, "over_cents": 1})
    [below] = faults([LINE], RATE, Limits(floor=CEILING + 2))
    assert below == Fault("budget.below", {"total_cents": CEILING, "floor_cents": CEILING + 2, "lacking_cents": 2})


def test_a_budget_of_nothing_and_one_of_too_many_lines() -> None:
    assert [fault.code for fault in faults([], RATE, Limits(floor=100))] == ["budget.nothing"]
    assert [fault.code for fault in faults([LINE] * (MOST_LINES + 1), RATE, Limits())] == ["budget.many"]


@pytest.mark.parametrize("text", ["2027-Q1", "2027 Q1", "2027q1", "2027/1", "Q1 2027", "T1 2027", "1/2027", " 2027-1 "])
def test_a_quarter_is_known_in_its_spellings(text: str) -> None:
    assert quarter_of(text) == Q1


@pytest.mark.parametrize("text", ["", "2027", "2027-Q5", "Q1", "1999-Q1", "2027-01-01", "Q12027", "20271 ", "12027"])
def test_what_is_no_quarter_is_not_guessed(text: str) -> None:
    assert quarter_of(text) is None


@given(st.integers(2010, 2050), st.integers(1, 4), st.integers(0, 30))
def test_quarters_follow_one_another(year: int, number: int, more: int) -> None:
    first = last = Quarter(year, number)
    for _ in range(more):
        last = last.following()
    found = quarters(first, last)
    assert (found[0], found[-1], len(found)) == (first, last, more + 1)
    assert list(found) == sorted(set(found))
    assert all(quarter_of(str(quarter)) == quarter for quarter in found)
    assert quarters(last.following(), first) == ()


def test_the_lines_of_these_tests_are_themselves_sound() -> None:
    assert faults([LINE, STAFF, budget_line()], RATE, Limits()) == []
