"""The pages of extracts as finance staff use them: looked at, taken in, named, taken back; and bad input."""

from __future__ import annotations

import io
import re
from html import unescape
from pathlib import Path

import pytest
import sqlalchemy as sa
from commands import everything
from extracts import line, project, spent, take, tie, written
from flask import Flask
from flask.testing import FlaskClient
from opened import fund
from scoring_seen import CALL, keep_from
from visiting import as_a, statements, text_of
from werkzeug.test import TestResponse

from fundapp.access.policy import Role
from fundapp.finance.models import ExtractBatch, ExtractProfile, ProjectAccount
from fundapp.finance.queries.extracts import profile
from fundapp.finance.views import extracts as pages
from fundapp.kernel.database import db
from fundapp.proposals.models import Proposal

HERE = "/UPR/finance/extracts"
pytestmark = pytest.mark.usefixtures("one_click")


def send(client: FlaskClient, path: Path, act: str = "look", source: str = "umoja") -> TestResponse:
    data = {"profile": source, "do": act, "file": (io.BytesIO(path.read_bytes()), path.name)}
    return client.post(f"{HERE}/send", data=data, content_type="multipart/form-data")


def batch_of(path: Path) -> int:
    """The number of the batch that a file comes to."""
    made = take(path).batch
    assert made is not None
    return made.id


def hidden(page: str, name: str) -> str:
    return unescape(re.findall(rf'name="{name}" value="([^"]*)"', page)[0])


def test_a_file_is_looked_at_and_then_taken_in_without_being_sent_again(demo: Flask, tmp_path: Path) -> None:
    client = as_a(demo, "finance-officer")
    file = written(tmp_path / "march.csv", line(), line("2", project="X-1"))
    looked = send(client, file)
    assert looked.status_code == 200 and "Nothing is changed yet." in looked.text and "X-1" in looked.text
    assert spent() == {}
    data = {name: hidden(looked.text, name) for name in ("digest", "name", "profile")}
    taken = client.post(f"{HERE}/take", data=data)
    assert taken.status_code == 302 and spent() == {"EXP.CONTRACT": 10000}
    page = text_of(client, taken.location)
    assert "2 lines are new." in page and "1 line waits for a name." in page and "march.csv" in page
    again = client.post(f"{HERE}/take", data=data)
    assert again.status_code in (404, 409, 422) and "not kept any more" in again.text
    for digest in ("../../x", "0" * 64, ""):
        assert client.post(f"{HERE}/take", data={**data, "digest": digest}).status_code in (404, 409, 422)


def test_a_file_is_taken_in_at_once_and_a_second_time_without_harm(demo: Flask, tmp_path: Path) -> None:
    client, file = as_a(demo, "finance-officer"), written(tmp_path / "a.csv", line())
    assert send(client, file, "take").status_code == 302
    before = everything()
    answer = send(client, file, "take")
    assert answer.location == HERE and "there already" in text_of(client, HERE)
    assert everything() == before


def test_what_is_wrong_is_told_and_nothing_changed(demo: Flask, tmp_path: Path) -> None:
    client, before = as_a(demo, "finance-officer"), everything()
    bad = send(client, written(tmp_path / "a.csv", line(on="yesterday"), line("2", usd="x", amount="1")), "take")
    assert bad.status_code == 422 and "is no day" in bad.text and "is no amount" in bad.text
    assert "Row 2" in bad.text or "row 2" in bad.text.lower()
    assert send(client, written(tmp_path / "b.csv", line(), end=""), "take").status_code == 422
    (tmp_path / "c.csv").write_bytes(b"\x00\x01binary")
    assert send(client, tmp_path / "c.csv").status_code == 422
    (tmp_path / "e.csv").write_bytes(b"")
    assert send(client, tmp_path / "e.csv").status_code == 422
    nothing = client.post(f"{HERE}/send", data={"profile": "umoja", "do": "take"})
    assert nothing.status_code == 422 and "Choose the file." in nothing.text
    strange = send(client, written(tmp_path / "d.csv", line()), "take", "no-such")
    assert strange.status_code == 422 and "no profile" in strange.text
    assert everything() == before


def test_a_file_that_is_too_large_for_the_page_is_refused(
    demo: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "LARGEST", 100)
    monkeypatch.setattr(pages, "BESIDE", 100)
    answer = send(as_a(demo, "finance-officer"), written(tmp_path / "a.csv", line(text="x" * 200)))
    assert answer.status_code >= 400 and "bytes; at most" in answer.text


def test_unknown_names_are_given_a_meaning_on_their_page(demo: Flask, tmp_path: Path) -> None:
    take(written(tmp_path / "a.csv", line(project="X-1"), line("2", erp_class="999")))
    client = as_a(demo, "finance-officer")
    project("P-1", None)
    page = text_of(client, f"{HERE}/waiting")
    assert "X-1" in page and "999" in page
    said = {"source": "umoja", "what": "project", "text": "X-1"}
    client.post(f"{HERE}/waiting/name", data={**said, "means": "nobody"})
    assert "no project account nobody" in text_of(client, f"{HERE}/waiting")
    client.post(f"{HERE}/waiting/name", data={**said, "means": ""})
    assert "Choose one of what is offered." in text_of(client, f"{HERE}/waiting")
    client.post(f"{HERE}/waiting/name", data={**said, "means": "P-1"})
    assert "1 line is booked." in text_of(client, f"{HERE}/waiting")
    client.post(f"{HERE}/waiting/name", data={"source": "umoja", "what": "class", "text": "999", "means": "EXP.STAFF"})
    assert "Nothing waits" in text_of(client, f"{HERE}/waiting")
    assert spent() == {"EXP.CONTRACT": 10000, "EXP.STAFF": 10000}
    assert client.post(f"{HERE}/waiting/book").location == f"{HERE}/waiting"


def test_a_batch_is_taken_back_on_its_page(demo: Flask, tmp_path: Path) -> None:
    key = batch_of(written(tmp_path / "a.csv", line()))
    client, address = as_a(demo, "finance-officer"), f"{HERE}/{key}"
    assert "Leave it as it is" in text_of(client, f"{address}/undo")
    refused = client.post(f"{address}/undo", data={"reason": " "})
    assert refused.status_code in (409, 422) and "Say why" in refused.text
    assert client.post(f"{address}/undo", data={"reason": "The wrong month."}).status_code == 302
    assert "The wrong month." in text_of(client, address) and spent() == {}
    again = client.post(f"{address}/undo", data={"reason": "Again."})
    assert again.status_code == 409 and "taken back already" in again.text


def test_a_profile_is_written_changed_and_kept_by_edition(demo: Flask, tmp_path: Path) -> None:
    client = as_a(demo, "finance-officer")
    page = text_of(client, f"{HERE}/profiles/umoja")
    assert "Posting date" in page and "010 = EXP.STAFF" in page
    data = {
        "code": "other", "name": "Other", "seen": "0", "days": "dmy", "mark": ",", "classes": "A = EXP.STAFF",
        "column_posted_on": "Tag", "column_document": "Beleg", "column_line": "Nr", "column_project": "Projekt",
        "column_class": "Klasse", "column_cents": "USD",
    }  # fmt: skip
    assert client.post(f"{HERE}/profiles/new", data=data).status_code == 302
    (tmp_path / "a.csv").write_text("Tag;Beleg;Nr;Projekt;Klasse;USD\n05.03.2021;1;1;;A;1.234,50\n", "utf-8")
    assert send(client, tmp_path / "a.csv", "take", "other").status_code == 302
    assert spent() == {"EXP.STAFF": 123450}
    stale = client.post(f"{HERE}/profiles/other", data={**data, "name": "Older"})
    assert stale.status_code == 409 and "in the meantime" in stale.text
    assert client.post(f"{HERE}/profiles/other", data={**data, "seen": "1", "name": "New"}).status_code == 302
    assert profile(db.session(), fund(), "other").edition == 2
    kept = db.session().scalars(sa.select(ExtractProfile).where(ExtractProfile.code == "other")).all()
    assert [(one.name, one.ended_at is None) for one in kept] == [("Other", False), ("New", True)]


@pytest.mark.parametrize(
    ("field", "value"),
    [("code", "No Code!"), ("name", ""), ("name", "x" * 201), ("days", "never"), ("mark", "x"), ("classes", "A"),
     ("classes", "A = AST.CASH"), ("classes", "A = EXP.STAFF\nA = EXP.STAFF"), ("column_document", ""),
     ("column_line", "Tag"), ("column_class", "y" * 81), ("projects", "X = nobody")],
)  # fmt: skip
def test_a_profile_that_says_nothing_is_refused(demo: Flask, field: str, value: str) -> None:
    client, before = as_a(demo, "finance-officer"), everything()
    data = {
        "code": "other", "name": "Other", "seen": "0", "days": "ymd", "mark": ".", "classes": "A = EXP.STAFF",
        "column_posted_on": "Tag", "column_document": "Beleg", "column_line": "Nr", "column_project": "Projekt",
        "column_class": "Klasse", "column_cents": "USD", field: value,
    }  # fmt: skip
    assert client.post(f"{HERE}/profiles/new", data=data).status_code in (409, 422)
    assert everything() == before


def test_who_reads_the_money_reads_and_others_find_nothing(demo: Flask, tmp_path: Path) -> None:
    key = batch_of(written(tmp_path / "a.csv", line(), line("2", project="X")))
    reads = ["", f"/{key}", f"/{key}/lines.csv", "/waiting", "/profiles"]
    acts = ["/send", f"/{key}/undo", "/profiles/umoja"]
    auditor, officer = as_a(demo, "auditor"), as_a(demo, "field-officer")
    for place in reads:
        assert auditor.get(HERE + place, buffered=True).status_code == 200, place
        assert officer.get(HERE + place).status_code in (403, 404), place
    for place in acts:
        assert auditor.get(HERE + place).status_code in (403, 404), place
    before = everything()
    for place in ("/take", "/waiting/name", "/waiting/book", f"/{key}/undo"):
        assert auditor.post(HERE + place, data={"reason": "x"}).status_code in (403, 404), place
    assert everything() == before
    client = as_a(demo, "finance-officer")
    for place in ("/99", f"/{2**40}", f"/{2**70}/lines.csv", "/99/undo", "/profiles/nothing"):
        assert client.get(HERE + place).status_code == 404, place
    assert client.get(f"/AHA/finance/extracts/{key}").status_code == 404


def test_lines_of_a_project_that_is_closed_to_the_reader_are_left_out(shown: Flask, tmp_path: Path) -> None:
    of = db.session().scalars(sa.select(Proposal).where(Proposal.reference == f"{CALL}-001")).one()
    tie(project(), of.id)
    key = batch_of(written(tmp_path / "a.csv", line(project="70001", text="Secret work"), line("2", text="Open work")))
    client = as_a(shown, "finance-officer")
    assert "Secret work" in text_of(client, f"{HERE}/{key}")
    keep_from(1, Role.FINANCE_OFFICER)
    page = text_of(client, f"{HERE}/{key}")
    assert "Secret work" not in page and "Open work" in page
    assert "Secret work" not in client.get(f"{HERE}/{key}/lines.csv", buffered=True).text
    assert db.session().scalar(sa.select(sa.func.count()).select_from(ProjectAccount)) == 1


def test_the_file_of_a_batch_has_every_line(demo: Flask, tmp_path: Path) -> None:
    key = batch_of(written(tmp_path / "a.csv", *(line(str(n), text="=1+1") for n in range(120))))
    text = as_a(demo, "auditor").get(f"{HERE}/{key}/lines.csv", buffered=True).text
    assert text.count("\n") == 121 and "'=1+1" in text


def test_pages_ask_the_database_little_however_much_came_in(demo: Flask, tmp_path: Path) -> None:
    for n in range(3):
        take(written(tmp_path / f"{n}.csv", *(line(f"{n}-{d}", project=f"X{d % 5}") for d in range(60))))
    take(written(tmp_path / "more.csv", *(line(f"p-{d}") for d in range(60))))
    key = db.session().scalar(sa.select(sa.func.max(ExtractBatch.id)))
    client = as_a(demo, "finance-officer")
    for place, most in (("", 8), (f"/{key}", 10), ("/waiting", 8), ("/profiles", 4), ("/send", 4)):
        client.get(HERE + place)
        with statements(demo) as asked:
            client.get(HERE + place)
        assert 0 < len(asked) <= most, (place, len(asked), asked)
