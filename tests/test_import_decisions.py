"""Deciding on a file of recommendations that was read, undoing an import, the list, and what pages cost."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from crowd import meeting, together
from flask import Flask
from lists import info
from sent import FILES, alone, as_a, is_kept, latest, send, stage, standing, take, take_in, thematic, work
from visiting import statements

from conftest import vandal
from fundapp.kernel.base import Base
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.recommendations.models import Recommendation, RecommendationImport, Upload
from fundapp.recommendations.rules import Stage

__all__ = ["alone"]  # a fixture
IMPORTS, SEND = "/recommendations/imports", "/recommendations/imports/send"


# ------------------------------------------------------------------------------------------------ deciding, undoing


def test_deciding_twice_and_out_of_order(demo: Flask, tmp_path: Path) -> None:
    client = as_a(demo)
    key = send(client, thematic(tmp_path / "a.docx"))
    assert "is not read yet" in take(client, key, seen="x").text
    work(demo)
    seen = db.session.get_one(Upload, key).report
    assert "was read again since you opened the page" in take(client, key, seen="0" * 64).text
    assert stage(key) is Stage.READ
    assert "Waiting to be taken in" in take(client, key).text
    assert "It is decided already" in take(client, key, seen=seen).text
    work(demo)
    assert "It is decided already" in take(client, key, seen=seen).text
    assert "It is decided already" in client.post(f"{FILES}/{key}/give-up", follow_redirects=True).text
    assert stage(key) is Stage.TAKEN and standing() == 2
    for address in (f"{FILES}/999/take", f"{FILES}/999/give-up", f"{IMPORTS}/999/undo"):
        assert client.post(address, data={"seen": "x"}).status_code == 404
    for address in (f"{FILES}/999", f"{FILES}/999/state", f"{FILES}/999/report.csv", f"{IMPORTS}/999"):
        assert client.get(address).status_code == 404


def test_leaving_a_file(demo: Flask, tmp_path: Path) -> None:
    client, path = as_a(demo), thematic(tmp_path / "a.docx")
    key, twin = send(client, path), send(client, path, good_rows="y")
    leave = f"{FILES}/{key}/give-up"
    work(demo)
    text = client.post(leave, follow_redirects=True).text
    assert "Nothing of the file was taken in" in text and "The file was given up" in text
    assert stage(key) is Stage.GIVEN_UP and is_kept(path)  # the other one names the same content
    assert "was refused or given up already" in client.post(leave, follow_redirects=True).text
    assert "was refused or given up already" in take(client, key).text
    client.post(f"{FILES}/{twin}/give-up")
    assert not is_kept(path)
    take_in(demo, client, path)
    assert standing() == 2


def test_a_file_that_is_decided_on_may_be_left_until_it_is_written(demo: Flask, tmp_path: Path) -> None:
    client = as_a(demo)
    key = send(client, thematic(tmp_path / "a.docx"))
    work(demo)
    take(client, key)
    client.post(f"{FILES}/{key}/give-up")
    assert work(demo) == 0 and stage(key) is Stage.GIVEN_UP and standing() == 0


def test_two_who_decide_at_once(demo: Flask, tmp_path: Path) -> None:
    with meeting(demo, tmp_path) as app:
        app.config["FUNDAPP_DEMONSTRATION"], app.instance_path = True, demo.instance_path
        first, second = as_a(app), as_a(app, "desk-officer")
        key = send(first, thematic(tmp_path / "a.docx"))
        work(app)
        with app.app_context():
            seen = db.session.get_one(Upload, key).report
            db.session.remove()
        jobs = [
            lambda: first.post(f"{FILES}/{key}/take", data={"seen": seen}).status_code,
            lambda: second.post(f"{FILES}/{key}/take", data={"seen": seen}).status_code,
        ]
        assert together(app, *jobs) == [303, 303]
        assert work(app) == 1
        with app.app_context():
            assert len(db.session.scalars(sa.select(RecommendationImport.id)).all()) == 1
            db.session.remove()


def test_one_import_and_undoing_it(demo: Flask, tmp_path: Path) -> None:
    client = as_a(demo)
    key = take_in(demo, client, thematic(tmp_path / "a.docx"))
    one = f"{IMPORTS}/{latest()}"
    text = client.get(one).text
    assert "Ratify the Protocol" in text and "140.7" in text and "Slovenia" in text
    assert hashlib.sha256((tmp_path / "a.docx").read_bytes()).hexdigest() in text
    assert f"{FILES}/{key}" in text and f"{one}/undo" in text
    assert "<form" in client.get(f"{one}/undo").text and standing() == 2
    text = client.post(f"{one}/undo", follow_redirects=True).text
    assert "2 recommendations no longer stand." in text and "This import was undone" in text and standing() == 0
    assert "was undone already" in client.post(f"{one}/undo", follow_redirects=True).text
    assert "was undone already" in client.get(f"{one}/undo").text
    assert ">undone<" in client.get(IMPORTS).text and "that import was undone" in client.get(f"{FILES}/{key}").text
    take_in(demo, client, thematic(tmp_path / "a.docx"))
    assert standing() == 2


def test_an_import_that_others_build_on(demo: Flask, tmp_path: Path) -> None:
    client = as_a(demo)
    take_in(demo, client, thematic(tmp_path / "a.docx"))
    first = latest()
    take_in(demo, client, thematic(tmp_path / "b.docx", position="Noted"), apply=True)
    for text in (
        client.get(f"{IMPORTS}/{first}").text,
        client.post(f"{IMPORTS}/{first}/undo", follow_redirects=True).text,
    ):
        assert "cannot be undone: that of b.docx changed its recommendations" in text
    assert standing() == 2


def test_an_import_that_something_points_at(demo: Flask, tmp_path: Path) -> None:
    client = as_a(demo)
    take_in(demo, client, thematic(tmp_path / "a.docx"))
    first, second = db.session.scalars(sa.select(Recommendation.id).order_by(Recommendation.id)).all()
    with vandal() as connection:
        values = {"kept_id": first, "other_id": second, "joined": True, "at": now(), "by": "person:1"}
        connection.execute(sa.insert(Base.metadata.tables["pairing"]).values(values))
    one = f"{IMPORTS}/{latest()}"
    for text in (client.get(one).text, client.post(f"{one}/undo", follow_redirects=True).text):
        assert "something points at its recommendations" in text
    assert standing() == 2


# ------------------------------------------------------------------------------------------------- lists, home, cost


def test_home_says_what_waits_for_a_decision(demo: Flask, tmp_path: Path) -> None:
    client = as_a(demo)
    key = send(client, thematic(tmp_path / "a.docx"))
    assert "Decide on" not in client.get("/UPR/").text
    work(demo)
    text = client.get("/UPR/").text
    assert "Decide on a.docx" in text and f"{FILES}/{key}" in text
    send(client, info(tmp_path / "i.csv", {"Text": "Do"}))
    work(demo)
    assert "Decide on 2 files of recommendations" in as_a(demo, "desk-officer").get("/UPR/").text
    assert "Decide on" not in as_a(demo, "finance-officer").get("/UPR/").text


def imported_rows(number: int) -> None:
    """So many imports, as if long done."""
    row: dict[str, Any] = {
        "layout": "upr-info",
        "digest": "0" * 64,
        "at": now(),
        "by": "console",
        "added": 1,
        "changed": 0,
    }
    with vandal() as connection:
        rows = [{**row, "name": f"file {n}"} for n in range(number)]
        connection.execute(sa.insert(RecommendationImport.__table__), rows)


def test_the_list_has_pages(demo: Flask) -> None:
    client = as_a(demo)
    assert "Nothing was taken in yet" in client.get(IMPORTS).text
    imported_rows(60)
    assert "60 imports" in client.get(IMPORTS).text
    assert ">file 59<" in client.get(IMPORTS).text and ">file 34<" not in client.get(IMPORTS).text
    assert ">file 9<" in client.get(f"{IMPORTS}?page=3").text
    assert client.get(f"{IMPORTS}?page=99").status_code == 200


def test_pages_ask_the_database_little_whatever_they_list(demo: Flask, tmp_path: Path) -> None:
    client = as_a(demo)
    take_in(demo, client, thematic(tmp_path / "a.docx"))
    read = send(client, thematic(tmp_path / "b.docx", position="Noted"))
    work(demo)
    one = f"{IMPORTS}/{latest()}"
    addresses = {IMPORTS: 8, SEND: 8, one: 15, f"{one}/undo": 15, f"{FILES}/{read}": 7, f"{FILES}/{read}/state": 3}

    def asked() -> dict[str, int]:
        numbers = {}
        for address in addresses:
            client.get(address)  # what is read once for all
            with statements(demo) as found:
                assert client.get(address).status_code == 200
            numbers[address] = len(found)
        return numbers

    few = asked()
    assert all(0 < few[address] <= most for address, most in addresses.items()), few
    imported_rows(60)
    for n in range(8):
        send(client, info(tmp_path / f"{n}.csv", {"Text": f"Do {n}"}))
    assert asked() == few
