"""fundapp rank: the ranking of a call that is scored."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import click
import sqlalchemy as sa

from fundapp.access.operations import Console
from fundapp.funds.models import Fund
from fundapp.funds.queries import named_fund
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import refuse
from fundapp.kernel.sheets import csv_text
from fundapp.kernel.text import printable
from fundapp.proposals.models import Call
from fundapp.proposals.rules import best
from fundapp.scoring.models import ScoringRound
from fundapp.scoring.queries.ranking import Ranking, Row, all_rounds, ranking
from fundapp.scoring.queries.rounds import scales_of
from fundapp.scoring.rules.agreement import Meaning, agreement

LANGUAGE = "en"
NOTHING = "-"
BEFORE, AFTER = ("rank", "reference", "country", "total"), ("n_reviewers", "sd", "flags")
MEANINGS = {
    Meaning.RELIABLE: "conclusions can rest on it",
    Meaning.TENTATIVE: "good for tentative conclusions",
    Meaning.WEAK: "too little to rest conclusions on",
    Meaning.AGAINST: "less than chance would bring",
    Meaning.NO_PAIRS: "not known: nothing was scored by two",
    Meaning.NO_VARIATION: "not known: everybody gave the same step everywhere",
}


@click.command("rank")
@click.argument("call", required=False)
@click.option("--list", "listing", is_flag=True, help="Name the calls that are or were scored, and nothing else.")
@click.option("--fund", "fund_code", help="The fund of the call; needed where several funds have a call of that code.")
@click.option("--format", "kind", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True)
def rank(call: str | None, listing: bool, fund_code: str | None, kind: str) -> None:
    """The ranking of the proposals to CALL by the score sheets that count. The total is of 100; a criterion's column,
    named by its code, is the mean of those who scored it; sd is that of the reviewers' own totals."""
    if listing == (call is not None):
        raise click.UsageError("Name one CALL, or say --list for those there are.")
    fund = named_fund(db.session(), fund_code) if fund_code else None
    if call is None:
        _list(all_rounds(db.session(), fund.id if fund else None), kind)
        return
    found, of = _scored(call, fund)
    seen = ranking(db.session(), Console(), found, of, scales_of(db.session(), found), LANGUAGE, now())
    columns = (*BEFORE, *(scale.code for scale in seen.terms.scales), *AFTER)
    _say(columns, [_cells(row) for row in seen.rows], kind)
    if kind == "text" and seen.rows:
        click.echo(_agreed(seen))


def _scored(code: str, fund: Fund | None) -> tuple[Call, ScoringRound]:
    """The call of a code with its round; refused, with those there are, where there is none or several."""
    session = db.session()
    there = [(call, of) for call, of in all_rounds(session, fund.id if fund else None) if call.code == code]
    if len(there) > 1:
        funds = sorted(session.get_one(Fund, call.fund_id).code for call, _ in there)
        raise refuse("rank.which-fund", code=code, funds=", ".join(funds))
    if there:
        return there[0]
    known = ", ".join(call.code for call, _ in all_rounds(session, fund.id if fund else None)) or NOTHING
    asked = sa.select(sa.func.count()).select_from(Call).where(Call.code == code)
    called = session.scalar(asked if fund is None else asked.where(Call.fund_id == fund.id))
    raise refuse("rank.no-round" if called else "rank.unknown", code=printable(code)[:20], known=known)


def _cells(row: Row) -> tuple[str | int | Decimal | None, ...]:
    what, figures = row.proposed, row.ranked
    means = (one.mean if one else None for one in figures.spreads)
    flags = " ".join(map(str, figures.flags))
    return (figures.rank, what.reference, what.country, figures.total, *means, figures.n, figures.sd, flags)


def _say(columns: Sequence[str], rows: Sequence[Sequence[Any]], kind: str) -> None:
    """The ranking: aligned, as comma-separated values, or as a list of objects whose decimals are text."""
    if kind == "csv":
        click.echo(csv_text(columns, rows), nl=False)
    elif kind == "json":
        texts = [{name: _plain(cell) for name, cell in zip(columns, row, strict=True)} for row in rows]
        click.echo(json.dumps(texts, ensure_ascii=False, indent=2))
    elif rows:
        for line in _aligned(columns, rows):
            click.echo(printable(line))
    else:
        click.echo("No proposals.")


def _plain(cell: Any) -> Any:
    return str(cell) if isinstance(cell, Decimal) else cell


def _aligned(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    """Figures to the right, texts to the left."""
    texts = [[NOTHING if cell in (None, "") else str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *texts, strict=True)]
    left = {"reference", "country", "flags"}
    for line in (columns, *texts):
        cells = zip(columns, line, widths, strict=True)
        yield "  ".join(
            cell.ljust(width) if name in left else cell.rjust(width) for name, cell, width in cells
        ).rstrip()


def _agreed(seen: Ranking) -> str:
    found = agreement(seen.ranked)
    alpha = NOTHING if found.alpha is None else str(found.alpha)
    return f"agreement   {alpha} (Krippendorff's alpha, ordinal): {MEANINGS[found.meaning]}"


def _list(rounds: Sequence[Any], kind: str) -> None:
    """The calls that have a round: fund, code, whether it is open, title."""
    funds = {fund.id: fund.code for fund in {db.session().get_one(Fund, call.fund_id) for call, _ in rounds}}
    columns = ("fund", "call", "scoring", "title")
    rows = [
        (funds[call.fund_id], call.code, "open" if of.open else "closed", best(call.names, LANGUAGE).text)
        for call, of in rounds
    ]
    if kind != "text":
        _say(columns, rows, kind)
        return
    for row in rows:
        click.echo(printable("  ".join(cell or NOTHING for cell in row)))
    if not rows:
        click.echo("No call is scored yet.")


COMMANDS = (rank,)
