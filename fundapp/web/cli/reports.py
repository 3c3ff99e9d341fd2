"""fundapp statement balance, compared, budget, commitments, receivables, available and trial; fundapp audit-pack."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from secrets import token_hex

import click

from fundapp.finance.queries.audit import may_be_packed
from fundapp.finance.queries.reports import drawn
from fundapp.finance.rules import reports
from fundapp.funds.queries import named_fund
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.publishing.audit_pack import SUMS, pack
from fundapp.publishing.drawing import REPORT_FORMATS, draw
from fundapp.web.cli.books import give
from fundapp.web.cli.published import DAY

# The word of the command line -> the statement, and what it says of it
NAMES = {
    "balance": (
        reports.BALANCE,
        "What the fund held, what came and went, and what it holds, beside the period before.",
    ),
    "compared": (reports.COMPARED, "Income and expenditure, line by line, beside the period before."),
    "budget": (reports.BUDGET, "What each project may spend, what is committed and what was spent, by class."),
    "commitments": (reports.COMMITMENTS, "The commitments outstanding on a day."),
    "receivables": (reports.RECEIVABLES, "What donors owe on a day, by instalment, and how long it is overdue."),
    "available": (reports.AVAILABLE, "Cash, and what is available to commit on a day."),
    "trial": (reports.TRIAL, "Every account: what it held, both its sides, and what it holds."),
}


def _draw(kind: str, fund: str, first: date, last: date, language: str, form: str, output: Path | None) -> None:
    if last < first:
        raise refuse("period.upside-down", first=first.isoformat(), last=last.isoformat())
    session = db.session()
    facts = drawn(session, kind, named_fund(session, fund), first, last)
    give(draw(facts, language, form), form, output)


def _command(word: str, kind: str, about: str) -> click.Command:
    """A command of `fundapp statement`: of a period, or of a day, which is today where none is named."""

    def run(fund: str, language: str, form: str, output: Path | None, **days: datetime | None) -> None:
        on, since, to = days.get("on"), days.get("first"), days.get("last")
        last = (on or to).date() if on or to else today()  # type: ignore[union-attr]
        first = since.date() if since else last.replace(month=1, day=1)
        _draw(kind, fund, first, last, language, form, output)

    options = (
        [click.Option(["--on", "on"], type=DAY, help="The day, today if none is named.")]
        if kind in reports.ON_A_DAY
        else [
            click.Option(["--from", "first"], type=DAY, required=True),
            click.Option(["--to", "last"], type=DAY, required=True),
        ]
    )
    return click.Command(word, params=[click.Argument(["fund"]), *options, *_shared()], callback=run, help=about)


def _shared() -> list[click.Parameter]:
    languages, formats = click.Choice(LANGUAGES), click.Choice(list(REPORT_FORMATS))
    return [
        click.Option(["--language"], type=languages, default="en", show_default=True),
        click.Option(["--format", "form"], type=formats, default="text", show_default=True),
        click.Option(["--output"], type=click.Path(path_type=Path, dir_okay=False), help="A file to write to."),
    ]


STATEMENTS = tuple(_command(word, kind, about) for word, (kind, about) in NAMES.items())


@click.command("audit-pack")
@click.argument("fund")
@click.argument("year", type=int)
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The zip to write.")
def audit_pack(fund: str, year: int, language: str, output: Path) -> None:
    """One zip of a year for the auditor: journal, statements, trail, and sums to check them by."""
    session = db.session()
    found = named_fund(session, fund)
    many = may_be_packed(session, found, year, ())
    beside = output.resolve().with_name(f".fundapp-{token_hex(6)}")
    try:
        with beside.open("wb") as file:
            made = pack(session, found, year, language, file)
        beside.replace(output.resolve())
    except OSError as error:
        raise refuse("file.unwritable", name=str(output), reason=error.strerror or str(error)) from None
    finally:
        beside.unlink(missing_ok=True)
    click.echo(f"{output}: {many} entries, {len(made.files)} files. SHA-256 of {SUMS}: {made.seal}")


COMMANDS = (audit_pack,)
