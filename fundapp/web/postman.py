"""Sends what waits in the outbox while the program runs: a round every half minute, beside the pages."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from fundapp.access.outbox import send_waiting
from fundapp.access.queries import letters_waiting
from fundapp.kernel.database import Busy, db
from fundapp.web.logs import log
from fundapp.web.rounds import begin

EVERY = 30.0  # seconds between two rounds; a letter is claimed before it is sent, so several processes do no harm


def start(app: Flask, every: float = EVERY) -> Callable[[], None] | None:
    """Begin the rounds where a mail server is set; what is returned ends them. Without one nothing is begun."""
    if not app.config.get("FUNDAPP_SMTP_URL"):
        return None
    return begin(app, "postman", every, _turn)


def _turn(app: Flask) -> None:
    try:
        _round(app)
    except (SQLAlchemyError, Busy) as error:  # the database is away or busy: the next round is soon
        log.warning("letters wait", reason=type(error).__name__)


def _round(app: Flask) -> None:
    with app.app_context():
        waiting = letters_waiting(db.session())
        db.session.remove()
    if waiting:
        counts = send_waiting(app)
        log.info("letters", sent=counts.sent, failed=counts.failed, waiting=counts.waiting)
