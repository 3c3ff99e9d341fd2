"""Every page of the application, as every role: a GET changes nothing, and nobody is let in by an oversight."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from fundapp.access import gate
from fundapp.access.demonstration import invented
from fundapp.access.policy import Permission, Role, may
from fundapp.kernel.base import Base
from fundapp.kernel.database import db
from fundapp.kernel.work import NO_RECORD

# What a page's address names: something that is there in the demonstration, else a guess that is answered with 404.
EXAMPLES: dict[str, Any] = {
    "fund": "UPR", "filename": "app.css", "token": "none", "language": "en", "code": "FJI",
    "proposals.code": "2020-1", "name": "consent", "reference": "2020-1-001", "move": "clear",
    "number": "R2020-0001", "span": "2020", "point": "imports",
}  # fmt: skip


def rules(app: Flask) -> list[Rule]:
    """Every address that can be asked for with GET, but the files of the style."""
    # /health/ready asks for a connection of its own, and a database in memory has one
    passed_over = {"static", "web.ready"}
    found = [r for r in app.url_map.iter_rules() if "GET" in (r.methods or ()) and r.endpoint not in passed_over]
    return sorted(found, key=lambda rule: rule.rule)


def address(app: Flask, rule: Rule) -> str:
    """An address of the rule: numbers are 1, kinds the first that there are, words those of the examples."""
    values: dict[str, Any] = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        if isinstance(converter, AnyConverter):
            values[name] = min(converter.items)
        else:
            whole = isinstance(converter, IntegerConverter)
            guess = EXAMPLES.get(name, "A/HRC/47/19")
            values[name] = 1 if whole else EXAMPLES.get(f"{rule.endpoint.partition('.')[0]}.{name}", guess)
    built = app.url_map.bind("localhost").build(rule.endpoint, values)
    return str(built)


def digest() -> str:
    """All tables, cell by cell, but those that are no record."""
    db.session.rollback()
    whole = hashlib.sha256()
    for name, table in sorted(Base.metadata.tables.items()):
        if name not in NO_RECORD:
            rows = sorted(map(repr, db.session.execute(sa.select(table))))
            whole.update(f"{name}:{rows}".encode())
    db.session.remove()
    return whole.hexdigest()


def as_one_of(app: Flask, role: Role | None) -> FlaskClient:
    client = app.test_client()
    if role is not None:
        assert client.post("/demonstration", data={"role": role}).status_code == 302
    return client


@pytest.fixture
def demonstration(shown: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The demonstration, in its mode; files may be asked for as often as this test does."""
    monkeypatch.setitem(shown.config, "FUNDAPP_DEMONSTRATION", True)
    monkeypatch.setattr(gate, "EXPORTS", (10_000, 600))
    yield shown


@pytest.mark.slow
@pytest.mark.parametrize("role", [None, *sorted(Role)])
def test_a_get_changes_nothing(demonstration: Flask, role: Role | None) -> None:
    app, client = demonstration, as_one_of(demonstration, role)
    before = digest()
    with app.app_context():
        person = invented(db.session(), role) if role else None
        held = {permission: person is not None and may(person, permission) for permission in Permission}
        db.session.remove()
    for rule in rules(app):
        answer = client.get(address(app, rule), buffered=True)
        permission = gate.declared(app, rule.endpoint)
        assert answer.status_code < 500, (rule.rule, answer.status_code, answer.text[-500:])
        if isinstance(permission, Permission) and permission not in (Permission.ANYONE, Permission.DEMONSTRATION):
            if role is None:
                assert answer.status_code == 302 and answer.location.startswith("/login"), rule.rule
            elif not held[permission]:
                assert answer.status_code == 403, (rule.rule, answer.status_code)
            else:
                assert answer.status_code != 403, rule.rule
    assert digest() == before


@pytest.mark.slow
@pytest.mark.parametrize("role", [None, *sorted(Role)])
def test_a_post_asks_for_its_permission(demonstration: Flask, role: Role | None) -> None:
    """Empty posts, to every address that takes them: who may not is refused before the page is asked."""
    app, client = demonstration, as_one_of(demonstration, role)
    with app.app_context():
        person = invented(db.session(), role) if role else None
        held = {permission: person is not None and may(person, permission) for permission in Permission}
        db.session.remove()
    before = digest()
    for rule in [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]:
        permission = gate.declared(app, rule.endpoint)
        if not isinstance(permission, Permission) or permission in (Permission.ANYONE, Permission.DEMONSTRATION):
            continue
        if role is None:
            answer = client.post(address(app, rule))
            if hasattr(app.view_functions[rule.endpoint], "keeps"):  # with what was typed, and a link to sign in
                assert answer.status_code == 401 and 'href="/login"' in answer.text, rule.rule
            else:
                assert answer.status_code == 302 and answer.location.startswith("/login"), rule.rule
        elif not held[permission]:
            assert client.post(address(app, rule)).status_code == 403, rule.rule
    assert digest() == before
