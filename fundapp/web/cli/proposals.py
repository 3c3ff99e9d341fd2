"""fundapp proposal list and show."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import click
import sqlalchemy as sa

from fundapp.access.models import Office, Person
from fundapp.access.operations import Console
from fundapp.board.rules.course import COURSE
from fundapp.funds.models import Fund
from fundapp.funds.queries import named_fund
from fundapp.kernel.database import db
from fundapp.kernel.errors import refuse
from fundapp.kernel.money import decimal_text
from fundapp.kernel.text import printable
from fundapp.proposals.models import Call, Proposal
from fundapp.proposals.queries import named_call
from fundapp.proposals.queries.proposals import moves, versions, visible
from fundapp.proposals.queries.proposals import proposal as proposal_of

NOTHING = "-"
COLUMNS = (
    "reference", "call", "stage", "office", "country", "language", "total", "marker", "done", "submitted", "due",
    "officer", "title",
)  # fmt: skip


@click.group("proposal")
def proposal() -> None:
    """Proposals to a fund."""


@proposal.command("list")
@click.argument("fund")
@click.option("--call", "code", default="", help="Only those to this call.")
@click.option(
    "--stage",
    type=click.Choice([str(one) for one in COURSE.stages()]),
    default=None,
    help="Only those that stand there.",
)
@click.option("--format", "kind", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True)
def list_proposals(fund: str, code: str, stage: str | None, kind: str) -> None:
    """The proposals to FUND, by reference; amounts in dollars, moments in UTC."""
    session = db.session()
    found = named_fund(session, fund)
    where = [visible(Console(), found.id)]
    if code:
        where.append(sa.type_coerce(Proposal.call_id == named_call(session, found, code).id, sa.Boolean))
    if stage:
        where.append(sa.type_coerce(Proposal.stage == stage, sa.Boolean))
    rows = [_facts(*row) for row in session.execute(_ROWS.where(*where))]
    if kind == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif kind == "csv":
        click.echo(_as_csv(rows), nl=False)
    else:
        for row in rows:
            told = (row[name] for name in ("reference", "stage", "office", "country", "total", "title"))
            click.echo(printable("  ".join(str(one) if one not in (None, "") else NOTHING for one in told)))
        if not rows:
            click.echo("No proposals.")


_ROWS = (
    sa.select(Proposal, Call.code, Office.code, Person.email)
    .join(Call, Call.id == Proposal.call_id)
    .join(Office, Office.id == Proposal.office_id)
    .outerjoin(Person, Person.id == Proposal.officer_id)
    .order_by(Call.code, Proposal.number)
)


def _facts(*found: Any) -> dict[str, Any]:
    one, call, office, officer = found
    return {
        "reference": one.reference, "call": call, "stage": one.stage, "office": office, "country": one.country,
        "language": one.language, "total": decimal_text(one.total_cents), "marker": one.marker, "done": one.done,
        "submitted": _iso(one.submitted_at), "due": _iso(one.due_at), "officer": officer, "title": one.title,
    }  # fmt: skip


def _as_csv(rows: Sequence[dict[str, Any]]) -> str:
    """A spreadsheet must not take what an office wrote for a formula."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        title = row["title"]
        writer.writerow(row | {"title": f"'{title}" if title[:1] in ("=", "+", "-", "@", "\t") else title})
    return text.getvalue()


@proposal.command("show")
@click.argument("fund")
@click.argument("reference")
@click.option("--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True)
def show(fund: str, reference: str, kind: str) -> None:
    """The proposal REFERENCE of FUND: where it stands, its versions and its moves."""
    session = db.session()
    found = _named(named_fund(session, fund), reference)
    facts = _facts(*session.execute(_ROWS.where(Proposal.id == found.id)).one())
    facts["versions"] = [
        {"number": one.number, "at": _iso(one.at), "by": one.by, "digest": one.digest, **_said(one.content)}
        for one in versions(session, found)
    ]
    facts["moves"] = [
        {"move": one.move, "to": one.to, "at": _iso(one.at), "by": one.by, "reason": one.reason,
         "due": _iso(one.due_at)}
        for one in moves(session, found)
    ]  # fmt: skip
    if kind == "json":
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for line in _lines(facts):
        click.echo(printable(line))


def _named(fund: Fund, reference: str) -> Proposal:
    found = proposal_of(db.session(), Console(), fund, reference)
    if found is None:
        raise refuse("proposal.unknown", reference=printable(reference[:20]))
    return found


def _said(content: str) -> dict[str, Any]:
    said = json.loads(content)
    return {"total": decimal_text(said["total_cents"]), "sections": said["sections"], "documents": said["documents"]}


def _lines(facts: dict[str, Any]) -> Iterator[str]:
    yield f"{facts['reference']}: {facts['title'] or NOTHING}"
    for name in COLUMNS[1:-1]:
        value = facts[name]
        yield f"{name:11} {NOTHING if value in (None, '') else value}"
    for one in facts["versions"]:
        yield f"version     {one['number']} {one['at']} {one['by']} {one['total']} {one['digest']}"
    for one in facts["moves"]:
        more = "".join(f", {text}" for text in (one["due"], " ".join(one["reason"].split())) if text)
        yield f"move        {one['at']} {one['move']} to {one['to']} by {one['by']}{more}"


def _iso(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%MZ}" if moment else None


COMMANDS = (proposal,)
