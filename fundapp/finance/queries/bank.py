"""Reading bank statements: what moved, what became of it, and which open instalments it may pay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.contributions.models import Donor, DonorAlias, DonorName
from fundapp.finance.models import BankLine, BankStatement, Receipt
from fundapp.finance.queries.receiving import binding, parts
from fundapp.finance.rules.bank import Movement, ReadStatement, soon_enough
from fundapp.finance.rules.matching import Match, Names, Open, matches, names_of
from fundapp.funds.models import Fund
from fundapp.kernel.errors import refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.money import Money
from fundapp.kernel.text import fold
from fundapp.reference.models import CountryAlias, Currency

PAGE = 25


class LineState(StrEnum):
    """What became of a movement: it waits for somebody to look at it, is recorded as a receipt, is no receipt of a
    contribution, or was paid out."""

    WAITING = "waiting"
    RECEIVED = "received"
    PASSED = "passed"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Row:
    """A movement in a list, and what became of it."""

    id: int
    booked_on: date
    minor: int
    currency: str
    account: str
    statement: str
    statement_id: int
    reference: str
    counterparty: str
    text: str
    state: LineState
    receipt: str
    receipt_id: int | None
    passed_reason: str
    passed_by: str
    version: int

    @property
    def money(self) -> Money:
        """What moved."""
        return Money(self.minor, self.currency)

    @property
    def movement(self) -> Movement:
        """As the rules of matching take it."""
        return Movement(self.booked_on, self.minor, self.reference, self.counterparty, self.text)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of movements is narrowed to."""

    words: str = ""
    state: str = ""
    statement: int | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement in a list: what came of its lines, and whether it goes on where the one before it ended.

    gap: what lies between the closing balance of the statement before it on that account and its opening balance.
    """

    id: int
    account: str
    number: str
    layout: str
    name: str
    first: date
    last: date
    opening: Money
    closing: Money
    lines: int
    waiting: int
    by: str
    at: Any
    gap: Money | None


_OF_LINE = sa.and_(Receipt.bank_line_id == BankLine.id, Receipt.undone_at.is_(None))
_STATE: sa.ColumnElement[str] = sa.case(
    (BankLine.minor <= 0, LineState.OUT.value),
    (Receipt.id.is_not(None), LineState.RECEIVED.value),
    (BankLine.passed_at.is_not(None), LineState.PASSED.value),
    else_=LineState.WAITING.value,
)


def _is(state: str) -> sa.ColumnElement[bool]:
    """Whether a movement is in a state."""
    return _STATE.in_([str(state)])


def _lines(fund_id: int) -> sa.Select[Any]:
    columns: list[Any] = [
        BankLine.id, BankLine.booked_on, BankLine.minor, BankStatement.currency, BankStatement.account,
        BankStatement.number, BankStatement.id, BankLine.reference, BankLine.counterparty, BankLine.text, _STATE,
        Receipt.number, Receipt.id, BankLine.passed_reason, BankLine.passed_by, BankLine.version,
    ]  # fmt: skip
    asked: sa.Select[Any] = sa.select(*columns)
    asked = asked.join_from(BankLine, BankStatement, BankStatement.id == BankLine.statement_id)
    return asked.outerjoin(Receipt, _OF_LINE).where(BankLine.fund_id == fund_id)


def _row(found: Sequence[Any]) -> Row:
    said: list[Any] = list(found)
    said[10:13] = LineState(said[10]), said[11] or "", said[12]
    said[14] = said[14] or ""
    return Row(*said)


def lines(session: Session, fund_id: int, wanted: Wanted, *, every: bool = False) -> tuple[list[Row], int]:
    """A page of movements (or every one), the newest first, and how many there are in all; two queries."""
    asked = _lines(fund_id)
    if wanted.state:
        asked = asked.where(_is(wanted.state))
    if wanted.statement is not None:
        asked = asked.where(BankLine.statement_id == wanted.statement)
    if words := wanted.words.strip():
        columns = (BankLine.reference, BankLine.counterparty, BankLine.text)
        asked = asked.where(sa.or_(*(column.icontains(words, autoescape=True) for column in columns)))
    total = session.scalar(sa.select(sa.func.count()).select_from(asked.with_only_columns(BankLine.id).subquery()))
    asked = asked.order_by(BankLine.booked_on.desc(), BankLine.id.desc())
    if not every:
        asked = asked.limit(PAGE).offset((wanted.page - 1) * PAGE)
    return [_row(found) for found in session.execute(asked)], total or 0


def line_at(session: Session, fund_id: int, key: int) -> Row | None:
    """One movement of a fund; none where it has no such one."""
    found = session.execute(_lines(fund_id).where(BankLine.id == key)).first()
    return _row(found) if found is not None else None


def counts(session: Session, fund_id: int) -> dict[LineState, int]:
    """How many movements are in each state; one query."""
    asked = (
        sa.select(_STATE.label("state"), sa.func.count())
        .select_from(BankLine)
        .outerjoin(Receipt, _OF_LINE)
        .where(BankLine.fund_id == fund_id)
        .group_by("state")
    )
    known = dict(session.execute(asked).all())
    return {state: int(known.get(state.value, 0)) for state in LineState}


def unmatched(session: Session, fund_id: int, first: date, last: date) -> int:
    """How many movements of a period still wait for somebody to look at them: none, before it closes."""
    asked = (
        sa.select(sa.func.count())
        .select_from(BankLine)
        .outerjoin(Receipt, _OF_LINE)
        .where(BankLine.fund_id == fund_id, BankLine.booked_on.between(first, last))
        .where(_is(LineState.WAITING))
    )
    return session.scalar(asked) or 0


def statements(session: Session, fund_id: int) -> list[StatementRow]:
    """The statements of a fund, the newest first; one query."""
    waits = sa.func.sum(sa.case((_is(LineState.WAITING), 1), else_=0))
    asked = (
        sa.select(
            BankStatement, sa.func.count(BankLine.id), sa.func.coalesce(waits.filter(BankLine.id.is_not(None)), 0)
        )
        .outerjoin(BankLine, BankLine.statement_id == BankStatement.id)
        .outerjoin(Receipt, _OF_LINE)
        .where(BankStatement.fund_id == fund_id)
        .group_by(BankStatement.id)
        .order_by(BankStatement.first, BankStatement.last, BankStatement.id)
    )
    found, ended = list[StatementRow](), dict[tuple[str, str], int]()
    for one, total, waiting in session.execute(asked):
        key = (one.account, one.currency)
        apart = one.opening_minor - ended.get(key, one.opening_minor)
        ended[key] = one.closing_minor
        found.append(
            StatementRow(
                one.id, one.account, one.number, one.layout, one.name, one.first, one.last,
                Money(one.opening_minor, one.currency), Money(one.closing_minor, one.currency), total, int(waiting),
                one.by, one.at, Money(apart, one.currency) if apart else None,
            )
        )  # fmt: skip
    return found[::-1]


def accounts_known(session: Session, fund_id: int) -> set[str]:
    """The accounts of which the fund has statements."""
    return set(session.scalars(sa.select(BankStatement.account).where(BankStatement.fund_id == fund_id)))


def known_marks(session: Session, fund_id: int, given: Iterable[str]) -> set[str]:
    """Which of these movements are there already, from a statement that overlaps."""
    wanted, found = list(given), set[str]()
    for start in range(0, len(wanted), 1000):
        some = BankLine.mark.in_(wanted[start : start + 1000])
        found.update(session.scalars(sa.select(BankLine.mark).where(BankLine.fund_id == fund_id, some)))
    return found


def may_come_in(session: Session, found: Sequence[ReadStatement], today: date) -> None:
    """Refuse statements in a currency that nobody knows, or of days that no statement can be of yet."""
    known = set(session.scalars(sa.select(Currency.code)))
    for statement in found:
        if statement.currency not in known:
            raise refuse("rate.currency-unknown", currency=statement.currency[:3])
        soon_enough(statement, today)


def known_digests(session: Session, fund_id: int, given: Iterable[str]) -> dict[str, str]:
    """Digest -> name of each of these files that is there already."""
    asked = sa.select(BankStatement.digest, BankStatement.name).where(
        BankStatement.fund_id == fund_id, BankStatement.digest.in_(list(given))
    )
    return dict(session.execute(asked).all())


def open_instalments(session: Session, fund: Fund, donor: int | None = None) -> list[Open]:
    """What donors have promised the fund and not paid yet (or one of them), the earliest due first; one query."""
    return [
        Open(
            part.instalment.id, part.instalment.number, part.pledge.number, part.pledge.reference,
            part.pledge.donor_id, Money(part.stands.outstanding, part.pledge.currency), part.instalment.due_on,
        )
        for part in parts(session, binding(fund.id, donor))
        if part.stands.outstanding > 0
    ]  # fmt: skip


def spellings(session: Session) -> Names:
    """By which spellings a text of a bank names a donor: names in six languages, today's and earlier ones, what people
    noted, and those of its country; two queries."""
    named = [
        sa.select(key, *(getattr(model, f"name_{language}") for language in LANGUAGES))
        for model, key in ((Donor, Donor.id), (DonorName, DonorName.donor_id))
    ]
    noted = sa.select(DonorAlias.donor_id, DonorAlias.form).where(DonorAlias.removed_at.is_(None))
    of_countries = sa.select(Donor.id, CountryAlias.form).select_from(
        sa.outerjoin(CountryAlias, Donor, Donor.country == CountryAlias.country)
    )
    found = [(row[0], fold(name)) for row in session.execute(sa.union_all(*named)) for name in row[1:]]
    found += [(donor, form) for donor, form in session.execute(sa.union_all(noted, of_countries))]
    return names_of(found)


def proposed(session: Session, fund: Fund, rows: Sequence[Row]) -> Mapping[int, list[Match]]:
    """Line's key -> what it may pay, for those that wait; no query where none does."""
    waiting = [row for row in rows if row.state is LineState.WAITING]
    if not waiting:
        return {}
    opens, names = open_instalments(session, fund), spellings(session)
    return {row.id: matches(row.movement, row.currency, opens, names) for row in waiting}
