"""Contributions since the fund was set up: a chart, and the table with every figure open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.gate import exports, needs
from fundapp.access.policy import Permission
from fundapp.access.views.page import file
from fundapp.finance.queries import contributions, documents, printed_of
from fundapp.finance.rules.reports import BEGINNING
from fundapp.finance.statements import Contributions
from fundapp.finance.views.blueprint import blueprint, fund_for, language, period, years
from fundapp.finance.views.entries import NOBODY
from fundapp.funds.models import Fund
from fundapp.kernel.database import db
from fundapp.kernel.sheets import Cell
from fundapp.kernel.text import fold


@dataclass(frozen=True, slots=True)
class Giver:
    """A donor's row: name, cents by period, nil where the donor gave nothing; code None is nobody."""

    code: str | None
    name: str
    english: str
    amounts: tuple[int, ...]

    @property
    def total(self) -> int:
        """What the donor gave in all, in cents."""
        return sum(self.amounts)


def givers(facts: Contributions) -> list[Giver]:
    """The rows of the matrix, donors in the order of their English names, nobody last."""
    periods = facts.periods()
    found: dict[str | None, dict[str, int]] = {}
    labels: dict[str | None, tuple[str, str]] = {None: (_("Not attributed to a donor"), "")}
    for row in facts.rows:
        found.setdefault(row.donor, {})[row.period] = row.amount
        if row.donor:
            labels[row.donor] = (row.labels[language()], row.labels["en"])
    every = [
        Giver(code, *labels[code], tuple(amounts.get(period, 0) for period in periods))
        for code, amounts in found.items()
    ]
    return sorted(every, key=lambda giver: (giver.code is None, fold(giver.english)))


def chosen(every: list[Giver]) -> list[Giver]:
    """The rows that the address asks for, in the order it asks for."""
    wanted, sort = fold(request.args.get("donor", "")), request.args.get("sort", "donor")
    rows = [giver for giver in every if wanted in fold(f"{giver.name} {giver.english} {giver.code or ''}")]
    if sort.removeprefix("-") == "total":
        rows.sort(key=lambda giver: giver.total, reverse=sort.startswith("-"))
    elif sort == "-donor":
        rows.reverse()
    return rows


def span_of(period: str) -> dict[str, Any]:
    """The days of a printed period: "2016-2017" or "2018"."""
    first, _dash, last = period.partition("-")
    return {"from": f"{first}-01-01", "to": f"{last or first}-12-31"}


def opens(code: str | None, period: str | None, last: date) -> str:
    """The entries behind a figure of the table; period None for all of them."""
    span: dict[str, Any] = span_of(period) if period else {"from": BEGINNING.isoformat(), "to": last.isoformat()}
    return url_for("finance.entries", line="INC.CONTRIB", donor=code or NOBODY, **span)


@blueprint.get("/contributions", endpoint="contributions")
@needs(Permission.BOOKS_READ)
def contributions_page() -> str:
    """Contributions by donor and period, as a chart and as a table."""
    fund = fund_for(Permission.BOOKS_READ)
    facts = contributions(db.session(), fund, period(fund)[1])
    every = givers(facts)
    return render_template(
        "finance/contributions.html",
        facts=facts,
        periods=facts.periods(),
        rows=chosen(every),
        named=[giver for giver in every if giver.code],
        sums=[sum(column) for column in zip(*(giver.amounts for giver in every), strict=True)],
        opens=opens,
        places=0 if all(not row.amount % 100 for row in facts.rows) else 2,
        printed=_printed_total(fund, facts.last),
        years=years(),
        single=next((n for n, one in enumerate(facts.periods()) if "-" not in one), 0),
    )


def _printed_total(fund: Fund, last: date) -> tuple[str, int, int] | None:
    """The newest document to that day: its symbol, its printed total of Table 2, and what its rows add up to."""
    found = next((one for one in documents(db.session(), fund) if one.last <= last), None)
    if found is None:
        return None
    printed = printed_of(db.session(), fund, found)
    if printed.total is None or printed.total.cents is None:
        return None
    return found.symbol, printed.total.cents, sum(row.cents for row in printed.donors)


@blueprint.get("/contributions.<any(csv, xlsx):kind>")
@needs(Permission.BOOKS_READ)
@exports
def contributions_file(kind: str) -> Response:
    """The table as it is filtered, a column for each period."""
    fund = fund_for(Permission.BOOKS_READ)
    facts = contributions(db.session(), fund, period(fund)[1])
    headings = ("code", _("Donor"), *facts.periods(), _("Total"))
    rows = chosen(givers(facts))
    return file(kind, f"{fund.code}-contributions", headings, _cells(rows), len(rows))


def _cells(rows: list[Giver]) -> Iterator[tuple[Cell, ...]]:
    for giver in rows:
        amounts = [Decimal(cents).scaleb(-2) for cents in (*giver.amounts, giver.total)]
        yield giver.code or "", giver.name, *amounts
