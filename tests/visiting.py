"""Pages as people of the demonstration open them, and what the database is asked in the meantime."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from fundapp.kernel.database import db


def as_a(app: Flask, role: str) -> FlaskClient:
    """A browser in which the demonstration's person of a role has signed in, and reads English."""
    client = app.test_client()
    assert client.post("/demonstration", data={"role": role}).status_code == 302
    client.get("/help?lang=en")
    return client


@contextmanager
def statements(app: Flask | None = None) -> Iterator[list[str]]:
    """What the database is asked in the meantime."""
    asked: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "COMMIT")):
            asked.append(statement)

    engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def text_of(client: FlaskClient, address: str) -> str:
    """A page that is there."""
    found = client.get(address)
    assert found.status_code == 200, (address, found.status_code)
    return found.get_data(as_text=True)


def waiting(client: FlaskClient, fund: str = "UPR") -> list[str]:
    """What the list says, a text each."""
    answer = client.get(f"/{fund}/?lang=en")
    assert answer.status_code == 200
    return re.findall(r'<li><a class="govuk-link" href="[^"]+">([^<]+)</a>', answer.text.split("<footer")[0])
