"""Changes in the balance of a fund, and its income and expenditure, beside the period before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy.orm import Session

from fundapp.finance.drawn import facts_of, layout_of, statement
from fundapp.finance.queries.statements import account_names
from fundapp.finance.rules.books import (
    ADVANCE,
    CASH,
    CLOSING,
    EXPENDITURE_TOTAL,
    INCOME_TOTAL,
    OPENING,
    OWED,
)
from fundapp.finance.rules.reports import (
    BALANCE,
    BEGINNING,
    COMPARED,
    Amount,
    Label,
    Opens,
    Report,
    ReportColumn,
    ReportRow,
    RowKind,
    Term,
    year_before,
)
from fundapp.finance.statements import IncomeExpenditure, Row
from fundapp.funds.models import Fund
from fundapp.kernel.clock import now
from fundapp.ledger.queries import balances
from fundapp.ledger.rules import RECEIVABLE

HELD = (CASH, RECEIVABLE, ADVANCE, OWED)
Period = tuple[date, date]


def balance_change(session: Session, fund: Fund, first: date, last: date) -> Report:
    """From what the fund held when the period began to what it holds when it ends, and what that is made of."""
    spans = ((first, last), year_before(first, last))
    found = [statement(session, fund, *span) for span in spans]
    rows = [*_changes(found, spans), *_made_of(session, fund, found, spans)]
    return _report(BALANCE, fund, spans, found, rows)


def compared(session: Session, fund: Fund, first: date, last: date) -> Report:
    """Income and expenditure of a period beside the one before, line by line."""
    spans = ((first, last), year_before(first, last))
    found = [statement(session, fund, *span) for span in spans]
    known = [{row.line: row for row in one.rows} for one in found]
    rows: list[ReportRow] = []
    section = ""
    for line in layout_of(session, fund):
        row = known[0].get(line.code) or known[1].get(line.code)
        if row is None:
            continue
        if row.section != section and row.section in ("income", "expenditure", "adjustment"):
            section = row.section
            rows.append(ReportRow(section, "group", 0, Term(f"section.{section}"), (None, None, None)))
        rows.append(_line(row, known, spans))
    return _report(COMPARED, fund, spans, found, rows)


def _line(row: Row, known: list[dict[str, Row]], spans: tuple[Period, Period]) -> ReportRow:
    kind: RowKind = "total" if row.kind == "total" else "grand" if row.kind == "grand" else "account"
    if row.kind == "header":
        return ReportRow(row.line, "account", row.level, row.labels, (None, None, None))
    amounts = [one[row.line].amount or 0 if row.line in one else 0 for one in known]
    return _row(row.line, "memo" if row.kind == "memo" else kind, row.level, row.labels, amounts, row.line, spans)


def _row(
    code: str, kind: RowKind, level: int, label: Label, amounts: list[int], line: str, spans: tuple[Period, Period]
) -> ReportRow:
    cells = [
        Amount(cents, Opens(line, *span) if cents and line else None)
        for cents, span in zip(amounts, spans, strict=True)
    ]
    return ReportRow(code, kind, level, label, (*cells, Amount(amounts[0] - amounts[1])))


def _changes(found: list[IncomeExpenditure], spans: tuple[Period, Period]) -> Iterator[ReportRow]:
    """The opening balance, what came, what went, and the closing balance."""
    known: list[Mapping[str, Row]] = [{row.line: row for row in one.rows} for one in found]

    def of(line: str) -> list[int]:
        return [one[line].amount or 0 if line in one else 0 for one in known]

    yield _row(OPENING, "account", 0, Term("opening"), of(OPENING), OPENING, spans)
    accounts = dict.fromkeys(row.line for one in found for row in one.rows if row.kind == "account")
    for section, sign in (("income", 1), ("expenditure", -1), ("adjustment", 1)):
        moved = [row for line in accounts if (row := known[0].get(line) or known[1][line]).section == section]
        moved = [row for row in moved if any(of(row.line))]
        if moved or section != "adjustment":
            yield ReportRow(section, "group", 0, Term(f"section.{section}"), (None, None, None))
        for row in moved:
            line = row.line
            yield _row(line, "account", 1, row.labels, [sign * cents for cents in of(line)], line, spans)
        total = {"income": INCOME_TOTAL, "expenditure": EXPENDITURE_TOTAL}.get(section)
        if total:
            yield _row(total, "total", 0, Term(f"total.{section}"), [sign * one for one in of(total)], total, spans)
    yield _row(CLOSING, "grand", 0, Term("closing"), of(CLOSING), CLOSING, spans)


def _made_of(
    session: Session, fund: Fund, found: list[IncomeExpenditure], spans: tuple[Period, Period]
) -> Iterator[ReportRow]:
    """What the closing balance is: cash and what is owed to the fund, less what it owes."""
    held = [balances(session, fund.id, last) for _, last in spans]
    names, days = account_names(session), tuple((BEGINNING, last) for _, last in spans)
    yield ReportRow("made-of", "group", 0, Term("made-of"), (None, None, None))
    for code in HELD:
        amounts = [one.get(code, 0) for one in held]
        if any(amounts) and code in names:
            yield _row(code, "account", 1, names[code], amounts, code, (days[0], days[1]))
    totals = [sum(one.get(code, 0) for code in HELD) for one in held]
    yield _row("NET.ASSETS", "total", 0, Term("net-assets"), totals, "", spans)
    closing = [next((row.amount or 0 for row in one.rows if row.line == CLOSING), 0) for one in found]
    if totals != closing:
        amounts = [one - other for one, other in zip(closing, totals, strict=True)]
        yield _row("DIFFERENCE", "memo", 0, Term("difference"), amounts, "", spans)


def _report(
    kind: str, fund: Fund, spans: tuple[Period, Period], found: list[IncomeExpenditure], rows: list[ReportRow]
) -> Report:
    heads = [Term("span", {"first": first, "last": last}) for first, last in spans]
    columns = (
        ReportColumn("amount", heads[0]),
        ReportColumn("before", heads[1]),
        ReportColumn("change", Term("change")),
    )
    return Report(
        kind, facts_of(fund), *spans[0], fund.basis.value, Term("line"), columns, tuple(rows), (), found[0].entries,
        now(),
    )  # fmt: skip
