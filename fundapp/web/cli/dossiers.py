"""fundapp dossier: the dossier of one proposal, or those of a call as one archive."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import click

from fundapp.access.operations import Console
from fundapp.board.rules.course import COURSE
from fundapp.funds.models import Fund
from fundapp.funds.queries import named_fund
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.proposals.queries import named_call
from fundapp.proposals.queries.dossier import dossier_facts
from fundapp.proposals.queries.jobs import chosen
from fundapp.proposals.queries.proposals import proposal
from fundapp.proposals.rules.dossier_jobs import MOST
from fundapp.publishing.binding import Archive
from fundapp.publishing.drawing import DOSSIER_FORMATS, draw
from fundapp.web.cli.books import LANGUAGE, give

ARCHIVE = "zip"
OUTPUT = click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file.")


@click.command("dossier")
@click.argument("fund")
@click.argument("reference", required=False)
@click.option("--call", "code", help="All proposals of this call, as an archive; with --format zip.")
@click.option("--stage", type=click.Choice([str(one) for one in COURSE.stages()]), help="Of them, those at this stage.")
@LANGUAGE
@click.option("--format", "kind", type=click.Choice([*DOSSIER_FORMATS, ARCHIVE]), default="pdf", show_default=True)
@click.option("--inside", type=click.Choice(list(DOSSIER_FORMATS)), default="pdf", show_default=True, help="In a zip.")
@OUTPUT
def dossier(
    fund: str, reference: str | None, code: str | None, stage: str | None, language: str, kind: str, inside: str,
    output: Path,
) -> None:  # fmt: skip
    """The dossier of the proposal REFERENCE of FUND, or with --call those of all proposals of a call."""
    if (reference is None) == (code is None):
        raise click.UsageError("give either REFERENCE or --call CODE")
    if (kind == ARCHIVE) != (code is not None):
        raise click.UsageError("--format zip goes with --call, and --call with it")
    if stage is not None and code is None:
        raise click.UsageError("--stage goes with --call")
    found = named_fund(db.session(), fund)
    if reference is not None:
        _one(found, reference, language, kind, output)
    elif code is not None:
        _all(found, code, stage, Archive(Console(), found, language, inside), output)


def _one(fund: Fund, reference: str, language: str, kind: str, output: Path) -> None:
    session, who = db.session(), Console()
    found = proposal(session, who, fund, reference)
    if found is None:
        raise refuse("proposal.unknown", reference=reference[:20])
    give(draw(dossier_facts(session, who, found, now()), language, kind), kind, output)


def _all(fund: Fund, code: str, stage: str | None, archive: Archive, output: Path) -> None:
    session = db.session()
    call = named_call(session, fund, code)
    ids = chosen(session, archive.reader, fund, {"call": [call.code], "stage": [stage] if stage else []})
    if not ids:
        raise refuse("dossiers.none")
    if len(ids) > MOST:
        raise refuse("dossiers.many", found=len(ids), largest=MOST)
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as kept:
        for key in ids:
            archive.put(kept, key)
    if archive.inside:
        give(file.getvalue(), ARCHIVE, output)
    _say(archive.failed)


def _say(failed: Sequence[str]) -> None:
    """Name what could not be drawn, and end as found wanting; the others are in the file."""
    if failed:
        raise Refusal(*(Fault("dossiers.failed", {"reference": one}) for one in failed))


COMMANDS = (dossier,)
