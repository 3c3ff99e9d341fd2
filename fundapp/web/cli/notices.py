"""fundapp notices tell."""

from __future__ import annotations

import click

from fundapp.board.rounds import seats_due
from fundapp.kernel.clock import now
from fundapp.proposals.rounds import tell_due


@click.group()
def notices() -> None:
    """What people are to hear of about proposals, and reminders of deadlines."""


@notices.command("tell")
def tell() -> None:
    """Do now what a round in the background does: lay down reminders that are due, and write the letters."""
    seats_due(now())
    done = tell_due(now())
    click.echo(f"{done.reminders} reminders are new, {done.letters} letters were written.")


COMMANDS = (notices,)
