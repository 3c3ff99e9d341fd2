"""Whatever is promised, paid, lowered and taken back, in any order: the receivable of a donor in the books is what was
recognised less what was settled less what was lowered, and what is held in advance is what its receipts have left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from calls import someone
from flask import Flask
from flask.ctx import AppContext
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from receiving import balance, bound, paid, rates, settles, the_fund

from fundapp.access.operations import Console
from fundapp.access.policy import Role
from fundapp.contributions.models import Donor, Instalment
from fundapp.finance.models import ChangeKind, ChangeStage, PledgeChange, Receipt
from fundapp.finance.operations.pledge_changes import approve_change, prepare_change, prepare_refund
from fundapp.finance.operations.receiving import undo_receipt
from fundapp.finance.queries.ageing import unpaid
from fundapp.finance.queries.receivables import receivables
from fundapp.finance.queries.receiving import parts, purses
from fundapp.finance.rules.reports import Amount
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.queries import verify

DONORS = st.sampled_from(("CHE", "SGP"))
CURRENCIES = st.sampled_from(("CHF", "JPY", "USD"))
DAYS = st.dates(date(2020, 1, 15), date(2021, 6, 30))
SEEN = (date(2020, 5, 1), date(2020, 12, 31), date(2021, 3, 31), date(2022, 6, 30))
AMOUNTS = st.integers(1, 10**6)
WHICH = st.integers(0, 10**6)
KNOWN = {
    "settle.over-receipt", "settle.over-instalment", "settle.other-donor", "settle.other-currency", "receipt.undone",
    "receipt.refunded", "change.over", "change.refund-over", "change.before", "change.settled", "receipt.too-small",
}  # fmt: skip


@contextmanager
def perhaps() -> Iterator[None]:
    """What cannot be is refused by one of the reasons that there are, and changes nothing."""
    try:
        yield
    except Refusal as refusal:
        assert {fault.code for fault in refusal.faults} <= KNOWN, refusal


class Laws(RuleBasedStateMachine):
    """A fund's pledges and receipts, done to at random."""

    fresh: Callable[[str], Flask]

    def __init__(self) -> None:
        super().__init__()
        self.context: AppContext = type(self).fresh("demo").app_context()
        self.context.push()
        rates()
        self.begun = {code: {"AST.RECEIVABLE": balance("AST.RECEIVABLE", code)} for code in ("CHE", "SGP")}
        self.owed = {on: receivables(db.session(), the_fund(), on).amount("TOTAL", "total") for on in SEEN}
        self.pledges = 0

    def teardown(self) -> None:
        db.session.remove()
        self.context.pop()

    def one(self, table: type[Instalment | Receipt | PledgeChange], which: int) -> int | None:
        keys = db.session().scalars(sa.select(table.id).order_by(table.id)).all()
        return keys[which % len(keys)] if keys else None

    @rule(donor=DONORS, currency=CURRENCIES, parts=st.lists(AMOUNTS, min_size=1, max_size=3), on=DAYS)
    def promises(self, donor: str, currency: str, parts: list[int], on: date) -> None:
        self.pledges += 1
        due = [(part, on + timedelta(days=90 * n)) for n, part in enumerate(parts)]
        with perhaps():
            bound(on, parts=due, donor=donor, currency=currency, number=f"P-{self.pledges}")

    @rule(donor=DONORS, currency=CURRENCIES, minor=AMOUNTS, on=DAYS)
    def pays(self, donor: str, currency: str, minor: int, on: date) -> None:
        with perhaps():
            paid(on, minor, currency, donor=donor)

    @rule(receipt=WHICH, instalment=WHICH, part=st.integers(1, 100))
    def settles(self, receipt: int, instalment: int, part: int) -> None:
        of, to = self.one(Receipt, receipt), self.one(Instalment, instalment)
        if of is not None and to is not None:
            left = purses(db.session(), [db.session.get_one(Receipt, of)])[of].left
            with perhaps():
                settles(of, to, max(1, left * part // 100))

    @rule(instalment=WHICH, minor=AMOUNTS, kind=st.sampled_from((ChangeKind.REDUCTION, ChangeKind.WRITE_OFF)), on=DAYS)
    def lowers(self, instalment: int, minor: int, kind: ChangeKind, on: date) -> None:
        key = self.one(Instalment, instalment)
        if key is not None:
            with perhaps(), unit_of_work(someone(Role.FINANCE_OFFICER)) as work:
                prepare_change(work, work.session.get_one(Instalment, key), kind, minor, on, "The donor wrote so.")

    @rule(receipt=WHICH, minor=AMOUNTS, on=DAYS)
    def pays_back(self, receipt: int, minor: int, on: date) -> None:
        key = self.one(Receipt, receipt)
        if key is not None:
            with perhaps(), unit_of_work(someone(Role.FINANCE_OFFICER)) as work:
                prepare_refund(work, work.session.get_one(Receipt, key), minor, on, "The donor wrote so.")

    @rule(change=WHICH)
    def approves(self, change: int) -> None:
        key = self.one(PledgeChange, change)
        if key is not None:
            with perhaps(), unit_of_work(someone(Role.CERTIFYING_OFFICER)) as work:
                approve_change(work, work.session.get_one(PledgeChange, key))

    @rule(receipt=WHICH)
    def takes_back(self, receipt: int) -> None:
        key = self.one(Receipt, receipt)
        if key is not None:
            with perhaps(), unit_of_work(Console()) as work:
                undo_receipt(work, work.session.get_one(Receipt, key), "By mistake.")

    @invariant()
    def the_books_are_what_the_pledges_and_receipts_say(self) -> None:
        session = db.session()
        found = parts(session, sa.true())
        standing = session.scalars(sa.select(Receipt).where(Receipt.undone_at.is_(None))).all()
        kept = purses(session, standing)
        for code, begun in self.begun.items():
            key = session.scalars(sa.select(Donor.id).where(Donor.code == code)).one()
            owed = sum(part.stands.outstanding_cents for part in found if part.pledge.donor_id == key)
            assert balance("AST.RECEIVABLE", code) - begun["AST.RECEIVABLE"] == owed
            assert -balance("LIA.ADVANCE", code) == sum(
                kept[one.id].left_cents for one in standing if one.donor_id == key
            )
        for part in found:
            assert part.stands.outstanding >= 0
            assert part.stands.outstanding_cents >= 0
            assert part.stands.outstanding or not part.stands.outstanding_cents
        assert not session.scalars(
            sa.select(PledgeChange.id).where(PledgeChange.stage == ChangeStage.APPROVED, PledgeChange.cents < 0)
        ).all()
        session.rollback()

    @invariant()
    def the_list_of_what_is_unpaid_says_what_the_statement_says(self) -> None:
        session = db.session()
        for on, before in self.owed.items():
            listed = {f"{one.pledge}/{one.number}": one.stands for one in unpaid(session, the_fund(), on, "en")}
            owed = {code: stands.outstanding_cents for code, stands in listed.items() if stands.outstanding_cents}
            drawn = receivables(session, the_fund(), on)
            lines = {row.code: row.cells[-1] for row in drawn.rows if row.level and not row.code.endswith("/-")}
            assert {code: cell.cents for code, cell in lines.items() if isinstance(cell, Amount)} == owed
            beside = sum(drawn.amount(row.code, "total") for row in drawn.rows if row.code.endswith("/-"))
            assert beside == before
            assert drawn.amount("TOTAL", "total") == sum(owed.values()) + before
        session.rollback()

    @invariant()
    def the_journal_holds(self) -> None:
        assert verify(db.session()).holds


@pytest.mark.slow
def test_the_receivable_of_a_donor_is_what_was_recognised_less_what_was_settled_and_lowered(
    demo: Flask, request: pytest.FixtureRequest
) -> None:
    machine = type("LawsHere", (Laws,), {"fresh": staticmethod(request.getfixturevalue(f"on_{db.engine.name}"))})
    run_state_machine_as_test(machine, settings=settings(max_examples=12, stateful_step_count=20, deadline=None))
