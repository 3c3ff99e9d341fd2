"""Minutes that write themselves from the record, their versions, their approval, and who reads what of them."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from boards import seated, trustees
from calls import faults, fund, someone
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from minuted import (
    HERE,
    advised,
    as_person,
    asked,
    before,
    changed,
    condition,
    decided,
    held,
    keep_from,
    kept,
    met,
    open_to,
    two_sessions,
    voted,
)
from pypdf import PdfReader
from visiting import as_a, statements, text_of

from fundapp.access.models import Person
from fundapp.access.operations import Console
from fundapp.access.policy import Refused, Role
from fundapp.board.models import (
    BoardSession,
    Considered,
    DecisionOutcome,
    InterestKind,
    Minutes,
    SessionStage,
    Trustee,
    VoteChoice,
)
from fundapp.board.operations.minutes import approve_minutes, take_over_approval, write_texts
from fundapp.board.queries.minutes import chair_of, kept_minutes, to_approve, versions_of
from fundapp.board.queries.record import minutes_facts
from fundapp.board.queries.sessions import items_of
from fundapp.board.rules.keeping import canonical, digest, read
from fundapp.board.rules.minutes import MinutesFacts
from fundapp.kernel.clock import now, today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations.interests import recuse

pytestmark = pytest.mark.usefixtures("one_click")


def test_minutes_write_themselves_from_the_record(shown: Flask) -> None:
    one, two, _three = two_sessions()
    people = trustees()
    keep_from(people[1], one)
    names = [trustee.name for trustee in seated()]
    voted(one, {names[0]: VoteChoice.FOR, names[2]: VoteChoice.FOR, names[3]: VoteChoice.AGAINST})
    condition(decided(one, DecisionOutcome.CONDITIONS), "Name a focal point.")
    advised(two)
    facts = minutes_facts(db.session(), held())
    assert [(item.kind, len(item.proposals)) for item in facts.items] == [
        ("matters-arising", 0), ("policy", 0), ("proposals", 3),
    ]  # fmt: skip
    first, second, third = facts.items[2].proposals
    assert [(who.name, who.kind) for who in first.recused] == [(names[1], "nationality")]
    assert first.advice and (first.advice.way, first.advice.in_favour, first.advice.against) == ("vote", 2, 1)
    assert [vote.name for vote in first.advice.votes if vote.choice == "for"] == [names[0], names[2]]
    assert first.decision and first.decision.amount == 28_500_50
    assert [one.text for one in first.decision.conditions] == ["Name a focal point."]
    assert second.advice and second.decision is None and third.advice is None
    assert [left.reference for left in facts.unadvised] == [third.reference]
    assert facts.arising and [action.text for action in facts.arising.actions] == [
        "Send the revised guidance to all offices."
    ]
    assert [left.decision and left.decision.outcome for left in facts.arising.proposals] == [
        "approve-with-conditions", None,
    ]  # fmt: skip
    assert {who.capacity for who in facts.participants} == {"chair", "trustee"}


def test_facts_are_kept_as_json_and_read_back(shown: Flask) -> None:
    one, *_ = two_sessions()
    condition(decided(one), "Name a focal point.")
    advised(one)
    facts = minutes_facts(db.session(), held())
    content = canonical(facts)
    assert read(MinutesFacts, content) == facts
    kept()
    version = versions_of(db.session(), held())[0]
    assert version.digest == digest(content) and kept_minutes(db.session(), version) == facts


def test_the_pages_ask_few_questions_however_much_is_on_them(shown: Flask) -> None:
    found = two_sessions()
    for one in found:
        advised(one)
        condition(decided(one), "Name a focal point.")
    kept()
    client = as_a(shown, "secretary")
    counts = {}
    for address in ("/25/minutes/1", "/25/actions", "/25/minutes"):
        text_of(client, HERE + address)
        with statements() as queries:
            text_of(client, HERE + address)
        counts[address] = len(queries)
    assert max(counts.values()) <= 15, counts


def page_of(app: Flask, role: str = "secretary") -> str:
    return text_of(as_a(app, role), f"{HERE}/25/minutes")


def test_the_draft_is_read_by_the_secretariat_and_versions_by_trustees(shown: Flask) -> None:
    one, *_ = two_sessions()
    advised(one)
    assert "As the record has them" in page_of(shown)
    assert "The Board supports the proposal" in page_of(shown, "approving-officer")
    assert "No minutes to read yet" in page_of(shown, "trustee")
    assert as_a(shown, "trustee").get(f"{HERE}/25/minutes.pdf").status_code == 404
    assert as_a(shown, "field-officer").get(f"{HERE}/25/minutes").status_code == 403
    kept()
    page = page_of(shown, "trustee")
    assert "Version 1" in page and one.reference in page
    assert "The Board supports the proposal" not in page  # not open to them before they declare
    open_to(trustees()[0], one)
    assert "The Board supports the proposal" in page_of(shown, "trustee")


def texts(client: FlaskClient, key: int, **said: str) -> tuple[int, str]:
    form = {f"text_{code}": "" for code in ("ar", "zh", "en", "fr", "ru", "es")}
    form |= {f"seen_{code}": "0" for code in ("ar", "zh", "en", "fr", "ru", "es")}
    answer = client.post(f"{HERE}/25/minutes/items/{key}", data=form | said)
    return answer.status_code, answer.get_data(as_text=True)


def item_keys(number: int = 25) -> list[int]:
    return [one.id for one in items_of(db.session(), held(number), fund().id)]


def test_texts_are_written_in_six_languages_and_shown_in_the_readers(shown: Flask) -> None:
    met(25)
    key, client = item_keys()[1], as_a(shown, "secretary")
    text_of(client, f"{HERE}/25/minutes/items/{key}")
    status, _ = texts(client, key, text_en="The Board took note.\r\n\r\nIt thanked Fiji.", text_ar="أحاط المجلس علما.")
    assert status == 302
    page = text_of(client, f"{HERE}/25/minutes")
    assert "<p>The Board took note.</p><p>It thanked Fiji.</p>" in page and "أحاط" not in page
    assert "أحاط المجلس علما." in text_of(client, f"{HERE}/25/minutes?lang=ar")


def test_two_who_write_at_once_lose_nothing(shown: Flask) -> None:
    met(25)
    key, client = item_keys()[1], as_a(shown, "secretary")
    assert texts(client, key, text_en="First.")[0] == 302
    status, page = texts(client, key, text_en="Second.", text_fr="Deuxième.")
    assert status == 422 and "Somebody else has written here meanwhile" in page
    assert "First." in page and "Second." in page and "Deuxième." in page
    seen = re.search(r'name="seen_en" value="(\d+)"', page)
    assert seen and texts(client, key, text_en="Second.", seen_en=seen[1])[0] == 302
    assert "Second." in text_of(client, f"{HERE}/25/minutes")


@pytest.mark.parametrize(
    ("said", "status", "sentence"),
    [
        ({"text_en": "x" * 20_001}, 422, "20"),
        ({"text_en": "a\x00b"}, 400, ""),
        ({"text_en": "Good.", "seen_en": "many"}, 302, ""),
    ],
)
def test_bad_texts_are_refused_whole(shown: Flask, said: dict[str, str], status: int, sentence: str) -> None:
    met(25)
    found, page = texts(as_a(shown, "secretary"), item_keys()[1], text_fr="Bon.", **said)
    assert found == status and (not sentence or any(sentence in one for one in faults(page)))
    assert ("Bon." in str(minutes_facts(db.session(), held()).items)) is (status == 302)


def keep(client: FlaskClient, seen: str) -> tuple[int, str]:
    answer = client.post(f"{HERE}/25/minutes/keep", data={"seen": seen})
    return answer.status_code, answer.get_data(as_text=True)


def seen_on(client: FlaskClient) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', text_of(client, f"{HERE}/25/minutes"))
    assert found
    return found[1]


def test_a_version_is_kept_of_what_was_read(shown: Flask) -> None:
    met(25)
    client = as_a(shown, "secretary")
    seen = seen_on(client)
    advised(before()[0])
    status, page = keep(client, seen)
    assert status == 409 and "The record changed since you looked at it" in page
    assert keep(client, "nonsense")[0] == 409
    seen = seen_on(client)
    assert keep(client, seen)[0] == 302
    status, page = keep(client, seen)
    assert status == 409 and "Version 1 says the same" in page
    advised(before()[1])
    page = text_of(client, f"{HERE}/25/minutes")
    assert "The record has changed since version 1" in page
    assert keep(client, seen_on(client))[0] == 302
    assert [one.number for one in versions_of(db.session(), held())] == [2, 1]
    assert "An earlier version" in text_of(client, f"{HERE}/25/minutes/1")


def approve(client: FlaskClient, version: int = 1) -> tuple[int, str]:
    answer = client.post(f"{HERE}/25/minutes/{version}/approve", data={})
    return answer.status_code, answer.get_data(as_text=True)


def test_the_chair_alone_approves_and_that_closes_the_session(shown: Flask) -> None:
    met(25)
    kept()
    chair, other, *_ = trustees()
    assert as_a(shown, "secretary").get(f"{HERE}/25/minutes/1/approve").status_code == 403
    assert as_person(shown, other).get(f"{HERE}/25/minutes/1/approve").status_code == 404
    assert approve(as_person(shown, other))[0] == 404
    client = as_person(shown, chair)
    assert "You chaired this session" in text_of(client, f"{HERE}/25/minutes/1/approve")
    assert approve(client)[0] == 302
    page = text_of(client, f"{HERE}/25/minutes")
    assert "Version 1, approved" in page and "The minutes are approved, and the session is closed." in page
    found = held()
    assert found.stage is SessionStage.CLOSED
    status, page = approve(client)
    assert status == 409 and "approved and the session is closed" in page
    secretary = as_a(shown, "secretary")
    assert texts(secretary, item_keys()[1], text_en="Late.")[0] == 409
    assert keep(secretary, "x")[0] == 409


def test_minutes_wait_for_their_chair_and_can_be_approved_again_after_a_reopening(shown: Flask) -> None:
    met(25)
    chair, other, *_ = trustees()
    assert to_approve(db.session(), chair, fund()) == []
    kept()
    kept_once = [to_approve(db.session(), who, fund()) for who in (chair, other)]
    assert kept_once == [[25], []]
    client = as_person(shown, chair)
    assert approve(client)[0] == 302
    assert to_approve(db.session(), trustees()[0], fund()) == []
    changed(BoardSession, held().id, stage=SessionStage.OPEN)
    assert kept() == 2  # the same words, to be approved anew
    assert approve(client, 2)[0] == 302 and held().stage is SessionStage.CLOSED


def test_what_cannot_be_approved(shown: Flask) -> None:
    met(25)
    chair = trustees()[0]
    kept()
    client = as_person(shown, chair)
    advised(before()[0])
    status, page = approve(client)
    assert status == 409 and "The record of the session changed since version 1" in page
    kept()
    status, page = approve(client, 1)
    assert status == 409 and "The last one is version 2" in page
    changed(BoardSession, held().id, since=today() + timedelta(days=1), until=today() + timedelta(days=1))
    kept()
    status, page = approve(client, 3)
    assert status == 409 and "its minutes are approved after that" in page
    assert client.get(f"{HERE}/25/minutes/9/approve").status_code == 404
    assert held().stage is SessionStage.OPEN


def test_nobody_approves_for_a_chair_who_signs_in(shown: Flask) -> None:
    met(25)
    kept()
    key = versions_of(db.session(), held())[0].id
    chair = chair_of(db.session(), held())
    assert chair
    with pytest.raises(Refused), unit_of_work(someone(Role.SECRETARY)) as work:
        approve_minutes(work, work.session.get_one(Trustee, chair.id), work.session.get_one(Minutes, key))
    with pytest.raises(Refusal, match=r"minutes\.chair-alone"), unit_of_work(someone(Role.SECRETARY)) as work:
        take_over_approval(work, work.session.get_one(Minutes, key), "In the archive.")
    assert as_a(shown, "secretary").get(f"{HERE}/25/minutes/1/paper").status_code == 409


def test_the_approval_of_a_chair_of_the_past_is_recorded_from_paper(shown: Flask) -> None:
    met(25)
    chair = chair_of(db.session(), held())
    assert chair
    changed(Trustee, chair.id, person_id=None)
    kept()
    client = as_a(shown, "secretary")
    assert "Record that the chair approved it on paper" in text_of(client, f"{HERE}/25/minutes")
    assert client.post(f"{HERE}/25/minutes/1/paper", data={"reason": " "}).status_code == 422
    assert client.post(f"{HERE}/25/minutes/1/paper", data={"reason": "File 14, page 3."}).status_code == 302
    assert held().stage is SessionStage.CLOSED


def test_two_who_keep_at_once_make_one_version(shown: Flask) -> None:
    met(25)
    first, second = as_a(shown, "secretary"), as_a(shown, "secretary")
    seen = seen_on(first)
    assert [keep(first, seen)[0], keep(second, seen)[0]] == [302, 409]
    assert len(versions_of(db.session(), held())) == 1


# ------------------------------------------------------------------------------------------------- whoever is recused


def told(app: Flask, person: int, address: str) -> str:
    answer = as_person(app, trustees()[person]).get(HERE + address)
    assert answer.status_code == 200, answer.status_code
    if address.endswith("pdf"):
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)
    if "docx" in address:
        made = Document(BytesIO(answer.data))
        cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(one.text for one in made.paragraphs), *cells])
    return answer.get_data(as_text=True)


def test_nothing_in_minutes_tells_the_recused_of_the_proposal(shown: Flask) -> None:
    one, two, three = two_sessions()
    fijian, name = trustees()[1], seated()[1].name
    open_to(fijian, two, three)
    keep_from(fijian, one)
    advised(one, reasons="A secret matter of ministries.")
    condition(decided(one, DecisionOutcome.CONDITIONS), "Name a hidden focal point.")
    advised(two, reasons=f"Better than {one.reference}.\n\nIt has partners.")
    item = items_of(db.session(), held(), fund().id)[2]
    asked(25, f"Ask the office about {one.reference}.", item=item)
    asked(25, "Publish the list.")
    text = f"It was a long day.\n\nOn {one.title.upper()} little was said.\n\nOn {two.reference} more."
    key = item.id
    with unit_of_work(someone(Role.SECRETARY)) as work:
        write_texts(work, work.session.get_one(type(item), key), {"en": text, "zh": f"提案{one.reference}号。"}, {})
    kept()
    for address in ("/25/minutes", "/25/minutes/1", "/25/actions", "/25/minutes.docx", "/25/minutes.docx?language=zh"):
        page = told(shown, 1, address)
        for mark in (one.reference, one.title, "secret matter", "hidden focal", "Better than"):
            assert mark not in page, (address, mark)
        assert name not in page.partition("Took no part")[2]
    whole = told(shown, 1, "/25/minutes.docx")
    assert "It was a long day." in whole and "It has partners." in whole and "Publish the list." in whole
    assert "Took no part" not in whole and f"On {two.reference} more." in whole
    open_to(trustees()[2], one, two, three)
    other = told(shown, 2, "/25/minutes.docx")
    assert "secret matter" in other and one.reference in other and f"{name} (national of the State)" in other


def test_a_session_without_the_proposal_reads_the_same(shown: Flask) -> None:
    """To the recused the minutes are what they would be had the proposal never been put before the Board."""
    met(25, many=3)
    one, two, three = before()
    person = trustees()[1]
    open_to(person, two, three)
    keep_from(person, one)
    kept()
    first = told(shown, 1, "/25/minutes")
    changed(Considered, one.id, removed_at=now())
    kept()
    after = told(shown, 1, "/25/minutes/2")
    body = re.compile(r'<section class="app-section" aria-labelledby="session">.*?<aside', re.DOTALL)
    assert body.search(first) and body.search(first)[0] == body.search(after)[0]  # type: ignore[index]


def test_a_recused_secretary_does_not_write_on_what_they_must_not_read(shown: Flask) -> None:
    met(25)
    one, item = before()[0], items_of(db.session(), held(), fund().id)[2]
    client = as_a(shown, "secretary")
    assert texts(client, item.id, text_en=f"On {one.reference}: a long debate.")[0] == 302
    from_it(someone(Role.SECRETARY).id, one.proposal_id)
    assert client.get(f"{HERE}/25/minutes/items/{item.id}").status_code == 409
    assert "a long debate" not in text_of(client, f"{HERE}/25/minutes")
    assert texts(client, item.id, text_en="Nothing.", seen_en="1")[0] == 409
    assert keep(client, seen_on(client))[0] == 302  # what is kept is whole, whoever keeps it
    assert "a long debate" in str(kept_minutes(db.session(), versions_of(db.session(), held())[0]))


def from_it(person: int, proposal: int) -> None:
    with unit_of_work(Console()) as work:
        recuse(work, work.session.get_one(Proposal, proposal), work.session.get_one(Person, person), "Wrote it once.")


def test_interests_other_than_nationality_are_named(shown: Flask) -> None:
    met(25, many=1)
    keep_from(trustees()[1], before()[0], InterestKind.OTHER)
    assert "another interest" in page_of(shown)
