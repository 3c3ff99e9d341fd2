"""The books of UPR as tests look at them: statements of any period, the journal, documents loaded."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from money import SYMBOL, Tables

from fundapp.access.operations import Console
from fundapp.finance.operations import Loaded, load_document
from fundapp.finance.queries import statement, understood
from fundapp.finance.statements import IncomeExpenditure
from fundapp.funds.models import Fund
from fundapp.funds.queries import named_fund
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.models import JournalEntry


def fund() -> Fund:
    return named_fund(db.session(), "UPR")


def of(first: date, last: date) -> IncomeExpenditure:
    return statement(db.session(), fund(), first, last)


def load(found: Tables, symbol: str = SYMBOL, *parts: str, period: tuple[date, date] | None = None) -> Loaded:
    sources = found.sources(*parts)
    with unit_of_work(Console()) as work:
        printed = understood(work.session, fund(), sources, period)
        return load_document(work, fund(), symbol, sources, printed)


def journal() -> list[tuple[date, str]]:
    table = JournalEntry.__table__
    return [tuple(row) for row in db.session.execute(sa.select(table.c.posted_on, table.c.digest).order_by(table.c.id))]


def refused(*codes: str) -> pytest.RaisesExc[Refusal]:
    return pytest.RaisesExc(Refusal, check=lambda error: tuple(fault.code for fault in error.faults) == codes)
