"""A document that comes with a letter: known by its content, and refused when it is locked or has something to run."""

from __future__ import annotations

import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from lists import word
from opened import refused

from fundapp.recommendations.layouts.document import PDF, WORD, kind_of, recognised
from fundapp.recommendations.layouts.incoming import Incoming

PAGE = b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
END = b"trailer\n<< /Root 1 0 R%b >>\nstartxref\n0\n%%%%EOF\n"


def pdf(more: bytes = b"", trailer: bytes = b"") -> bytes:
    """A PDF with nothing on it but what is asked for."""
    return b"%PDF-1.7\n" + PAGE + more + END % trailer


def stream(about: bytes, content: bytes) -> bytes:
    """An object with a stream of any bytes."""
    return b"9 0 obj\n<< %b /Length %d >>\nstream\n%b\nendstream\nendobj\n" % (about, len(content), content)


def file(folder: Path, content: bytes, name: str = "letter.pdf") -> Incoming:
    path = folder / "sent"
    path.write_bytes(content)
    return Incoming(name, path)


PACKED = stream(b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", zlib.compress(b"5 0 << /S /JavaScript /JS (x) >>"))


@pytest.mark.parametrize("name", ["letter.pdf", "letter.docx", "letter.exe", ""])
def test_a_pdf_is_one_whatever_its_name(tmp_path: Path, name: str) -> None:
    found = file(tmp_path, pdf(stream(b"/Filter /X", b"/JS(/JavaScript /Encrypt 1 0 R")), name)
    assert recognised(found) is PDF and kind_of(found) is PDF


def test_a_word_document_is_one_whatever_its_name(tmp_path: Path) -> None:
    found = Incoming("letter.pdf", word(tmp_path / "x"))
    assert recognised(found) is WORD and kind_of(found) is WORD


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "document.kind"),
        (b"Dear Minister", "document.kind"),
        (b"<html>%PDF</html>", "document.kind"),
        (b"MZ" + bytes(200), "document.kind"),
        (b"\xd0\xcf\x11\xe0" + bytes(2000), "document.kind"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "package.locked"),
        (b"PK\x03\x04 and no more", "package.broken"),
        (pdf()[:-8], "package.broken"),
        (pdf(trailer=b" /Encrypt 7 0 R"), "package.locked"),
        (pdf(b"5 0 obj\n<< /S /JavaScript /JS (app.alert) >>\nendobj\n"), "document.runs"),
        (pdf(b"5 0 obj\n<< /S /J#61vaScr#69pt >>\nendobj\n"), "document.runs"),
        (pdf(b"5 0 obj\n<< /S /Launch /F (x.exe) >>\nendobj\n"), "document.runs"),
        (pdf(PACKED), "document.runs"),
        (pdf(PACKED.replace(b"/N 1", b"/DecodeParms << /Columns 4 >> /N 1")), "document.runs"),
        (pdf(stream(b"/Filter /X", b"endstreamstream") + b"5 0 obj << /S /Launch >> endobj"), "document.runs"),
    ],
)
def test_what_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    with refused(code):
        recognised(file(tmp_path, content))


def test_a_stream_that_is_no_stream_is_passed_over(tmp_path: Path) -> None:
    assert recognised(file(tmp_path, pdf(stream(b"/Type /ObjStm", b"not packed at all")))) is PDF


@pytest.mark.parametrize("part", [b"stream\n", b"/ObjStm ", b"endstream ", b"/Encrypt 1 ", b"<< /ObjStm >> stream "])
def test_a_hostile_file_is_looked_through_once(tmp_path: Path, part: bytes) -> None:
    """Twice the file may take twice the time, not four times: here what would be minutes is a moment."""
    begun = time.monotonic()
    recognised(file(tmp_path, pdf(part * (4_000_000 // len(part)))))
    assert time.monotonic() - begun < 5


def a_bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", bytes(50 * 1024 * 1024))
    return path


def locked(path: Path) -> Path:
    content = bytearray(word(path).read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1  # the flag that says so
    path.write_bytes(content)
    return path


def damaged(path: Path) -> Path:
    content = bytearray(word(path).read_bytes())
    content[60] ^= 0xFF
    path.write_bytes(content)
    return path


def a_workbook(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
    return path


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda path: word(path, word__vbaProject_dot_bin="x"), "package.macros"),
        (lambda path: word(path, word__activeX__activeX1_dot_xml="x"), "package.macros"),
        (a_bomb, "package.swells"),
        (a_workbook, "document.kind"),
        (locked, "package.locked"),
        (damaged, "package.broken"),
    ],
)
def test_word_documents_that_are_refused(tmp_path: Path, make: Callable[[Path], Path], code: str) -> None:
    with refused(code):
        recognised(Incoming("letter.docx", make(tmp_path / "x")))
