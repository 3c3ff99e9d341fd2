"""Pages of a proposal as a browser of its office sends them, for tests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from proposing import version_of
from signing_in import enter
from werkzeug.test import TestResponse

from fundapp.kernel.database import db
from fundapp.proposals.models import Proposal, ProposalSection
from fundapp.proposals.rules.fields import FIELDS, Kind


@dataclass(frozen=True)
class Made:
    """A proposal as requests leave it: its key and its reference."""

    id: int
    reference: str

    @property
    def row(self) -> Proposal:
        return db.session().get_one(Proposal, self.id)


def kept(proposal: Proposal) -> Made:
    return Made(proposal.id, proposal.reference)


def browser(app: Flask, email: str = "field-officer.pacific@example.org") -> FlaskClient:
    """A browser of somebody of the office."""
    client = app.test_client()
    enter(client, email)
    client.get("/help?lang=en")
    return client


def at(proposal: Made, name: str) -> str:
    return f"/UPR/proposals/{proposal.reference}/write/{name}"


def encoded(name: str, content: dict[str, Any]) -> dict[str, Any]:
    """A page as a browser sends it."""
    found: dict[str, Any] = {}
    for field in FIELDS.get(name, ()):
        value = content.get(field.name)
        if field.kind is Kind.ROWS:
            found[f"f.{field.name}"] = [row["id"] for row in value or ()]
            for row in value or ():
                found |= {f"f.{field.name}.{row['id']}.{key}": one for key, one in row.items() if key != "id"}
        elif value:
            found[f"f.{field.name}"] = value
            if field.name + "_courtesy" in content:
                found[f"f.{field.name}_courtesy"] = content[field.name + "_courtesy"]
    return found


def save(client: FlaskClient, proposal: Made, name: str, data: dict[str, Any], version: int | None = None) -> Any:
    of = version_of(proposal.row, name) if version is None else version
    return client.post(at(proposal, name), data={"version": str(of), **data})


def draft(client: FlaskClient, proposal: Made, name: str, version: int, **data: Any) -> TestResponse:
    headers = {"X-Draft": "1", "If-Match": f'"{version}"', "Accept": "application/json"}
    return client.post(at(proposal, name), data={f"f.{key}": text for key, text in data.items()}, headers=headers)


def told(answer: TestResponse) -> dict[str, Any]:
    """What a script reads."""
    found: dict[str, Any] = answer.get_json()
    return found


def stands(proposal: Made, name: str) -> dict[str, Any]:
    db.session().rollback()
    found = db.session().query(ProposalSection).filter_by(proposal_id=proposal.id, name=name).one_or_none()
    return dict(found.content) if found else {}


def area(page: str, name: str) -> str:
    """What a textarea holds, as a browser reads it."""
    found = re.search(rf'<textarea[^>]*name="f\.{re.escape(name)}"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert found, name
    return unescape(found[1])
