"""Files of recommendations sent through the page, as tests do it."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from lists import CYCLE4, FIRST, SECOND, table, word
from werkzeug.test import TestResponse

from fundapp.kernel.database import db
from fundapp.recommendations.inbox import work_waiting
from fundapp.recommendations.models import Recommendation, RecommendationImport, Upload
from fundapp.recommendations.rules import Stage
from fundapp.recommendations.views.blueprint import files

FILES = "/recommendations/imports/files"


@pytest.fixture(autouse=True)
def alone(demo: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration's people sign in without proof, and files are kept for this test alone."""
    monkeypatch.setitem(demo.config, "FUNDAPP_DEMONSTRATION", True)
    monkeypatch.setattr(demo, "instance_path", str(tmp_path / "instance"))


def as_a(app: Flask, role: str = "secretary") -> FlaskClient:
    """A browser in which the demonstration's person of a role has signed in."""
    client = app.test_client()
    assert client.post("/demonstration", data={"role": role}).status_code == 302
    client.get("/help?lang=en")
    return client


def thematic(path: Path, first: str = FIRST[0], position: str = "Supported", **parts: str) -> Path:
    """A list of two recommendations."""
    return word(path, table(CYCLE4, (first, position, *FIRST[2:]), SECOND), **parts)


def post(client: FlaskClient, path: Path | None, name: str = "", **words: Any) -> TestResponse:
    """Send a file; what the form does not say is as it stands when it is opened."""
    given: dict[str, Any] = {"layout": "", "language": "en", "state": "", **words}
    if path is not None:
        given["file"] = (io.BytesIO(path.read_bytes()), name or path.name)
    return client.post("/recommendations/imports/send", data=given, content_type="multipart/form-data")


def send(client: FlaskClient, path: Path, **words: Any) -> int:
    """Send a file that is let in; its number."""
    answer = post(client, path, **words)
    assert answer.status_code == 303, answer.text
    return int(answer.location.rpartition("/")[2])


def work(app: Flask) -> int:
    """What the clerk does, here and now."""
    db.session.remove()
    with app.app_context():
        try:
            return work_waiting(files())
        finally:
            db.session.remove()


def stage(key: int) -> Stage:
    """Where a file stands."""
    db.session.rollback()
    return db.session.get_one(Upload, key).stage


def found(key: int) -> dict[str, Any]:
    """What reading a file found."""
    db.session.rollback()
    return db.session.get_one(Upload, key).found


def counts(key: int) -> tuple[int, ...]:
    """Of a file that was read: rows, new, there already, further language, changed, faults."""
    said = found(key)
    return tuple(said[name] for name in ("rows", "added", "same", "translated", "changed", "wrong"))


def take(client: FlaskClient, key: int, *, apply: bool = False, seen: str | None = None) -> TestResponse:
    """Agree to take a file in, as its page is just now."""
    db.session.rollback()
    digest = db.session.get_one(Upload, key).report if seen is None else seen
    words = {"seen": digest, **({"apply_changes": "y"} if apply else {})}
    return client.post(f"{FILES}/{key}/take", data=words, follow_redirects=True)


def take_in(app: Flask, client: FlaskClient, path: Path, *, apply: bool = False, **words: Any) -> int:
    """Send a file, look, agree, and have it written; its number."""
    key = send(client, path, **words)
    work(app)
    take(client, key, apply=apply)
    work(app)
    assert stage(key) is Stage.TAKEN, found(key)
    return key


def page(client: FlaskClient, key: int) -> str:
    """The page of a file."""
    answer = client.get(f"{FILES}/{key}")
    assert answer.status_code == 200, answer.text
    return answer.text


def report(client: FlaskClient, key: int, language: str = "en") -> list[list[str]]:
    """The report, heading first."""
    answer = client.get(f"{FILES}/{key}/report.csv?lang={language}", buffered=True)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


def standing() -> int:
    """How many recommendations stand."""
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Recommendation).where(Recommendation.standing)) or 0


def latest() -> int:
    """The number of the newest import."""
    db.session.rollback()
    return db.session.scalars(sa.select(sa.func.max(RecommendationImport.id))).one()


def is_kept(path: Path) -> bool:
    """Whether the content of a file is kept."""
    return files().path(hashlib.sha256(path.read_bytes()).hexdigest()).is_file()
