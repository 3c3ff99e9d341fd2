"""Dossiers of several proposals, made in the background: each as whoever asked may see it, and once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from calls import fund, someone
from commands import command
from crowd import meeting, together
from dossiers import LIST, alone, archive, ask, back_to_draft, job, word, work
from flask import Flask
from opened import refused
from proposing import (
    complete,
    in_screening,
    submitted,
)
from visiting import as_a, statements, text_of

from conftest import vandal
from fundapp.access.operations import Console, disable
from fundapp.access.policy import Role
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.files import Files
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import DossierJob, Proposal
from fundapp.proposals.operations.jobs import JobClaim, MadeElsewhere, ask_for_dossiers, claim_dossiers, note_made
from fundapp.proposals.queries.dossier import dossier_facts
from fundapp.proposals.rules.dossier_jobs import KEPT, MOST, STALE
from fundapp.publishing import binding
from fundapp.recommendations.views.blueprint import files
from fundapp.web import clerk

__all__ = ["alone", "command"]  # fixtures


# ------------------------------------------------------------------------------------------------------- several


def test_from_the_list_to_the_archive(registered: Flask) -> None:
    first, second = submitted("2031-1"), in_screening("2031-2")
    names = {f"UPR-{one.reference}-en.docx" for one in (first, second)}
    client = as_a(registered, "secretary")
    assert "2 proposals are there for you" in text_of(client, LIST)
    key = ask(client)
    waiting = text_of(client, f"{LIST}/{key}")
    assert "Waiting to be made" in waiting and "<progress" in waiting and 'http-equiv="refresh"' in waiting
    assert client.get(f"{LIST}/{key}/dossiers.zip").status_code == 409
    db.session.remove()
    clerk.turn(registered)
    done = text_of(client, f"{LIST}/{key}")
    assert "2 dossiers are in the file." in done and "Download the file" in done and "<progress" not in done
    found = archive(client, key)
    assert set(found) == names and all("Reports come late." in word(content) for content in found.values())
    assert "Ready" in text_of(client, LIST) and work(registered) == 0


def calls_of(key: int) -> int:
    """The call of a proposal."""
    return db.session().get_one(Proposal, key).call_id


def test_filters_and_numbers_choose(registered: Flask) -> None:
    first, second = submitted("2031-1").id, in_screening("2031-2").id
    client = as_a(registered, "secretary")
    for query, ids in (
        (f"call={calls_of(first)}", [first]), ("stage=in-screening", [second]), (f"ids={second}", [second]),
        (f"ids={first},{second}", [first, second]), ("chosen=2031-1-001", [first]),
    ):  # fmt: skip
        assert job(ask(client, query)).proposals == {"ids": ids}, query
    for query in ("stage=withdrawn", "ids=999999", "chosen=2031-9-001", "chosen=x"):
        assert "No proposal is chosen" in text_of(client, f"{LIST}?{query}")
        assert client.post(f"{LIST}?{query}", data={"language": "en", "form": "pdf"}).status_code == 422
    for query in ("ids=one", "ids=-1", "ids=1;2", "ids=" + "9" * 30, "ids=%0B1x", "ids=١"):
        assert client.get(f"{LIST}?{query}").status_code == 409, query


def test_an_unknown_language_or_form_is_refused_by_name(registered: Flask) -> None:
    submitted()
    client = as_a(registered, "secretary")
    for wrong, said in (
        ({"language": "xx"}, "xx"),
        ({"form": "exe"}, "is no form of a dossier"),
        ({"form": ""}, "form"),
    ):
        answer = client.post(LIST, data={"language": "en", "form": "pdf", **wrong})
        assert answer.status_code == 422 and said in answer.text
    assert db.session.scalars(sa.select(DossierJob.id)).all() == []


def test_what_waits_already_is_not_asked_for_twice(registered: Flask) -> None:
    submitted()
    client = as_a(registered, "secretary")
    first = ask(client)
    assert ask(client) == first and ask(as_a(registered, "desk-officer")) != first
    other = client.post(LIST, data={"language": "fr", "form": "pdf"}).location
    assert other and not other.endswith(f"/{first}")
    work(registered)
    assert ask(client) > first  # it may say something else by now


def test_what_one_may_not_see_cannot_be_asked_for(registered: Flask) -> None:
    draft, mine = complete("2031-1").id, submitted("2031-2").id
    secretary = someone(Role.SECRETARY)
    for ids in ([draft], [mine, draft], [10**6]):
        with refused("dossiers.strange"), unit_of_work(secretary) as unit:
            ask_for_dossiers(unit, fund(), ids, "en", "pdf")
    with refused("dossiers.none"), unit_of_work(secretary) as unit:
        ask_for_dossiers(unit, fund(), [], "en", "pdf")
    with refused("dossiers.many"), unit_of_work(secretary) as unit:
        ask_for_dossiers(unit, fund(), range(MOST + 1), "en", "pdf")


def test_somebody_elses_job_is_not_there(registered: Flask) -> None:
    submitted()
    key = ask(as_a(registered, "secretary"))
    work(registered)
    other = as_a(registered, "desk-officer")
    for address in (f"{LIST}/{key}", f"{LIST}/{key}/state", f"{LIST}/{key}/dossiers.zip", f"{LIST}/999999"):
        assert other.get(address).status_code == 404
    assert f"{LIST}/{key}" not in text_of(other, LIST)
    assert other.get(f"{LIST}/99999999999999999999").status_code == 404


def test_an_archive_with_what_one_may_no_longer_see_is_refused(registered: Flask) -> None:
    submitted("2031-1")
    taken = submitted("2031-2").id
    client = as_a(registered, "secretary")
    key = ask(client)
    work(registered)
    assert len(archive(client, key)) == 2
    back_to_draft(taken)
    answer = client.get(f"{LIST}/{key}/dossiers.zip")
    assert answer.status_code == 409 and "not there for you any more" in answer.text


def test_what_was_taken_back_before_the_work_is_left_out_unnamed(registered: Flask) -> None:
    submitted("2031-1")
    taken = submitted("2031-2")
    reference, number = taken.reference, taken.id
    client = as_a(registered, "secretary")
    key = ask(client)
    back_to_draft(number)
    work(registered)
    text = text_of(client, f"{LIST}/{key}")
    assert "1 dossier is in the file." in text and "1 proposal is not there for you any more." in text
    assert reference not in text and len(archive(client, key)) == 1


def test_one_that_fails_is_named_and_the_others_are_there(registered: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = submitted("2031-1"), submitted("2031-2")
    number, reference, good_one = bad.id, bad.reference, good.reference
    client = as_a(registered, "secretary")
    key = ask(client)
    real = dossier_facts

    def broken(*given: object) -> object:
        if getattr(given[2], "id", 0) == number:
            raise ZeroDivisionError("planted")
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(binding, "dossier_facts", broken)
    work(registered)
    text = text_of(client, f"{LIST}/{key}")
    assert "These could not be drawn" in text and reference in text
    assert list(archive(client, key)) == [f"UPR-{good_one}-en.docx"]


def test_when_all_fail_there_is_no_file(registered: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    submitted()
    client = as_a(registered, "secretary")
    key = ask(client)
    monkeypatch.setattr(binding, "draw", lambda *_: 1 // 0)
    work(registered)
    assert job(key).stage == "failed" and "Nothing was made" in text_of(client, f"{LIST}/{key}")


def test_what_nobody_foresaw_is_said_and_not_tried_again(registered: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    submitted()
    client = as_a(registered, "secretary")
    key = ask(client)
    monkeypatch.setattr(Files, "keep", lambda *_: 1 // 0)
    db.session.remove()
    clerk.turn(registered)
    assert job(key).stage == "failed" and "went wrong on our side" in text_of(client, f"{LIST}/{key}")
    assert work(registered) == 0


def test_somebody_who_was_disabled_gets_nothing(registered: Flask) -> None:
    submitted()
    key = ask(as_a(registered, "desk-officer"))
    with unit_of_work(Console()) as unit:
        disable(unit, someone(Role.DESK_OFFICER))
    work(registered)
    assert job(key).stage == "failed" and job(key).digest is None


# ------------------------------------------------------------------------------------------------ claims and keeping


def claim() -> JobClaim | None:
    db.session.rollback()
    with unit_of_work(Console()) as unit:
        return claim_dossiers(unit, None)


def as_if(key: int, **values: object) -> None:
    table = DossierJob.__table__
    with vandal() as connection:
        connection.execute(sa.update(table).where(table.c.id == key).values(**values))


def test_a_killed_workers_job_is_taken_over_and_its_own_word_is_worth_nothing(registered: Flask) -> None:
    submitted()
    client = as_a(registered, "secretary")
    key = ask(client)
    dead = claim()
    assert dead is not None and claim() is None and work(registered) == 0
    as_if(key, claimed_at=now() - STALE - timedelta(seconds=1))
    assert work(registered) == 1 and job(key).stage == "done"
    with pytest.raises(MadeElsewhere), unit_of_work(Console()) as unit:
        note_made(unit, dead, 1)
    assert len(archive(client, key)) == 1


def test_two_workers_never_make_the_same(registered: Flask, tmp_path: Path) -> None:
    submitted()
    with meeting(registered, tmp_path) as app:
        app.config["FUNDAPP_DEMONSTRATION"], app.instance_path = True, registered.instance_path
        client = as_a(app, "secretary")
        keys = [ask(client, language=language) for language in ("en", "fr", "es")]
        db.session.remove()
        answers = together(app, *[lambda: binding.bind_waiting(files())] * 2)
        assert sum(n for n in answers if isinstance(n, int)) == 3, answers
        with app.app_context():
            stages = db.session.execute(sa.select(DossierJob.id, DossierJob.stage)).all()
            db.session.remove()
        assert {tuple(row) for row in stages} == {(key, "done") for key in keys}


def test_progress_is_said_while_the_work_goes_on(registered: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    submitted("2031-1")
    submitted("2031-2")
    client = as_a(registered, "secretary")
    key = ask(client)
    held = claim()
    assert held is not None
    with unit_of_work(Console()) as unit:
        note_made(unit, held, 1)
    state = client.get(f"{LIST}/{key}/state").json
    assert state == {"rows": 1, "share": 500, "text": "1 of 2 dossiers", "over": False}
    assert '<progress id="progress" max="1000" value="500">' in text_of(client, f"{LIST}/{key}")
    as_if(key, stage="waiting", claimed_at=None)
    monkeypatch.setattr(binding, "EVERY", 0.0)
    assert work(registered) == 1 and job(key).stage == "done" and job(key).made == 2


def test_an_archive_is_thrown_away_after_seven_days(registered: Flask) -> None:
    submitted()
    client = as_a(registered, "secretary")
    key = ask(client)
    work(registered)
    digest = job(key).digest
    assert digest and files().path(digest).is_file()
    as_if(key, done_at=now() - KEPT - timedelta(minutes=1))
    work(registered)
    assert not files().path(digest).exists() and job(key).stage == "gone"
    assert "is thrown away" in text_of(client, f"{LIST}/{key}")
    answer = client.get(f"{LIST}/{key}/dossiers.zip")
    assert answer.status_code == 409 and "kept long enough" in answer.text


def test_the_pages_ask_the_same_however_many_jobs_there_are(registered: Flask) -> None:
    submitted()
    client = as_a(registered, "secretary")
    counted = []
    for _ in range(2):
        ask(client)
        with statements(registered) as asked:
            text_of(client, LIST)
        counted.append(len(asked))
        ask(client)
    assert counted[0] == counted[1] <= 15
