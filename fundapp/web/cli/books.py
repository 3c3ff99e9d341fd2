"""fundapp statement …, ledger … and trail …."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from secrets import token_hex

import click

from fundapp.access.operations import Console
from fundapp.finance.operations.closing import seal_year
from fundapp.finance.queries import contributions, statement
from fundapp.funds.queries import named_fund
from fundapp.kernel import trail as chain
from fundapp.kernel.database import db
from fundapp.kernel.errors import refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.queries import verify
from fundapp.publishing.drawing import FORMATS, draw
from fundapp.web.cli.published import DAY
from fundapp.web.sentences import sentence

LANGUAGE = click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
FORMAT = click.option("--format", "kind", type=click.Choice(list(FORMATS)), default="text", show_default=True)
OUTPUT = click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="A file to write to.")
BINARY = {"xlsx", "pdf"}


@click.group("statement")
def statements() -> None:
    """The fund's statements, out of its books, in any of the six languages."""


@statements.command("income-expenditure")
@click.argument("fund")
@click.option("--from", "first", type=DAY, required=True)
@click.option("--to", "last", type=DAY, required=True)
@LANGUAGE
@FORMAT
@OUTPUT
def income_expenditure(
    fund: str, first: datetime, last: datetime, language: str, kind: str, output: Path | None
) -> None:
    """Income, expenditure and fund balance of a period, both days included."""
    session = db.session()
    facts = statement(session, named_fund(session, fund), first.date(), last.date())
    give(draw(facts, language, kind), kind, output)


@statements.command("contributions")
@click.argument("fund")
@click.option("--to", "last", type=DAY, required=True)
@LANGUAGE
@FORMAT
@OUTPUT
def contributions_since(fund: str, last: datetime, language: str, kind: str, output: Path | None) -> None:
    """Contributions since the fund was set up, by period and donor."""
    session = db.session()
    facts = contributions(session, named_fund(session, fund), last.date())
    give(draw(facts, language, kind), kind, output)


def give(content: bytes, kind: str, output: Path | None) -> None:
    """Write a file whole or not at all, or print it; a drawn document is not printed on a terminal."""
    if output is None:
        if kind in BINARY and sys.stdout.isatty():
            raise click.UsageError(f"a {kind} file is not for a terminal: give --output FILE")
        stream = sys.stdout.buffer
        stream.write(content)
        stream.flush()
        return
    save(content, output)
    click.echo(f"{output}: {len(content)} bytes.", err=True)


def save(content: bytes, output: Path) -> None:
    """Write a file whole or not at all; what is no file, like a device, is written to as it is."""
    path = output.resolve()
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)
            return
        beside = path.with_name(f".fundapp-{token_hex(6)}")
        try:
            beside.write_bytes(content)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise refuse("file.unwritable", name=str(output), reason=error.strerror or str(error)) from None


@click.group()
def ledger() -> None:
    """The books."""


@ledger.command("verify")
def verify_ledger() -> int:
    """Add the whole journal up again and compare every entry with what the trail says of it."""
    found = verify(db.session())
    for fault in found.faults:
        click.echo(sentence(fault), err=True)
    read = f"{found.entries} entries, {found.postings} postings, {found.years} closed years"
    click.echo(f"{read}: {_verdict(found.holds)}")
    rows, problem = chain.verify(db.session())  # the entries are compared with it: it must hold itself
    if problem:
        click.echo(f"The trail they are compared with is broken after {rows} rows: {problem}", err=True)
    return 0 if found.holds and not problem else 1


@ledger.command("close-year")
@click.argument("fund")
@click.argument("year", type=int)
def close(fund: str, year: int) -> None:
    """Seal a year whose periods are closed: it is added up for good, and nobody opens it again."""
    with unit_of_work(Console()) as work:
        seal_year(work, named_fund(work.session, fund), year)
    click.echo(f"{fund}: {year} is closed.")


@click.group()
def trail() -> None:
    """The record of every change."""


@trail.command("verify")
def verify_trail() -> int:
    """Walk the whole chain again: a gap, an edit or a cut end shows."""
    count, problem = chain.verify(db.session())
    if problem:
        click.echo(problem, err=True)
    click.echo(f"{count} rows: {_verdict(not problem)}")
    return 1 if problem else 0


def _verdict(sound: bool) -> str:
    return "all hold." if sound else "found wanting."


COMMANDS = (statements, ledger, trail)
