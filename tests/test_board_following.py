"""Minutes as files, what sessions asked to be done, and what of a text is kept from whom."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from boards import seated, the_board
from calls import faults, fund, someone
from commands import Command, command, one_sentence
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from minuted import HERE, added, advised, condition, decided, held, kept, met, two_sessions, voted
from pypdf import PdfReader
from visiting import as_a, text_of

from fundapp.access.policy import Role
from fundapp.board.models import BoardSession, DecisionOutcome, ItemKind, SessionNumber, VoteChoice
from fundapp.board.operations.sessions import add_item
from fundapp.board.queries.following import overdue
from fundapp.board.queries.record import minutes_facts
from fundapp.board.queries.sessions import items_of
from fundapp.board.rules.withholding import Hidden, Silent
from fundapp.funds.models import Fund
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work

__all__ = ["command"]
pytestmark = pytest.mark.usefixtures("one_click")


def item_keys(number: int = 25) -> list[int]:
    return [one.id for one in items_of(db.session(), held(number), fund().id)]


# ------------------------------------------------------------------------------------------------------------- files


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


@pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
def test_minutes_are_drawn_in_six_languages(shown: Flask, language: str) -> None:
    one, two, _ = two_sessions()
    voted(one, {seated()[0].name: VoteChoice.FOR})
    condition(decided(one, DecisionOutcome.CONDITIONS), "Name a focal point.")
    advised(two)
    kept()
    client = as_a(shown, "secretary")
    drawn = client.get(f"{HERE}/25/minutes.pdf?version=1&language={language}")
    assert drawn.status_code == 200 and f"UPR-minutes-25-v1-{language}.pdf" in drawn.headers["Content-Disposition"]
    said = pdf_text(drawn.data)
    assert one.reference in said and "28" in said
    made = Document(BytesIO(client.get(f"{HERE}/25/minutes.docx?language={language}").data))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    assert any("Name a focal point." in text for text in cells)
    titles = {"ar": "المسائل الناشئة", "zh": "续议事项"}
    assert any(titles.get(language, "Matters arising") in paragraph.text for paragraph in made.paragraphs)


def test_the_command_line_draws_what_was_kept(shown: Flask, command: Command, tmp_path: Path) -> None:
    one, *_ = two_sessions()
    file = tmp_path / "minutes.pdf"
    said = command("minutes", "UPR", "25", "--output", file)
    assert said.status == 1 and "No version of these minutes is kept yet" in one_sentence(said) and not file.exists()
    assert command("minutes", "UPR", "25", "--draft", "--output", file).status == 0
    assert "Draft, as the record stands" in pdf_text(file.read_bytes())
    kept()
    advised(one)
    assert command("minutes", "UPR", "25", "--output", file).status == 0
    assert "Version 1, not approved yet" in pdf_text(file.read_bytes())
    assert command("minutes", "UPR", "25", "--format", "docx", "--language", "ar", "--output", file).status == 0
    for words, sentence in (
        (("UPR", "99"), "UPR has no session 99. There are: 24, 25."),
        (("UPR", "25", "--version", "9"), "There is no version 9 of these minutes."),
    ):
        said = command("minutes", *words, "--output", tmp_path / "none.pdf")
        assert said.status == 1 and one_sentence(said) == sentence
    assert command("minutes", "UPR", "25", "--draft", "--version", "1", "--output", file).status == 2
    assert command("minutes", "UPR", "0", "--output", file).status == 2


# ------------------------------------------------------------------------------------------------------------ actions


def send(client: FlaskClient, address: str, **data: str) -> tuple[int, str]:
    answer = client.post(f"{HERE}/25/actions{address}", data=data)
    if answer.status_code == 302:
        return 302, text_of(client, answer.headers["Location"])
    return answer.status_code, answer.get_data(as_text=True)


def test_an_action_is_recorded_changed_done_and_opened_again(shown: Flask) -> None:
    met(25)
    client = as_a(shown, "secretary")
    said = {"text": "Send it.", "owner": "The secretariat", "due_on": "", "item": str(item_keys()[1])}
    status, page = send(client, "/add", **said)
    assert status == 302 and "Send it." in page
    found = re.search(r"/actions/(\d+)/done", page)
    assert found
    key = found[1]
    text_of(client, f"{HERE}/25/actions/{key}")
    status, page = send(client, f"/{key}", **said | {"text": "Send both.", "version": "1"})
    assert status == 302 and "Send both." in page
    status, page = send(client, f"/{key}", **said | {"version": "1"})
    assert status == 409 and "Somebody changed this meanwhile" in page
    status, page = send(client, f"/{key}/done", note="By letter.", version="2")
    assert status == 302 and "By letter." in page
    status, page = send(client, f"/{key}/done", note="Twice.", version="3")
    assert status == 409 and "This is done already." in page
    assert send(client, f"/{key}/reopen", version="3")[0] == 302
    status, page = send(client, f"/{key}/reopen", version="4")
    assert status == 409 and "This is not done." in page


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"text": ""}, 422, "Say what is to be done."),
        ({"owner": " "}, 422, "Say who sees to it."),
        ({"text": "x" * 2_001}, 422, "2"),
        ({"owner": "x" * 201}, 422, "2"),
        ({"due_on": "soon"}, 422, "soon"),
        ({"due_on": "2020-01-01"}, 422, "what it asks for is due after that"),
        ({"item": "999999"}, 422, "This item is not on the agenda of the session"),
        ({"text": "a\x00b"}, 400, ""),
    ],
)
def test_what_is_no_action_is_said_beside_its_field(
    shown: Flask, changes: dict[str, str], status: int, sentence: str
) -> None:
    met(25)
    said = {"text": "Send it.", "owner": "The secretariat", "due_on": "", "item": ""}
    found, page = send(as_a(shown, "secretary"), "/add", **said | changes)
    assert found == status and (not sentence or any(sentence in one for one in faults(page)))
    assert minutes_facts(db.session(), held()).actions == ()


def test_what_an_earlier_session_asked_for_is_followed_at_the_next(shown: Flask) -> None:
    two_sessions()
    client = as_a(shown, "secretary")
    page = text_of(client, f"{HERE}/25/actions")
    assert "Send the revised guidance" in page and "overdue" in page
    assert overdue(db.session(), fund(), today()) == 1
    key = re.findall(r"/actions/(\d+)/done", page)[0]
    assert client.get(f"{HERE}/25/actions/{key}").status_code == 404  # what it asked for is changed at its own session
    assert send(client, f"/{key}/done", note="", version="1")[0] == 302
    assert overdue(db.session(), fund(), today()) == 0
    facts = minutes_facts(db.session(), held())
    assert facts.arising and facts.arising.actions[0].done_on == today()
    assert as_a(shown, "auditor").post(f"{HERE}/25/actions/{key}/done").status_code == 403
    assert as_a(shown, "trustee").get(f"{HERE}/25/actions").status_code == 200


# ------------------------------------------------------------------------------------------------- what is kept silent


def test_paragraphs_that_name_what_is_closed_are_left_out() -> None:
    hidden = Hidden("2020-1-012", "Schools for all", ("Fiji", "فيجي", "斐济"))
    silent = Silent((hidden,), ("2020-1-013",))
    assert silent.of("Before.\n\nOn 2020-1-012.\n\nAfter.") == "Before.\n\nAfter."
    assert silent.of("提案2020-1-012号获得支持。") == "" and silent.of("المقترح ٢٠٢٠-١-٠١٢ مؤجل.") == ""
    assert silent.of("Of 2020-1-0123 and 12020-1-012.") != "" and silent.of("SCHOOLS  FOR ALL won.") == ""
    assert silent.of("Fiji was thanked.") == "Fiji was thanked."
    assert silent.of("Fiji was discussed.", states=True) == "" and silent.of("讨论了斐济。", states=True) == ""
    assert silent.of("For Fiji, 2020-1-013.", states=True) != "" and silent.of("Fijian ways.", states=True) != ""
    assert Silent(()).of("On 2020-1-012.") == "On 2020-1-012."


def test_what_is_of_another_fund_is_told_in_its_own_pages(shown: Flask) -> None:
    met(25)
    other, code = next((one.id, one.code) for one in the_board().funds if one.code != "UPR")
    key = held().id
    added(SessionNumber(session_id=key, fund_id=other, number=51))
    with unit_of_work(someone(Role.SECRETARY)) as work:
        of = work.session.get_one(BoardSession, key)
        add_item(work, of, ItemKind.FINANCE, {"en": "The other purse"}, work.session.get_one(Fund, other))
    client = as_a(shown, "secretary")
    ours, theirs = (text_of(client, f"/{at}/minutes") for at in ("UPR/board/sessions/25", f"{code}/board/sessions/51"))
    assert "The other purse" not in ours and "Proposals of 2020" in ours
    assert "The other purse" in theirs and "Proposals of 2020" not in theirs and "Policy of the funds" in theirs
    number = kept()
    assert "The other purse" not in text_of(client, f"{HERE}/25/minutes/{number}")


def test_a_text_of_another_session_is_not_there(shown: Flask) -> None:
    met(25)
    met(26)
    client = as_a(shown, "secretary")
    assert client.get(f"{HERE}/25/minutes/items/{item_keys(26)[1]}").status_code == 404
    assert client.get(f"{HERE}/25/minutes/items/999999").status_code == 404
    assert client.get(f"{HERE}/99/minutes").status_code == 404
    assert client.get(f"{HERE}/25/minutes/7").status_code == 404
    assert client.get(f"{HERE}/25/minutes.pdf?version=7").status_code == 404
    assert client.get(f"{HERE}/25/minutes.pdf?version=x").status_code == 400
    assert client.get(f"{HERE}/25/minutes.pdf?language=de").status_code == 409
