"""What pages and commands stand on: settings, keys, the database with all its tables, the languages; no page.

A command that shows no page and draws no document needs no more, and loads in half the time and memory.
"""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask

from fundapp.access import models as access
from fundapp.board import models as board
from fundapp.contributions import models as contributions
from fundapp.finance import models as finance
from fundapp.funds import models as funds_tables
from fundapp.kernel import engine
from fundapp.kernel.base import Base
from fundapp.kernel.database import db
from fundapp.ledger import models as ledger
from fundapp.proposals import models as proposals
from fundapp.recommendations import models as recommendations
from fundapp.reference import models as reference
from fundapp.scoring import models as scoring
from fundapp.web import keys, languages, sentences, settings

ROOT = settings.ROOT
# Whose tables the database has: imported for that, whether or not a page of theirs is.
TABLES = (access, reference, funds_tables, recommendations, ledger, contributions, proposals, scoring, board, finance)


def ground(static_folder: str | None = None, **given: object) -> tuple[Flask, settings.Settings]:
    """An application that has settings and a database and answers nothing; `given` settings come before those of its
    environment."""
    instance = settings.instance_folder()
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    app = Flask(
        "fundapp",
        instance_path=str(instance),
        root_path=str(ROOT / "fundapp"),
        template_folder=str(ROOT / "templates"),
        static_folder=static_folder,
        static_url_path="/static",
    )
    found = _settings(app, instance, given)
    _database(app)
    return app, found


def without_pages() -> Flask:
    """The application as a command needs it that shows no page."""
    app, _found = ground()
    for concern in (languages, sentences):
        concern.init(app)
    return app


def _settings(app: Flask, instance: Path, given: dict[str, object]) -> settings.Settings:
    found = settings.read(instance, os.environ, given)
    url = engine.url(found.database_url or None, instance)
    # an error of the database is logged without the values, which may be a password's hash or a person's name
    options = engine.engine_options(url) | {"hide_parameters": found.mode is settings.Mode.PRODUCTION}
    app.config.from_mapping(settings.configuration(found))
    app.config.from_mapping(SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=options)
    if any(name not in given for name in keys.NAMES):
        app.config.from_mapping(keys.keys(instance))
    app.config.from_mapping(given)
    keys.check(app.config)
    return found


def _database(app: Flask) -> None:
    db.init_app(app)
    assert db.metadata is Base.metadata and all(TABLES)
