"""fundapp statement balance, compared, budget, commitments, receivables, available and trial."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from fundapp.finance.queries.reports import drawn
from fundapp.finance.rules import reports
from fundapp.funds.queries import named_fund
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import refuse
from fundapp.kernel.languages import LANGUAGES
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
