"""Double entry without a database: what cannot be built, and what undoing does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.kernel.errors import Refusal
from fundapp.kernel.money import Money
from fundapp.ledger.core import LARGEST, LARGEST_ORIGINAL, LONGEST_MEMO, Entry, Line, Origin, digest
from fundapp.ledger.rules import Window, last_day, may_close, unpaid

DAY, LATER = date(2024, 5, 1), date(2024, 6, 1)
AMOUNT = st.integers(-(10**13), 10**13).filter(bool)
KEY = st.none() | st.integers(1, 10**9)


@st.composite
def origins(draw: st.DrawFn, cents: int) -> Origin:
    minor = draw(st.integers(1, 10**15)) * (1 if cents > 0 else -1)
    rate = draw(st.decimals("0.000001", "99999", places=6))
    return Origin(Money(minor, draw(st.sampled_from(["EUR", "CHF", "JPY"]))), rate)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    amounts = draw(st.lists(AMOUNT, min_size=1, max_size=9))
    if left := -sum(amounts):
        amounts.append(left)
    lines = [
        Line(draw(st.integers(1, 60)), cents, draw(KEY), draw(KEY), draw(st.none() | origins(cents)))
        for cents in amounts
    ]
    if len(lines) < 2:
        lines += [line.reversed() for line in lines]
    text = st.text(max_size=LONGEST_MEMO)
    return Entry(1, draw(st.dates()), draw(text), tuple(lines), draw(st.none() | st.just("A/HRC/47/19")))


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [fault.code for fault in refused.value.faults]


@given(entries())
def test_an_entry_always_balances(entry: Entry) -> None:
    assert sum(line.cents for line in entry.lines) == 0
    assert sum(line.cents for line in entry.reversed(LATER, "undone").lines) == 0


@given(entries())
def test_undone_twice_is_the_same(entry: Entry) -> None:
    back = entry.reversed(LATER, "undone")
    assert [line.cents for line in back.lines] == [-line.cents for line in entry.lines]
    assert back.reversed(entry.on, entry.memo) == entry
    assert digest(back.reversed(entry.on, entry.memo)) == digest(entry) != digest(entry, 1)


@given(entries(), st.data())
def test_any_change_shows_in_the_digest(entry: Entry, data: st.DataObject) -> None:
    n = data.draw(st.integers(0, len(entry.lines) - 1))
    line = entry.lines[n]
    other = data.draw(
        st.sampled_from(
            [
                Line(line.account_id + 1, line.cents, line.donor_id, line.project_id, line.origin),
                Line(line.account_id, line.cents, (line.donor_id or 0) + 1, line.project_id, line.origin),
                Line(line.account_id, line.cents, line.donor_id, (line.project_id or 0) + 1, line.origin),
                Line(line.account_id, line.cents, line.donor_id, line.project_id, evidence(line)),
            ]
        )
    )
    changed = Entry(entry.fund_id, entry.on, entry.memo, (*entry.lines[:n], other, *entry.lines[n + 1 :]), entry.source)
    assert digest(changed) != digest(entry)


def evidence(line: Line) -> Origin | None:
    return None if line.origin else Origin(Money(line.cents, "EUR"), Decimal(1))


@given(st.lists(AMOUNT, min_size=2, max_size=8).filter(sum))
def test_what_does_not_balance_cannot_be_built(amounts: list[int]) -> None:
    with pytest.raises(Refusal) as refused:
        Entry(1, DAY, "", tuple(Line(n, cents) for n, cents in enumerate(amounts, 1)))
    assert codes(refused) == ["entry.unbalanced"]
    assert refused.value.faults[0].values == {"left": sum(amounts)}


@pytest.mark.parametrize("value", [1.0, True, "1", Decimal(1)])
@pytest.mark.parametrize("place", range(4))
def test_only_whole_numbers(value: Any, place: int) -> None:
    values: list[Any] = [1, 100, 5, 6]
    values[place] = value
    with pytest.raises(TypeError, match="whole numbers"):
        Line(*values)


def test_a_line_names_an_account_and_an_amount() -> None:
    nothing: Any = None
    for line in ((nothing, 1), (1, nothing)):
        with pytest.raises(TypeError, match="an account and an amount"):
            Line(*line)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: Line(1, 0), "entry.nil"),
        (lambda: Line(1, LARGEST + 1), "entry.large"),
        (lambda: Line(1, -LARGEST - 1), "entry.large"),
        (lambda: Entry(1, DAY, "", (Line(1, LARGEST), Line(2, 1), Line(3, -LARGEST), Line(4, -1))), "entry.large"),
        (lambda: Entry(1, DAY, "", ()), "entry.lines"),
        (lambda: Entry(1, DAY, "", (Line(1, 1),)), "entry.lines"),
        (lambda: Entry(1, DAY, "m" * 256, (Line(1, 1), Line(2, -1))), "entry.memo-long"),
        (lambda: Entry(1, DAY, "", (Line(1, 1), Line(2, -1)), "s" * 81), "entry.source-long"),
        (lambda: Entry(1, DAY, "", (Line(1, 1), Line(2, -1)), ""), "entry.source-long"),
        (lambda: Origin(Money(0, "EUR"), Decimal(1)), "entry.original"),
        (lambda: Origin(Money(LARGEST_ORIGINAL + 1, "EUR"), Decimal(1)), "entry.original"),
        (lambda: Origin(Money(1, "EUR"), Decimal(0)), "entry.rate"),
        (lambda: Origin(Money(1, "EUR"), Decimal("NaN")), "entry.rate"),
        (lambda: Origin(Money(1, "EUR"), Decimal("1." + "0" * 39)), "entry.rate"),
        (lambda: Line(1, 5, origin=Origin(Money(-5, "EUR"), Decimal(1))), "entry.origin-side"),
        (lambda: Window(LATER, DAY), "period.upside-down"),
    ],
)
def test_what_the_core_refuses(make: Any, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        make()
    assert codes(refused) == [code]


def test_a_rate_is_no_float() -> None:
    rate: Any = 0.91
    with pytest.raises(TypeError):
        Origin(Money(1, "EUR"), rate)


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)), st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_a_window_loses_no_day_and_doubles_none(one: date, other: date) -> None:
    """Every day of the period is in the head, in a whole year or in the tail, and only there."""
    window = Window(min(one, other), max(one, other))
    whole = max(window.whole_to - window.whole_from + 1, 0)
    head = max((window.head_last - window.first).days + 1, 0)
    years = sum((last_day(window.whole_from + n) - last_day(window.whole_from + n - 1)).days for n in range(whole))
    tail = (window.last - (last_day(window.whole_to) if whole else window.head_last)).days
    assert head + years + tail == (window.last - window.first).days + 1
    assert tail >= 0 and window.before < window.first.year


@pytest.mark.parametrize(
    ("year", "closed", "earliest", "code"),
    [
        (2026, None, 2026, "year.not-over"),
        (2027, None, 2026, "year.not-over"),
        (2020, 2020, 2019, "year.closed"),
        (2019, 2020, 2019, "year.closed"),
        (2021, None, 2020, "year.not-in-order"),
        (2022, 2020, 2019, "year.not-in-order"),
        (2020, None, None, "year.empty"),
    ],
)
def test_when_a_year_may_not_close(year: int, closed: int | None, earliest: int | None, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        may_close(year, closed, earliest, date(2026, 11, 20))
    assert codes(refused) == [code]


def test_when_a_year_may_close() -> None:
    may_close(2020, None, 2020, date(2021, 1, 1))
    may_close(2021, 2020, 2019, date(2022, 1, 1))
    with pytest.raises(Refusal):
        may_close(2020, None, 2020, date(2020, 12, 31))


@given(st.lists(st.integers(1, 10**9), max_size=9), st.integers(0, 10**10))
def test_a_payment_settles_the_oldest_first(promises: list[int], paid: int) -> None:
    left = unpaid(promises, paid)
    assert sum(left) == sum(promises) - paid if promises else left == []
    open_ones = [n for n, cents in enumerate(left) if cents]
    assert all(left[n] == promises[n] for n in open_ones[1:])  # only the oldest unpaid one may be paid in part
    if paid <= sum(promises):
        assert all(cents >= 0 for cents in left)


def test_fifo_by_hand() -> None:
    assert unpaid([100, 50, 25], 120) == [0, 30, 25]
    assert unpaid([100, 50], 175) == [0, -25]
    assert unpaid([], 10) == []
