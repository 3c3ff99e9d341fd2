"""Tells people of proposals while the program runs: a round every minute, beside the pages."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from fundapp.board.rounds import seats_due
from fundapp.kernel.clock import now
from fundapp.kernel.database import Busy, db
from fundapp.proposals.rounds import tell_due
from fundapp.web.logs import log
from fundapp.web.rounds import begin

EVERY = 60.0  # seconds between two rounds; each notice is held before it is told, so several processes do no harm


def start(app: Flask, every: float = EVERY) -> Callable[[], None]:
    """Begin the rounds; what is returned ends them."""
    return begin(app, "herald", every, turn)


def turn(app: Flask) -> None:
    """One round; whatever goes wrong is in the log, and the next round is soon."""
    with app.app_context():
        try:
            if ended := seats_due(now()):
                log.info("readings ended", readings=ended)
            done = tell_due(now())
            if done.reminders or done.letters:
                log.info("told", reminders=done.reminders, letters=done.letters)
        except (SQLAlchemyError, Busy) as error:  # the database is away or busy
            log.warning("notices wait", reason=type(error).__name__)
        except Exception:
            log.exception("telling failed")
        finally:
            db.session.remove()
