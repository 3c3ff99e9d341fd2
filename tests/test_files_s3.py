"""Files in an S3-compatible store: against rclone's server of that protocol, which a package brings, on a free port."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from proposing import begun
from sending_documents import fetch, part, pdf_of, rows, send_document, uploads
from visiting import as_a

from fundapp.kernel.buckets import Bucket
from fundapp.kernel.errors import Refusal
from fundapp.kernel.files import Files, Store
from fundapp.proposals.arriving import Counter
from fundapp.proposals.models import ProposalDocument
from fundapp.proposals.views.proposal.counter import PLACE
from fundapp.web.keys import Unsafe
from fundapp.web.settings import read

KEY, SECRET, MB = "fundapp", "a-long-secret", 1024 * 1024


@dataclass(frozen=True)
class Server:
    """A server of the protocol, and the folder that its buckets are in."""

    endpoint: str
    folder: Path

    def bucket(self, url: str = "s3://documents/of/proposals", secret: str = SECRET) -> Bucket:
        return Bucket.named(url, endpoint=self.endpoint, key=KEY, secret=secret)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """rclone with one bucket; a missing rclone is a failure."""
    folder = tmp_path_factory.mktemp("s3")
    (folder / "documents").mkdir()
    found = shutil.which("rclone", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    assert found, "rclone is missing: requirements-test.txt brings it"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["serve", "s3", "--config", os.devnull, "--addr", f"127.0.0.1:{port}", "--auth-key", f"{KEY},{SECRET}"]
    with (folder.parent / "rclone.log").open("wb") as log:
        running = subprocess.Popen([found, *words, str(folder)], stdout=log, stderr=log)
        try:
            listening(port, running)
            yield Server(f"http://127.0.0.1:{port}", folder)
        finally:
            running.terminate()
            running.wait(10)


def listening(port: int, running: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        assert running.poll() is None, "rclone ended while it started"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    pytest.fail("rclone did not listen within 20 seconds")


@pytest.fixture(params=["disk", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Both stores: what is true of one is true of the other."""
    if request.param == "disk":
        return Files(tmp_path / "files")
    server: Server = request.getfixturevalue("server")
    return server.bucket(f"s3://documents/{tmp_path.name}")


@pytest.mark.parametrize("size", [1, 3 * MB, 12 * MB])
def test_a_file_is_kept_and_read_from_any_place(store: Store, size: int) -> None:
    content = os.urandom(size)
    kept = store.keep(io.BytesIO(content), "a", size)
    assert (kept.digest, kept.size) == (hashlib.sha256(content).hexdigest(), size)
    assert store.keep(io.BytesIO(content), "b", size) == kept  # the same file again is the same file
    assert store.exists(kept.digest) and store.size(kept.digest) == size
    with store.open(kept.digest) as file:
        assert file.read() == content
        file.seek(size // 2)
        assert file.read(100) == content[size // 2 :][:100]
    store.drop(kept.digest)
    store.drop(kept.digest)
    assert not store.exists(kept.digest)
    for ask in (store.open, store.size):
        with pytest.raises(FileNotFoundError):
            ask(kept.digest)


def test_what_is_refused_leaves_nothing(store: Store) -> None:
    for content, code in ((b"", "file.empty"), (b"abc", "file.too-large")):
        with pytest.raises(Refusal, match=code):
            store.keep(io.BytesIO(content), "a", 2)
        assert not store.exists(hashlib.sha256(content).hexdigest())
    for strange in ("", "../../etc/passwd", "A" * 64, "0" * 63):
        with pytest.raises(ValueError, match="no digest"):
            store.exists(strange)


def test_a_store_within_a_store_is_one_of_its_own(store: Store) -> None:
    inside = store.within("parts")
    kept = store.keep(io.BytesIO(b"x"), "a", 1)
    assert not inside.exists(kept.digest)
    inside.keep(io.BytesIO(b"x"), "a", 1)
    inside.drop(kept.digest)
    assert store.exists(kept.digest)


def test_where_it_lies(server: Server) -> None:
    kept = server.bucket().keep(io.BytesIO(b"x"), "a", 1)
    assert (server.folder / "documents/of/proposals" / kept.digest[:2] / kept.digest).read_bytes() == b"x"


def test_what_was_changed_in_the_store_is_not_given_out(server: Server) -> None:
    bucket = server.bucket("s3://documents/changed")
    kept = bucket.keep(io.BytesIO(b"what was sent"), "a", 100)
    (server.folder / "documents/changed" / kept.digest[:2] / kept.digest).write_bytes(b"something else")
    with pytest.raises(Refusal, match=r"file\.store-other"):
        bucket.open(kept.digest)


def test_a_store_that_does_not_answer_is_said_to_be_away(server: Server) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}"
    away = Bucket.named("s3://documents", endpoint=nowhere, key=KEY, secret=SECRET)
    for bucket in (away, server.bucket("s3://no-such-bucket"), server.bucket(secret="wrong")):
        with pytest.raises(Refusal, match=r"file\.store-away"):
            bucket.keep(io.BytesIO(b"x"), "a", 1)
    with pytest.raises(Refusal, match=r"file\.store-away"):
        server.bucket(secret="wrong").exists("0" * 64)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"FUNDAPP_FILES_URL": "https://documents"}, "names a bucket"),
        ({"FUNDAPP_FILES_URL": "s3://"}, "names a bucket"),
        ({"FUNDAPP_S3_KEY": ""}, "needs FUNDAPP_S3_KEY"),
        ({"FUNDAPP_S3_ENDPOINT": "files.example.org"}, "is an address"),
        ({"FUNDAPP_LARGEST_DOCUMENT": "0"}, "a number of megabytes"),
        ({"FUNDAPP_LARGEST_DOCUMENT": "much"}, "cannot be 'much'"),
    ],
)
def test_settings_that_cannot_be_are_refused(tmp_path: Path, more: dict[str, str], said: str) -> None:
    whole = {"FUNDAPP_FILES_URL": "s3://documents/a", "FUNDAPP_S3_KEY": KEY, "FUNDAPP_S3_SECRET": SECRET}
    assert read(tmp_path, whole, {}).files_url == "s3://documents/a"
    with pytest.raises(Unsafe, match=said):
        read(tmp_path, {**whole, **more}, {})


def test_without_the_package_the_program_says_what_to_install() -> None:
    hidden = "import sys; sys.modules['obstore'] = None\n"
    script = hidden + "from fundapp.web.assemble import create_app\ncreate_app()"
    env = {**os.environ, "FUNDAPP_FILES_URL": "s3://a", "FUNDAPP_S3_KEY": "k", "FUNDAPP_S3_SECRET": "s"}
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=False)
    assert done.returncode and "needs the package obstore" in done.stderr


def test_documents_of_proposals_in_a_bucket(registered: Flask, monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    for name, value in (
        ("FUNDAPP_DEMONSTRATION", True),
        ("FUNDAPP_FILES_URL", "s3://documents/whole"),
        ("FUNDAPP_S3_ENDPOINT", server.endpoint),
        ("FUNDAPP_S3_KEY", KEY),
        ("FUNDAPP_S3_SECRET", SECRET),
    ):
        monkeypatch.setitem(registered.config, name, value)
    # not delitem: of a name that is not there it keeps no memory, and this counter would stay for every later test
    monkeypatch.setitem(registered.extensions, PLACE, None)
    reference, client = begun().reference, as_a(registered, "head-of-office")
    content = pdf_of(2 * MB + 5)
    said = {"name": "a.pdf", "size": str(len(content)), "kind": "consent"}
    begins = client.post(uploads(reference), data=said)
    here = f"{uploads(reference)}/{begins.json['id']}"  # type: ignore[index]
    for start in range(0, len(content), MB):
        assert part(client, here, start, content[start : start + MB]).status_code == 200
    made: Counter = registered.extensions[PLACE]
    assert isinstance(made.store, Bucket)
    [document] = rows(ProposalDocument)
    address = f"/UPR/proposals/{reference}/documents/{document.id}/1"
    assert fetch(client, address).data == content
    answer = fetch(client, address, headers={"Range": "bytes=10-19"})
    assert answer.status_code == 206 and answer.data == content[10:20]
    lying = [path for path in (server.folder / "documents/whole").rglob("*") if path.is_file()]
    assert len(lying) == 1  # the parts are gone
    monkeypatch.setitem(registered.extensions, PLACE, Counter(server.bucket(secret="wrong"), None, 25 * MB))
    refused = send_document(client, reference, pdf_of(300))
    assert refused.status_code == 422 and "The store of files does not answer now" in refused.text
    monkeypatch.setitem(registered.extensions, PLACE, None)
