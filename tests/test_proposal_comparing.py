"""Two versions of a proposal side by side: documents, languages and amounts beside the texts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from proposing import YEAR, begun, head, pages, returned, submitted, write, writer
from sending_documents import DESK, OWN, PDF, at, fetch, in_a_folder, pdf_of, post_file, rows, send_document
from visiting import as_a, statements, text_of

from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import ProposalDocument
from fundapp.proposals.operations import moving
from fundapp.proposals.operations.writing import choose_languages
from fundapp.proposals.rules.record import Fate, File, files_apart

PLACE = "/UPR/proposals"


def file(title: str, content: str, kind: str = "other", number: int = 1, name: str = "") -> File:
    return {
        "kind": kind, "title": title, "name": name or f"{title}.pdf", "number": number, "digest": content, "size": 1,
        "media_type": "application/pdf",
    }  # fmt: skip


def fates(before: list[File], after: list[File]) -> list[tuple[Fate, str]]:
    return [(one.fate, one.title) for one in files_apart(before, after)]


def test_documents_are_told_apart_by_kind_and_title() -> None:
    letter, plan = file("Letter", "1", "consent"), file("Plan", "2")
    assert fates([letter, plan], [plan, letter]) == []
    assert fates([letter], [letter, plan]) == [(Fate.ADDED, "Plan")]
    assert fates([letter, plan], [plan]) == [(Fate.REMOVED, "Letter")]
    assert fates([plan], [file("Plan", "3", number=2)]) == [(Fate.REPLACED, "Plan")]
    assert fates([plan], [file("Plan", "2", "consent")]) == [(Fate.REMOVED, "Plan"), (Fate.ADDED, "Plan")]


def test_of_two_documents_of_one_name_the_one_that_stayed_is_no_difference() -> None:
    one, two, three = (file("Plan", content) for content in "123")
    assert fates([one, two], [two]) == [(Fate.REMOVED, "Plan")]
    assert fates([one, two], [two, three]) == [(Fate.REPLACED, "Plan")]
    assert fates([one, one], [one]) == [(Fate.REMOVED, "Plan")]
    assert [apart.after for apart in files_apart([one], [one, one])] == [one]


@pytest.fixture
def kept_files(registered: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Flask:
    """Files are in a folder of the test."""
    in_a_folder(registered, monkeypatch, tmp_path / "files")
    return registered


def table(page: str, name: str) -> str:
    """A table of the comparison as text."""
    found = re.search(rf'id="apart-{name}".*?</table>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).replace("\u00a0", " ").split()) if found else ""


def test_documents_languages_and_amounts_stand_beside_the_texts(kept_files: Flask) -> None:
    reference = returned().reference
    author, desk = as_a(kept_files, OWN), as_a(kept_files, DESK)
    [letter] = rows(ProposalDocument)
    assert post_file(author, f"{PLACE}/{reference}/documents/{letter.id}/replace", PDF, "signed.pdf").status_code == 302
    assert send_document(author, reference, pdf_of(700), "extra.pdf", "other", title="Extra").status_code == 302
    line = {"id": "B1", "class": "120", "what": "A trainer", "unit": "day", "unit_cost": "500.00", "quantity": "50"}
    trip = {"id": "B2", "class": "160", "what": "A journey", "unit": "trip", "unit_cost": "1000.00", "quantity": "2"}
    write(at(reference), {"budget": {"lines": [{**line, "activity": "A1", "quarter": f"{YEAR}-Q1"}, trip]}})
    with unit_of_work(head()) as work:
        choose_languages(work, at(reference), "fr", "en")
    for client, after in ((author, "now"), (desk, "2")):
        if client is desk:
            with unit_of_work(head()) as work:
                moving.submit_again(work, at(reference))
        page = text_of(client, f"{PLACE}/{reference}/compare?from=1&to={after}")
        documents = table(page, "documents")
        assert "Letter Replaced letter.pdf version 1" in documents and "signed.pdf version 2" in documents
        assert "Extra Added nothing extra.pdf version 1" in documents
        assert "English Français" in table(page, "languages") and "None English" in table(page, "languages")
        budget = table(page, "1")
        assert "Quantity B1 40 50" in budget and "Unit cost B2 nothing 1 000.00" in budget
        assert "Class B2 nothing 160 Travel" in budget
        amounts = table(page, "amounts")
        assert "20 000.00 25 000.00 5 000.00" in amounts and "160 Travel" in amounts
        assert "Total 22 600.00 30 510.00 7 910.00" in amounts  # with support costs of 13 per cent
        back = table(text_of(client, f"{PLACE}/{reference}/compare?from={after}&to=1"), "documents")
        assert "Extra Taken off extra.pdf" in back
    [address] = set(re.findall(rf'href="({PLACE}/{reference}/documents/\d+/\d+)" download><bdi>extra', page))
    assert fetch(desk, address).status_code == 200


def test_what_is_the_same_is_not_told(kept_files: Flask) -> None:
    reference = submitted().reference
    page = text_of(as_a(kept_files, DESK), f"{PLACE}/{reference}/compare?from=1&to=1")
    assert "Nothing differs" in page and "apart-" not in page
    reference = write(returned("2031-2"), {"inclusion": {"left-behind": "People on remote islands."}}).reference
    page = text_of(as_a(kept_files, OWN), f"{PLACE}/{reference}/compare?from=1&to=now")
    assert "apart-1" in page
    assert not any(table(page, name) for name in ("documents", "languages", "amounts"))


def test_a_comparison_with_documents_asks_little(kept_files: Flask) -> None:
    reference = returned().reference
    author = as_a(kept_files, OWN)
    for number in range(3):
        send_document(author, reference, pdf_of(700 + number), "extra.pdf", "other", title=f"Extra {number}")
    text_of(author, f"{PLACE}/{reference}/compare?from=1&to=now")
    with statements() as asked:
        text_of(author, f"{PLACE}/{reference}/compare?from=1&to=now")
    assert len(asked) <= 15, asked


def test_the_evidence_of_screening_leads_to_the_file_itself(kept_files: Flask) -> None:
    reference = begun().reference
    author, desk = as_a(kept_files, OWN), as_a(kept_files, DESK)
    assert send_document(author, reference, PDF, "signed.pdf").status_code == 302
    write(at(reference), pages())
    for who, move in ((head(), moving.clear), (writer(), moving.submit)):
        proposal = at(reference)
        with unit_of_work(who) as work:
            move(work, proposal)
    page = text_of(desk, f"{PLACE}/{reference}/screening")
    [address] = set(re.findall(rf'href="({PLACE}/{reference}/documents/\d+/1)" download>', page))
    assert fetch(desk, address).data == PDF
