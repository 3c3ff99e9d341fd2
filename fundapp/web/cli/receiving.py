"""fundapp receipts … and receivables …."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import click

from fundapp.finance.queries.ageing import unpaid
from fundapp.finance.queries.receipts import Wanted, receipts
from fundapp.finance.rules.ageing import by_age
from fundapp.funds.queries import named_fund
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.money import decimal_text, exponent
from fundapp.kernel.sheets import csv_pieces
from fundapp.web.cli.published import DAY

KIND = click.option("--format", "kind", type=click.Choice(("text", "csv", "json")), default="text", show_default=True)
LANGUAGE = "en"


@click.group("receipts")
def receipts_group() -> None:
    """Money that came in from donors."""


@receipts_group.command("list")
@click.argument("fund")
@KIND
def list_receipts(fund: str, kind: str) -> None:
    """The receipts of a fund that stand, oldest first."""
    session = db.session()
    found = receipts(session, named_fund(session, fund), Wanted(sort="date"), LANGUAGE, today())
    rows = [
        {
            "number": row.receipt.number,
            "day": row.receipt.received_on.isoformat(),
            "donor": row.donor,
            "currency": row.receipt.currency,
            "amount": _amount(row.receipt.minor, row.receipt.currency),
            "usd": decimal_text(row.receipt.cents),
            "left": _amount(row.purse.left, row.receipt.currency),
            "reference": row.receipt.reference,
            "thanked": row.thanked.isoformat() if row.thanked else "",
        }
        for row in found
    ]
    _give(kind, ("number", "day", "donor", "currency", "amount", "usd", "left", "reference", "thanked"), rows)
    if kind == "text":
        click.echo(f"{len(rows)} receipts, USD {decimal_text(sum(row.receipt.cents for row in found))}.")


@click.command("receivables")
@click.argument("fund")
@click.option("--on", "on", type=DAY, help="By the end of this day; today unless given.")
@KIND
def receivables(fund: str, on: datetime | None, kind: str) -> None:
    """Instalments that are not paid, oldest due first, and how long they have been due."""
    session, day = db.session(), on.date() if on else today()
    found = unpaid(session, named_fund(session, fund), day, LANGUAGE)
    rows = [
        {
            "pledge": f"{row.pledge}/{row.number}",
            "donor": row.donor,
            "due": row.due_on.isoformat(),
            "age": row.age.value,
            "days": str(row.days),
            "currency": row.currency,
            "outstanding": _amount(row.stands.outstanding, row.currency),
            "usd": decimal_text(row.cents),
            "reminders": str(len(row.reminders)),
        }
        for row in found
    ]
    _give(kind, ("pledge", "donor", "due", "age", "days", "currency", "outstanding", "usd", "reminders"), rows)
    if kind == "text":
        ages = ", ".join(f"{age} {decimal_text(cents)}" for age, cents in by_age(found).items())
        click.echo(f"{len(rows)} instalments, USD {decimal_text(sum(row.cents for row in found))}: {ages}.")


def _amount(minor: int, currency: str) -> str:
    return decimal_text(minor, exponent(currency))


def _give(kind: str, names: Sequence[str], rows: Sequence[dict[str, str]]) -> None:
    if kind == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    elif kind == "csv":
        for piece in csv_pieces(names, ([row[name] for name in names] for row in rows)):
            click.echo(piece, nl=False)
    else:
        for row in rows:
            click.echo("  ".join(row[name] for name in names if row[name]))


COMMANDS = (receipts_group, receivables)
