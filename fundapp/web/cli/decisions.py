"""fundapp decision: what was decided on the proposals that were before the Board."""

from __future__ import annotations

import click

from fundapp.access.operations import Console
from fundapp.board.queries.decisions import Row, Wanted, decisions
from fundapp.funds.queries import named_fund
from fundapp.kernel.database import db
from fundapp.kernel.money import decimal_text
from fundapp.web.cli.tables import show

LANGUAGE = "en"
COLUMNS = ("session", "reference", "country", "advice", "advised", "decision", "approved", "decided_on", "title")
FIGURES = frozenset({"session", "advised", "approved"})


@click.group("decision")
def decision() -> None:
    """Decisions on proposals."""


@decision.command("list")
@click.argument("fund")
@click.option("--year", type=click.IntRange(1900, 9999), help="Those that were taken in this year.")
@click.option("--format", "kind", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True)
def list_decisions(fund: str, year: int | None, kind: str) -> None:
    """What was before the Board of FUND, what it advised, and what was decided. Amounts are dollars."""
    found = named_fund(db.session(), fund)
    rows = [_cells(row) for row in decisions(db.session(), Console(), found, Wanted(year=year), LANGUAGE)]
    show(COLUMNS, rows, kind, "No decisions.", FIGURES)


def _cells(row: Row) -> tuple[str | int | None, ...]:
    return (
        row.session, row.reference, row.country, row.advice.value if row.advice else None, _dollars(row.advised),
        row.outcome.value if row.outcome else None, _dollars(row.cents), row.on.isoformat() if row.on else None,
        row.title,
    )  # fmt: skip


def _dollars(cents: int | None) -> str | None:
    return None if cents is None else decimal_text(cents)


COMMANDS = (decision,)
