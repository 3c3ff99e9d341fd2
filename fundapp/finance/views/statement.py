"""The statement of income and expenditure: every figure opens, and stands beside what was printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import render_template, url_for
from markupsafe import Markup

from fundapp.access.gate import needs
from fundapp.access.policy import Permission
from fundapp.finance.checks import Check, Status
from fundapp.finance.queries import AsPrinted, statement_beside
from fundapp.finance.statements import IncomeExpenditure
from fundapp.finance.views.blueprint import blueprint, fund_for, language, period, years
from fundapp.kernel.database import db
from fundapp.kernel.languages import is_whole_years
from fundapp.kernel.money import parse_printed

LETTERS = "abcdefghij"
HEADINGS = ("income", "expenditure", "adjustment")  # the parts of the statement; what follows the last is its balance
CSS = {"total": "app-table__total", "grand": "app-table__grand", "memo": "app-in app-table__memo"}
MARKED = {
    "closing": "CLOSING",
    "support-costs": "EXP.PSC",
    "unpaid-pledges": "PLEDGES.PRIOR",
    "income-total": "INC.TOTAL",
    "expenditure-total": "EXP.TOTAL",
    "net": "NET",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A check in the strip above the table: the figure when it agrees, else by how much it does not."""

    check: Check
    cents: int
    mark: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the page: what the books say, what was printed, and the difference; amounts in cents."""

    code: str
    css: str
    figures: bool
    label: str
    amount: int | None
    href: str | None
    printed: int | None
    places: int
    difference: int | None
    mark: str


Groups = tuple[tuple[str, tuple[Line, ...]], ...]


@blueprint.get("/statement")
@needs(Permission.BOOKS_READ)
def statement() -> str:
    """Income, expenditure and fund balance of a period."""
    fund = fund_for(Permission.BOOKS_READ)
    first, last = period(fund)
    facts, printed = statement_beside(db.session(), fund, first, last, (language(),))
    notes = marks(printed.checks if printed else ())
    letters = {check.id: letter for letter, check in notes.values()}
    span: dict[str, Any] = {"from": first.isoformat(), "to": last.isoformat()}
    return render_template(
        "finance/statement.html",
        facts=facts,
        printed=printed,
        shown=[shown(check, letters.get(check.id, "")) for check in strip(printed)],
        table=_table(language(), groups(facts, printed, notes, span), printed is not None),
        notes=[(letter, check) for letter, check in notes.values()],
        files=files(span),
        years=years(),
        whole_year=first.year if is_whole_years(first, last) and first.year == last.year else None,
        span=span,
    )


def files(span: dict[str, Any]) -> list[tuple[str, str]]:
    """The statement as a file: (kind, address)."""
    first = url_for("publishing.income_expenditure", kind="pdf", **span)
    return [(kind.upper(), first.replace(".pdf?", f".{kind}?")) for kind in ("pdf", "xlsx", "csv")]


def strip(printed: AsPrinted | None) -> list[Check]:
    """The checks that stand above the table: what adds up and what does not; a mere note stands below."""
    return [check for check in printed.checks if check.status is not Status.NOTE] if printed else []


def shown(check: Check, mark: str) -> Shown:
    """A check as the strip shows it."""
    return Shown(check, parse_printed(check.printed if check.agrees else check.difference) or 0, mark)


def marks(checks: Sequence[Check]) -> dict[str, tuple[str, Check]]:
    """Line -> its note's letter and the check it comes from: those that do not simply agree."""
    wanting = [check for check in checks if not check.agrees and check.id in MARKED]
    return {MARKED[check.id]: (letter, check) for letter, check in zip(LETTERS, wanting, strict=False)}


def groups(
    facts: IncomeExpenditure, printed: AsPrinted | None, notes: dict[str, tuple[str, Check]], span: dict[str, Any]
) -> Groups:
    """The statement's rows as the page shows them, under the headings of its parts; a total closes its part."""
    found: list[tuple[str, list[Line]]] = []
    entries, spoken = url_for("finance.entries", **span), language()
    for row in facts.rows:
        if row.section in HEADINGS and (not found or found[-1][0] != row.section):
            found.append((row.section, []))
        cents, places = printed.figures.get(row.line, (None, 2)) if printed else (None, 2)
        found[-1][1].append(
            Line(
                row.line,
                CSS.get(row.kind) or ("app-in2" if row.level > 1 else "app-in"),
                row.kind != "header",
                row.labels[spoken],
                row.amount,
                f"{entries}&line={row.line}" if row.amount else None,
                cents,
                places,
                cents - row.amount if row.amount is not None and cents is not None else None,
                notes[row.line][0] if row.line in notes else "",
            )
        )
    return tuple((section, tuple(lines)) for section, lines in found)


@lru_cache(maxsize=256)
def _table(language: str, groups: Groups, printed: bool) -> Markup:
    """The table, drawn once for the same figures: half of the page's time. Other figures are another key."""
    return Markup(render_template("finance/_statement_table.html", groups=groups, printed=printed))  # noqa: S704
