"""The server is killed at any moment, again and again: no save that was acknowledged is lost."""

from __future__ import annotations

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from html import unescape
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Timer
from time import monotonic
from urllib.parse import urlencode

import pytest
from browser.conftest import cookies_of, free_port, started
from calls import fund, office, opened
from proposing import YEAR

from conftest import ROOT, Instance
from fundapp.access.operations import Console
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.operations.writing import Beginning, begin_proposal
from fundapp.proposals.queries import named_call

pytestmark = pytest.mark.slow
ROUNDS, RESTARTS = 15, 3  # so often is what serves killed, and so often all of the server
SAVES, LONGEST = 3, 0.05  # at most so many saves in peace, then so many seconds until the kill
PADDING = "ض文é " * 400  # so that a page is more than one of the file system


@contextmanager
def serving(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The program as it runs for people, in a group of its own."""
    environ = {
        **os.environ, "FUNDAPP_INSTANCE": str(folder), "FUNDAPP_DATABASE_URL": "", "FUNDAPP_MODE": "demonstration",
        "FUNDAPP_ORIGIN": f"http://localhost:{port}",
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "4", "wsgi:app"]
    with open(folder / "server.log", "ab") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log, start_new_session=True)
        try:
            started(f"http://localhost:{port}", server, folder / "server.log")
            yield server
        finally:
            kill_all(server)


def kill_all(server: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait(10)


def kill_workers(server: subprocess.Popen[bytes]) -> None:
    """Kill what serves; the master starts another."""
    for key in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split():
        with suppress(ProcessLookupError):
            os.kill(int(key), signal.SIGKILL)


class Writer:
    """Somebody who writes without a pause, and remembers what was acknowledged."""

    def __init__(self, port: int, path: str, cookie: str) -> None:
        self.port, self.path, self.cookie, self.token = port, path, f"session={cookie}", ""
        self.typed, self.acknowledged, self.version, self.saves = 0, 0, 0, 0

    def ask(self, method: str, body: str = "", **headers: str) -> tuple[int, str]:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as line:
            always = {"Host": f"localhost:{self.port}", "Cookie": self.cookie}
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            line.request(method, self.path, body.encode(), {**always, **kind, **headers})
            answer = line.getresponse()
            text = answer.read().decode()
            if found := re.search(r"session=[^;]+", answer.headers.get("Set-Cookie") or ""):
                self.cookie = found[0]
            return answer.status, text

    def look(self) -> int:
        """The number that the page shows, and its version."""
        status, page = self.ask("GET")
        assert status == 200, (status, page[-500:])
        self.token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[-1]
        self.version = int(re.findall(r'name="version" value="(\d+)"', page)[0])
        shown = re.search(r'name="f.plan"[^>]*>\n(\d+)(.*?)</textarea>', page, re.DOTALL)
        assert shown is None or unescape(shown[2]) == PADDING, "a text is there whole or not at all"
        return int(shown[1]) if shown else 0

    def write(self) -> None:
        """Save once more; what the server says it has saved is remembered."""
        self.typed += 1
        body = urlencode({"f.plan": f"{self.typed}{PADDING}", "csrf_token": self.token})
        status, text = self.ask("POST", body, **{"X-Draft": "1", "If-Match": f'"{self.version}"'})
        if status == 200:
            self.version += 1
            self.acknowledged = self.typed
            self.saves += 1
        else:
            assert status >= 500, (status, text[-500:])


def until_cut(writer: Writer, last: Timer) -> None:
    """Write until the line is cut, or the server was killed while nothing was on its way."""
    with suppress(OSError, HTTPException):
        while last.is_alive():
            writer.write()


def found_again(writer: Writer) -> int:
    """What is there once the server answers again."""
    deadline = monotonic() + 20
    while True:
        try:
            return writer.look()
        except (OSError, HTTPException):
            assert monotonic() < deadline, "the server did not come back"


def begun(instance: Instance) -> str:
    with instance.app():
        call = opened(f"{YEAR + 5}-1")
        with unit_of_work(Console()) as work:
            where = Beginning(named_call(work.session, fund(), call.code), office("WAFRICA"))
            return begin_proposal(work, where, "fr").reference


def test_no_acknowledged_save_is_lost(demo_instance: Instance) -> None:
    reference, port = begun(demo_instance), free_port()
    chance = random.Random(20201117)
    cookie = cookies_of(str(demo_instance.folder), f"http://localhost:{port}")["field-officer"]
    writer = Writer(port, f"/UPR/proposals/{reference}/write/monitoring", cookie)
    for lives in range(RESTARTS):
        with serving(demo_instance.folder, port) as server:
            for _ in range(ROUNDS // RESTARTS):
                there = found_again(writer)
                assert there in (writer.acknowledged, writer.typed), (lives, there, writer.acknowledged)
                writer.typed = writer.acknowledged = there
                for _ in range(chance.randint(1, SAVES)):
                    writer.write()
                last = Timer(chance.uniform(0, LONGEST), kill_workers, [server])
                last.start()
                until_cut(writer, last)
                last.join()
    assert writer.saves >= ROUNDS, "it did write"
    with closing(sqlite3.connect(demo_instance.folder / "fundapp.sqlite")) as books:
        assert books.execute("pragma integrity_check").fetchone() == ("ok",)
        asked = (
            "select content from proposal_section where name = 'monitoring' and proposal_id = (select id from proposal"
        )
        content = books.execute(asked + " where reference = ?)", (reference,)).fetchone()[0]
    assert int(re.findall(r'"plan": ?"(\d+)', content)[0]) in (writer.acknowledged, writer.typed)
    assert demo_instance("trail", "verify").status == 0
