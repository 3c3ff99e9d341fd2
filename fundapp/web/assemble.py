"""create_app: the application put together, one short function for each concern."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from flask import Flask
from flask_compress import Compress
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from fundapp.access import datastore, gate
from fundapp.kernel import database
from fundapp.kernel.base import Base
from fundapp.kernel.database import db
from fundapp.web import drawn, errors, funds, headers, keys, languages, layout, logs, pages, sentences, settings, static

ROOT = settings.ROOT
# Packages whose tables and pages the application has; a package without the room is passed over.
PACKAGES = ("access", "reference", "funds", "ledger", "contributions", "finance", "publishing")


def create_app(**given: object) -> Flask:
    """The application with the settings of its environment; `given` ones come before those."""
    instance = settings.instance_folder()
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    app = Flask(
        "fundapp",
        instance_path=str(instance),
        root_path=str(ROOT / "fundapp"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(static.FOLDER),
        static_url_path="/static",
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    found = _settings(app, instance, given)
    logs.init(app, found.log or ("json" if found.mode is settings.Mode.PRODUCTION else "console"))
    headers.init(app, found.proxies)
    Compress(app)
    _database(app)
    CSRFProtect(app)
    datastore.init(app)
    for concern in (languages, funds, layout, sentences, drawn, static, errors):
        concern.init(app)
    _pages(app)
    gate.init(app)
    funds.guard(app)
    return app


def _settings(app: Flask, instance: Path, given: dict[str, object]) -> settings.Settings:
    found = settings.read(instance, os.environ, given)
    url = database.url(found.database_url or None, instance)
    # an error of the database is logged without the values, which may be a password's hash or a person's name
    options = database.engine_options(url) | {"hide_parameters": found.mode is settings.Mode.PRODUCTION}
    app.config.from_mapping(settings.configuration(found))
    app.config.from_mapping(SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=options)
    if any(name not in given for name in keys.NAMES):
        app.config.from_mapping(keys.keys(instance))
    app.config.from_mapping(given)
    keys.check(app.config)
    return found


def _database(app: Flask) -> None:
    for name in PACKAGES:
        if find_spec(f"fundapp.{name}.models"):
            import_module(f"fundapp.{name}.models")
    db.init_app(app)
    assert db.metadata is Base.metadata
    Migrate(app, db, directory=str(ROOT / "migrations"))


def _pages(app: Flask) -> None:
    app.register_blueprint(pages.blueprint)
    for name in PACKAGES:
        if find_spec(f"fundapp.{name}.views"):
            app.register_blueprint(import_module(f"fundapp.{name}.views").blueprint)
