"""Files for tests of documents: the smallest true ones of each kind, and a scanner that speaks clamd's protocol."""

from __future__ import annotations

import io
import socket
import socketserver
import struct
import threading
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from visiting import text_of
from werkzeug.test import TestResponse

from fundapp.kernel.database import db
from fundapp.kernel.files import Files
from fundapp.proposals.arriving import Counter
from fundapp.proposals.models import Proposal
from fundapp.proposals.views.proposal.counter import PLACE

OWN, OTHER_OFFICE, DESK = "head-of-office", "field-officer", "desk-officer"
MB = 1024 * 1024
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
# in two pieces, or the scanner of whoever works on this file would take it away
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD" + rb"-ANTIVIRUS-TEST-FILE!$H+H*"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 40 + b"\xff\xd9"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = b"\x89PNG\r\n\x1a\n" + b"".join(
    (
        _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        _chunk(b"IDAT", zlib.compress(b"\0\0")),
        _chunk(b"IEND", b""),
    )
)


def packed(**parts: str | bytes) -> bytes:
    """A packed file; in the names of its parts __ is / and _dot_ is a point."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return made.getvalue()


def office_file(part: str) -> bytes:
    """An Office file whose main part this is."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(part, "<x/>")
    return made.getvalue()


def open_document(kind: str, manifest: str = "") -> bytes:
    """An OpenDocument file of a kind."""
    return packed(mimetype=f"application/vnd.oasis.opendocument.{kind}", **{"META-INF__manifest_dot_xml": manifest})


def pdf_of(size: int) -> bytes:
    """A PDF of so many bytes."""
    return PDF.replace(b"endobj\n", b"endobj\n%" + b"x" * (size - len(PDF) - 2) + b"\n")


def send_document(
    client: FlaskClient, reference: str, content: bytes, name: str = "letter.pdf", kind: str = "consent", **more: Any
) -> TestResponse:
    """Send a file by the form, as a browser without scripts does."""
    address = f"/UPR/proposals/{reference}/documents/add?kind={kind}"
    return post_file(client, address, content, name, **more)


def post_file(client: FlaskClient, address: str, content: bytes, name: str = "letter.pdf", **more: Any) -> TestResponse:
    """A file in a form; the browser says it is a PDF, whatever it is."""
    return client.post(address, data={"file": (io.BytesIO(content), name, "application/pdf"), **more})


def fetch(client: FlaskClient, address: str, **more: Any) -> TestResponse:
    """A file, to its end."""
    return client.get(address, buffered=True, **more)


def uploads(reference: str) -> str:
    """Where parts of files are sent."""
    return f"/UPR/proposals/{reference}/documents/uploads"


def part(client: FlaskClient, address: str, offset: int, content: bytes) -> TestResponse:
    """Send a part of a file."""
    headers = {"Upload-Offset": str(offset), "Accept": "application/json"}
    return client.patch(address, data=content, headers=headers, content_type="application/octet-stream")


class _Clamd(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        asked = self.rfile.read(10)
        assert asked == b"zINSTREAM\0", asked
        content = b""
        while size := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        answer = self.server.says or (b"stream: Eicar-Test-Signature FOUND" if EICAR in content else b"stream: OK")  # type: ignore[attr-defined]
        self.wfile.write(answer + b"\0")


@contextmanager
def clamd(says: bytes = b"") -> Iterator[str]:
    """A server that speaks clamd's protocol and knows one virus; or always says the same."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Clamd) as server:
        server.says = says  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def nobody_there() -> str:
    """An address at which nothing listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{found.getsockname()[1]}"


def in_a_folder(app: Flask, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """The demonstration's people sign in without proof; files are in a folder of the test."""
    monkeypatch.setitem(app.config, "FUNDAPP_DEMONSTRATION", True)
    monkeypatch.setitem(app.extensions, PLACE, Counter(Files(folder), None, 25 * MB))


def counter(app: Flask, monkeypatch: pytest.MonkeyPatch, **more: Any) -> Counter:
    """Another counter: with a scanner, or a smaller largest file."""
    was: Counter = app.extensions[PLACE]
    values = {"store": was.store, "scanner": was.scanner, "largest": was.largest, **more}
    made = Counter(**values)
    monkeypatch.setitem(app.extensions, PLACE, made)
    monkeypatch.setitem(app.config, "FUNDAPP_LARGEST_DOCUMENT", made.largest)
    return made


def rows(kind: type[Any]) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(kind).order_by(kind.id)))


def kept(app: Flask) -> list[Path]:
    """What lies in the store."""
    store = app.extensions[PLACE].store
    return [path for path in store.folder.rglob("*") if path.is_file()]


def page(client: FlaskClient, reference: str) -> str:
    return text_of(client, f"/UPR/proposals/{reference}/documents")


def at(reference: str) -> Proposal:
    """A proposal as the table has it now."""
    asked = sa.select(Proposal).where(Proposal.reference == reference)
    return db.session.scalars(asked.execution_options(populate_existing=True)).one()
