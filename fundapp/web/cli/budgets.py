"""fundapp proposal budget, and fundapp import budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from fundapp.access.operations import Console
from fundapp.access.views.page import BYTE_ORDER_MARK
from fundapp.funds.models import Fund
from fundapp.funds.queries import named_fund, support_cost_rate
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.money import decimal_text
from fundapp.kernel.sheets import csv_text
from fundapp.kernel.text import printable
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.layouts import budget_sheet
from fundapp.proposals.models import Call, Proposal
from fundapp.proposals.operations.writing import save_section
from fundapp.proposals.queries.proposals import asked_of, contents, written_sections
from fundapp.proposals.queries.proposals import proposal as proposal_of
from fundapp.proposals.rules.budget_rows import Comparison, Row, compare, row_of, sums, too_long
from fundapp.proposals.rules.content import Budget
from fundapp.proposals.rules.content import budget as understood
from fundapp.proposals.rules.fields import Whole, rows_of
from fundapp.recommendations.layouts.incoming import incoming
from fundapp.recommendations.rules import Tolerated
from fundapp.web.cli.books import give
from fundapp.web.sentences import sentence

LANGUAGE = click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
SECTION, LINES = "budget", "lines"


@click.command("budget")
@click.argument("fund")
@click.argument("reference")
@click.option("--format", "kind", type=click.Choice(["text", "csv", "xlsx"]), default="text", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="A file to write to.")
@LANGUAGE
def show_budget(fund: str, reference: str, kind: str, output: Path | None, language: str) -> None:
    """The budget of the proposal REFERENCE of FUND as it stands: its lines and what they come to."""
    found = _proposal(fund, reference)
    whole = contents(written_sections(db.session(), found))
    judged = _judged(found, whole)
    rows = rows_of(whole.get(SECTION), LINES)
    known = dict(zip(judged.ids, judged.lines, strict=True))
    lines: list[budget_sheet.Written] = [known.get(row["id"], row) for row in rows]
    if kind == "xlsx":
        give(budget_sheet.write(lines, judged.totals, language), kind, output)
    elif kind == "csv":
        text = csv_text(budget_sheet.headings(language), (budget_sheet.cells(line, language) for line in lines))
        give((BYTE_ORDER_MARK + text).encode("utf-8"), kind, output)
    else:
        said = "".join(f"{printable(line)}\n" for line in _said(found, rows, judged))
        give(said.encode("utf-8", "replace"), kind, output)


@click.command("budget")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--fund", required=True)
@click.option("--proposal", "reference", required=True, help="The reference of the proposal whose budget it becomes.")
@click.option("--dry-run", is_flag=True, help="Read and compare the file, and change nothing.")
@LANGUAGE
def import_budget(file: Path, fund: str, reference: str, dry_run: bool, language: str) -> int:
    """Put the lines of a file in the place of a proposal's budget, all or none. LANGUAGE: of amounts typed as text."""
    found = _proposal(fund, reference)
    faults = Tolerated()
    given = budget_sheet.read(incoming(file), language, faults)
    if not given.lines and not faults:
        raise refuse("budget.file-empty", name=given.name)
    rows = [row_of(one.line) for one in given.lines]
    wrong = [*faults, *_long(given, rows)]
    for fault in wrong:
        click.echo(printable(sentence(fault)), err=True)
    if wrong:
        raise refuse("budget.file-faults", name=given.name, found=len(wrong) + faults.more)
    sections = written_sections(db.session(), found)
    before = rows_of(contents(sections).get(SECTION), LINES)
    outcome = compare(before, rows)
    if not dry_run:
        version = sections[SECTION].version if SECTION in sections else 0
        with unit_of_work(Console()) as work:
            save_section(work, found, SECTION, {LINES: list(outcome.rows)}, version, language)
    _tell(
        outcome,
        _judged(found, {**contents(written_sections(db.session(), found)), SECTION: {LINES: list(outcome.rows)}}),
    )
    if dry_run:
        click.echo("Nothing was changed.")
    return 0


def _long(given: budget_sheet.BudgetFile, rows: list[dict[str, str]]) -> list[Fault]:
    """Texts that no line can hold, by the rows of the file."""
    return given.placed(replace(fault, row=given.lines[(fault.row or 1) - 1].row) for fault in too_long(rows))


def _proposal(fund: str, reference: str) -> Proposal:
    session = db.session()
    found = proposal_of(session, Console(), named_fund(session, fund), reference)
    if found is None:
        raise refuse("proposal.unknown", reference=printable(reference)[:40])
    return found


def _judged(found: Proposal, whole: Whole) -> Budget:
    session = db.session()
    call = session.get_one(Call, found.call_id)
    rate = support_cost_rate(session, session.get_one(Fund, found.fund_id), today())
    asked = asked_of(session, call)
    return understood(whole, rate, floor=asked.floor, ceiling=asked.ceiling)


def _tell(outcome: Comparison, judged: Budget) -> None:
    """What became of the lines, and what is wrong with them as a budget."""
    counts = f"{len(outcome.added)} added, {len(outcome.changed)} changed, {len(outcome.gone)} gone"
    click.echo(f"{len(outcome.rows)} lines: {counts}, {outcome.same} as they were.")
    for change in outcome.changed[:100]:
        old, new = change.before, change.after
        what = "; ".join(f"{name}: {old.get(name, '')} -> {new.get(name, '')}" for name in change.columns)
        click.echo(printable(f"{change.before['id']} changes {what}"))
    for fault in judged.faults[:100]:
        click.echo(printable(sentence(fault)))
    click.echo(f"Total: {decimal_text(judged.totals.total)} dollars.")


def _said(found: Proposal, rows: Sequence[Row], judged: Budget) -> Iterator[str]:
    yield f"{found.reference}: {found.title or '-'}"
    known = dict(zip(judged.ids, judged.lines, strict=True))
    for row in rows:
        line = known.get(row["id"])
        cents = decimal_text(line.cents) if line else "not understood"
        what = f"{row.get('unit_cost', '-')} x {row.get('quantity', '-')} {row.get('unit', '')}".strip()
        when = f"{row.get('activity') or 'all'} {row.get('quarter') or 'all'}"
        yield f"{row['id']:5} {row.get('class', '-'):4} {cents:>16}  {when:12}  {row.get('what', '-')} ({what})"
    for name, total in sums(judged.totals).items():
        yield f"{name:18}{decimal_text(total):>16}"
    for fault in judged.faults:
        yield sentence(fault)
