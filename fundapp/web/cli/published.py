"""fundapp published …, and importing what others say about the same money."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import click
from sqlalchemy.orm import Session

from fundapp.access.operations import Console
from fundapp.contributions.operations import load_schedule
from fundapp.contributions.rules import LAYOUTS, recognise
from fundapp.contributions.rules import understand as understand_schedule
from fundapp.finance.checks import Check, Status
from fundapp.finance.operations import load_document
from fundapp.finance.printed import TABLE1, TABLE2, parts
from fundapp.finance.queries import copy_of, examine, named_document, understood
from fundapp.finance.tie_out import TieYear
from fundapp.funds.queries import funds, named_fund
from fundapp.kernel.database import db
from fundapp.kernel.money import decimal_text
from fundapp.kernel.sheets import Source, csv_rows, read_bytes, read_csv
from fundapp.kernel.text import printable
from fundapp.kernel.work import unit_of_work
from fundapp.web.seed import names
from fundapp.web.sentences import sentence

DAY = click.DateTime(["%Y-%m-%d"])
TABLE_WORDS = click.Choice(["text", "json"])


@click.group()
def published() -> None:
    """Tables of printed documents: load them, show them as printed, check whether they add up."""


def _read(path: Path) -> Source:
    return read_csv(read_bytes(path), printable(path.name))


def _period(first: datetime | None, last: datetime | None) -> tuple[date, date] | None:
    if (first is None) != (last is None):
        raise click.UsageError("--from and --to go together")
    return (first.date(), last.date()) if first and last else None


@published.command("import")
@click.argument("fund")
@click.argument("document")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--from", "first", type=DAY, help="First day of Table 1, where its labels do not say it.")
@click.option("--to", "last", type=DAY, help="Last day of Table 1.")
@click.option("--dry-run", is_flag=True, help="Read and understand the files, and change nothing.")
def import_document(
    fund: str, document: str, files: tuple[Path, ...], first: datetime | None, last: datetime | None, dry_run: bool
) -> None:
    """Keep the tables of DOCUMENT as printed; where FUND has no books yet, open them from it.

    FILES are its Table 1, Table 2 and what its paragraphs state, as CSV, known by their headings.
    """
    period = _period(first, last)
    found = parts([_read(path) for path in files])
    session = db.session()
    printed = understood(session, named_fund(session, fund), found, period)
    if dry_run:
        click.echo(f"Understood: {len(printed.lines)} lines, {len(printed.donors)} donor rows. Nothing was changed.")
        return
    with unit_of_work(Console()) as work:
        loaded = load_document(work, named_fund(work.session, fund), document, found, printed)
        entries = loaded.entries
        booked = f"{entries} entries opened the books" if loaded.document.booked else "the books were open already"
        said = f"{document}: {loaded.cells} cells kept as printed; {booked}."
    click.echo(said)


@published.command()
@click.argument("fund")
@click.argument("document")
@click.option("--format", "kind", type=TABLE_WORDS, default="text", show_default=True)
def show(fund: str, document: str, kind: str) -> None:
    """Print the kept copy of DOCUMENT as it was printed, cell by cell."""
    session = db.session()
    found = named_document(session, named_fund(session, fund), document)
    tables = copy_of(session, found)
    if kind == "json":
        content = {
            part: [dict(row.cells) for row in table.rows] for part, table in sorted(tables.items(), key=_table_order)
        }
        period = {"from": found.first.isoformat(), "to": found.last.isoformat()}
        about = {"fund": fund, "document": document, "period": period, "digest": found.digest, "tables": content}
        click.echo(json.dumps(about, ensure_ascii=False, indent=2))
        return
    for part, table in sorted(tables.items(), key=_table_order):
        click.echo(f"# {part}")
        click.echo(_as_printed(table), nl=False)


def _table_order(item: tuple[str, Source]) -> int:
    return (TABLE1, TABLE2).index(item[0]) if item[0] in (TABLE1, TABLE2) else 2


def _as_printed(table: Source) -> str:
    """The table as it was sent: nothing is made harmless here, for a copy is a copy."""
    return csv_rows([table.headings, *([row.cells[heading] for heading in table.headings] for row in table.rows)])


@published.command()
@click.argument("fund")
@click.argument("document")
@click.option("--format", "kind", type=TABLE_WORDS, default="text", show_default=True)
def check(fund: str, document: str, kind: str) -> int:
    """Add DOCUMENT up, set it beside the schedule of trust funds, and say where they part.

    A document that differs is no failure of the check: what was found is in the output, and the exit status is 0.
    """
    session = db.session()
    checks, years = _checked(session, fund, document)
    differing = sum(found.status is Status.DIFFERS for found in checks)
    if kind == "json":
        about = {"fund": fund, "document": document, "checks": [_plain(found) for found in checks]}
        click.echo(json.dumps(about | {"tie_out": _plain_ties(years)}, ensure_ascii=False, indent=2))
    else:
        for found in checks:
            figures = " | ".join(part or "-" for part in (found.printed, found.computed, found.difference))
            click.echo(f"{found.status:8} {sentence(found.title)}: {figures}\n         {sentence(found.explanation)}")
        click.echo(f"{len(checks)} checks, {differing} differ. Figures: printed | computed | printed less computed.")
    return 0


def _checked(session: Session, fund: str, document: str) -> tuple[list[Check], tuple[TieYear, ...]]:
    ours = named_fund(session, fund)
    found = named_document(session, ours, document)
    examined = examine(session, ours, found)
    return examined.checks, examined.years


def _plain(found: Check) -> dict[str, str]:
    return {
        "id": found.id,
        "title": sentence(found.title),
        "printed": found.printed,
        "computed": found.computed,
        "difference": found.difference,
        "status": found.status.value,
        "explanation": sentence(found.explanation),
    }


def _amount(cents: int | None) -> str | None:
    return None if cents is None else decimal_text(cents)


def _plain_ties(years: tuple[TieYear, ...]) -> list[dict[str, object]]:
    return [
        {
            "year": year.year,
            "table2": _amount(year.printed),
            "schedule": _amount(year.scheduled),
            "table1": _amount(year.table1),
            "booked": _amount(year.booked),
            "not_attributed": _amount(year.unattributed),
            "finding": sentence(year.finding),
            "donors": [
                {
                    "donor": tie.donor,
                    "table2": _amount(tie.printed),
                    "schedule": _amount(tie.scheduled),
                    "booked": _amount(tie.booked),
                    "status": "agrees" if tie.agrees else "differs",
                    "explanation": sentence(tie.finding),
                }
                for tie in year.ties
            ],
        }
        for year in years
    ]


@click.group("import")
def import_() -> None:
    """Bring in files that others keep."""


@import_.command("contributions")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--fund", help="Only the rows of one fund.")
@click.option("--layout", help=f"How the file is laid out, where it is not to be recognised: {', '.join(LAYOUTS)}.")
@click.option("--dry-run", is_flag=True, help="Read and understand the file, and change nothing.")
def import_contributions(file: Path, fund: str | None, layout: str | None, dry_run: bool) -> None:
    """Load a schedule of contributions as a second source: for comparison, never booked."""
    source = _read(file)
    kind = recognise(source, layout)
    session = db.session()
    only = named_fund(session, fund).code if fund else None
    every = [found.code for found in funds(session)]
    rows = understand_schedule(source, every, names(session), only)
    if dry_run:
        click.echo(f"Understood: {len(rows)} rows. Nothing was changed.")
        return
    with unit_of_work(Console()) as work:
        loaded = load_schedule(work, None, rows, name=source.name, layout=kind, funds=funds(work.session))
    new = f" New donors: {', '.join(loaded.donors)}." if loaded.donors else ""
    click.echo(f"{source.name}: {loaded.added} rows loaded, {loaded.known} were there already.{new}")


COMMANDS = (published, import_)
