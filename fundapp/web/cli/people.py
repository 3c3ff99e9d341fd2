"""fundapp person … and letters …."""

from __future__ import annotations

import click
from flask import current_app

from fundapp.access.console import add
from fundapp.access.operations import Console
from fundapp.access.outbox import send_waiting
from fundapp.access.policy import Role
from fundapp.kernel.languages import DEFAULT, LANGUAGES
from fundapp.kernel.work import unit_of_work

ROLES = ", ".join(Role)


@click.group()
def person() -> None:
    """The people who work with the funds."""


@person.command("add")
@click.argument("email")
@click.option("--role", "roles", multiple=True, required=True, help=f"May be given several times. One of: {ROLES}.")
@click.option("--office", help="For a field officer or a head of office: the code of the office.")
@click.option("--fund", help="The fund the roles are for; all funds when not given.")
@click.option("--name", default="", help="The name as it is shown.")
@click.option("--language", type=click.Choice(LANGUAGES), default=DEFAULT, show_default=True)
def add_person(
    email: str, roles: tuple[str, ...], office: str | None, fund: str | None, name: str, language: str
) -> None:
    """Add someone, give them their roles, and write the letter that invites them."""
    with unit_of_work(Console()) as work:
        invited = add(work, email, roles=roles, name=name, language=language, office=office, fund=fund)
        said, link = f"{invited.person.email}: {', '.join(roles)}.", invited.link
    click.echo(said)
    click.echo(f"The first password is set at {link}")


@click.group()
def letters() -> None:
    """Letters that wait in the outbox."""


@letters.command("send")
def send() -> int:
    """Send what waits to the mail server of FUNDAPP_SMTP_URL; a demonstration has none, and prints letters at once."""
    counts = send_waiting(current_app._get_current_object())  # type: ignore[attr-defined]
    click.echo(f"{counts.sent} sent, {counts.failed} failed and kept, {counts.waiting} waiting.")
    return 1 if counts.failed else 0


COMMANDS = (person, letters)
