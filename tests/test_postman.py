"""Letters are sent while the program runs, without anybody asking."""

from __future__ import annotations

import time

import pytest
from flask import Flask
from test_access_outbox import Postbox, invite, postbox

from fundapp.access.queries import letters_waiting
from fundapp.kernel.database import db
from fundapp.web.postman import _round, start

__all__ = ["postbox"]


def test_a_round_sends_what_waits(app: Flask, postbox: Postbox) -> None:
    invite("first@fund.int", "second@fund.int")
    _round(app)
    _round(app)  # nothing is left to send twice
    assert letters_waiting(db.session()) == 0
    assert len(postbox.taken) == 2


def test_the_rounds_go_on_until_they_are_ended(app: Flask, postbox: Postbox) -> None:
    invite("first@fund.int")
    db.session.remove()  # an in-memory database has one connection, which the rounds take
    end = start(app, every=0.02)
    assert end is not None
    until = time.monotonic() + 10
    while not postbox.taken and time.monotonic() < until:
        time.sleep(0.02)
    end()
    assert len(postbox.taken) == 1
    assert letters_waiting(db.session()) == 0


def test_without_a_mail_server_nothing_is_begun(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "FUNDAPP_SMTP_URL", "")
    assert start(app) is None
