"""Requests that no page of ours makes: through a proxy, with bytes nobody types, from another fund."""

from __future__ import annotations

import os
import runpy
import socket
import stat
import struct
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from signing_in import PASSWORD, enter, post, sign_in, two_people

from conftest import ROOT, Instance
from fundapp.access.models import Scope
from fundapp.access.operations import Console, add_person, grant
from fundapp.access.policy import Role
from fundapp.funds.queries import fund_by_code
from fundapp.kernel.work import unit_of_work
from fundapp.web.headers import FORWARDED


@pytest.mark.parametrize("header", FORWARDED)
def test_a_demonstration_answers_through_no_proxy(app: Flask, header: str) -> None:
    """Behind one everybody comes from this computer, and would sign in with one click."""
    client = app.test_client()
    assert client.get("/login").status_code == 200
    assert client.get("/login", headers={header: "127.0.0.1"}).status_code == 403


def test_no_header_says_where_links_lead() -> None:
    """gunicorn takes SCRIPT_NAME from headers, and every link would begin with it."""
    assert runpy.run_path(str(ROOT / "gunicorn.conf.py"))["forwarder_headers"] == ""


def test_a_request_that_stalls_is_given_up() -> None:
    """gunicorn reads a request in a thread, and waits: a line that broke in the middle would hold it for ever."""
    settings = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listening = SimpleNamespace(sock=listener)
        settings["when_ready"](SimpleNamespace(LISTENERS=[listening], cfg=SimpleNamespace(address=[])))
        with socket.create_connection(listener.getsockname()), listener.accept()[0] as accepted:
            accepted.setblocking(True)  # as gunicorn does
            size = struct.calcsize("ll")
            kept = struct.unpack("ll", accepted.getsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, size))
    assert kept == (settings["STALLED"], 0) and settings["STALLED"] < settings["timeout"]


@pytest.mark.parametrize(
    "address",
    ["/static/%00", "/help?a=%00", "/UPR/finance/published/%00", "/trail?actor=%00", "/%00"],
)
def test_zero_bytes_are_asked_wrongly(demo: Flask, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setitem(demo.config, "FUNDAPP_DEMONSTRATION", True)
    client = demo.test_client()
    client.post("/demonstration", data={"role": Role.AUDITOR})
    assert client.get(address).status_code == 400


def test_zero_bytes_are_kept_nowhere(demo: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(demo.config, "FUNDAPP_DEMONSTRATION", True)
    client = demo.test_client()
    client.post("/demonstration", data={"role": Role.FINANCE_OFFICER})
    for address, words in (
        ("/account", {"name": "a\0b", "language": "en"}),
        ("/UPR/finance/annotate/closing/A/HRC/47/19", {"text": "a\0b"}),
        ("/UPR/finance/not-attributed/2020", {"donor": "ROU", "amount": "1", "reason": "a\0b"}),
    ):
        assert client.post(address, data=words).status_code == 400


def test_what_is_shown_before_one_is_known_stays_on_no_disk(app: Flask) -> None:
    two_people()
    client = app.test_client()
    assert sign_in(client, "money@fund.int")[1]["tf_required"] is True
    page = client.post("/tf-setup", data={"setup": "authenticator"})
    assert "data:image/svg+xml" in page.text and page.headers["Cache-Control"] == "no-store"
    for address in ("/login", "/reset", "/reset/x", "/invitation/x", "/tf-validate"):
        assert client.get(address).headers["Cache-Control"] == "no-store", address
    assert post(app.test_client(), "/login", email="money@fund.int", password="x")[0] == 400


def test_one_fund_s_role_reads_nothing_of_another(demo: Flask) -> None:
    """Not the notes beside a printed document, and not the trail, which is one for all funds."""
    with unit_of_work(Console()) as work:
        fund = fund_by_code(work.session, "AHA")
        assert fund
        scope = work.session.get_one(Scope, fund.id)
        for name, role in (("auditor", Role.AUDITOR), ("reviewer", Role.REVIEWER)):
            grant(work, add_person(work, None, f"{name}@fund.int", PASSWORD), role, fund=scope)
        add_person(work, None, "nothing@fund.int", PASSWORD)
    for email in ("auditor@fund.int", "reviewer@fund.int", "nothing@fund.int"):
        client = demo.test_client()
        enter(client, email)
        for page in ("finance/published", "finance/published/A/HRC/47/19", "finance/tie-out", "finance/years"):
            assert client.get(f"/UPR/{page}").status_code == 403, (email, page)
        assert {client.get(page).status_code for page in ("/trail", "/trail/1", "/trail.csv", "/trail/check")} == {403}
        assert client.get("/AHA/finance/published").status_code == (403 if email.startswith("nothing") else 200)


def test_the_database_is_for_nobody_else_to_read(tmp_path: Path) -> None:
    """Whatever the folder's rights are: people, letters and what signs them in are in it."""
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    before = os.umask(0o022)
    try:
        assert Instance(folder)("init").status == 0
    finally:
        os.umask(before)
    rights = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in folder.iterdir()}
    assert rights["fundapp.sqlite"] == "0o600" and set(rights.values()) == {"0o600"}
