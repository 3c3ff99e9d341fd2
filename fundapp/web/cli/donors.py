"""fundapp donor and fundapp pledge: who gives, and what was promised."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import click

from fundapp.contributions.models import PledgeStage
from fundapp.contributions.queries import donor_by_code
from fundapp.contributions.queries.pledges import PledgeRow, PledgesWanted, pledge_rows
from fundapp.contributions.queries.register import (
    DonorRow,
    DonorsWanted,
    aliases_of,
    contacts_of,
    donor_rows,
    former_names,
    name_of,
)
from fundapp.finance.queries.receiving import paid_by_pledge
from fundapp.funds.models import Fund
from fundapp.funds.queries import named_fund
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.money import decimal_text, exponent
from fundapp.kernel.text import printable
from fundapp.web.cli.tables import show

LANGUAGE = "en"
DONOR_COLUMNS = ("code", "kind", "binding", "drafts", "promised", "last_announced", "name")
PLEDGE_COLUMNS = (
    "number", "donor", "kind", "stage", "currency", "amount", "paid", "announced_on", "binds_on", "instalments",
    "last_due", "reference",
)  # fmt: skip
FIGURES = frozenset({"binding", "drafts", "amount", "paid", "instalments"})
FORMAT = click.option(
    "--format", "kind", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True
)  # fmt: skip
Cell = str | int | None


@click.group("donor")
def donor() -> None:
    """Donors of a fund."""


@donor.command("list")
@click.argument("fund")
@FORMAT
def list_donors(fund: str, kind: str) -> None:
    """Who gives to FUND, gave, or may give, with what those pledges promise that bind."""
    found = named_fund(db.session(), fund)
    rows = donor_rows(db.session(), found.id, LANGUAGE, DonorsWanted())
    show(DONOR_COLUMNS, [_donor_cells(row) for row in rows], kind, "No donors.", FIGURES)


@donor.command("show")
@click.argument("fund")
@click.argument("code")
@click.option("--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True)
def show_donor(fund: str, code: str, kind: str) -> None:
    """A donor by its CODE: names, spellings, contacts, and what it promised FUND."""
    facts = _facts(named_fund(db.session(), fund), code)
    if kind == "json":
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for key in ("code", "kind", "name"):
        click.echo(printable(f"{key:<10}  {facts[key]}"))
    for one in facts["former_names"]:
        click.echo(printable(f"{'until':<10}  {one['until']} {one['name']}"))
    for said in facts["spellings"]:
        click.echo(printable(f"{'spelling':<10}  {said}"))
    for one in facts["contacts"]:
        click.echo(printable(f"{'contact':<10}  " + ", ".join(str(text) for text in one.values() if text)))
    for one in facts["pledges"]:
        words = (one["number"], one["stage"], f"{one['amount']} {one['currency']}", f"paid {one['paid']}")
        click.echo(printable(f"{'pledge':<10}  " + "  ".join(words)))


def _facts(fund: Fund, code: str) -> dict[str, Any]:
    session = db.session()
    found = donor_by_code(session, code)
    paid = paid_by_pledge(session, fund.id, found.id)
    rows = pledge_rows(session, fund, LANGUAGE, PledgesWanted(donor=found.id, sort="number"), today())
    contacts = [
        {"name": one.name, "function": one.function, "email": one.email, "phone": one.phone, "language": one.language}
        for one in contacts_of(session, found)
    ]
    return {
        "code": found.code,
        "kind": found.kind.value,
        "name": name_of(session, found, LANGUAGE),
        "names": found.names,
        "former_names": [
            {"name": one.name(LANGUAGE), "until": one.until.isoformat()} for one in former_names(session, found)
        ],
        "spellings": [one.said for one in aliases_of(session, found)],
        "contacts": contacts,
        "pledges": [dict(zip(PLEDGE_COLUMNS, _pledge_cells(row, paid.get(row.id, 0)), strict=True)) for row in rows],
    }


@click.group("pledge")
def pledge() -> None:
    """Pledges and agreements."""


@pledge.command("list")
@click.argument("fund")
@click.option("--stage", type=click.Choice([stage.value for stage in PledgeStage]), help="Those that stand there.")
@click.option("--year", type=click.IntRange(1900, 9999), help="Those that were announced in this year.")
@FORMAT
def list_pledges(fund: str, stage: str | None, year: int | None, kind: str) -> None:
    """What was promised to FUND, and what is paid of it, in the currency it was promised in."""
    session, found = db.session(), named_fund(db.session(), fund)
    wanted = PledgesWanted(stage=PledgeStage(stage) if stage else None, year=year, sort="number")
    paid = paid_by_pledge(session, found.id)
    rows = pledge_rows(session, found, LANGUAGE, wanted, today())
    show(PLEDGE_COLUMNS, [_pledge_cells(row, paid.get(row.id, 0)) for row in rows], kind, "No pledges.", FIGURES)


def _donor_cells(row: DonorRow) -> tuple[Cell, ...]:
    promised = "; ".join(f"{decimal_text(minor, exponent(code))} {code}" for code, minor in row.promised)
    return row.code, row.kind.value, row.binding, row.drafts, promised, _day(row.last), row.name


def _pledge_cells(row: PledgeRow, paid: int) -> tuple[Cell, ...]:
    places = exponent(row.currency)
    return (
        row.number, row.code, row.kind.value, row.stage.value, row.currency, decimal_text(row.minor, places),
        decimal_text(paid, places), _day(row.announced_on), _day(row.binds_on), row.instalments, _day(row.last_due),
        row.reference,
    )  # fmt: skip


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


COMMANDS = (donor, pledge)
