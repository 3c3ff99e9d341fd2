"""fundapp minutes: the minutes of a session as a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from fundapp.board.queries.minutes import Version, kept_minutes, versions_of
from fundapp.board.queries.record import minutes_facts
from fundapp.board.rules.minutes import Reader, read_by
from fundapp.funds.queries import named_fund
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import refuse
from fundapp.publishing.documents.minutes import MinutesPrinted
from fundapp.publishing.drawing import MINUTES_FORMATS, draw
from fundapp.web.addresses import LARGEST
from fundapp.web.cli.books import LANGUAGE, give
from fundapp.web.cli.dossiers import OUTPUT
from fundapp.web.cli.sessions import session_found


@click.command("minutes")
@click.argument("fund")
@click.argument("number", type=click.IntRange(1, LARGEST))
@click.option("--version", type=click.IntRange(1, LARGEST), help="Of the versions that were kept, this one.")
@click.option("--draft", is_flag=True, help="As the record has them by now, whatever was kept.")
@LANGUAGE
@click.option("--format", "kind", type=click.Choice(list(MINUTES_FORMATS)), default="pdf", show_default=True)
@OUTPUT
def minutes(
    fund: str, number: int, version: int | None, draft: bool, language: str, kind: str, output: Path
) -> None:  # fmt: skip
    """The minutes of the session NUMBER of FUND: the version that was kept last, or the one asked for."""
    if draft and version is not None:
        raise click.UsageError("give either --version or --draft")
    session = db.session()
    found = named_fund(session, fund)
    of = session_found(found, number)
    kept = None if draft else _kept(versions_of(session, of), version)
    facts = read_by(kept_minutes(session, kept) if kept else minutes_facts(session, of), Reader(found.code))
    printed = MinutesPrinted(found.code, found.names, facts, now())
    if kept:
        day = kept.approved_at.date() if kept.approved_at else None
        printed = MinutesPrinted(found.code, found.names, facts, now(), kept.number, kept.digest, day, kept.chair)
    give(draw(printed, language, kind), kind, output)


def _kept(versions: Sequence[Version], number: int | None) -> Version:
    if number is None and versions:
        return versions[0]
    if number is None:
        raise refuse("minutes.none-kept")
    found = next((one for one in versions if one.number == number), None)
    if found is None:
        raise refuse("minutes.no-version", number=number)
    return found


COMMANDS = (minutes,)
