"""Cash, and what is available to commit: the balance less what is not paid in, committed, kept back and allotted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from fundapp.board.rules.situation import Situation
from fundapp.finance.drawn import facts_of
from fundapp.finance.rules.books import CASH, CLOSING
from fundapp.finance.rules.reports import (
    AVAILABLE,
    BEGINNING,
    Amount,
    Opens,
    Report,
    ReportColumn,
    ReportRow,
    Term,
)
from fundapp.finance.situation import situation
from fundapp.funds.models import Fund
from fundapp.kernel.clock import now
from fundapp.ledger.queries import balances
from fundapp.ledger.rules import RECEIVABLE


def committable(session: Session, fund: Fund, on: date) -> Report:
    """What a fund has on a day, and how much of it nothing is promised of yet."""
    known = situation(session, fund, on)
    rows = tuple(_rows(known, balances(session, fund.id, on).get(CASH, 0)))
    notes = [Term("note.available")]
    if known.reserve_year is not None:
        values = {"rate": known.reserve_rate, "year": known.reserve_year, "amount": known.reserve_base}
        notes.append(Term("note.reserve", values))
    return Report(
        AVAILABLE, facts_of(fund), None, on, fund.basis.value, Term("line"),
        (ReportColumn("amount", Term("amount")),), rows, tuple(notes), None, now(),
    )  # fmt: skip


def _rows(known: Situation, cash: int) -> Iterator[ReportRow]:
    left, on = known.free, known.on
    spending = Opens(thing="commitments", last=on)
    yield _row("CASH", Term("available.cash"), cash, Opens(CASH, BEGINNING, on), "memo")
    yield _row(CLOSING, Term("available.balance"), known.balance, Opens(CLOSING, BEGINNING, on))
    yield _row(RECEIVABLE, Term("available.receivable"), -known.pledges, Opens(RECEIVABLE, BEGINNING, on))
    yield _row("PAID-IN", Term("available.paid-in"), known.cash, None, "total")
    yield _row("COMMITTED", Term("available.committed"), -known.commitments, spending)
    yield _row("RESERVE", Term("available.reserve"), -known.reserve, None)
    yield _row("ALLOTTED", Term("available.allotted"), -known.allotted, Opens(thing="budget", last=on))
    yield ReportRow("AVAILABLE", "grand", 0, Term("available.left"), (Amount(left),), None, left < 0)


def _row(code: str, label: Term, cents: int, opens: Opens | None, kind: str = "account") -> ReportRow:
    amount = Amount(cents, opens if cents else None)
    return ReportRow(code, "total" if kind == "total" else "memo" if kind == "memo" else "account", 0, label, (amount,))
