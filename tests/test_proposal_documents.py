"""Documents of a proposal: their versions, and who may have which file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from calls import someone
from flask import Flask
from proposing import begun, complete, head, returned, submitted, writer
from sending_documents import (
    DESK,
    OTHER_OFFICE,
    OWN,
    PDF,
    at,
    fetch,
    in_a_folder,
    kept,
    page,
    pdf_of,
    post_file,
    rows,
    send_document,
    uploads,
)
from signing_in import done
from visiting import as_a, statements, text_of

from fundapp.access.policy import Role
from fundapp.kernel.clock import now
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import ProposalDocument, ProposalFile
from fundapp.proposals.operations import moving

MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def one_click(registered: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The demonstration's people sign in without proof; files are in a folder of this test."""
    in_a_folder(registered, monkeypatch, tmp_path / "files")


def test_versions_are_added_and_none_is_changed(registered: Flask) -> None:
    reference = begun().reference
    client, before = as_a(registered, OWN), at(reference).done
    send_document(client, reference, PDF, "first.pdf")
    assert at(reference).done > before  # one thing less is lacking
    [document] = rows(ProposalDocument)
    address = f"/UPR/proposals/{reference}/documents/{document.id}/replace"
    assert "first.pdf" in text_of(client, address)
    answer = post_file(client, address, PDF, "again.pdf", seen="1")
    assert answer.status_code == 422 and "This very file is there already, as version 1." in answer.text
    assert post_file(client, address, pdf_of(500), "second.pdf", seen="1").status_code == 302
    answer = post_file(client, address, pdf_of(600), "third.pdf", seen="1")  # another tab, that saw the first
    assert answer.status_code == 422 and "Somebody else replaced this document meanwhile" in answer.text
    found = page(client, reference)
    assert found.index("second.pdf") < found.index("first.pdf") and "1 earlier version" in found
    assert [(file.number, file.name) for file in rows(ProposalFile)] == [(1, "first.pdf"), (2, "second.pdf")]
    assert "proposals.add_file" in done()


def test_taken_off_and_brought_back(registered: Flask) -> None:
    reference, client = begun().reference, as_a(registered, OWN)
    send_document(client, reference, PDF)
    share = at(reference).done
    [document] = rows(ProposalDocument)
    here = f"/UPR/proposals/{reference}/documents/{document.id}"
    for _ in range(2):  # twice is once
        assert client.post(f"{here}/take-off").status_code == 302
    assert at(reference).done < share
    found = page(client, reference)
    assert "1 document was taken off" in found and "No document is there yet." in found
    answer = post_file(client, f"{here}/replace", pdf_of(500))
    assert answer.status_code == 422 and "The document was taken off" in answer.text
    assert fetch(client, f"{here}/1").status_code == 200  # its file stays
    client.post(f"{here}/bring-back")
    assert at(reference).done == share


def test_nothing_is_written_once_it_is_handed_in(registered: Flask) -> None:
    reference = submitted().reference
    client = as_a(registered, OWN)
    [document] = rows(ProposalDocument)
    found = page(client, reference)
    assert "Replace" not in found and "Add a document" not in found
    for address in ("add?kind=other", f"{document.id}/replace"):
        answer = post_file(client, f"/UPR/proposals/{reference}/documents/{address}", PDF, title="A")
        assert answer.status_code == 409
    client.post(f"/UPR/proposals/{reference}/documents/{document.id}/take-off")
    assert rows(ProposalDocument)[0].removed_at is None
    assert client.post(uploads(reference), data={"name": "a", "size": "3", "kind": "consent"}).status_code == 409


def test_a_changed_document_ends_the_lifting_of_a_return(registered: Flask) -> None:
    reference = returned().reference
    assert send_document(as_a(registered, OWN), reference, PDF, "more.pdf", "other", title="More").status_code == 302
    with pytest.raises(Exception, match="unchanged-since-return"), unit_of_work(someone(Role.DESK_OFFICER)) as work:
        moving.lift_return(work, at(reference))


def test_whoever_sends_a_document_does_not_clear_it(registered: Flask) -> None:
    reference = complete().reference
    send_document(as_a(registered, OWN), reference, PDF)
    with pytest.raises(Exception, match="not-the-writer"), unit_of_work(someone(Role.HEAD_OF_OFFICE)) as work:
        moving.clear(work, at(reference))
    with unit_of_work(head()) as work:
        moving.clear(work, at(reference))


# ------------------------------------------------------------------------------------------------- who may have what


def test_other_offices_get_what_they_get_of_nothing(registered: Flask) -> None:
    reference, own = begun().reference, as_a(registered, OWN)
    send_document(own, reference, PDF, "secret.pdf")
    [document] = rows(ProposalDocument)
    for role in (OTHER_OFFICE, DESK):
        client = as_a(registered, role)
        for there, nowhere in (("", ""), (f"/{document.id}/1", "/999/1"), ("/add?kind=consent", "/add?kind=consent")):
            answer = client.get(f"/UPR/proposals/{reference}/documents{there}")
            absent = client.get(f"/UPR/proposals/2031-1-999/documents{nowhere}")
            assert (answer.status_code, set(answer.headers.keys())) == (absent.status_code, set(absent.headers.keys()))
            assert answer.status_code in (403, 404) and "secret" not in answer.text
        for address in (f"{document.id}/replace", f"{document.id}/take-off", f"{document.id}/bring-back", "uploads"):
            answer = client.post(f"/UPR/proposals/{reference}/documents/{address}", data={})
            assert answer.status_code in (403, 404), address
    assert [row.removed_at for row in rows(ProposalDocument)] == [None]


def test_the_secretariat_gets_what_was_handed_in_and_no_more(registered: Flask) -> None:
    reference, own = complete().reference, as_a(registered, OWN)
    send_document(own, reference, pdf_of(300), "handed.pdf", "other", title="Handed in")
    send_document(own, reference, pdf_of(400), "withheld.pdf", "other", title="Withheld")
    _consent, handed, withheld = [row.id for row in rows(ProposalDocument)]
    own.post(f"/UPR/proposals/{reference}/documents/{withheld}/take-off")
    with unit_of_work(head()) as work:
        moving.clear(work, at(reference))
    with unit_of_work(writer()) as work:
        moving.submit(work, at(reference))
    with unit_of_work(someone(Role.DESK_OFFICER)) as work:
        moving.start_screening(work, at(reference))
        moving.return_proposal(work, at(reference), moving.Given("More", now() + timedelta(days=10)))
    here = f"/UPR/proposals/{reference}/documents"
    assert post_file(own, f"{here}/{handed}/replace", pdf_of(350), "working.pdf", seen="1").status_code == 302
    own.post(f"{here}/{handed}/take-off")
    desk = as_a(registered, DESK)
    found = page(desk, reference)
    assert "handed.pdf" in found and "working.pdf" not in found and "withheld" not in found and "taken off" not in found
    assert [fetch(desk, f"{here}/{row}").status_code for row in (f"{handed}/1", f"{handed}/2", f"{withheld}/1")] == [
        200, 404, 404,
    ]  # fmt: skip
    assert fetch(own, f"{here}/{handed}/2").status_code == 200


def test_a_file_is_a_download_and_nothing_else(registered: Flask) -> None:
    reference, client = begun().reference, as_a(registered, OWN)
    content = pdf_of(5000)
    send_document(client, reference, content, 'Пись"мо 同意.pdf')
    [document] = rows(ProposalDocument)
    address = f"/UPR/proposals/{reference}/documents/{document.id}/1"
    answer = fetch(client, address)
    assert answer.data == content and answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "filename*=UTF-8''%D0%9F%D0%B8" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"
    answer = fetch(client, address, headers={"Range": "bytes=4990-", "Accept-Encoding": "gzip"})
    assert answer.status_code == 206 and answer.data == content[4990:]
    assert answer.headers["Content-Range"] == "bytes 4990-4999/5000"
    assert fetch(client, address, headers={"Range": "bytes=9000-"}).status_code == 416
    for number in (0, 2, 2**63):
        assert client.get(f"/UPR/proposals/{reference}/documents/{document.id}/{number}").status_code == 404
    for path in kept(registered):
        path.unlink()
    answer = fetch(client, address)
    assert answer.status_code == 409 and "is no longer in the store" in answer.text


def test_text_is_not_packed_on_its_way(registered: Flask) -> None:
    """Parts of it may be asked for, and those are parts of what is kept."""
    reference, client = begun().reference, as_a(registered, OWN)
    content = b"word " * 2000
    send_document(client, reference, content, "note.txt")
    [document] = rows(ProposalDocument)
    packing = {"Accept-Encoding": "gzip, br"}
    answer = fetch(client, f"/UPR/proposals/{reference}/documents/{document.id}/1", headers=packing)
    assert answer.data == content and answer.headers["Content-Type"].startswith("text/plain")


def test_the_page_asks_little_however_much_there_is(registered: Flask) -> None:
    reference, client = begun().reference, as_a(registered, OWN)
    send_document(client, reference, PDF)
    page(client, reference)
    with statements() as one:
        page(client, reference)
    for number in range(8):
        send_document(client, reference, pdf_of(300 + number), kind="other", title=f"No. {number}")
    with statements() as many:
        page(client, reference)
    assert len(one) == len(many) <= MOST_QUERIES, many
