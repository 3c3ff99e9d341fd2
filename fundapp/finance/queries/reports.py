"""Any of the statements by its kind: one way in for pages, files and the command line."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from fundapp.finance.queries.balance_change import balance_change, compared
from fundapp.finance.queries.budget_actual import budget_actual
from fundapp.finance.queries.committable import committable
from fundapp.finance.queries.outstanding import outstanding
from fundapp.finance.queries.receivables import receivables
from fundapp.finance.queries.trial import trial_balance
from fundapp.finance.rules.reports import AVAILABLE, BALANCE, BUDGET, COMMITMENTS, COMPARED, RECEIVABLES, Report
from fundapp.funds.models import Fund


def drawn(session: Session, kind: str, fund: Fund, first: date, last: date, closed: Collection[int] = ()) -> Report:
    """A statement of a fund; one that holds on a day is of the last. closed: proposals that the reader is kept from."""
    if kind == BALANCE:
        return balance_change(session, fund, first, last)
    if kind == COMPARED:
        return compared(session, fund, first, last)
    if kind == BUDGET:
        return budget_actual(session, fund, first, last, closed)
    if kind == COMMITMENTS:
        return outstanding(session, fund, last, closed)
    if kind == RECEIVABLES:
        return receivables(session, fund, last)
    if kind == AVAILABLE:
        return committable(session, fund, last)
    return trial_balance(session, fund, first, last)
