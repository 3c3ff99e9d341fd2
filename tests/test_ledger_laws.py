"""The laws of the books, whatever is done to them in whatever order: hypothesis posts, corrects and closes, and keeps
accounts of its own beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from books import CASH, CERTIFIER, CLERK, STAFF, Books, open_books
from flask import Flask
from flask.ctx import AppContext
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from fundapp.kernel import trail
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.core import Entry
from fundapp.ledger.operations import close_year, correct, post, post_many, reverse
from fundapp.ledger.queries import balances, earliest_year, last_closed, statement_figures, verify
from fundapp.ledger.rules import CONTRIBUTIONS, RECEIVABLE

YEARS = (2016, 2019)
DAYS = st.dates(date(YEARS[0], 1, 1), date(YEARS[1], 12, 31))
CENTS = st.integers(-(10**9), 10**9).filter(bool)
PAIRS = st.permutations((CASH, RECEIVABLE, CONTRIBUTIONS, STAFF)).map(lambda codes: tuple(codes[:2]))
Made = tuple[int, date, tuple[tuple[str, int], ...]]  # its number, its day, and what it moved


class Laws(RuleBasedStateMachine):
    """One fund's books, and what they must come to: code -> day -> cents."""

    fresh: Callable[[str], Flask]
    made = Bundle("made")

    def __init__(self) -> None:
        super().__init__()
        self.context: AppContext = type(self).fresh("app").app_context()
        self.context.push()
        self.books: Books = open_books()
        self.moved: list[tuple[date, str, int]] = []
        self.closed = 0

    def teardown(self) -> None:
        db.session.remove()
        self.context.pop()

    # --------------------------------------------------------------------------------------------- what is done

    def entry(self, on: date, pair: tuple[str, str], cents: int, donor: int | None) -> Entry:
        return self.books.entry(on, "a law", (pair[0], cents, donor), (pair[1], -cents, donor))

    def note(self, on: date, lines: tuple[tuple[str, int], ...], sign: int = 1) -> None:
        self.moved += [(on, code, sign * cents) for code, cents in lines]

    def refused(self, on: date, error: Refusal) -> None:
        assert error.faults[0].code == "entry.year-closed" and on.year <= self.closed

    @rule(target=made, on=DAYS, pair=PAIRS, cents=CENTS, donor=st.none() | st.integers(1, 3))
    def posts(self, on: date, pair: tuple[str, str], cents: int, donor: int | None) -> Made | None:
        lines = ((pair[0], cents), (pair[1], -cents))
        try:
            with unit_of_work(CLERK) as work:
                number = post(work, self.books.fund, self.entry(on, pair, cents, donor))
        except Refusal as error:
            self.refused(on, error)
            return None
        assert on.year > self.closed
        self.note(on, lines)
        return number, on, lines

    @rule(days=st.lists(DAYS, min_size=1, max_size=4), pair=PAIRS, cents=CENTS)
    def imports(self, days: list[date], pair: tuple[str, str], cents: int) -> None:
        """All of it or nothing."""
        entries = [self.entry(on, pair, cents, None) for on in days]
        try:
            with unit_of_work(CLERK) as work:
                numbers = post_many(work, self.books.fund, entries)
        except Refusal as error:
            self.refused(min(days), error)
            return
        assert min(days).year > self.closed and len(set(numbers)) == len(days)
        for on in days:
            self.note(on, ((pair[0], cents), (pair[1], -cents)))

    @rule(one=consumes(made), later=st.integers(0, 500))
    def takes_back(self, one: Made | None, later: int) -> None:
        if one is None:
            return
        number, on, lines = one
        day = on + timedelta(days=later)
        try:
            with unit_of_work(CLERK) as work:
                reverse(work, self.books.fund, number, day, "taken back")
        except Refusal as error:
            self.refused(day, error)
            return
        self.note(day, lines, -1)
        with pytest.raises(Refusal, match=r"entry\.corrected"), unit_of_work(CLERK) as work:
            reverse(work, self.books.fund, number, day, "twice")

    @rule(target=made, one=consumes(made), on=DAYS, pair=PAIRS, cents=CENTS)
    def corrects(self, one: Made | None, on: date, pair: tuple[str, str], cents: int) -> Made | None:
        if one is None:
            return None
        number, _, lines = one
        try:
            with unit_of_work(CLERK) as work:
                _, new = correct(work, self.books.fund, number, self.entry(on, pair, cents, None))
        except Refusal as error:
            self.refused(on, error)
            return None
        self.note(on, lines, -1)
        self.note(on, ((pair[0], cents), (pair[1], -cents)))
        return new, on, ((pair[0], cents), (pair[1], -cents))

    @rule(year=st.integers(*YEARS))
    def closes(self, year: int) -> None:
        due = last_closed(db.session(), self.books.id) or (earliest_year(db.session(), self.books.id) or 0) - 1
        try:
            with unit_of_work(CERTIFIER) as work:
                close_year(work, self.books.fund, year)
        except Refusal as error:
            assert error.faults[0].code in ("year.closed", "year.not-in-order", "year.empty") and year != due + 1
            return
        assert year == due + 1
        self.closed = year

    # ------------------------------------------------------------------------------------------------- the laws

    @invariant()
    def the_journal_is_what_was_posted(self) -> None:
        db.session.rollback()
        for day in (date(YEARS[0], 12, 31), date(2018, 6, 15), date(2030, 1, 1)):
            sums: dict[str, int] = {}
            for on, code, cents in self.moved:
                if on <= day:
                    sums[code] = sums.get(code, 0) + cents
            found = balances(db.session(), self.books.id, day)
            assert {code: cents for code, cents in found.items() if cents} == {c: s for c, s in sums.items() if s}
            assert sum(found.values()) == 0

    @invariant()
    def a_period_is_what_moved_in_it(self) -> None:
        first, last = date(2017, 3, 1), date(2019, 2, 28)
        found = statement_figures(db.session(), self.books.id, first, last)
        for code in (CONTRIBUTIONS, STAFF):
            within = sum(cents for on, one, cents in self.moved if one == code and first <= on <= last)
            before = sum(cents for on, one, cents in self.moved if one == code and on < first)
            assert (found.moved.get(code, 0), found.opening.get(code, 0)) == (within, before)

    @invariant()
    def the_books_and_the_trail_hold(self) -> None:
        assert verify(db.session()).holds
        assert trail.verify(db.session())[1] is None
        db.session.rollback()


@pytest.mark.slow
def test_the_laws_hold_in_any_order(app: Flask, request: pytest.FixtureRequest) -> None:
    kind = db.engine.name
    machine = type("LawsHere", (Laws,), {"fresh": staticmethod(request.getfixturevalue(f"on_{kind}"))})
    run_state_machine_as_test(machine, settings=settings(max_examples=20, stateful_step_count=15, deadline=None))
