"""fundapp import recommendations … and waiting."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from fundapp.access.operations import Console
from fundapp.kernel.database import db
from fundapp.kernel.errors import Faults, refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.text import printable
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.inbox import work_waiting
from fundapp.recommendations.layouts import LAYOUTS, recognise, rows
from fundapp.recommendations.layouts.incoming import About, incoming
from fundapp.recommendations.operations import Outcome, Tick, import_file, preview
from fundapp.recommendations.queries import world
from fundapp.recommendations.rules import Position, Reading, Tolerated, cycle_of
from fundapp.recommendations.views.blueprint import files
from fundapp.web.sentences import sentence

SHOWN = 60  # characters of what a row changes
PARTS = 1_000  # of a file, as the bar counts
TOLD = 100  # changes that are told one by one


@click.command("recommendations")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--layout", help=f"How the file is laid out, where it is not to be recognised: {', '.join(LAYOUTS)}.")
@click.option("--state", help="The State under review, where a thematic list does not say it.")
@click.option("--session", "number", type=int, help="The session of the review, where a thematic list does not say it.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the file's texts.")
@click.option("--dry-run", is_flag=True, help="Read and compare the file, and change nothing.")
@click.option("--good-rows", is_flag=True, help="Take the rows that nothing is wrong with.")
@click.option("--apply-changes", is_flag=True, help="Take what the file says otherwise than the register.")
def import_recommendations(
    file: Path,
    layout: str | None,
    state: str | None,
    number: int | None,
    language: str,
    dry_run: bool,
    good_rows: bool,
    apply_changes: bool,
) -> int:
    """Take recommendations into the register. Exit status 1: rows are wrong, or changes wait to be applied."""
    found = incoming(file)
    kind = recognise(found, layout)
    reading = Reading(found.name, world(db.session(), language), Tolerated() if good_rows else Faults())
    about = _about(reading, state, number)
    if dry_run:
        with _progress() as tick:
            outcome = preview(db.session(), rows(found, kind, reading, about), reading, tick)
        if reading.faults and not good_rows:
            raise reading.faults.refusal()
        return _said(found.name, kind, reading, outcome, "would be", applied=False)
    with _progress() as tick, unit_of_work(Console()) as work:
        outcome = import_file(work, None, found, kind, reading, about=about, apply_changes=apply_changes, tick=tick)
    return _said(found.name, kind, reading, outcome, "were", applied=apply_changes)


def _about(reading: Reading, state: str | None, number: int | None) -> About:
    """What was given beside the file."""
    if number is not None and cycle_of(number) is None:
        raise refuse("recommendation.session", name="--session", text=str(number))
    code = reading.world.state(state) if state else None
    if state and code is None:
        nearest = reading.world.nearest(state) or "-"
        raise refuse("state.unknown", name="--state", text=printable(state)[:80], nearest=nearest)
    return About(code, number)


@click.command("waiting")
def import_waiting() -> None:
    """Work on the files that people sent through the page: read what waits, take in what was agreed to. The running
    program does that by itself; this is for one without it."""
    click.echo(f"{work_waiting(files())} done.")


@contextmanager
def _progress() -> Iterator[Tick]:
    """On a terminal, a bar with the share of the file that is read and compared, and its rows; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda rows, share: None
        return
    rows_done = 0

    def said(_: object) -> str:
        return f"{rows_done:,} rows"

    with click.progressbar(length=PARTS, label="Reading", file=sys.stderr, item_show_func=said) as bar:

        def tick(rows: int, share: float) -> None:
            nonlocal rows_done
            rows_done = rows
            bar.update(round(share * PARTS) - bar.pos, rows)

        yield tick
        tick(rows_done, 1.0)


def _said(name: str, kind: str, reading: Reading, outcome: Outcome, were: str, *, applied: bool) -> int:
    """Tell what became of the file; the exit status."""
    for fault in reading.faults:
        click.echo(printable(sentence(fault)), err=True)
    wrong = len(reading.faults) + getattr(reading.faults, "more", 0)
    for change in outcome.changes[:TOLD]:
        what = "; ".join(f"{d.field}: {d.before[:SHOWN]} -> {d.after[:SHOWN]}" for d in change.differences)
        click.echo(printable(f"Row {change.row} ({change.key}) changes {what}"))
    positions = ", ".join(f"{outcome.positions[position]} {position.value}" for position in Position)
    click.echo(f"{name} ({kind}): {outcome.rows} recommendations, {positions}.")
    changed = "changes applied" if applied else "changes not applied"
    counts = f"{outcome.added} {were} added, {outcome.same} there already, {outcome.translated} in a further language"
    click.echo(f"{counts}, {outcome.changed} {changed}, {wrong} faults, {reading.left_out} rows left out.")
    if outcome.unread:
        most = "; ".join(printable(text) for text, _ in outcome.unread.most_common(5))
        click.echo(f"{len(outcome.unread)} labels are no theme in use and are kept as written, like: {most}.")
    if were == "would be":
        click.echo("Nothing was changed.")
    return 1 if wrong or (outcome.changed and not applied) else 0


COMMANDS = (import_recommendations, import_waiting)
