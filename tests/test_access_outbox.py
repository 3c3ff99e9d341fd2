"""Letters, sent to a real mail server: one that takes them, one that refuses, one that says nothing."""

from __future__ import annotations

import contextlib
import email
import email.policy
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from fundapp.access.console import add
from fundapp.access.models import Letter
from fundapp.access.operations import MOST_ATTEMPTS, SENDING, Console, claim_letter, keep_failure
from fundapp.access.outbox import Counts, mail_server, send_waiting
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import Work, unit_of_work


class Postbox:
    """A mail server's mind: takes what it is given, unless the recipient is somebody it does not like."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("refused"):
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.taken.append(envelope)
        return "250 OK"


@pytest.fixture
def postbox(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    monkeypatch.setitem(app.config, "FUNDAPP_SMTP_URL", f"smtp+plain://127.0.0.1:{controller.port}")
    yield box
    controller.stop()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def invite(*emails: str, language: str = "en") -> None:
    with unit_of_work(Console()) as work:
        for address in emails:
            add(work, address, language=language)


def send(app: Flask, **how: float) -> Counts:
    """One round, as another process would: the test lets go of the database first."""
    db.session.remove()
    return send_waiting(app, **how)


def letters() -> list[Letter]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Letter).order_by(Letter.id)))


def later(hours: float) -> None:
    """As if so much time had gone by for the letters that wait."""

    def hurry(work: Work) -> None:
        work.operation = "tests.hurry"
        for letter in work.session.scalars(sa.select(Letter).where(Letter.not_before.is_not(None))):
            assert letter.not_before is not None
            letter.not_before -= timedelta(hours=hours)

    with unit_of_work(Console()) as work:
        hurry(work)
        work.session.flush()


def test_a_letter_is_sent_once(app: Flask, postbox: Postbox) -> None:
    invite("a@fund.int", "b@fund.int", language="ru")
    assert send(app) == Counts(sent=2, failed=0, waiting=0)
    assert send(app) == Counts(sent=0, failed=0, waiting=0)
    assert [envelope.rcpt_tos for envelope in postbox.taken] == [["a@fund.int"], ["b@fund.int"]]
    first = letters()[0]
    assert first.body == ""  # what lets someone in lies in the table no longer than it has to
    mail = email.message_from_bytes(postbox.taken[0].content or b"", policy=email.policy.default)  # type: ignore[arg-type]
    assert mail["Subject"] == first.title and mail["To"] == "a@fund.int" and mail["Content-Language"] == "ru"
    assert mail["Message-ID"].startswith(f"<letter-{first.id}@") and mail["Auto-Submitted"] == "auto-generated"
    body = mail.get_body()
    assert body is not None and "/invitation/" in body.get_content()
    assert all(letter.sent_at and letter.attempts == 1 and letter.failure is None for letter in letters())


def test_a_refused_letter_waits_and_the_rest_goes(app: Flask, postbox: Postbox) -> None:
    invite("refused@fund.int", "b@fund.int")
    assert send(app) == Counts(sent=1, failed=1, waiting=1)
    bad, good = letters()
    assert good.sent_at and bad.sent_at is None and "nobody of that name" in (bad.failure or "")
    assert send(app) == Counts(sent=0, failed=0, waiting=1)  # not again so soon
    for _ in range(MOST_ATTEMPTS - 1):
        later(24)
        assert send(app).failed == 1
    later(24)
    assert send(app) == Counts(sent=0, failed=0, waiting=1)  # given up, and still seen as waiting
    assert letters()[0].attempts == MOST_ATTEMPTS
    assert "nobody of that name" not in str(db.session.scalars(sa.text("select change from trace")).all())  # noqa: TID251


def test_each_attempt_waits_longer(app: Flask) -> None:
    invite("a@fund.int")
    waits = []
    for _ in range(3):
        with unit_of_work(Console()) as work:
            letter = claim_letter(work, None)
        assert letter is not None
        with unit_of_work(Console()) as work:
            keep_failure(work, letter, "no")
        not_before = letters()[0].not_before
        assert not_before is not None
        waits.append(round((not_before - now()).total_seconds() / 60))
        later(24)
    assert waits == [2, 4, 8]


def test_a_claimed_letter_is_left_alone_and_then_free(app: Flask, postbox: Postbox) -> None:
    """Whoever claimed it may have died: after a while another takes it."""
    invite("a@fund.int")
    with unit_of_work(Console()) as work:
        assert claim_letter(work, None) is not None
    assert send(app) == Counts(sent=0, failed=0, waiting=1) and not postbox.taken
    later(SENDING.total_seconds() / 3600)
    assert send(app).sent == 1


def test_a_server_that_is_not_there_ends_the_round(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    invite("a@fund.int", "b@fund.int")
    monkeypatch.setitem(app.config, "FUNDAPP_SMTP_URL", f"smtp+plain://127.0.0.1:{free_port()}")
    assert send(app) == Counts(sent=0, failed=1, waiting=2)
    assert [letter.attempts for letter in letters()] == [1, 0]


def test_a_server_that_hangs_is_left(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as silent:
        monkeypatch.setitem(app.config, "FUNDAPP_SMTP_URL", f"smtp+plain://127.0.0.1:{silent.getsockname()[1]}")
        invite("a@fund.int")
        result: list[Counts] = []
        thread = threading.Thread(target=lambda: result.append(send_waiting(app, timeout=0.2)))
        db.session.remove()
        thread.start()
        thread.join(5)
    assert result == [Counts(sent=0, failed=1, waiting=1)] and "time" in (letters()[0].failure or "").lower()


def test_no_password_goes_over_an_open_line(app: Flask, postbox: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """smtp:// asks for STARTTLS; this server has none, so nothing is sent."""
    url = str(app.config["FUNDAPP_SMTP_URL"]).replace("smtp+plain", "smtp")
    monkeypatch.setitem(app.config, "FUNDAPP_SMTP_URL", url)
    invite("a@fund.int")
    assert send(app).sent == 0 and not postbox.taken and "STARTTLS" in (letters()[0].failure or "")


@pytest.mark.parametrize("url", ["", "mail.example.org", "http://mail.example.org", "smtps://", "smtp://host:port"])
def test_a_setting_that_names_no_server_is_refused(app: Flask, url: str) -> None:
    with pytest.raises(Refusal) as refusal:
        mail_server(url)
    assert refusal.value.faults[0].code == "mail.url-invalid"


def test_settings_of_a_server() -> None:
    found = mail_server("smtps://me%40fund.int:a%2Fb@mail.example.org")
    assert (found.scheme, found.host, found.port, found.user, found.password) == (
        "smtps", "mail.example.org", 465, "me@fund.int", "a/b"
    )  # fmt: skip
    assert mail_server("smtp://mail.example.org").port == 587


def test_a_demonstration_prints_its_letters(
    app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    invite("a@fund.int")
    assert capsys.readouterr().err == ""
    monkeypatch.setitem(app.config, "FUNDAPP_DEMONSTRATION", True)
    invite("b@fund.int")
    printed = capsys.readouterr().err
    assert letters()[1].body in printed and "b@fund.int" in printed
    with pytest.raises(Refusal), unit_of_work(Console()) as work:
        add(work, "c@fund.int")
        add(work, "c@fund.int")
    assert "c@fund.int" not in capsys.readouterr().err  # never kept, never shown


def test_the_outbox_page_shows_them(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    invite("a@fund.int", language="ar")
    monkeypatch.setitem(app.config, "FUNDAPP_DEMONSTRATION", True)
    client: Any = app.test_client()
    letter = letters()[0]
    assert f"/outbox/{letter.id}" in client.get("/outbox").text
    page = client.get(f"/outbox/{letter.id}").text
    assert "/invitation/" in page and 'dir="rtl"' in page and client.get("/outbox/999").status_code == 404
