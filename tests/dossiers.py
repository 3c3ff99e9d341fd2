"""Dossiers for tests: who fetches them, and what is in what they get."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from flask import Flask
from flask.testing import FlaskClient
from proposing import (
    PASSWORD,
    writer,
)
from signing_in import sign_in

from fundapp.access.models import Person
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import DossierJob, Proposal
from fundapp.proposals.operations import moving
from fundapp.publishing import binding
from fundapp.recommendations.views.blueprint import files

LIST = "/UPR/proposals/dossiers"


@pytest.fixture(autouse=True)
def alone(registered: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder of files of its own, and the demonstration's sign-in."""
    monkeypatch.setitem(registered.config, "FUNDAPP_DEMONSTRATION", True)
    monkeypatch.setattr(registered, "instance_path", str(tmp_path))
    return iter([None])


def browser(app: Flask, person: Person) -> FlaskClient:
    """A browser in which somebody of an office has signed in."""
    email = person.email
    client = app.test_client()
    status, _ = sign_in(client, email, PASSWORD)
    assert status == 200
    client.get("/help?lang=en")
    return client


def word(content: bytes) -> str:
    return "".join(node.text or "" for node in Document(BytesIO(content)).element.iter(qn("w:t")))


def fetched(client: FlaskClient, reference: str, language: str = "en") -> str:
    answer = client.get(f"/UPR/proposals/{reference}/dossier.docx?language={language}")
    assert answer.status_code == 200
    return word(answer.data)


def ask(client: FlaskClient, query: str = "", **data: str) -> int:
    """Ask for dossiers on the page; the number of the job."""
    answer = client.post(f"{LIST}?{query}", data={"language": "en", "form": "docx", **data})
    assert answer.status_code == 303, answer.text
    return int(answer.location.rpartition("/")[2])


def job(key: int) -> DossierJob:
    db.session.rollback()
    return db.session().get_one(DossierJob, key)


def work(app: Flask) -> int:
    db.session.remove()
    done = binding.bind_waiting(files())
    db.session.remove()
    return done


def archive(client: FlaskClient, key: int) -> dict[str, bytes]:
    answer = client.get(f"{LIST}/{key}/dossiers.zip", buffered=True)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(BytesIO(answer.data)) as found:
        return {name: found.read(name) for name in found.namelist()}


def back_to_draft(key: int) -> None:
    """What was handed in and is taken back is the office's own again."""
    with unit_of_work(writer()) as unit:
        moving.take_back(unit, unit.session.get_one(Proposal, key))
