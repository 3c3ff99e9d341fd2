"""Files of a proposal are taken for what they are by their content; what is refused is told what it is."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from proposing import begun
from sending_documents import (
    EICAR,
    JPEG,
    MB,
    OWN,
    PDF,
    PNG,
    clamd,
    counter,
    in_a_folder,
    kept,
    nobody_there,
    office_file,
    open_document,
    packed,
    pdf_of,
    rows,
    send_document,
)
from visiting import as_a

from fundapp.kernel import scanning
from fundapp.proposals.layouts.documents import CSV, TEXT, type_of
from fundapp.proposals.models import ProposalDocument, ProposalFile
from fundapp.proposals.rules.documents import file_name
from fundapp.recommendations.layouts.incoming import Incoming

OPEN, ODF = "application/vnd.openxmlformats-officedocument", "application/vnd.oasis.opendocument"
LOCKED = "EncryptedPackage".encode("utf-16-le")


@pytest.fixture(autouse=True)
def one_click(registered: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The demonstration's people sign in without proof; files are in a folder of this test."""
    in_a_folder(registered, monkeypatch, tmp_path / "files")


GOOD = [
    ("letter.pdf", PDF, "application/pdf", "letter.pdf"),
    ("plan.docx", office_file("word/document.xml"), OPEN + ".wordprocessingml.document", "plan.docx"),
    ("budget.xlsx", office_file("xl/workbook.xml"), OPEN + ".spreadsheetml.sheet", "budget.xlsx"),
    ("talk.pptx", office_file("ppt/presentation.xml"), OPEN + ".presentationml.presentation", "talk.pptx"),
    ("plan.odt", open_document("text"), ODF + ".text", "plan.odt"),
    ("sums.ods", open_document("spreadsheet"), ODF + ".spreadsheet", "sums.ods"),
    ("photo.JPEG", JPEG, "image/jpeg", "photo.JPEG"),
    ("scan.png", PNG, "image/png", "scan.png"),
    ("note.txt", "Согласие государства\n同意\nموافقة".encode(), "text/plain", "note.txt"),
    ("sums.csv", "\ufeffa,b\r\n1,2\r\n".encode(), "text/csv", "sums.csv"),
    ("letter", PDF, "application/pdf", "letter.pdf"),
    ("letter.exe", PDF, "application/pdf", "letter.exe.pdf"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "media_type", "called"), GOOD, ids=[one[0] for one in GOOD])
def test_what_is_taken(registered: Flask, name: str, content: bytes, media_type: str, called: str) -> None:
    reference = begun().reference
    answer = send_document(as_a(registered, OWN), reference, content, name)
    assert answer.status_code == 302, answer.text
    [file] = rows(ProposalFile)
    assert (file.media_type, file.name, file.size, file.number) == (media_type, called, len(content), 1)


BAD = [
    ("letter.pdf", b"", "is empty"),
    ("letter.pdf", b"<!DOCTYPE html><script>alert(1)</script>", "is a page of the web (HTML or XML)"),
    ("letter.pdf", b"\xef\xbb\xbf  <html><body>%PDF-1.4", "is a page of the web (HTML or XML)"),
    ("photo.png", b"<svg xmlns='x'><script/></svg>", "is a page of the web"),
    ("letter.pdf", b"MZ\x90\0\x03\0\0\0", "is a program"),
    ("letter.pdf", b"\x7fELF\x02\x01\x01", "is a program"),
    ("letter.txt", b"#!/bin/sh\nrm -rf /\n", "is a program"),
    ("letter.pdf", PDF.replace(b"%%EOF", b"      "), "is broken"),
    ("letter.pdf", PDF.replace(b"/Root", b"/Encrypt 5 0 R /Root"), "is locked with a password"),
    ("letter.pdf", PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(x)>>"), "in it that runs"),
    ("letter.pdf", PNG, "its name ends in .png"),
    ("photo.jpg", PNG, "its name ends in .png"),
    ("photo.png", PNG[:-12], "is broken"),
    ("plan.docx", office_file("xl/workbook.xml"), "its name ends in .xlsx"),
    ("plan.docx", packed(a="b"), "is a packed file (ZIP)"),
    ("plan.docx", office_file("word/document.xml")[:-30], "is broken"),
    ("plan.odt", open_document("text", "<manifest:encryption-data/>"), "is locked with a password"),
    ("bomb.docx", packed(word__document_dot_xml=b"0" * 60 * MB), "unpacks to far more than it holds"),
    ("plan.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 512 + LOCKED, "is locked with a password"),
    ("plan.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "Office file of the kind before 2007"),
    ("moving.pdf", b"GIF89a" + b"\0" * 40, "is a file of the kind GIF"),
    ("note.txt", "déjà vu".encode("latin-1"), "is none of the files that are taken"),
    ("note.txt", "text".encode("utf-16"), "is none of the files that are taken"),
    ("note.txt", b"a\0b", "is none of the files that are taken"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "said"), BAD, ids=[f"{n}-{one[0]}" for n, one in enumerate(BAD)])
def test_what_is_refused_is_told_what_it_is(registered: Flask, name: str, content: bytes, said: str) -> None:
    reference = begun().reference
    answer = send_document(as_a(registered, OWN), reference, content, name)
    assert answer.status_code == 422 and said in answer.text
    assert '<a href="#file">' in answer.text  # beside the field
    assert not rows(ProposalFile) and not rows(ProposalDocument) and not kept(registered)


@pytest.mark.parametrize(
    ("sent", "called"),
    [
        ("C:\\Users\\me\\letter.pdf", "letter.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\x1b[31m.pdf", "ab[31m.pdf"),
        ("gpj.\u202efdp.exe", "gpj.fdp.exe"),
        ("line\nbreak\u2028here.pdf", "line break here.pdf"),
        ("...", "document"),
        ("", "document"),
        ("CON.pdf", "_CON.pdf"),
        ("con", "_con"),
        ("Разрешение 同意 موافقة.pdf", "Разрешение 同意 موافقة.pdf"),
        ("می\u200cخواهم.pdf", "می\u200cخواهم.pdf"),
        ("x" * 500 + ".pdf", "x" * 146 + ".pdf"),
        ("x" * 500, "x" * 150),
    ],
)
def test_names_are_cleaned(sent: str, called: str) -> None:
    assert file_name(sent) == called


def test_a_cut_letter_at_the_edge_of_a_piece_is_still_text(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"a" * (64 * 1024 - 1) + "é".encode())
    assert type_of(Incoming("a.txt", path)) is TEXT and type_of(Incoming("A.CSV", path)) is CSV


def test_a_form_without_a_file_and_titles(registered: Flask) -> None:
    reference, client = begun().reference, as_a(registered, OWN)
    address = f"/UPR/proposals/{reference}/documents/add?kind="
    assert "Choose a file." in client.post(address + "consent", data={}).text
    assert "Choose a file." in client.post(address + "consent", data={"file": "a text"}).text
    answer = send_document(client, reference, PDF, kind="other", title=" \u202e\n")
    assert answer.status_code == 422 and "Say what the document is." in answer.text
    assert send_document(client, reference, PDF, kind="other", title="x" * 201).status_code == 422
    assert client.get(address + "nonsense").status_code == 404
    assert send_document(client, reference, PDF, kind="nonsense").status_code == 404
    assert send_document(client, reference, PDF, kind="other", title="A \u202eplan").status_code == 302
    assert [row.title for row in rows(ProposalDocument)] == ["A plan"]
    assert send_document(client, reference, PDF, "The letter.pdf").status_code == 302
    assert rows(ProposalDocument)[-1].title == "The letter"


def test_too_large_a_file_is_refused_before_it_is_read(registered: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    counter(registered, monkeypatch, largest=MB)
    reference, client = begun().reference, as_a(registered, OWN)
    answer = send_document(client, reference, pdf_of(MB + 1))  # a little: by counting
    assert answer.status_code == 422 and "1,048,57" not in answer.text and "at most 1048576 are taken" in answer.text
    address = f"/UPR/proposals/{reference}/documents/add?kind=consent"

    class Watched(io.BytesIO):
        asked = 0

        def read(self, size: int | None = -1, /) -> bytes:
            Watched.asked += 1
            return super().read(size)

    said = {"CONTENT_LENGTH": str(500 * MB), "wsgi.input": Watched(b"x")}
    kind = "multipart/form-data; boundary=x"
    answer = client.post(address, environ_overrides=said, content_type=kind)
    assert answer.status_code == 413 and "The file has 499 MB; at most 1 MB are taken" in answer.text
    assert Watched.asked == 0
    # one that does not say how long it is: as soon as it is too much
    head_of = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    endless = Watched(head_of + b"y" * 20 * MB)
    chunked = {"wsgi.input": endless, "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    answer = client.post(address, environ_overrides=chunked, content_type=kind)
    assert answer.status_code == 413 and endless.tell() < 3 * MB
    assert not rows(ProposalFile) and not kept(registered)


# ------------------------------------------------------------------------------------------------- the virus scanner


def test_what_the_scanner_finds_is_refused(registered: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    reference, client = begun().reference, as_a(registered, OWN)
    with clamd() as address:
        counter(registered, monkeypatch, scanner=scanning.Scanner(address))
        answer = send_document(client, reference, EICAR, "note.txt")
        assert answer.status_code == 422 and "the virus scanner found “Eicar-Test-Signature” in it" in answer.text
        assert not rows(ProposalFile) and not kept(registered)
        assert send_document(client, reference, PDF).status_code == 302


@pytest.mark.parametrize("said", [None, b"INSTREAM size limit exceeded. ERROR", b"\xff", b"nonsense"])
def test_a_file_that_nobody_looked_at_is_never_taken(
    registered: Flask, monkeypatch: pytest.MonkeyPatch, said: bytes | None
) -> None:
    reference, client = begun().reference, as_a(registered, OWN)
    with clamd(said or b"") as address:
        counter(registered, monkeypatch, scanner=scanning.Scanner(address if said else nobody_there()))
        answer = send_document(client, reference, PDF)
    assert answer.status_code == 422 and "The virus scanner did not look at the file" in answer.text
    assert not rows(ProposalFile) and not kept(registered)


def test_a_scanner_at_a_socket_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="scanner-away"):
        scanning.Scanner(str(tmp_path / "clamd.sock")).look(io.BytesIO(b"x"), "x")
