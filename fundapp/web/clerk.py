"""Works beside the pages while the program runs, on files of recommendations that people sent and on dossiers that they
asked for: at once when something arrives in this process, and every few seconds for what arrived in another. Forgets,
now and then, files of proposals that never arrived."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from time import monotonic

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from fundapp.kernel.database import Busy, db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.files import Files
from fundapp.proposals.arriving import forget
from fundapp.proposals.views.proposal.counter import counter
from fundapp.publishing.binding import bind_waiting
from fundapp.recommendations.inbox import arrived, work_waiting
from fundapp.recommendations.views.blueprint import files
from fundapp.web.logs import log

JOBS: dict[str, Callable[[Files], int]] = {"files of recommendations": work_waiting, "dossiers": bind_waiting}
EVERY = 3.0  # seconds between two rounds; a file is claimed before it is read, so several processes do no harm

TIDY = 3600.0  # seconds between two looks at what never arrived


def start(app: Flask, every: float = EVERY) -> Callable[[], None]:
    """Begin the rounds; what is returned ends them when the file at hand is done."""
    over = Event()
    rounds = Thread(target=_rounds, args=(app, every, over), name="clerk", daemon=True)
    rounds.start()

    def end() -> None:
        over.set()
        arrived.set()
        rounds.join()

    return end


def _rounds(app: Flask, every: float, over: Event) -> None:
    tidied = float("-inf")
    while not over.is_set():
        arrived.wait(every)
        arrived.clear()
        if not over.is_set():
            turn(app)
        if not over.is_set() and monotonic() - tidied > TIDY:
            tidied = monotonic()
            tidy(app)


def tidy(app: Flask) -> None:
    """Forget files of proposals that began to arrive two days ago and never did, with their parts."""
    with app.app_context():
        try:
            if gone := forget(counter()):
                log.info("files that never arrived", forgotten=gone)
        except (SQLAlchemyError, Busy, Refusal) as error:  # the database or the store is away: in an hour again
            log.warning("files stay", reason=type(error).__name__)
        except Exception:
            log.exception("files that never arrived could not be forgotten")
        finally:
            db.session.remove()


def turn(app: Flask) -> None:
    """Work on what waits; what goes wrong with a file or a job is on its page by then, and in the log."""
    with app.app_context():
        for name, job in JOBS.items():
            _do(name, job)


def _do(name: str, job: Callable[[Files], int]) -> None:
    try:
        if done := job(files()):
            log.info(name, done=done)
    except (SQLAlchemyError, Busy) as error:  # the database is away or busy: the next round is soon
        log.warning(f"{name} wait", reason=type(error).__name__)
    except Exception:
        log.exception(f"{name}: one failed")
    finally:
        db.session.remove()
