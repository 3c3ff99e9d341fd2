"""fundapp session dossier: everything for a session of the Board as one PDF."""

from __future__ import annotations

from pathlib import Path

import click

from fundapp.access.operations import Console
from fundapp.board.queries.dossier import session_dossier
from fundapp.funds.queries import named_fund
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.publishing.drawing import draw
from fundapp.web.cli.books import LANGUAGE, give
from fundapp.web.cli.sessions import session, session_found

OUTPUT = click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file.")


@session.command("dossier")
@click.argument("fund")
@click.argument("number", type=click.IntRange(1, 100_000))
@LANGUAGE
@OUTPUT
def dossier(fund: str, number: int, language: str, output: Path) -> None:
    """The dossier of session NUMBER of FUND as PDF: agenda, ranking, scenario, the fund's situation, and each proposal
    in two pages with its plan and budget."""
    found = named_fund(db.session(), fund)
    of = session_found(found, number)
    facts = session_dossier(db.session(), Console(), of, found, number, now())
    give(draw(facts, language, "pdf"), "pdf", output)


COMMANDS = (session,)
