"""The trial balance of a fund: every account with what it held, both its sides, and what it holds."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.finance.drawn import facts_of
from fundapp.finance.queries.statements import account_names
from fundapp.finance.rules.reports import TRIAL, Amount, Opens, Report, ReportColumn, ReportRow, Term, sums
from fundapp.funds.models import Fund
from fundapp.kernel.clock import now
from fundapp.ledger.models import JournalEntry
from fundapp.ledger.queries import turnovers

CODES = ("opening-debit", "opening-credit", "debits", "credits", "closing-debit", "closing-credit")


def trial_balance(session: Session, fund: Fund, first: date, last: date) -> Report:
    """All accounts of a fund in a period: debits and credits before it, in it and after it, each pair of columns
    adding up to the same. Three queries."""
    names = account_names(session)
    rows = [
        ReportRow(
            code,
            "account",
            0,
            names[code],
            tuple(
                Amount(cents, Opens(first=first, last=last, thing="account", number=code) if cents else None)
                for cents in (*_sides(one.opening), one.debits, one.credits, *_sides(one.closing))
            ),
            Opens(first=first, last=last, thing="account", number=code),
        )
        for code, one in turnovers(session, fund.id, first, last).items()
    ]
    total = ReportRow("TOTAL", "grand", 0, Term("total"), sums([row.cells for row in rows], len(CODES), len(CODES)))
    columns = tuple(ReportColumn(code, Term(f"trial.{code}")) for code in CODES)
    return Report(
        TRIAL, facts_of(fund), first, last, fund.basis.value, Term("account"), columns, (*rows, total), (),
        posted(session, fund.id, first, last), now(),
    )  # fmt: skip


def posted(session: Session, fund_id: int, first: date, last: date) -> int:
    """How many entries a fund has in a period."""
    found = session.scalar(
        sa.select(sa.func.count())
        .select_from(JournalEntry)
        .where(JournalEntry.fund_id == fund_id, JournalEntry.posted_on.between(first, last))
    )
    return int(found or 0)


def _sides(cents: int) -> tuple[int, int]:
    """A balance on its side: debit, credit."""
    return max(cents, 0), max(-cents, 0)
