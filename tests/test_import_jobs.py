"""Files that wait are worked on once, by whichever process; what was agreed to is taken in as agreed, or not at all."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from commands import Command, command
from crowd import meeting, together
from flask import Flask
from flask.testing import FlaskClient
from lists import info, sample
from sent import (
    FILES,
    alone,
    as_a,
    counts,
    found,
    page,
    send,
    stage,
    standing,
    take,
    take_in,
    thematic,
    work,
)

from conftest import vandal
from fundapp.access.models import Person
from fundapp.access.operations import Console, disable
from fundapp.access.queries import person_by_email
from fundapp.kernel import trail
from fundapp.kernel.clock import now
from fundapp.kernel.database import Busy, db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.trail import Trace
from fundapp.kernel.work import Work, unit_of_work
from fundapp.recommendations import inbox
from fundapp.recommendations.models import RecommendationImport, Upload, UploadProgress
from fundapp.recommendations.operations import BATCH
from fundapp.recommendations.operations.sending import (
    STALE,
    Claim,
    claim_upload,
    note_progress,
    note_reading,
    turn_down,
)
from fundapp.recommendations.rules import Stage
from fundapp.recommendations.views.blueprint import files
from fundapp.web import clerk

__all__ = ["alone", "command"]  # fixtures


def claim() -> Claim | None:
    db.session.rollback()
    with unit_of_work(Console()) as work:
        return claim_upload(work, None)


def long_ago(key: int) -> None:
    """As if whoever claimed the file had died a while ago."""
    table, before = Upload.__table__, now() - STALE - timedelta(seconds=1)
    with vandal() as connection:
        connection.execute(sa.update(table).where(table.c.id == key).values(claimed_at=before))


def state_of(client: FlaskClient, key: int) -> dict[str, Any]:
    """What the script is told."""
    said: dict[str, Any] | None = client.get(f"{FILES}/{key}/state").json
    assert said is not None
    return said


# --------------------------------------------------------------------------------------------------- the real files


@pytest.mark.parametrize(
    ("name", "rows", "supported", "noted"),
    [("ohchr_thematic_list_cycle4_SVN.docx", 254, 217, 37), ("upr_info_sessions_18-20.csv", 7984, 6094, 1890)],
)
def test_real_files_from_the_page_twice(demo: Flask, name: str, rows: int, supported: int, noted: int) -> None:
    client, path = as_a(demo), sample(name)
    key = send(client, path)
    assert work(demo) == 1
    said = found(key)
    new = said["added"]
    assert (said["rows"], said["positions"]["supported"], said["positions"]["noted"]) == (rows, supported, noted)
    assert (new, said["wrong"], said["changed"], standing()) == (rows, 0, 0, 0)
    text = page(client, key)
    assert all(f">{number:,}<".replace(",", "\N{NO-BREAK SPACE}") in text for number in (rows, supported, noted))
    take(client, key)
    assert stage(key) is Stage.DUE and standing() == 0
    assert work(demo) == 1
    assert stage(key) is Stage.TAKEN and standing() == rows
    again = send(client, path)
    assert again != key
    work(demo)
    assert counts(again) == (rows, 0, rows, 0, 0, 0)
    text = page(client, again)
    assert "nothing to take in" in text and "This very file was taken in before" in text
    assert "has nothing to take in" in take(client, again).text
    assert stage(again) is Stage.READ and work(demo) == 0 and standing() == rows
    assert trail.verify(db.session())[1] is None


# --------------------------------------------------------------------------------------------- claims and takeovers


def test_each_step_is_in_the_record(demo: Flask, tmp_path: Path) -> None:
    key = take_in(demo, as_a(demo), thematic(tmp_path / "a.docx"))
    db.session.rollback()
    asked = sa.select(Trace.operation, Trace.actor).where(Trace.subject == "recommendation_upload")
    steps = db.session.execute(asked.where(Trace.subject_id == key).order_by(Trace.id)).all()
    who = str(person_by_email(db.session(), "secretary@example.org"))
    names = ("receive_file", "claim_upload", "note_reading", "agree", "claim_upload", "take_in")
    actors = (who, "console", who, who, "console", who)
    assert [tuple(step) for step in steps] == [(f"recommendations.{n}", a) for n, a in zip(names, actors, strict=True)]
    assert db.session.scalars(sa.select(RecommendationImport.by)).one() == who


def test_a_killed_workers_file_is_taken_over(demo: Flask, tmp_path: Path) -> None:
    client = as_a(demo)
    key = send(client, thematic(tmp_path / "a.docx"))
    dead = claim()
    assert dead is not None and dead.stage is Stage.READING
    assert claim() is None and work(demo) == 0  # it is the other's, for a while
    long_ago(key)
    assert work(demo) == 1 and stage(key) is Stage.READ
    take(client, key)
    dead = claim()
    assert dead is not None and dead.stage is Stage.TAKING and work(demo) == 0
    long_ago(key)
    assert work(demo) == 1 and stage(key) is Stage.TAKEN and standing() == 2


def test_a_reader_that_moves_is_left_alone(demo: Flask, tmp_path: Path) -> None:
    key = send(as_a(demo), thematic(tmp_path / "a.docx"))
    slow = claim()
    assert slow is not None
    with unit_of_work(Console(), aside=True) as unit:
        note_progress(unit, slow, 1000, 480)
    with unit_of_work(Console(), aside=True) as unit:
        note_progress(unit, slow, 2000, 960)
    long_ago(key)
    assert work(demo) == 0
    assert db.session.scalars(sa.select(UploadProgress.rows)).all() == [2000]


def test_what_a_reader_finds_is_not_wanted_once_another_took_over(demo: Flask, tmp_path: Path) -> None:
    key = send(as_a(demo), thematic(tmp_path / "a.docx"))
    slow = claim()
    assert slow is not None
    long_ago(key)
    work(demo)
    before = found(key)
    db.session.rollback()
    with pytest.raises(Refusal, match="taken-over"), unit_of_work(Console()) as unit:
        note_reading(unit, slow, "ohchr-list", {"rows": 7}, "x")
    assert found(key) == before


def test_a_file_may_be_left_while_it_is_read(demo: Flask, tmp_path: Path) -> None:
    """Its reader stops at the next note of its progress, and a taken over one has nothing to say."""
    client = as_a(demo)
    key = send(client, thematic(tmp_path / "a.docx"))
    held = claim()
    assert held is not None
    client.post(f"{FILES}/{key}/give-up")
    with pytest.raises(Refusal, match="taken-over"), unit_of_work(Console(), aside=True) as unit:
        note_progress(unit, held, 1, 0)
    db.session.rollback()
    with pytest.raises(Refusal, match="taken-over"), unit_of_work(Console()) as unit:
        turn_down(unit, held, [])
    assert stage(key) is Stage.GIVEN_UP and work(demo) == 0


def test_two_readers_never_work_on_the_same_file(demo: Flask, tmp_path: Path) -> None:
    with meeting(demo, tmp_path) as app:
        app.config["FUNDAPP_DEMONSTRATION"], app.instance_path = True, demo.instance_path
        client = as_a(app)
        keys = [send(client, thematic(tmp_path / f"{n}.docx", f"140.{n} Do it (Iceland);")) for n in (1, 2, 3)]
        db.session.remove()
        answers = together(app, *[lambda: inbox.work_waiting(files())] * 2)
        assert sum(n for n in answers if isinstance(n, int)) == 3, answers
        with app.app_context():
            found = db.session.execute(sa.select(Upload.id, Upload.stage)).all()
            db.session.remove()
        assert {tuple(row) for row in found} == {(key, Stage.READ) for key in keys}


def test_progress_is_said_while_a_file_is_read(demo: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "EVERY", 0.0)
    client, seen = as_a(demo), list[int]()
    key = send(client, info(tmp_path / "i.csv", *({"Text": f"Do {n}"} for n in range(BATCH + 500))))

    def note(work: Work, claim: Claim, rows: int, share: int) -> None:
        note_progress(work, claim, rows, share)
        seen.append(rows)

    monkeypatch.setattr(inbox, "note_progress", note)
    work(demo)
    assert len(seen) > 1 and seen == sorted(seen) and seen[-1] == BATCH + 500
    assert stage(key) is Stage.READ and db.session.scalars(sa.select(UploadProgress.rows)).all() == []


def test_the_state_is_told_to_the_script(demo: Flask, tmp_path: Path) -> None:
    client = as_a(demo)
    key = send(client, thematic(tmp_path / "a.docx"))
    assert state_of(client, key) == {
        "stage": "waiting", "rows": 0, "share": None, "text": "Waiting to be read", "over": False
    }  # fmt: skip
    held = claim()
    assert held is not None
    with unit_of_work(Console(), aside=True) as unit:
        note_progress(unit, held, 12000, 480)
    said = state_of(client, key)
    assert said == {
        "stage": "reading", "rows": 12000, "share": 480, "over": False,
        "text": "12\N{NO-BREAK SPACE}000 rows, 48 per cent",
    }  # fmt: skip
    text = page(client, key)
    assert '<progress id="progress" max="1000" value="480">' in text and said["text"] in text
    assert '<noscript><meta http-equiv="refresh"' in text and "See how far it is" in text
    long_ago(key)
    with vandal() as connection:
        connection.execute(sa.delete(UploadProgress.__table__))
    work(demo)
    said = state_of(client, key)
    assert (said["stage"], said["over"]) == ("read", True)
    assert 'http-equiv="refresh"' not in page(client, key)


# ----------------------------------------------------------------------------------------------- who, and what fails


def test_whoever_may_no_longer_import_reads_nothing_in(demo: Flask, tmp_path: Path) -> None:
    client, other = as_a(demo), as_a(demo, "desk-officer")
    unread, agreed = send(client, thematic(tmp_path / "a.docx")), send(client, info(tmp_path / "i.csv", {"Text": "Do"}))
    with vandal() as connection:
        connection.execute(sa.update(Upload.__table__).where(Upload.id == unread).values(stage="given-up"))
    work(demo)
    take(client, agreed)
    with vandal() as connection:
        connection.execute(sa.update(Upload.__table__).where(Upload.id == unread).values(stage="waiting"))
    who: Person | None = person_by_email(db.session(), "secretary@example.org")
    assert who is not None
    with unit_of_work(Console()) as unit:
        disable(unit, who)
    work(demo)
    for key in (unread, agreed):
        assert stage(key) is Stage.REFUSED and "may no longer import" in page(other, key)
    assert standing() == 0


def test_a_file_is_taken_in_as_whoever_agreed(demo: Flask, tmp_path: Path) -> None:
    key = send(as_a(demo), thematic(tmp_path / "a.docx"))
    work(demo)
    take(as_a(demo, "desk-officer"), key)
    work(demo)
    desk = str(person_by_email(db.session(), "desk-officer@example.org"))
    assert db.session.scalars(sa.select(RecommendationImport.by)).one() == desk


def test_a_file_that_vanished_from_the_disk(demo: Flask, tmp_path: Path) -> None:
    client = as_a(demo)
    first, second = send(client, thematic(tmp_path / "a.docx")), send(client, info(tmp_path / "i.csv", {"Text": "Do"}))
    files().drop(db.session.get_one(Upload, first).digest)
    work(demo)
    assert stage(first) is Stage.REFUSED and "is no longer on this server" in page(client, first)
    take(client, second)
    files().drop(db.session.get_one(Upload, second).digest)
    work(demo)
    assert stage(second) is Stage.REFUSED and "is no longer on this server" in page(client, second)
    assert standing() == 0


def test_what_nobody_foresaw_is_said_and_logged(
    demo: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    client = as_a(demo)
    key = send(client, thematic(tmp_path / "a.docx"))

    def broken(*_: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(inbox, "rows", broken)
    db.session.remove()
    clerk.turn(demo)
    assert stage(key) is Stage.REFUSED
    assert "Something went wrong on our side" in page(client, key)
    assert work(demo) == 0  # and not again and again


def test_a_changed_register_is_not_written_over(demo: Flask, tmp_path: Path) -> None:
    """Read, then another import brings the same rows, then agreed to: counted anew, refused, read again."""
    client = as_a(demo)
    late = send(client, thematic(tmp_path / "a.docx"))
    work(demo)
    take_in(demo, client, thematic(tmp_path / "b.docx", position="Noted"))
    assert counts(late) == (2, 2, 0, 0, 0, 0)
    take(client, late)
    work(demo)
    assert stage(late) is Stage.READ and counts(late) == (2, 0, 1, 0, 1, 0)
    text = page(client, late)
    assert "the register changed since it was read" in text and "Apply 1 change" in text
    assert standing() == 2 and len(db.session.scalars(sa.select(RecommendationImport.id)).all()) == 1
    take(client, late, apply=True)
    work(demo)
    assert stage(late) is Stage.TAKEN


def test_reading_waits_for_a_database_that_is_busy(
    demo: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import that is being stored holds SQLite; what was read meanwhile must not be lost."""
    asked: list[int] = []

    def job() -> str:
        asked.append(1)
        if len(asked) < 3:
            raise Busy("planted")
        return "done"

    assert inbox.patiently(job) == "done" and len(asked) == 3
    monkeypatch.setattr(inbox, "PATIENCE", 1)
    asked[:] = [1] * -5
    with pytest.raises(Busy):
        inbox.patiently(lambda: (_ for _ in ()).throw(Busy("planted")))


# ------------------------------------------------------------------------------------------------ thread and command


def test_the_clerk_works_at_once_when_a_file_arrives(demo: Flask, tmp_path: Path) -> None:
    with meeting(demo, tmp_path) as app:
        app.config["FUNDAPP_DEMONSTRATION"], app.instance_path = True, demo.instance_path
        db.session.remove()
        end = clerk.start(app, every=60)
        client = as_a(app)
        key = send(client, thematic(tmp_path / "a.docx"))
        until = time.monotonic() + 20
        while not state_of(client, key)["over"] and time.monotonic() < until:
            time.sleep(0.02)
        end()
        assert state_of(client, key)["stage"] == "read"


def test_the_command_does_what_waits(demo: Flask, tmp_path: Path, command: Command) -> None:
    client = as_a(demo)
    key = send(client, thematic(tmp_path / "a.docx"))
    db.session.remove()
    assert command("import", "waiting").out == "1 done.\n"
    assert stage(key) is Stage.READ
    db.session.remove()
    assert (command("import", "waiting").out, standing()) == ("0 done.\n", 0)
