"""The figures of the statements, each in one SQL statement, built once and when it is first asked: building costs more
than running it.

A period is cut at year ends (rules.Window). Years that are closed are read from their totals, the days around them from
the postings: one range of the covering index for each account, which a GROUP BY over the fund would not be.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from fundapp.kernel.outlines import CENTS, DAY, KEY, TEXT, YEAR, outline
from fundapp.ledger.rules import CONTRIBUTIONS, NO_DONOR, RECEIVABLE, Window

ACCOUNT = outline("account", id=KEY, code=TEXT)
CLOSED = outline("closed_year", fund_id=KEY, year=YEAR, last_day=DAY, entries=CENTS)
ENTRY = outline("journal_entry", id=KEY, fund_id=KEY, posted_on=DAY)
LINE = outline("posting", entry_id=KEY, account_id=KEY, fund_id=KEY, posted_on=DAY, donor_id=KEY, cents=CENTS)
TOTAL = outline(
    "year_total", fund_id=KEY, account_id=KEY, year=YEAR, donor_id=KEY, debits=CENTS, credits=CENTS, entries=CENTS
)
if TYPE_CHECKING:
    from fundapp.kernel.outlines import Asked

_fund, _account = sa.bindparam("fund", type_=sa.BigInteger), sa.bindparam("account", type_=sa.String)
_before, _from, _to = (sa.bindparam(name, type_=sa.BigInteger) for name in ("before", "whole_from", "whole_to"))
_first, _last, _head = (sa.bindparam(name, type_=sa.Date) for name in ("first", "last", "head_last"))
_never = sa.bindparam("never", date.min, type_=sa.Date)
WHOLE = sa.BigInteger


@dataclass(frozen=True, slots=True)
class Receivable:
    """What a donor owed when the period began, what was added and what was settled; cents, both sides positive."""

    donor_id: int | None
    opening: int
    debits: int
    credits: int

    @property
    def closing(self) -> int:
        """What the donor owes when the period ends."""
        return self.opening + self.debits - self.credits


@dataclass(frozen=True, slots=True)
class Turnover:
    """What an account held when a period began (debit positive), and what it moved, both sides positive; cents."""

    opening: int
    debits: int
    credits: int

    @property
    def closing(self) -> int:
        """What it holds when the period ends, debit positive."""
        return self.opening + self.debits - self.credits


@dataclass(frozen=True, slots=True)
class StatementFigures:
    """All that a statement of income and expenditure needs: cents by account code, debit positive.

    opening: the balance before the first day. moved: within the period. entries: how many were posted in the period.
    beside: rows of the parts that `statement_with` added.
    """

    opening: dict[str, int]
    moved: dict[str, int]
    receivable: tuple[Receivable, ...]
    entries: int
    beside: tuple[tuple[str, int, int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ContributionFigures:
    """(year, donor, cents given) in the order of years; a reversal takes away, donor None is not attributed.

    entries: how many are behind them; one that names two donors counts for each.
    """

    rows: tuple[tuple[int, int | None, int], ...]
    entries: int


def movements(session: Asked, fund_id: int, first: date, last: date) -> dict[str, int]:
    """Account code -> cents moved from the first day to the last, both included; accounts that moved."""
    return {code: moved for code, (_, moved) in _by_account(session, fund_id, Window(first, last)).items() if moved}


def balances(session: Asked, fund_id: int, on: date) -> dict[str, int]:
    """Account code -> balance in cents at the end of a day; accounts with a balance."""
    after = on + timedelta(days=1)
    return {
        code: opening for code, (opening, _) in _by_account(session, fund_id, Window(after, after)).items() if opening
    }


def turnovers(session: Asked, fund_id: int, first: date, last: date) -> dict[str, Turnover]:
    """Account code -> what it held before the period, and both its sides within it; accounts that ever moved."""
    found: dict[str, Turnover] = {}
    for code, _, opening, debits, credit in session.execute(
        _turnovers(), _values(fund_id, Window(first, last), RECEIVABLE)
    ):
        known = found.get(code, Turnover(0, 0, 0))
        found[code] = Turnover(known.opening + opening, known.debits + debits, known.credits + credit)
    return {code: one for code, one in sorted(found.items()) if one.opening or one.debits or one.credits}


def statement_with(*parts: sa.Select[Any]) -> sa.CompoundSelect[Any]:
    """The statement's SQL with parts of somebody else's, so that a page asks once; build it once.

    A part has the columns code, donor (neither may be null), sum_1, sum_2 and sum_3, and may use the parameters
    `fund`, `first` and `last`.
    """
    return sa.union_all(*_account_parts(), *_receivable_parts(), *_count_parts(), *parts)


def statement_figures(
    session: Asked, fund_id: int, first: date, last: date, asked: sa.CompoundSelect[Any] | None = None
) -> StatementFigures:
    """The figures of a statement of income and expenditure; `asked` is what `statement_with` made."""
    beside: list[tuple[str, int, int, int, int]] = []
    opening: dict[str, int] = {}
    moved: dict[str, int] = {}
    owed: dict[int | None, list[int]] = {}
    entries = 0
    statement = _statement() if asked is None else asked
    for code, donor, one, two, three in session.execute(statement, _values(fund_id, Window(first, last), RECEIVABLE)):
        if code is not None and donor is not None:
            beside.append((code, donor, one, two, three))
        elif code is not None:
            if one:
                opening[code] = opening.get(code, 0) + one
            if two:
                moved[code] = moved.get(code, 0) + two
        elif donor is not None:
            sums = owed.setdefault(donor or None, [0, 0, 0])
            sums[:] = sums[0] + one, sums[1] + two, sums[2] + three
        else:
            entries += one
    by_donor = sorted(owed.items(), key=lambda item: item[0] or NO_DONOR)
    return StatementFigures(
        opening, moved, tuple(Receivable(donor, *sums) for donor, sums in by_donor if any(sums)), entries, tuple(beside)
    )


def contributions(session: Asked, fund_id: int, last: date, account_code: str = CONTRIBUTIONS) -> ContributionFigures:
    """What each donor gave in each year since the books began, to the end of a day."""
    # A year is either closed or read from its postings, so that no row meets another
    found = session.execute(_contributions(), _values(fund_id, Window(last, last), account_code)).all()
    rows = sorted((year, donor, cents) for year, donor, cents, _ in found)
    return ContributionFigures(
        tuple((year, donor or None, cents) for year, donor, cents in rows), sum(r[3] for r in found)
    )


def _by_account(session: Asked, fund_id: int, window: Window) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for code, _, opening, moved, _ in session.execute(_accounts(), _values(fund_id, window, RECEIVABLE)):
        known = found.get(code, (0, 0))
        found[code] = known[0] + opening, known[1] + moved
    return dict(sorted(found.items()))


def _values(fund_id: int, window: Window, account: str) -> dict[str, Any]:
    return {
        "fund": fund_id,
        "account": account,
        "first": window.first,
        "last": window.last,
        "before": window.before,
        "whole_from": window.whole_from,
        "whole_to": window.whole_to,
        "head_last": window.head_last,
    }


class _Year(FunctionElement[int]):
    """The year of a day. On SQLite its first four letters: strftime takes twice as long as the rest of the query."""

    inherit_cache = True
    type = WHOLE()


@compiles(_Year)
def _extracted(element: _Year, compiler: SQLCompiler, **given: Any) -> str:
    [day] = element.clauses
    return compiler.process(sa.extract("year", day).cast(WHOLE), **given)


@compiles(_Year, "sqlite")
def _cut_off(element: _Year, compiler: SQLCompiler, **given: Any) -> str:
    [day] = element.clauses
    return compiler.process(sa.func.substr(day, 1, 4).cast(sa.Integer), **given)


def _sum(value: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.coalesce(sa.func.sum(value), 0), WHOLE)  # PostgreSQL adds up to numeric


def _when(condition: sa.ColumnElement[bool], value: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.case((condition, value), else_=0)


def _closed_to(condition: sa.ColumnElement[bool], otherwise: sa.ColumnElement[date]) -> sa.ColumnElement[date]:
    """The last day of the closed years meant, from which on the postings are read."""
    return (
        sa.select(sa.func.coalesce(sa.func.max(CLOSED.c.last_day), otherwise, type_=sa.Date))
        .where(CLOSED.c.fund_id == _fund, condition)
        .scalar_subquery()
    )


# Where the postings have to be read: after the closed years before the period, and after those inside it.
_AFTER_BEFORE = _closed_to(CLOSED.c.year <= _before, _never)
_AFTER_INSIDE = _closed_to(CLOSED.c.year.between(_from, _to), _head)
_IS_WHOLE = TOTAL.c.year.between(_from, _to)


def _range(*conditions: sa.ColumnElement[bool], value: sa.ColumnElement[Any] = LINE.c.cents) -> sa.ColumnElement[int]:
    """The cents an account moved in a range of days, as a subquery for each account."""
    return (
        sa.select(_sum(value))
        .where(LINE.c.account_id == ACCOUNT.c.id, LINE.c.fund_id == _fund, *conditions)
        .correlate(ACCOUNT)
        .scalar_subquery()
    )


def _part(
    code: sa.ColumnElement[Any] | None, donor: sa.ColumnElement[Any] | None, *sums: sa.ColumnElement[Any]
) -> sa.Select[Any]:
    """One part of the answer: a row with a code is of an account, with a donor of the receivable, else a count."""
    nothing = sa.literal(0, WHOLE)
    return sa.select(
        (sa.null() if code is None else code).cast(sa.String).label("code"),
        (sa.null() if donor is None else donor).cast(WHOLE).label("donor"),
        *(value.label(f"sum_{n}") for n, value in enumerate([*sums, nothing, nothing][:3], 1)),
    )


@cache
def _accounts() -> sa.CompoundSelect[Any]:
    return sa.union_all(*_account_parts())


@cache
def _turnovers() -> sa.CompoundSelect[Any]:
    return sa.union_all(*_turnover_parts())


@cache
def _statement() -> sa.CompoundSelect[Any]:
    return statement_with()


def _account_parts() -> list[sa.Select[Any]]:
    moved = TOTAL.c.debits - TOTAL.c.credits
    return [
        _part(
            ACCOUNT.c.code,
            None,
            _range(LINE.c.posted_on > _AFTER_BEFORE, LINE.c.posted_on < _first),
            _range(LINE.c.posted_on >= _first, LINE.c.posted_on <= _head)
            + _range(LINE.c.posted_on > _AFTER_INSIDE, LINE.c.posted_on <= _last),
        ),
        _part(ACCOUNT.c.code, None, _sum(_when(TOTAL.c.year <= _before, moved)), _sum(_when(_IS_WHOLE, moved)))
        .select_from(TOTAL.join(ACCOUNT, ACCOUNT.c.id == TOTAL.c.account_id))
        .where(TOTAL.c.fund_id == _fund)
        .group_by(ACCOUNT.c.code),
    ]


def _turnover_parts() -> list[sa.Select[Any]]:
    debit, credit = _when(LINE.c.cents > 0, LINE.c.cents), _when(LINE.c.cents < 0, -LINE.c.cents)
    head = (LINE.c.posted_on >= _first, LINE.c.posted_on <= _head)
    tail = (LINE.c.posted_on > _AFTER_INSIDE, LINE.c.posted_on <= _last)
    before = _range(LINE.c.posted_on > _AFTER_BEFORE, LINE.c.posted_on < _first)
    moved = TOTAL.c.debits - TOTAL.c.credits
    return [
        _part(
            ACCOUNT.c.code,
            None,
            before,
            _range(*head, value=debit) + _range(*tail, value=debit),
            _range(*head, value=credit) + _range(*tail, value=credit),
        ),
        _part(
            ACCOUNT.c.code,
            None,
            _sum(_when(TOTAL.c.year <= _before, moved)),
            _sum(_when(_IS_WHOLE, TOTAL.c.debits)),
            _sum(_when(_IS_WHOLE, TOTAL.c.credits)),
        )
        .select_from(TOTAL.join(ACCOUNT, ACCOUNT.c.id == TOTAL.c.account_id))
        .where(TOTAL.c.fund_id == _fund)
        .group_by(ACCOUNT.c.code),
    ]


def _receivable_parts() -> list[sa.Select[Any]]:
    account = sa.select(ACCOUNT.c.id).where(ACCOUNT.c.code == _account).scalar_subquery()
    began = LINE.c.posted_on >= _first
    sums = (
        _sum(_when(~began, LINE.c.cents)),
        _sum(_when(began & (LINE.c.cents > 0), LINE.c.cents)),
        _sum(_when(began & (LINE.c.cents < 0), -LINE.c.cents)),
    )
    donor = sa.func.coalesce(LINE.c.donor_id, NO_DONOR)
    lines = _part(None, donor, *sums).where(LINE.c.account_id == account, LINE.c.fund_id == _fund).group_by(donor)
    return [
        lines.where(LINE.c.posted_on > _AFTER_BEFORE, LINE.c.posted_on <= _head),
        lines.where(LINE.c.posted_on > _AFTER_INSIDE, LINE.c.posted_on <= _last),
        _part(
            None,
            TOTAL.c.donor_id,
            _sum(_when(TOTAL.c.year <= _before, TOTAL.c.debits - TOTAL.c.credits)),
            _sum(_when(_IS_WHOLE, TOTAL.c.debits)),
            _sum(_when(_IS_WHOLE, TOTAL.c.credits)),
        )
        .where(TOTAL.c.fund_id == _fund, TOTAL.c.account_id == account)
        .group_by(TOTAL.c.donor_id),
    ]


def _count_parts() -> list[sa.Select[Any]]:
    counted = _part(None, None, sa.func.count()).select_from(ENTRY).where(ENTRY.c.fund_id == _fund)
    return [
        _part(None, None, _sum(CLOSED.c.entries)).where(CLOSED.c.fund_id == _fund, CLOSED.c.year.between(_from, _to)),
        counted.where(ENTRY.c.posted_on >= _first, ENTRY.c.posted_on <= _head),
        counted.where(ENTRY.c.posted_on > _AFTER_INSIDE, ENTRY.c.posted_on <= _last),
    ]


@cache
def _contributions() -> sa.CompoundSelect[Any]:
    account = sa.select(ACCOUNT.c.id).where(ACCOUNT.c.code == _account).scalar_subquery()
    closed = _closed_to(CLOSED.c.year <= _to, _never)
    year, donor = _Year(LINE.c.posted_on), sa.func.coalesce(LINE.c.donor_id, NO_DONOR)
    return sa.union_all(
        sa.select(
            TOTAL.c.year, TOTAL.c.donor_id, (TOTAL.c.credits - TOTAL.c.debits).label("cents"), TOTAL.c.entries
        ).where(TOTAL.c.fund_id == _fund, TOTAL.c.account_id == account, TOTAL.c.year <= _to),
        sa.select(year, donor, _sum(-LINE.c.cents), sa.func.count(LINE.c.entry_id.distinct()))
        .where(
            LINE.c.account_id == account,
            LINE.c.fund_id == _fund,
            LINE.c.posted_on > closed,
            LINE.c.posted_on <= _last,
        )
        .group_by(year, donor),
    )
