"""fundapp import rates … and bank-statement …"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import click

from fundapp.access.operations import Console
from fundapp.finance.layouts.bank import read_bank
from fundapp.finance.layouts.rates import read_rates
from fundapp.finance.operations.bank import digests_of, import_statements
from fundapp.finance.queries.bank import known_digests, known_marks, may_come_in
from fundapp.finance.rules.bank import marks
from fundapp.finance.views.rates import last_day
from fundapp.funds.queries import named_fund
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Faults, refuse
from fundapp.kernel.money import decimal_text, exponent
from fundapp.kernel.sheets import read_bytes
from fundapp.kernel.text import printable
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.layouts.incoming import incoming
from fundapp.reference.operations import compare_rates, keep_rates
from fundapp.reference.queries import every_currency


@click.command("rates")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Read and compare the file, and change nothing.")
def import_rates(file: Path, dry_run: bool) -> None:
    """Take in United Nations operational rates of exchange: units of a currency for one dollar, from a day on."""
    faults, session = Faults(), db.session()
    given = read_rates(incoming(file), every_currency(session), last_day(), faults)
    if faults:
        raise faults.refusal()
    fresh, same = compare_rates(session, given.rates, given.name)
    if not dry_run:
        with unit_of_work(Console()) as work:
            keep_rates(work, None, given.rates, given.name)
    would = "would be added" if dry_run else "added"
    click.echo(f"{given.name} ({given.layout}): {len(fresh)} rates {would}, {same} there already.")
    if given.left_out:
        click.echo(f"Left out, for nobody here knows the currency: {_listed(given.left_out)}.")
    if dry_run:
        click.echo("Nothing was changed.")


def _listed(names: Iterable[str]) -> str:
    return printable(", ".join(sorted(names)))


@click.command("bank-statement")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--fund", required=True, help="The fund of the account.")
@click.option("--dry-run", is_flag=True, help="Read the file, and change nothing.")
def import_bank_statement(file: Path, fund: str, dry_run: bool) -> None:
    """Take in statements of an account, MT940 or camt.053. Nothing is booked: somebody then says what each movement
    pays."""
    content, name = read_bytes(file), printable(file.name)
    given, session = read_bank(content, name), db.session()
    ours, digest = named_fund(session, fund), hashlib.sha256(content).hexdigest()
    if dry_run:
        may_come_in(session, given, today())
        if known := known_digests(session, ours.id, digests_of(digest, len(given))):
            raise refuse("bank.again", name=name, earlier=next(iter(known.values())))
        every = {mark for one in given for mark in marks(one)}
        there = len(known_marks(session, ours.id, every))
        counted = f"{len(every) - there} movements would be added, {there} there already. Nothing was changed."
    else:
        with unit_of_work(Console()) as work:
            taken = import_statements(work, named_fund(work.session, fund), given, name, digest)
        counted = f"{taken.lines} movements added, {taken.known} there already."
    for one in given:
        before, after = (decimal_text(balance.minor, exponent(one.currency)) for balance in one.balances)
        days = f"{one.first.isoformat()} to {one.last.isoformat()}"
        click.echo(printable(f"{one.account} {one.number} {days}: {before} to {after} {one.currency}"))
    click.echo(counted)


COMMANDS = (import_rates, import_bank_statement)
