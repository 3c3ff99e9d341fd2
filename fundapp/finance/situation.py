"""The financial situation of a fund on a day, out of its books: for the Board that meets, for whoever commits, and for
the envelope of scenarios."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from fundapp.board.queries import situations
from fundapp.board.rules.situation import Situation
from fundapp.finance.queries import statement_beside
from fundapp.finance.queries.parts import bound
from fundapp.finance.queries.spending import by_group
from fundapp.finance.rules import CLOSING, CURRENT_PLEDGES, EXPENDITURE_TOTAL, INCOME_TOTAL, OPENING, PRIOR_PLEDGES
from fundapp.finance.rules.books import EARLIER
from fundapp.finance.statements import IncomeExpenditure
from fundapp.funds.models import Fund
from fundapp.kernel.languages import DEFAULT
from fundapp.scoring.queries import envelopes

IN_ENGLISH = (DEFAULT,)


def situation(session: Session, fund: Fund, on: date) -> Situation:
    """What a fund has on a day, what came and went since the year began, and what is kept back: the fund's share of
    what was spent in the last full year that its books know; and what of it is bound. Three queries."""
    used = bound(session, fund.id, on)
    last = used.newest
    year = _statement(session, fund, date(on.year, 1, 1), on)
    full = on.year if (on.month, on.day) == (12, 31) else on.year - 1
    base = None if last is None else min(full, last.year)
    spent = 0
    if base is not None:
        whole = year if base == on.year else _statement(session, fund, date(base, 1, 1), date(base, 12, 31))
        # what was spent before the books were opened is no year's
        spent = _of(whole, EXPENDITURE_TOTAL) - _of(whole, EARLIER)
    before, income, expenditure = (_of(year, line) for line in (OPENING, INCOME_TOTAL, EXPENDITURE_TOTAL))
    allotted = sum(max(use.left, 0) for by_class in by_group(used).values() for use in by_class.values())
    return Situation(
        on, before, income, expenditure, _of(year, CLOSING) - before - income + expenditure,
        -(_of(year, PRIOR_PLEDGES) + _of(year, CURRENT_PLEDGES)), fund.reserve_rate, base, spent, last,
        used.committed, allotted,
    )  # fmt: skip


def _statement(session: Session, fund: Fund, first: date, last: date) -> IncomeExpenditure:
    return statement_beside(session, fund, first, last, IN_ENGLISH)[0]


def _of(found: IncomeExpenditure, line: str) -> int:
    """The amount of a line; nothing where the fund prints no such line."""
    return next((row.amount or 0 for row in found.rows if row.line == line), 0)


def envelope(session: Session, fund: Fund, on: date) -> int:
    """What is free for new projects, as scenarios offer it."""
    return situation(session, fund, on).free


situations.FROM.append(situation)
envelopes.FROM.append(envelope)
