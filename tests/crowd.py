"""Two at once: a database where several connections can meet, and jobs that run there at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from conftest import SECRETS, Browser, raw_sqlite
from fundapp.kernel.database import db
from fundapp.kernel.engine import engine_options
from fundapp.kernel.errors import Refusal
from fundapp.web.assemble import create_app


@contextmanager
def meeting(app: Flask, folder: Path) -> Iterator[Flask]:
    """The same database where connections can meet: PostgreSQL as it is, SQLite as a file."""
    if db.engine.name == "postgresql":
        yield app
        return
    file = folder / "shared.sqlite"
    file.write_bytes(raw_sqlite().serialize())
    url = sa.URL.create("sqlite", database=str(file))
    other = create_app(**SECRETS, SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=engine_options(url))
    other.test_client_class = Browser
    yield other
    with other.app_context():
        db.engine.dispose()


def together(app: Flask, *jobs: Callable[[], object]) -> list[object]:
    """What each came to: its answer, or the code it was refused with."""
    answers: list[object] = [None] * len(jobs)

    def run(n: int) -> None:
        with app.app_context():
            try:
                answers[n] = jobs[n]()
            except Refusal as refusal:
                answers[n] = refusal.faults[0].code
            except Exception as error:
                answers[n] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers
