"""What is written around proposals before the Board tells nobody of one that is closed to them: titles of items, their
documents, reasons of steps, and what is said of other proposals."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from advising import (
    FOR,
    WHY,
    One,
    Who,
    advised,
    board,
    client_of,
    closed,
    declares,
    moved,
    of_nobody,
    person_of,
    rows,
    there,
    votes,
)
from board_sessions import again, do, listed, plain
from board_world import decided
from boards import item_of, opened, planned
from calls import fund, second_secretary, someone
from flask import Flask
from minuted import changed as change
from sending_documents import PDF, in_a_folder, post_file
from visiting import as_a, statements, text_of

from fundapp.access.models import Person
from fundapp.access.operations import Console
from fundapp.access.policy import Role
from fundapp.board.models import (
    AdviceWay,
    AgendaDocument,
    AgendaItem,
    BoardQuestion,
    BoardSession,
    Considered,
    InterestKind,
    ItemKind,
    Trustee,
)
from fundapp.board.operations.advising import answer, ask
from fundapp.board.operations.agenda import move_item
from fundapp.board.operations.following import GivenAction, add_action
from fundapp.board.operations.minutes import keep_minutes
from fundapp.board.operations.sessions import add_item, cancel_session
from fundapp.board.queries.considering import Voice
from fundapp.board.queries.minutes import as_read
from fundapp.board.queries.record import minutes_facts
from fundapp.board.rules.advising import Said
from fundapp.board.rules.agenda import AgendaReader, Under
from fundapp.board.rules.withholding import Hidden, Silent
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations.interests import recuse

HERE = "/UPR/board/sessions/25"
PAGES = ("", "/dossier", "/minutes", "/actions", "/interests")
pytestmark = pytest.mark.usefixtures("one_click")


@pytest.fixture(autouse=True)
def folder(shown: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    in_a_folder(shown, monkeypatch, tmp_path)


def added(of: int, kind: ItemKind, title: str, **more: str) -> int:
    with unit_of_work(someone(Role.SECRETARY)) as work:
        return add_item(work, work.session.get_one(BoardSession, of), kind, {"en": title} | more, fund()).id


def paper(app: Flask, item: int, title: str, name: str = "note.pdf") -> int:
    content = PDF + title.encode() + name.encode() + str(item).encode()
    answer = post_file(as_a(app, "secretary"), f"{HERE}/items/{item}/documents/new", content, name, language="en",
                       title=title)  # fmt: skip
    assert answer.status_code == 302, answer.text
    asked = sa.select(AgendaDocument.id).order_by(AgendaDocument.id.desc())
    return db.session().scalars(asked).first() or 0


def own_item(of: int, one: One, title: str) -> int:
    """An item of its own for a proposal that was under another."""
    key = added(of, ItemKind.PROPOSALS, title)
    change(Considered, one.id, item_id=key)
    return key


def kept_from(of: BoardSession) -> tuple[Who, One]:
    """A trustee who takes no part in a proposal, having declared on all."""
    one, trustee = of_nobody(of), board()[1]
    for each in rows(of):
        if each.id == one.id:
            declares(each, trustee, InterestKind.OTHER, WHY)
        else:
            declares(each, trustee, reason="Knows nobody of the office there.")
    return trustee, one


def test_a_title_that_names_it_is_not_there(shown: Flask) -> None:
    of = opened()
    key = of.id
    trustee, one = kept_from(of)
    reference, title = one.reference, db.session().get_one(Proposal, one.proposal).title
    before = {page: text_of(client_of(shown, trustee), HERE + page) for page in PAGES}
    items = listed(client_of(shown, trustee))[0]["Agenda items"]
    named = added(key, ItemKind.OTHER, f"Question on {reference}", fr="Question réservée")
    added(key, ItemKind.BRIEFING, f"Briefing: {title}")
    with unit_of_work(someone(Role.SECRETARY)) as work:
        of, item = work.session.get_one(BoardSession, key), work.session.get_one(AgendaItem, named)
        add_action(work, of, GivenAction("To write to the office.", "The secretariat", None, item))
    client = client_of(shown, trustee)
    for page in PAGES:
        found = text_of(client, HERE + page)
        for text in (reference, title, "Question", "To write to the office."):
            assert text not in found or text in before[page], (page, text)
    assert listed(client)[0]["Agenda items"] == items
    assert client.get(f"{HERE}/items/{named}/documents/1").status_code == 404
    assert f"Question on {reference}" in plain(text_of(client_of(shown, board()[2]), HERE))


def test_nor_in_the_minutes_that_are_kept_and_printed(shown: Flask) -> None:
    of = opened()
    key = of.id
    trustee, one = kept_from(of)
    named = added(key, ItemKind.OTHER, f"Question on {one.reference}", fr="Question réservée")
    with unit_of_work(someone(Role.SECRETARY)) as work:
        of, item = work.session.get_one(BoardSession, key), work.session.get_one(AgendaItem, named)
        add_action(work, of, GivenAction("To write to the office.", "The secretariat", None, item))
    with unit_of_work(someone(Role.SECRETARY)) as work:
        of = work.session.get_one(BoardSession, key)
        keep_minutes(work, of, as_read(work.session, work.actor, of, minutes_facts(work.session, of)))
    page = text_of(client_of(shown, trustee), f"{HERE}/minutes")
    assert "Adoption of the agenda" in page
    assert not [text for text in (one.reference, "Question", "To write to the office.") if text in page]
    assert "To write to the office." in text_of(client_of(shown, board()[2]), f"{HERE}/minutes")


def test_an_item_with_other_proposals_goes_by_its_kind(shown: Flask) -> None:
    of = opened()
    trustee, one = kept_from(of)
    item, reference = item_of(of).id, one.reference
    change(AgendaItem, item, name_en=f"Proposals up to {reference}")
    client = client_of(shown, trustee)
    for page in ("", "/dossier"):
        found = plain(text_of(client, HERE + page))
        assert reference not in found and "Proposals" in found, page
        assert next(each.reference for each in rows(again(of)) if each.id != one.id) in found


def test_documents_that_name_it_are_not_there(shown: Flask) -> None:
    of = opened()
    trustee, one = kept_from(of)
    item, reference = item_of(of).id, one.reference
    by_title = paper(shown, item, f"Note on {reference}")
    by_name = paper(shown, item, "A note", f"{reference} budget.pdf")
    general = paper(shown, item, "Guidelines")
    client = client_of(shown, trustee)
    found = text_of(client, HERE) + text_of(client, f"{HERE}/dossier")
    assert "Guidelines" in found and "A note" not in found and "Note on" not in found and reference not in found
    for key, status in ((by_title, 404), (by_name, 404), (general, 200)):
        assert client.get(f"{HERE}/items/{item}/documents/{key}", buffered=True).status_code == status
    other = client_of(shown, board()[2])
    assert other.get(f"{HERE}/items/{item}/documents/{by_name}", buffered=True).status_code == 200


def test_documents_of_one_proposal_are_for_those_to_whom_it_is_open(shown: Flask) -> None:
    of = opened()
    trustee, one = kept_from(of)
    item = own_item(of.id, one, "Late proposal")
    key = paper(shown, item, "Annex")
    address = f"{HERE}/items/{item}/documents/{key}"
    kept, undeclared, secretary = client_of(shown, trustee), client_of(shown, board()[2]), as_a(shown, "secretary")
    for client in (kept, undeclared):
        assert client.get(address).status_code == 404 and "Annex" not in text_of(client, HERE)
        assert "Annex" not in text_of(client, f"{HERE}/dossier")
    assert secretary.get(address, buffered=True).status_code == 200
    declares(one, board()[2], reason="Knows nobody of the office there.")
    assert undeclared.get(address, buffered=True).status_code == 200 and "Annex" in text_of(undeclared, HERE)


def test_reasons_of_steps_that_name_it_are_not_there(shown: Flask) -> None:
    of = opened()
    trustee, one = kept_from(of)
    do(of, lambda work, of: cancel_session(work, of, f"{one.reference} is not ready.\n\nTravel is not possible."))
    found = text_of(client_of(shown, trustee), HERE)
    assert one.reference not in found and "Travel is not possible." in found
    assert f"{one.reference} is not ready." in plain(text_of(client_of(shown, board()[2]), HERE))


def test_whoever_is_kept_from_it_works_on_the_others(shown: Flask) -> None:
    """A secretary who is kept from it moves what they read, and finds no form for what they do not."""
    of = opened()
    one = of_nobody(of)
    first = item_of(of).id
    named = added(of.id, ItemKind.OTHER, f"Question on {one.reference}")
    last = added(again(of).id, ItemKind.OTHER, "Any other matters")
    from_secretary(one)
    client = as_a(shown, "secretary")
    for page in ("", "/documents/new", "/proposals"):
        assert client.get(f"{HERE}/items/{named}{page}").status_code == 404, page
    assert client.get(f"{HERE}/minutes/items/{named}").status_code == 404
    with unit_of_work(someone(Role.SECRETARY)) as work:
        assert move_item(work, work.session.get_one(AgendaItem, last), fund(), up=True)
    page = text_of(client, HERE)
    assert page.index(f'id="item-{last}"') < page.index(f'id="item-{first}"')


def test_how_many_are_before_a_session_does_not_count_it(shown: Flask) -> None:
    one = of_nobody(planned())
    page = plain(text_of(as_a(shown, "secretary"), f"{HERE}/open"))
    assert "4 proposals are before the session" in page
    from_secretary(one)
    page = plain(text_of(as_a(shown, "secretary"), f"{HERE}/open"))
    assert "3 proposals are before the session" in page


def from_secretary(one: One) -> None:
    with unit_of_work(Console()) as work:
        person = work.session.get_one(Person, someone(Role.SECRETARY).id)
        recuse(work, work.session.get_one(Proposal, one.proposal), person, WHY)


def test_the_page_asks_no_more_of_whoever_is_kept_from_something(shown: Flask) -> None:
    of = opened(proposals=None)
    kept_from(of)
    client = client_of(shown, board()[1])
    text_of(client, HERE)
    with statements() as asked:
        text_of(client, HERE)
    assert len(asked) <= 6, asked


def test_what_goes_with_a_proposal_by_the_rule() -> None:
    silent = Silent((Hidden("2020-1-001", "Clean water", ("Kenya", "肯尼亚")),))
    reader = AgendaReader(
        silent, {1: Under(closed=1), 2: Under(closed=1, open=1), 3: Under(unopened=1), 4: Under(unopened=2)}
    )
    assert reader.titles(1, "other", {"en": "Of clean WATER"}) is None
    assert reader.titles(2, "proposals", {"en": "Kenya", "fr": "Kenya"}) == {}
    assert reader.titles(9, "other", {"en": "Kenya"}) == {"en": "Kenya"}
    assert [reader.reads(item, "proposals", "Annex", "annex.pdf") for item in (1, 2, 3, 4, 9)] == [
        False, True, False, True, True,
    ]  # fmt: skip


def test_what_is_said_of_others_does_not_name_it(shown: Flask) -> None:
    """Questions, answers, motions, votes, advice and decisions on a proposal that is open to them."""
    of = opened()
    trustee, one = kept_from(of)
    other = next(each for each in rows(again(of)) if each.id != one.id)
    everybody = board()
    for who in everybody:
        if who.id != trustee.id:
            declares(other, who, reason="Knows nobody of the office there.")
    there(again(of).id, everybody)
    asks(other, everybody[2], f"Is it like {one.reference}?", "It is.")
    asks(other, everybody[2], "And the budget?", f"As said.\n\nMore than {one.reference}.")
    ballot = moved(other, Said("support-with-conditions", 10_000_00, conditions=f"Together with {one.reference}."))
    for who in everybody:
        votes(ballot, who, FOR, f"Better than {one.reference}.")
    closed(ballot)
    told = Said("support-with-conditions", 10_000_00, "Sound.", f"Together with {one.reference}.")
    advised(other, told, AdviceWay.VOTE)
    place = f"{HERE}/proposals/{other.reference}"
    page, whole = text_of(client_of(shown, trustee), place), text_of(client_of(shown, everybody[2]), place)
    for text in (one.reference, "Is it like", "More than", "Together with", "Better than"):
        assert text not in page and text in whole, text
    for text in ("And the budget?", "As said.", "Sound."):
        assert text in page, text


def asks(one: One, who: Who, text: str, answered: str) -> None:
    with unit_of_work(person_of(who)) as work:
        voice = Voice(work.session.get_one(Considered, one.id), work.session.get_one(Trustee, who.id))
        key = ask(work, voice, text).id
    with unit_of_work(someone(Role.SECRETARY)) as work:
        question = work.session.get_one(BoardQuestion, key)
        answer(work, question, answered, question.version)


def test_conditions_and_reasons_of_decisions_do_not_name_it(shown: Flask) -> None:
    of = opened()
    trustee, one = kept_from(of)
    other = next(each for each in rows(again(of)) if each.id != one.id)
    second_secretary()
    keys = decided(
        other, 5_000_00, f"Agreed with {one.reference}.", reasons=f"As {one.reference}.", shared="Sound plan."
    )
    client, others = client_of(shown, trustee), client_of(shown, board()[2])
    declares(other, board()[2], reason="Knows nobody of the office there.")
    page = text_of(client, f"/UPR/board/decisions/{other.reference}")
    assert "Sound plan." in page and one.reference not in page and "Agreed with" not in page
    assert one.reference not in text_of(client, "/UPR/board/conditions")
    assert client.get(f"/UPR/board/conditions/{keys['condition']}").status_code == 404
    assert others.get(f"/UPR/board/conditions/{keys['condition']}").status_code == 200
    assert "Agreed with" in text_of(others, f"/UPR/board/decisions/{other.reference}")
