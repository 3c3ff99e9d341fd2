"""Statements out of the books, read without the models: a command draws one while those would still be loading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from fundapp.contributions.naming import names_of_donors
from fundapp.finance.rules import LayoutLine, Owed, after, contribution_period, statement_rows
from fundapp.finance.statements import Contribution, Contributions, FundFacts, IncomeExpenditure
from fundapp.kernel.clock import now
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.outlines import DAY, FLAG, KEY, NAMES, TEXT, YEAR, names, outline
from fundapp.kernel.text import fold
from fundapp.ledger.figures import StatementFigures, statement_figures
from fundapp.ledger.figures import contributions as given

if TYPE_CHECKING:
    from fundapp.funds.models import Fund
    from fundapp.kernel.outlines import Asked

FUND = outline("fund", id=KEY, code=TEXT, basis=TEXT, biennial_until=YEAR, layout_id=KEY, **NAMES)
HELD = outline("fund_layout", fund_id=KEY, since=DAY, layout_id=KEY)
LINE = outline(
    "statement_line", layout_id=KEY, position=YEAR, code=TEXT, section=TEXT, kind=TEXT, level=YEAR, if_moved=FLAG,
    **NAMES,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FundAsked:
    """A fund as a statement asks for it."""

    id: int
    code: str
    names: Mapping[str, str]
    basis: str
    biennial_until: int
    layout_id: int


def fund_asked(session: Asked, code: str) -> FundAsked | None:
    """The fund known by a code such as "UPR"; one query."""
    row = session.execute(sa.select(FUND).where(FUND.c.code == code)).one_or_none()
    if row is None:
        return None
    return FundAsked(row.id, row.code, names(row), row.basis, row.biennial_until, row.layout_id)


# Layouts in use never change, and the days from which they hold neither: a process reads each once.
_LAYOUTS: dict[tuple[str, int], list[LayoutLine]] = {}  # (database, layout) -> lines
_HELD: dict[tuple[str, int], list[tuple[date, int]]] = {}  # (database, fund) -> from when on which layout


def layout_of(session: Asked, fund: Fund | FundAsked, on: date = date.max) -> list[LayoutLine]:
    """The layout of the fund's statements of periods that end on a day, as plain facts, with the accounts of the
    layouts before it; without a day the newest."""
    bind = session if isinstance(session, sa.Connection) else session.get_bind()
    database = str(bind.engine.url)
    held = _HELD.get((database, fund.id)) or _held(session, fund.id)
    if held:  # a fund that is not set up yet will have some
        _HELD[database, fund.id] = held
    wanted = [key for since, key in held if since <= on] or [fund.layout_id]
    found: list[LayoutLine] = []
    for key in wanted:
        if (database, key) not in _LAYOUTS:
            _LAYOUTS[database, key] = _lines(session, key)
        found = after(found, _LAYOUTS[database, key])
    return found


def _held(session: Asked, fund_id: int) -> list[tuple[date, int]]:
    asked = sa.select(HELD.c.since, HELD.c.layout_id).where(HELD.c.fund_id == fund_id).order_by(HELD.c.since)
    return [(since, key) for since, key in session.execute(asked)]


def _lines(session: Asked, layout_id: int) -> list[LayoutLine]:
    asked = sa.select(LINE).where(LINE.c.layout_id == layout_id).order_by(LINE.c.position)
    return [
        LayoutLine(line.code, line.section, line.kind, line.level, line.if_moved, names(line))
        for line in session.execute(asked)
    ]


def facts_of(fund: Fund | FundAsked) -> FundFacts:
    """What a statement says of its fund."""
    return FundFacts(fund.code, fund.names)


def statement(session: Asked, fund: Fund | FundAsked, first: date, last: date) -> IncomeExpenditure:
    """Income, expenditure and fund balance of a period, out of the books."""
    figures = statement_figures(session, fund.id, first, last)
    return drawn(fund, first, last, figures, layout_of(session, fund, last), LANGUAGES)


def drawn(
    fund: Fund | FundAsked,
    first: date,
    last: date,
    figures: StatementFigures,
    layout: Sequence[LayoutLine],
    languages: Sequence[str],
) -> IncomeExpenditure:
    """Figures as a statement in the lines of a layout; languages: those that the labels are wanted in."""
    owed = [Owed(debt.opening, debt.debits, debt.credits) for debt in figures.receivable]
    rows = statement_rows(layout, first, last, figures.opening, figures.moved, owed, languages)
    return IncomeExpenditure(facts_of(fund), first, last, str(fund.basis), rows, figures.entries, now())


def contributions(session: Asked, fund: Fund | FundAsked, last: date) -> Contributions:
    """Contributions since the fund was set up, by period and donor, under the names of the statement's last day."""
    found = given(session, fund.id, last)
    known = names_of_donors(session, last)
    sums: dict[tuple[str, int | None], int] = {}
    for year, donor_id, cents in found.rows:
        key = (contribution_period(year, fund.biennial_until), donor_id)
        sums[key] = sums.get(key, 0) + cents
    rows = [
        Contribution(period, *_known(known, donor_id), amount=cents)
        for (period, donor_id), cents in sums.items()
        if cents
    ]
    rows.sort(key=lambda row: (row.period, row.donor is None, fold(row.labels.get("en", ""))))
    return Contributions(facts_of(fund), last, str(fund.basis), tuple(rows), sum(sums.values()), found.entries, now())


def _known(known: Mapping[int, tuple[str, dict[str, str]]], donor_id: int | None) -> tuple[str | None, dict[str, str]]:
    return known[donor_id] if donor_id else (None, {})
