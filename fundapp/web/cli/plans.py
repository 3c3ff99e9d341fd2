"""fundapp import plan … and fundapp plan export …."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from fundapp.access.operations import Console
from fundapp.access.views.page import BYTE_ORDER_MARK
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Faults, refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.sheets import csv_text
from fundapp.kernel.text import printable
from fundapp.kernel.work import unit_of_work
from fundapp.kernel.workbook import xlsx
from fundapp.recommendations.layouts.incoming import Incoming, incoming
from fundapp.recommendations.layouts.plan_files import LAYOUTS, PlanFile, cells, headings, read_plan
from fundapp.recommendations.models import ImplementationPlan
from fundapp.recommendations.operations import PlanOutcome, compare, import_plan, open_plan
from fundapp.recommendations.queries.plans import (
    MeasuresWanted,
    measures,
    named_plan,
    plan_titled,
    plans_of,
    shelf,
    written,
)
from fundapp.recommendations.rules import Tolerated
from fundapp.recommendations.rules.plans import Planned
from fundapp.reference.models import Country
from fundapp.reference.queries import nearest, resolve
from fundapp.web.cli.books import give
from fundapp.web.sentences import sentence

LAYOUT = click.Choice(list(LAYOUTS))
SHOWN = 60  # characters of what a row changes
DRAWN: dict[str, Callable[[ImplementationPlan, str], bytes]] = {
    "csv": lambda plan, layout: (BYTE_ORDER_MARK + csv_text(headings(layout), _rows(plan, layout))).encode("utf-8"),
    "xlsx": lambda plan, layout: xlsx(headings(layout), _rows(plan, layout), title=f"plan-{plan.id}"),
}


@click.command("plan")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--state", required=True, help="Whose plan it is.")
@click.option("--title", help="What the plan is called; one of that title is added to. The file's name if not said.")
@click.option("--plan", "number", type=click.IntRange(1, 2**63 - 1), help="The plan that is added to, by its number.")
@click.option("--layout", type=LAYOUT, help="How the file is laid out, where it is not to be recognised.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of a new plan.")
@click.option("--dry-run", is_flag=True, help="Read and compare the file, and change nothing.")
@click.option("--good-rows", is_flag=True, help="Take the rows that nothing is wrong with.")
@click.option("--apply-changes", is_flag=True, help="Take what the file says otherwise than the plan.")
def import_plan_file(
    file: Path,
    state: str,
    title: str | None,
    number: int | None,
    layout: str | None,
    language: str,
    dry_run: bool,
    good_rows: bool,
    apply_changes: bool,
) -> int:
    """Take a file into a State's implementation plan. Exit status 1: rows are wrong, or changes wait to be applied."""
    if title is not None and number is not None:
        raise click.UsageError("--title and --plan do not go together")
    found, faults = incoming(file), Tolerated() if good_rows else Faults()
    said = Planned(" ".join((file.stem if title is None else title).split()), language)
    if dry_run:
        plan = _there(_country(state), said, number)
        read, outcome = _compared(found, _country(state), plan, faults, layout)
        if faults and not good_rows:
            raise faults.refusal()
        return _told(read, faults, outcome, "would be", applied=False)
    with unit_of_work(Console()) as work:
        country = _country(state)
        plan = _there(country, said, number) or open_plan(work, country, said, found.name)
        known = shelf(work.session, country.code)
        read = read_plan(found, known, faults, layout)
        outcome = import_plan(work, plan, read, faults, known, apply_changes=apply_changes)
        click.echo(f"Plan {plan.id} of {plan.state}: {printable(plan.title)}")
    return _told(read, faults, outcome, "were", applied=apply_changes)


def _country(state: str) -> Country:
    found = resolve(db.session(), state)
    if found is None:
        near = ", ".join(one.name_en for one in nearest(db.session(), state)) or "-"
        raise refuse("state.unknown", name="--state", text=printable(state)[:80], nearest=near)
    return found


def _there(country: Country, said: Planned, number: int | None) -> ImplementationPlan | None:
    """The plan that the file goes into; None where it is to be begun."""
    if number is None:
        return plan_titled(db.session(), country.code, said.title)
    found = named_plan(db.session(), number)
    if found.state != country.code:
        raise refuse("plan.other-state", number=number, state=country.name_en)
    return found


def _compared(
    file: Incoming, country: Country, plan: ImplementationPlan | None, faults: Faults, layout: str | None
) -> tuple[PlanFile, PlanOutcome]:
    known = shelf(db.session(), country.code)
    read = read_plan(file, known, faults, layout)
    if not read.rows and not faults:
        raise refuse("plan.no-rows", name=read.name)
    return read, compare(db.session(), plan.id if plan else None, read.rows, known)


def _told(read: PlanFile, faults: Faults, outcome: PlanOutcome, were: str, *, applied: bool) -> int:
    """Tell what became of the file; the exit status."""
    for fault in faults:
        click.echo(printable(sentence(fault)), err=True)
    wrong = len(faults) + getattr(faults, "more", 0)
    for change in outcome.changes[:100]:
        what = "; ".join(f"{d.field}: {d.before[:SHOWN]} -> {d.after[:SHOWN]}" for d in change.differences)
        click.echo(printable(f"Row {change.row} ({change.key}) changes {what}"))
    changed = "changes applied" if applied else "changes not applied"
    counts = f"{len(outcome.added)} {were} added, {outcome.same} there already, {len(outcome.changes)} {changed}"
    click.echo(f"{read.name} ({read.layout}): {outcome.rows} measures.")
    click.echo(f"{counts}, {wrong} faults, {read.left_out} rows left out.")
    if read.unread:
        click.echo(printable(f"Columns that mean nothing here: {', '.join(read.unread)}."))
    if were == "would be":
        click.echo("Nothing was changed.")
    return 1 if wrong or (outcome.changes and not applied) else 0


@click.group("plan")
def plans() -> None:
    """Implementation plans of States."""


@plans.command("export")
@click.argument("which")
@click.option("--format", "kind", type=click.Choice(list(DRAWN)), default="csv", show_default=True)
@click.option("--layout", type=LAYOUT, default="own", show_default=True, help="For which system.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="A file to write to.")
def export_plan(which: str, kind: str, layout: str, output: Path | None) -> None:
    """The measures of a plan as a file: WHICH is the State that has one plan, or the number of a plan."""
    give(DRAWN[kind](_which(which), layout), kind, output)


def _which(which: str) -> ImplementationPlan:
    if which.isascii() and which.isdigit() and len(which) < 19:
        return named_plan(db.session(), int(which))
    country = _country(which)
    there = plans_of(db.session(), Console(), country.code, today())
    if not there:
        raise refuse("plan.none", state=country.name_en)
    if len(there) > 1:
        known = [f"{one.id} ({one.title})" for one in there[:10]]
        raise refuse("plan.which", state=country.name_en, found=known)
    return named_plan(db.session(), there[0].id)


def _rows(plan: ImplementationPlan, layout: str) -> list[tuple[str, ...]]:
    wanted = MeasuresWanted(sort="reference")
    rows, _ = measures(db.session(), Console(), plan, wanted, today(), page=None)
    return [cells(row, layout) for row in written(rows, shelf(db.session(), plan.state))]


COMMANDS = (plans,)
