"""fundapp recommendations …: the register as lists, documents and evidence, and its imports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from fundapp.access.operations import Console
from fundapp.access.views.page import BYTE_ORDER_MARK
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import refuse
from fundapp.kernel.sheets import Cell, csv_text
from fundapp.kernel.text import printable
from fundapp.kernel.work import unit_of_work
from fundapp.kernel.workbook import xlsx
from fundapp.publishing.drawing import REGISTER_FORMATS, Register, draw
from fundapp.recommendations.operations import undo_import
from fundapp.recommendations.queries import (
    Wanted,
    Which,
    evidence_for,
    imports,
    matrix_facts,
    named_import,
    names,
    trend_facts,
)
from fundapp.recommendations.rules import SESSIONS, Mechanism, Position
from fundapp.recommendations.views import evidence as evidence_page
from fundapp.recommendations.views import register as register_page
from fundapp.reference.queries import nearest, resolve
from fundapp.web.cli.books import LANGUAGE, OUTPUT, give

LIST = click.option("--format", "kind", type=click.Choice(["csv", "xlsx"]), default="csv", show_default=True)
PAPER = click.option("--format", "kind", type=click.Choice(list(REGISTER_FORMATS)), default="pdf", show_default=True)
CYCLE = click.IntRange(min(SESSIONS), max(SESSIONS))
MOST_EVIDENCE = 10_000  # matches of a file


@click.group("recommendations")
def recommendations() -> None:
    """The register of recommendations."""


def state_code(text: str) -> str:
    """The code of the State that somebody names; an unknown one is refused with the nearest."""
    found = resolve(db.session(), text)
    if found is None:
        close = ", ".join(one.name_en for one in nearest(db.session(), text)) or "-"
        raise refuse("state.unknown", name="STATE", text=printable(text)[:80], nearest=close)
    return found.code


def table(name: str, headings: Sequence[str], rows: list[tuple[Cell, ...]], kind: str, output: Path | None) -> None:
    """A list as a file."""
    if kind == "csv":
        give((BYTE_ORDER_MARK if output else "").encode() + csv_text(headings, rows).encode(), kind, output)
    else:
        give(xlsx(headings, rows, title=name), kind, output)


@recommendations.command("list")
@click.option("--words", default="", help="Beginnings of words, a paragraph or a symbol; in any language.")
@click.option("--state", help="The State under review.")
@click.option("--by", help="A State that recommends.")
@click.option("--mechanism", type=click.Choice([one.value for one in Mechanism]))
@click.option("--cycle", type=CYCLE)
@click.option("--position", type=click.Choice([one.value for one in Position]))
@click.option("--theme", default="", help="The key of a theme, like right-health.")
@click.option("--goal", type=click.IntRange(1, 17))
@LANGUAGE
@LIST
@OUTPUT
def listed(
    words: str,
    state: str | None,
    by: str | None,
    mechanism: str | None,
    cycle: int | None,
    position: str | None,
    theme: str,
    goal: int | None,
    language: str,
    kind: str,
    output: Path | None,
) -> None:
    """The recommendations that are asked for, as a file."""
    wanted = Wanted(
        words=words,
        state=state_code(state) if state else "",
        mechanism=Mechanism(mechanism) if mechanism else None,
        cycle=cycle,
        position=Position(position) if position else None,
        theme=theme,
        goal=goal,
        recommending=state_code(by) if by else "",
    )
    rows = list(register_page.cells(wanted, names(db.session(), language), language))
    table("recommendations", register_page.headings(), rows, kind, output)


@recommendations.command("matrix")
@click.argument("state")
@click.option("--cycle", type=CYCLE, required=True)
@LANGUAGE
@PAPER
@OUTPUT
def matrix(state: str, cycle: int, language: str, kind: str, output: Path | None) -> None:
    """The matrix of recommendations by theme of one review of a State."""
    code = state_code(state)
    facts = matrix_facts(db.session(), Console(), code, cycle, at=now(), language=language)
    _draw(facts, code, cycle, language, kind, output)


@recommendations.command("trend")
@click.argument("state")
@click.option("--cycle", type=CYCLE, help="The newest there is, if not said.")
@LANGUAGE
@PAPER
@OUTPUT
def trend(state: str, cycle: int | None, language: str, kind: str, output: Path | None) -> None:
    """Supported and noted by theme, a cycle beside the one before."""
    code = state_code(state)
    facts = trend_facts(db.session(), Console(), code, cycle, at=now())
    _draw(facts, code, cycle, language, kind, output)


def _draw(facts: Register | None, state: str, cycle: int | None, language: str, kind: str, output: Path | None) -> None:
    if facts is None:
        raise refuse("register.no-cycle", state=state, cycle=cycle or "-")
    give(draw(facts, language, kind), "pdf", output)  # neither kind is for a terminal


@recommendations.command("evidence")
@click.argument("numbers", type=click.IntRange(1, 2**63 - 1), nargs=-1, required=True)
@LANGUAGE
@LIST
@OUTPUT
def evidence(numbers: tuple[int, ...], language: str, kind: str, output: Path | None) -> None:
    """What other mechanisms and letters said on the matters of these recommendations, and how each match was found."""
    found = evidence_for(db.session(), Console(), numbers, language, Which(rows=MOST_EVIDENCE))
    table("evidence", evidence_page.headings(), list(evidence_page.cells(found)), kind, output)


@recommendations.command("imports")
def imported() -> None:
    """The files that were taken in, newest first, with their numbers."""
    for one in imports(db.session()):
        fate = f"undone {one.undone_at:%Y-%m-%d}" if one.undone_at else f"{one.added} added, {one.changed} changed"
        click.echo(printable(f"{one.id}  {one.at:%Y-%m-%d %H:%M}  {one.layout}  {one.name}  {fate}"))


@recommendations.command("undo")
@click.argument("number", type=click.IntRange(1, 2**63 - 1))
def undo(number: int) -> None:
    """Undo an import as a whole, while nothing points at what it brought."""
    with unit_of_work(Console()) as work:
        fallen = undo_import(work, named_import(work.session, number))
    click.echo(f"Import {number} is undone: {fallen} recommendations no longer stand.")


COMMANDS = (recommendations,)
