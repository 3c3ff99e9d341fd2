"""Reading the books as statements, and printed documents as they were printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Person
from fundapp.contributions.queries import names_of_donors, scheduled
from fundapp.finance.checks import Check, Frame, checks, table1
from fundapp.finance.drawn import drawn, layout_of
from fundapp.finance.models import Annotation, PublishedCell, PublishedDocument
from fundapp.finance.printed import Printed, PrintedLine, understand
from fundapp.finance.rules import LayoutLine
from fundapp.finance.statements import IncomeExpenditure
from fundapp.finance.tie_out import NOBODY, TieYear, tie_out
from fundapp.funds.models import Fund, StatementLayout, SupportCostRate
from fundapp.funds.queries import layouts, support_cost_rate
from fundapp.kernel.clock import today
from fundapp.kernel.errors import refuse
from fundapp.kernel.languages import LANGUAGES, is_whole_years
from fundapp.kernel.sheets import Source, SourceRow
from fundapp.ledger.models import Account, ClosedYear, JournalEntry
from fundapp.ledger.queries import closed_years, earliest_year, last_closed, statement_figures, statement_with
from fundapp.ledger.queries import contributions as given
from fundapp.ledger.rules import CONTRIBUTIONS
from fundapp.reference.queries import gazetteer


@dataclass(frozen=True, slots=True)
class Note:
    """An annotation with its author's name."""

    subject: str
    text: str
    author: str
    at: date


def layout_code(session: Session, fund: Fund, on: date) -> str:
    """What the layout of a day is called."""
    held = [one.code for since, one in layouts(session, fund) if since <= on]
    return held[-1] if held else session.get_one(StatementLayout, fund.layout_id).code


def account_ids(session: Session) -> dict[str, int]:
    """Account code -> its key."""
    return dict(session.execute(sa.select(Account.code, Account.id)).all())


def account_names(session: Session) -> dict[str, dict[str, str]]:
    """Account code -> its names by language."""
    return {account.code: account.names for account in session.scalars(sa.select(Account))}


_FIGURE, _SYMBOL, _RATE = 0, 1, 2  # what a row beside the statement is: its last column says


@dataclass(frozen=True, slots=True)
class AsPrinted:
    """What a document printed for the period of a statement: line -> cents and how many decimals; and its checks."""

    symbol: str
    figures: Mapping[str, tuple[int, int]]
    checks: tuple[Check, ...]


def _beside() -> sa.CompoundSelect[tuple[object, ...]]:
    """The statement's SQL, and with it what the newest document of the same period printed."""
    cell, found, rate = PublishedCell.__table__, PublishedDocument.__table__, SupportCostRate.__table__
    wanted = [found.c.fund_id == sa.bindparam("fund"), found.c.first == sa.bindparam("first")]
    newest = sa.select(sa.func.max(found.c.id)).where(*wanted, found.c.last == sa.bindparam("last")).scalar_subquery()
    none, is_name = sa.literal(0, sa.BigInteger), sa.literal(_SYMBOL, sa.BigInteger)
    columns = (cell.c.cents.label("sum_1"), cell.c.places.label("sum_2"), none.label("sum_3"))
    figures = sa.select(cell.c.line.label("code"), cell.c.document_id.label("donor"), *columns).where(
        cell.c.document_id == newest, cell.c.cents.is_not(None)
    )
    name = sa.select(found.c.symbol, found.c.id, none, none, is_name).where(found.c.id == newest)
    no_document = sa.literal(0, sa.BigInteger)
    held = sa.select(sa.func.max(rate.c.since)).where(
        rate.c.fund_id == sa.bindparam("fund"), rate.c.since <= sa.bindparam("last")
    )
    charged = sa.select(rate.c.rate.cast(sa.String), no_document, none, none, sa.literal(_RATE, sa.BigInteger)).where(
        rate.c.fund_id == sa.bindparam("fund"), rate.c.since == held.scalar_subquery()
    )
    parts: tuple[Any, ...] = (figures, name, charged)
    return statement_with(*parts)


_STATEMENT_BESIDE = _beside()


def statement_beside(
    session: Session, fund: Fund, first: date, last: date, languages: Sequence[str] = LANGUAGES
) -> tuple[IncomeExpenditure, AsPrinted | None]:
    """The statement of a period, and what a document printed for it where one is loaded; asked in one statement.

    languages: those that the labels are wanted in.
    """
    figures = statement_figures(session, fund.id, first, last, _STATEMENT_BESIDE)
    layout = layout_of(session, fund, last)
    facts = drawn(fund, first, last, figures, layout, languages)
    return facts, _as_printed(facts, layout, figures.beside)


def _as_printed(
    facts: IncomeExpenditure, lines: Sequence[LayoutLine], beside: Sequence[tuple[str, int, int, int, int]]
) -> AsPrinted | None:
    """The printed figures that came with a statement, and whether they add up; kinds of rows as `_beside` asks."""
    symbol = next((code for code, *_, kind in beside if kind == _SYMBOL), None)
    if symbol is None:
        return None
    figures = {code: (cents, places) for code, _, cents, places, kind in beside if kind == _FIGURE}
    rate = Decimal(next((code for code, *_, kind in beside if kind == _RATE), "0"))
    texts = {code: f"{cents}." + "0" * places if places else f"{cents}" for code, (cents, places) in figures.items()}
    printed = tuple(PrintedLine(code, cents, texts[code]) for code, (cents, _) in figures.items())
    found = Printed(facts.first, facts.last, printed, (), None, ())
    return AsPrinted(symbol, figures, tuple(table1(found, frame_of(lines, rate, {}))))


def unattributed(session: Session, fund_id: int, year: int) -> int:
    """Income of a year that the books attribute to no donor yet, in cents."""
    found = given(session, fund_id, date(year, 12, 31))
    return sum(cents for found_year, donor_id, cents in found.rows if found_year == year and not donor_id)


def latest_year(session: Session, fund_id: int) -> int | None:
    """The year of the newest entry of the fund; None where it has no books yet."""
    newest = session.scalar(sa.select(sa.func.max(JournalEntry.posted_on)).where(JournalEntry.fund_id == fund_id))
    return newest.year if newest else None


def newest_entries(session: Session, fund_id: int, most: int) -> list[tuple[datetime, str, str | None, str]]:
    """What was last posted to the fund's books, newest first: (when, memo, source, actor)."""
    entry = JournalEntry.__table__.c
    asked = sa.select(entry.at, entry.memo, entry.source, entry.actor).where(entry.fund_id == fund_id)
    return [
        (at, memo, source, actor)
        for at, memo, source, actor in session.execute(asked.order_by(entry.id.desc()).limit(most))
    ]


def year_to_close(session: Session, fund_id: int) -> int | None:
    """The year whose turn it is to be closed, over or not; None before the books are opened."""
    closed = last_closed(session, fund_id)
    return closed + 1 if closed else earliest_year(session, fund_id)


def years_of(session: Session, fund_id: int) -> list[tuple[int, ClosedYear | None]]:
    """The financial years from the first entry to this one, newest first; a closed one with how it was closed."""
    earliest = earliest_year(session, fund_id)
    closed = {found.year: found for found in closed_years(session, fund_id)}
    return [(year, closed.get(year)) for year in range(today().year, (earliest or today().year) - 1, -1)]


def without_donor(session: Session, fund_id: int) -> list[tuple[int, int]]:
    """The years with income that the books attribute to no donor, newest first: (year, cents)."""
    found = given(session, fund_id, date.max)
    return [(year, cents) for year, donor_id, cents in reversed(found.rows) if not donor_id and cents]


def documents(session: Session, fund: Fund) -> Sequence[PublishedDocument]:
    """The printed documents of a fund, newest period first."""
    return session.scalars(
        sa.select(PublishedDocument)
        .where(PublishedDocument.fund_id == fund.id)
        .order_by(PublishedDocument.last.desc(), PublishedDocument.id.desc())
    ).all()


def document(session: Session, fund: Fund, symbol: str) -> PublishedDocument | None:
    """A printed document of the fund by its symbol."""
    return session.scalar(
        sa.select(PublishedDocument).where(PublishedDocument.fund_id == fund.id, PublishedDocument.symbol == symbol)
    )


def named_document(session: Session, fund: Fund, symbol: str) -> PublishedDocument:
    """The document someone names; an unknown one is refused with those there are."""
    found = document(session, fund, symbol)
    if found is None:
        known = ", ".join(known.symbol for known in documents(session, fund)) or "-"
        raise refuse("published.unknown", symbol=symbol, fund=fund.code, known=known)
    return found


def copy_of(session: Session, found: PublishedDocument) -> dict[str, Source]:
    """The tables of a document as they were printed, cell by cell."""
    cells = session.execute(
        sa.select(PublishedCell.part, PublishedCell.row, PublishedCell.heading, PublishedCell.text)
        .where(PublishedCell.document_id == found.id)
        .order_by(PublishedCell.part, PublishedCell.row, PublishedCell.position)
    )
    tables: dict[str, dict[int, dict[str, str]]] = {}
    for part, row, heading, text in cells:
        tables.setdefault(part, {}).setdefault(row, {})[heading] = text
    return {
        part: Source(part, tuple(rows[1]), tuple(SourceRow(n, row) for n, row in rows.items() if n > 1))
        for part, rows in tables.items()
    }


def understood(session: Session, fund: Fund, parts: Mapping[str, Source], period: tuple[date, date] | None) -> Printed:
    """Tables that somebody sends, as figures of the fund's own layout; every fault is named at once."""
    kinds = {line.code: line.kind for line in layout_of(session, fund)}
    known = gazetteer(session)
    codes = {*known.codes.values(), *(code for code, _names in names_of_donors(session, date.max).values())}
    return understand(parts, kinds, codes.__contains__, lambda text: ", ".join(known.nearest(text)) or "-", period)


def printed_of(session: Session, fund: Fund, found: PublishedDocument) -> Printed:
    """The figures of a printed document; its cells were understood once, when it was loaded."""
    kinds = {line.code: line.kind for line in layout_of(session, fund)}
    return understand(copy_of(session, found), kinds, lambda code: True, lambda code: "", (found.first, found.last))


@dataclass(frozen=True, slots=True)
class Examined:
    """A printed document, set beside the schedules and the books; names are of donors: code -> language -> name."""

    printed: Printed
    years: tuple[TieYear, ...]
    checks: list[Check]
    names: Mapping[str, Mapping[str, str]]


def examine(session: Session, fund: Fund, found: PublishedDocument) -> Examined:
    """Add a document up, and tie its Table 2 to the schedules and the books, year by year."""
    printed, donors = printed_of(session, fund, found), names_of_donors(session, found.last)
    names = dict(donors.values())
    rows = given(session, fund.id, found.last).rows
    booked = {(year, donors[donor_id][0] if donor_id else NOBODY): cents for year, donor_id, cents in rows}
    received = printed.cents(CONTRIBUTIONS)
    whole_year = is_whole_years(printed.first, printed.last) and printed.first.year == printed.last.year
    table1_of = {printed.last.year: received} if whole_year and received is not None else {}
    english = {code: labels["en"] for code, labels in names.items()}
    years = tie_out(printed.donors, scheduled(session, fund.id), booked, table1_of, english)
    frame = frame_of(layout_of(session, fund, found.last), support_cost_rate(session, fund, found.last), names)
    return Examined(printed, years, checks(printed, frame, years), names)


def frame_of(lines: Sequence[LayoutLine], rate: Decimal, names: Mapping[str, Mapping[str, str]]) -> Frame:
    """What the checks know beside the document."""
    accounts = {line.code: line.section for line in lines if line.is_account}
    income = frozenset(code for code, section in accounts.items() if section == "income")
    expenditure = frozenset(code for code, section in accounts.items() if section == "expenditure")
    return Frame(income, expenditure, rate, names)


def notes(session: Session, found: PublishedDocument) -> Mapping[str, list[Note]]:
    """What people said of the document's differences: subject -> notes, oldest first."""
    rows = session.execute(
        sa.select(Annotation.subject, Annotation.text, Person.name, Annotation.at)
        .join(Person, Person.id == Annotation.person_id)
        .where(Annotation.document_id == found.id)
        .order_by(Annotation.id)
    )
    by_subject: dict[str, list[Note]] = {}
    for subject, text, author, at in rows:
        by_subject.setdefault(subject, []).append(Note(subject, text, author, at.date()))
    return by_subject
