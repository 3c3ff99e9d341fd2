"""fundapp init."""

from __future__ import annotations

import click

from fundapp.web.seed import initialise


@click.command()
@click.option("--demo", is_flag=True, help="Add invented people of each role, and the real tables of A/HRC/47/19.")
def init(demo: bool) -> None:
    """Make the tables, or bring them up to date; load countries, funds and accounts. Twice does no harm."""
    begun = initialise(demo)
    click.echo(f"Ready: {begun.reference} reference rows, {begun.funds} funds and {begun.accounts} accounts are new.")
    if demo:
        click.echo("Demonstration data put in." if begun.demonstration else "Demonstration data was there already.")


COMMANDS = (init,)
