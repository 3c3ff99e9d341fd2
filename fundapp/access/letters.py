"""Letters in words: in the language of whoever gets them, with links to where people reach the program."""

from __future__ import annotations

from flask import current_app
from flask_babel import force_locale, gettext

from fundapp.access.models import Person
from fundapp.access.words import LETTERS

NOWHERE = "http://127.0.0.1:5000"


def address(path: str) -> str:
    """A path as a link that works outside: never the host a request claims, or a letter could lead elsewhere."""
    return (current_app.config.get("FUNDAPP_ORIGIN") or NOWHERE).rstrip("/") + path


def written(kind: str, person: Person, link: str = "") -> tuple[str, str]:
    """Title and body of a letter to a person, in their language; outside a request as well."""
    with force_locale(person.language):
        # not render_template: that would ask for the page around it
        text = current_app.jinja_env.get_template(f"access/letters/{kind}.txt").render(person=person, link=link)
        return gettext(LETTERS[kind]), text


def invitation(person: Person, token: str) -> tuple[str, str]:
    """The letter that brings someone the link to set their first password."""
    return written("invitation", person, invitation_link(token))


def invitation_link(token: str) -> str:
    """Where an invitation leads."""
    path = current_app.url_map.bind("localhost").build("access.accept_invitation", {"token": token})
    return address(path)
