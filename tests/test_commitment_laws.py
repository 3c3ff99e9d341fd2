"""The laws of commitments, whatever is done to them in whatever order: what is open is the sum of the moves, never less
than nil nor above the allotment, and the books owe what is carried over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from calls import fund
from flask import Flask
from flask.ctx import AppContext
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from spending import (
    allotted,
    balance,
    cancelled,
    carried,
    changed,
    commitment,
    committed,
    count,
    open_and_carried,
    paid,
    spend,
)

from fundapp.finance.models import Commitment, CommitmentMove, CommitmentStage
from fundapp.finance.queries.commitments import moves_of, standing_of
from fundapp.finance.queries.spending import uses
from fundapp.finance.rules.commitments import standing
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal

CENTS = st.integers(1, 600_00)
DAYS = st.dates(date(2021, 2, 1), date(2023, 11, 30))
FAR = date(2025, 12, 31)


class Laws(RuleBasedStateMachine):
    """One project with money for staff, and what is done to its commitments."""

    fresh: Callable[[str], Flask]

    def __init__(self) -> None:
        super().__init__()
        self.context: AppContext = type(self).fresh("demo").app_context()
        self.context.push()
        self.project = allotted(c010=1_000_00)
        self.made: list[int] = []

    def teardown(self) -> None:
        db.session.remove()
        self.context.pop()

    def one(self, n: int) -> int:
        return self.made[n % len(self.made)]

    def tries(self, do: Callable[[], object], *codes: str) -> None:
        try:
            do()
        except Refusal as error:
            db.session.rollback()
            assert error.faults[0].code in codes, error

    @rule(cents=CENTS, on=DAYS)
    def commits(self, cents: int, on: date) -> None:
        more = {"committed_on": on, "expires_on": FAR}
        self.tries(
            lambda: self.made.append(committed(self.project, cents, **more)),
            "commitment.above-class", "commitment.above-allotment",
        )  # fmt: skip

    @precondition(lambda self: self.made)
    @rule(n=st.integers(0, 9), cents=CENTS, on=DAYS, booked=st.booleans())
    def pays(self, n: int, cents: int, on: date, booked: bool) -> None:
        def pay() -> None:
            paid(self.one(n), cents, on)
            if booked:
                spend(self.project, cents, on)

        self.tries(pay, "commitment.above-open", "commitment.not-open", "commitment.before-last")

    @precondition(lambda self: self.made)
    @rule(n=st.integers(0, 9), cents=st.integers(-600_00, 600_00).filter(bool), on=DAYS)
    def changes(self, n: int, cents: int, on: date) -> None:
        self.tries(
            lambda: changed(self.one(n), cents, on), "commitment.above-class", "commitment.above-allotment",
            "commitment.below-nil", "commitment.not-open", "commitment.before-last",
        )  # fmt: skip

    @precondition(lambda self: self.made)
    @rule(n=st.integers(0, 9), on=DAYS)
    def cancels(self, n: int, on: date) -> None:
        self.tries(lambda: cancelled(self.one(n), on), "commitment.not-open", "commitment.before-last")

    @rule(year=st.integers(2021, 2023))
    def carries(self, year: int) -> None:
        self.tries(lambda: carried(year), "commitment.nothing-to-carry", "commitment.later-carried")

    @invariant()
    def what_is_open_is_the_sum_of_the_moves(self) -> None:
        db.session.rollback()
        for key in self.made:
            stands, one = standing_of(db.session(), key), commitment(key)
            assert stands.open == sum(move.cents for move in one.moves) == standing(moves_of(db.session(), key)).open
            assert 0 <= stands.carried <= stands.open
            assert (one.stage is CommitmentStage.CLOSED) == (stands.open == 0)

    @invariant()
    def the_books_owe_what_is_carried(self) -> None:
        whole, owed = open_and_carried(FAR)
        assert -balance("LIA.COMMITMENTS", FAR) == owed
        assert whole == int(db.session.scalar(sa.select(sa.func.coalesce(sa.func.sum(CommitmentMove.cents), 0))) or 0)

    @invariant()
    def nothing_is_committed_above_the_allotment(self) -> None:
        used = uses(db.session(), fund().id, FAR, self.project)[self.project]["010"]
        assert used.committed <= used.allotted
        assert count(Commitment) >= len(self.made)


@pytest.mark.slow
def test_the_laws_hold_in_any_order(demo: Flask, request: pytest.FixtureRequest) -> None:
    kind = db.engine.name
    machine = type("LawsHere", (Laws,), {"fresh": staticmethod(request.getfixturevalue(f"on_{kind}"))})
    run_state_machine_as_test(machine, settings=settings(max_examples=12, stateful_step_count=12, deadline=None))
