"""fundapp projects and commitments: what is allotted, committed and spent."""

from __future__ import annotations

from datetime import datetime

import click

from fundapp.access.operations import Console
from fundapp.finance.queries.commitments import commitments
from fundapp.finance.queries.spending import projects
from fundapp.funds.queries import named_fund
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.money import decimal_text
from fundapp.web.cli.published import DAY
from fundapp.web.cli.tables import show

PROJECTS = ("code", "country", "allotted", "committed", "spent", "left", "forecast", "pace", "title")
COMMITMENTS = (
    "number", "project", "line", "class", "committed_on", "expires_on", "stage", "cents", "open", "carried", "payee",
)  # fmt: skip
FORMAT = click.option("--format", "kind", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True)
ON = click.option("--on", "on", type=DAY, help="As it stands at the end of this day; today unless said.")
FIGURES = frozenset({"allotted", "committed", "spent", "left", "forecast", "cents", "open", "carried"})


@click.command("projects")
@click.argument("fund")
@ON
@FORMAT
def list_projects(fund: str, on: datetime | None, kind: str) -> None:
    """What the projects of FUND were allotted, have committed and spent, and where they will stand at the year's end.
    Amounts are dollars."""
    day = on.date() if on else today()
    found = projects(db.session(), Console(), named_fund(db.session(), fund), day)
    show(
        PROJECTS,
        [
            (
                one.code, one.country, decimal_text(one.use.allotted), decimal_text(one.use.committed),
                decimal_text(one.use.spent), decimal_text(one.use.left), decimal_text(one.foreseen), one.pace.value,
                one.title,
            )
            for one in found
        ],
        kind, "No project accounts.", FIGURES,
    )  # fmt: skip


@click.command("commitments")
@click.argument("fund")
@FORMAT
def list_commitments(fund: str, kind: str) -> None:
    """The commitments of FUND, the newest first, and what of each is open. Amounts are dollars."""
    found = commitments(db.session(), Console(), named_fund(db.session(), fund))
    show(
        COMMITMENTS,
        [
            (
                one.number, one.project, one.account, one.erp_class, one.committed_on.isoformat(),
                one.expires_on.isoformat(), one.stage.value, decimal_text(one.cents), decimal_text(one.open),
                decimal_text(one.carried), one.payee,
            )
            for one in found
        ],
        kind, "No commitments.", FIGURES,
    )  # fmt: skip


COMMANDS = (list_projects, list_commitments)
