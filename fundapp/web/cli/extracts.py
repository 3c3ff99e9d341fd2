"""fundapp import expenditure …"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from fundapp.access.operations import Console
from fundapp.finance.layouts.extracts import Tick, no_tick
from fundapp.finance.operations.extracts import looked_at, take_extract
from fundapp.finance.rules.extracts import Plan
from fundapp.funds.queries import named_fund
from fundapp.kernel.database import db
from fundapp.kernel.money import decimal_text
from fundapp.kernel.text import printable
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.layouts.incoming import incoming

PARTS = 1_000  # of a file, as the bar counts
TOLD = 20  # names nobody knows that are told one by one


@click.command("expenditure")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--fund", required=True, help="Whose expenditure it is, like UPR.")
@click.option("--layout", default="umoja", show_default=True, help="The profile of the source.")
@click.option("--dry-run", is_flag=True, help="Read and compare the file, and change nothing.")
def import_expenditure(file: Path, fund: str, layout: str, dry_run: bool) -> int:
    """Take an extract of the ERP into the books. What is there already is left as it is; a changed line posts the
    difference; lines whose project or class nobody knows wait. Exit status 1: rows are wrong, and nothing is taken."""
    session = db.session()
    of, found = named_fund(session, fund), incoming(file)
    if dry_run:
        with _progress() as tick:
            plan = looked_at(session, of, found, layout, tick)
        _say(found.name, plan)
        click.echo("Nothing was changed.")
        return 0
    with _progress() as tick, unit_of_work(Console()) as work:
        taken = take_extract(work, of, found, layout, tick)
        number = taken.batch.id if taken.batch else None
    _say(found.name, taken.plan)
    click.echo(f"Batch {number}." if number else "It brings nothing new; nothing was changed.")
    for strange in taken.strange[:TOLD]:
        click.echo(printable(f"Nobody knows the commitment {strange}."), err=True)
    return 0


def _say(name: str, plan: Plan) -> None:
    """What a file comes to."""
    click.echo(
        f"{name}: {plan.rows} lines, {plan.added} new, {plan.changed} changed, {plan.same} there already, "
        f"{plan.waiting} waiting; {decimal_text(plan.cents)} US dollars posted."
    )
    for (what, text), lines in sorted(plan.unknown.items())[:TOLD]:
        click.echo(printable(f"Nobody knows the {what} “{text}” ({lines} lines)."), err=True)


@contextmanager
def _progress() -> Iterator[Tick]:
    """On a terminal, a bar with the share of the file that is read; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield no_tick
        return
    with click.progressbar(length=PARTS, label="Reading", file=sys.stderr) as bar:

        def tick(_rows: int, share: float) -> None:
            bar.update(round(share * PARTS) - bar.pos)

        yield tick
        bar.update(PARTS - bar.pos)


COMMANDS = (import_expenditure,)
