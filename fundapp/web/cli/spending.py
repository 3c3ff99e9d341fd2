"""fundapp projects and commitments: what is allotted, committed and spent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import click

from fundapp.access.operations import Console
from fundapp.finance.queries.commitments import commitments
from fundapp.finance.queries.spending import projects
from fundapp.funds.queries import named_fund
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.sheets import csv_text
from fundapp.kernel.text import printable
from fundapp.web.cli.published import DAY

NOTHING = "-"
PROJECTS = ("code", "country", "allotted", "committed", "spent", "left", "forecast", "pace", "title")
COMMITMENTS = (
    "number", "project", "line", "class", "committed_on", "expires_on", "stage", "cents", "open", "carried", "payee",
)  # fmt: skip
FORMAT = click.option("--format", "kind", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True)
ON = click.option("--on", "on", type=DAY, help="As it stands at the end of this day; today unless said.")
Row = tuple[str | None, ...]


@click.command("projects")
@click.argument("fund")
@ON
@FORMAT
def list_projects(fund: str, on: datetime | None, kind: str) -> None:
    """What the projects of FUND were allotted, have committed and spent, and where they will stand at the year's end.
    Amounts are dollars."""
    day = on.date() if on else today()
    found = projects(db.session(), Console(), named_fund(db.session(), fund), day)
    _give(
        PROJECTS,
        [
            (
                one.code, one.country, _dollars(one.use.allotted), _dollars(one.use.committed), _dollars(one.use.spent),
                _dollars(one.use.left), _dollars(one.foreseen), one.pace.value, one.title,
            )
            for one in found
        ],
        kind, "No project accounts.",
    )  # fmt: skip


@click.command("commitments")
@click.argument("fund")
@FORMAT
def list_commitments(fund: str, kind: str) -> None:
    """The commitments of FUND, the newest first, and what of each is open. Amounts are dollars."""
    found = commitments(db.session(), Console(), named_fund(db.session(), fund))
    _give(
        COMMITMENTS,
        [
            (
                one.number, one.project, one.account, one.erp_class, one.committed_on.isoformat(),
                one.expires_on.isoformat(), one.stage.value, _dollars(one.cents), _dollars(one.open),
                _dollars(one.carried), one.payee,
            )
            for one in found
        ],
        kind, "No commitments.",
    )  # fmt: skip


def _dollars(cents: int) -> str:
    return str(Decimal(cents).scaleb(-2))


def _give(columns: Sequence[str], rows: Sequence[Row], kind: str, empty: str) -> None:
    if kind == "csv":
        click.echo(csv_text(columns, rows), nl=False)
    elif kind == "json":
        click.echo(json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, indent=2))
    elif rows:
        _aligned(columns, rows)
    else:
        click.echo(empty)


def _aligned(columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Figures to the right, texts to the left."""
    figures = {"allotted", "committed", "spent", "left", "forecast", "cents", "open", "carried"}
    texts = [[cell or NOTHING for cell in row] for row in (columns, *rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    for line in texts:
        cells = zip(columns, line, widths, strict=True)
        text = "  ".join(cell.rjust(width) if name in figures else cell.ljust(width) for name, cell, width in cells)
        click.echo(printable(text.rstrip()))


COMMANDS = (list_projects, list_commitments)
