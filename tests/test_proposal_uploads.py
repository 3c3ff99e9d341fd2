"""Files of a proposal that arrive part by part, and go on where they broke off."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from calls import opened, someone
from flask import Flask
from flask.testing import FlaskClient
from proposing import begun, writer
from sending_documents import (
    MB,
    OTHER_OFFICE,
    OWN,
    PDF,
    clamd,
    counter,
    in_a_folder,
    kept,
    nobody_there,
    page,
    part,
    pdf_of,
    rows,
    send_document,
    uploads,
)
from visiting import as_a, text_of

from fundapp.access.policy import Role
from fundapp.kernel import scanning
from fundapp.kernel.clock import now
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.arriving import forget
from fundapp.proposals.models import ProposalDocument, ProposalFile, ProposalUpload
from fundapp.proposals.views.proposal.counter import PLACE
from fundapp.web.clerk import tidy


@pytest.fixture(autouse=True)
def one_click(registered: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The demonstration's people sign in without proof; files are in a folder of this test."""
    in_a_folder(registered, monkeypatch, tmp_path / "files")


def begin(client: FlaskClient, reference: str, content: bytes, name: str = "letter.pdf", **more: Any) -> str:
    said = {"name": name, "size": str(len(content)), "kind": "consent", **more}
    answer = client.post(uploads(reference), data=said, headers={"Accept": "application/json"})
    assert answer.status_code == 201, answer.text
    assert answer.json and answer.json["received"] == 0
    return f"{uploads(reference)}/{answer.json['id']}"


def test_a_file_arrives_in_parts_and_goes_on_where_it_broke(registered: Flask) -> None:
    reference, client = begun().reference, as_a(registered, OWN)
    content = pdf_of(2 * MB + 10)
    here = begin(client, reference, content, "../big.pdf", title="The letter")
    assert part(client, here, 0, content[:MB]).json == {
        "id": int(here.rpartition("/")[2]), "received": MB, "size": len(content), "done": False,
    }  # fmt: skip
    assert "50 per cent are there" not in page(client, reference)
    assert "49 per cent are there" in page(client, reference)
    # the line broke; the answer was lost; another browser of the same person goes on
    client = as_a(registered, OWN)
    assert client.get(here).json["received"] == MB  # type: ignore[index]
    answer = part(client, here, 0, content[:MB])
    assert answer.status_code == 409 and answer.json["received"] == MB  # type: ignore[index]
    part(client, here, MB, content[MB : 2 * MB])
    answer = part(client, here, 2 * MB, content[2 * MB :])
    assert answer.json["done"] and answer.json["at"].endswith("/documents#kind-consent")  # type: ignore[index]
    for again_ in (part(client, here, len(content), b""), part(client, here, 0, content[:MB]), client.get(here)):
        assert again_.status_code == 200 and again_.json["done"]  # type: ignore[index]
    [file] = rows(ProposalFile)
    assert (file.name, file.size) == ("big.pdf", len(content)) and len(kept(registered)) == 1
    with registered.extensions[PLACE].store.open(file.digest) as file_kept:
        assert file_kept.read() == content
    assert rows(ProposalDocument)[0].title == "The letter"


def test_parts_that_cannot_be(registered: Flask) -> None:
    reference, client = begun().reference, as_a(registered, OWN)
    here = begin(client, reference, PDF)
    assert part(client, here, 0, b"x" * (MB + 1)).status_code == 413
    assert part(client, here, 5, PDF).status_code == 409
    assert part(client, here, 0, PDF + b"more").status_code == 409
    assert part(client, here, 5, b"").status_code == 409
    assert part(client, here, 0, b"").json["received"] == 0  # type: ignore[index]
    for offset in ("", "-1", "x", "1e3", "٣", "9" * 30):
        assert client.patch(here, data=b"x", headers={"Upload-Offset": offset}).status_code == 400
    for said in (
        {"name": "a.pdf", "size": "0", "kind": "consent"},
        {"name": "a.pdf", "size": str(26 * MB), "kind": "consent"},
        {"name": "a.pdf", "size": "3", "kind": "nonsense"},
        {"name": "a.pdf", "size": "3", "kind": "other"},
        {"name": "a.pdf", "size": "3", "kind": "consent", "document": "999"},
        {"name": "a.pdf", "size": "-3", "kind": "consent"},
        {"name": "a.pdf"},
    ):
        answer = client.post(uploads(reference), data=said, headers={"Accept": "application/json"})
        assert answer.status_code in (400, 409, 413), said
    assert not rows(ProposalFile)


def test_somebody_elses_upload_is_not_there(registered: Flask) -> None:
    reference, client = begun().reference, as_a(registered, OWN)
    here = begin(client, reference, PDF)
    other = registered.test_client()
    email = writer().email
    other.post("/login", data={"email": email, "password": "correct horse battery"})
    for stranger in (other, as_a(registered, OTHER_OFFICE)):
        assert stranger.get(here).status_code == 404
        assert part(stranger, here, 0, PDF).status_code == 404
        assert stranger.post(f"{here}/give-up").status_code == 404
    elsewhere = begun("2031-2").reference
    assert client.get(here.replace(reference, elsewhere)).status_code == 404


def test_a_lie_in_parts_is_refused_and_leaves_nothing(registered: Flask) -> None:
    reference, client = begun().reference, as_a(registered, OWN)
    here = begin(client, reference, b"<html>x")
    answer = part(client, here, 0, b"<html>x")
    assert answer.status_code == 409 and "page of the web" in answer.json["reasons"][0]  # type: ignore[index]
    assert not rows(ProposalFile) and not kept(registered)
    assert rows(ProposalUpload)[0].done_at is not None


def test_a_scanner_that_is_away_loses_nothing_that_was_sent(registered: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    reference, client = begun().reference, as_a(registered, OWN)
    counter(registered, monkeypatch, scanner=scanning.Scanner(nobody_there()))
    here = begin(client, reference, PDF)
    answer = part(client, here, 0, PDF)
    assert answer.status_code == 503 and "virus scanner" in answer.json["reasons"][0]  # type: ignore[index]
    with clamd() as address:
        counter(registered, monkeypatch, scanner=scanning.Scanner(address))
        assert part(client, here, len(PDF), b"").json["done"]  # type: ignore[index]
    assert len(rows(ProposalFile)) == 1


def test_a_part_that_is_lost_is_asked_for_again(registered: Flask) -> None:
    reference, client = begun().reference, as_a(registered, OWN)
    content = pdf_of(300)
    here = begin(client, reference, content)
    part(client, here, 0, content[:100])
    part(client, here, 100, content[100:200])
    registered.extensions[PLACE].parts.drop(rows(ProposalUpload)[0].parts["parts"][1][0])
    answer = part(client, here, 200, content[200:])
    assert answer.status_code == 409 and answer.json["received"] == 100  # type: ignore[index]
    assert part(client, here, 100, content[100:]).json["done"]  # type: ignore[index]


def test_a_file_replaces_another_in_parts(registered: Flask) -> None:
    reference, client = begun().reference, as_a(registered, OWN)
    send_document(client, reference, PDF)
    [document] = rows(ProposalDocument)
    content = pdf_of(300)
    here = begin(client, reference, content, document=str(document.id))
    assert part(client, here, 0, content).json["done"]  # type: ignore[index]
    assert [file.number for file in rows(ProposalFile)] == [1, 2] and len(rows(ProposalDocument)) == 1


def test_what_never_arrived_is_forgotten_with_its_parts(registered: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    reference, client = begun().reference, as_a(registered, OWN)
    content = pdf_of(300)
    old, new = begin(client, reference, content), begin(client, reference, content, "other.pdf")
    part(client, old, 0, content[:100])
    part(client, old, 100, content[100:150])
    part(client, new, 0, content[:100])
    assert forget(registered.extensions[PLACE]) == 0 and len(kept(registered)) == 2
    later = now() + timedelta(days=3)
    part(client, new, 100, content[100:120])
    monkeypatch.setattr("fundapp.proposals.arriving.now", lambda: later)
    age(int(new.rpartition("/")[2]))
    tidy(registered)
    assert client.get(old).status_code == 404
    assert part(client, new, 120, content[120:]).json["done"]  # type: ignore[index]


def age(key: int) -> None:
    """A file on its way of which something came three days from now."""
    with unit_of_work(someone(Role.HEAD_OF_OFFICE)) as work:
        table = ProposalUpload.__table__
        work.operation = "tests.age"
        asked = sa.update(table).where(table.c.id == key).values(at=now() + timedelta(days=3))
        work.session.execute(asked)


def test_the_form_says_what_is_sent_where(registered: Flask) -> None:
    opened("2031-3")
    reference, client = begun().reference, as_a(registered, OWN)
    found = text_of(client, f"/UPR/proposals/{reference}/documents/add?kind=consent")
    assert f'data-upload="/UPR/proposals/{reference}/documents/uploads"' in found and 'accept=".pdf,' in found
