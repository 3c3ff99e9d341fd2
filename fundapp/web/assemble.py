"""create_app: the application put together, one short function for each concern."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask
from flask_compress import Compress
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from fundapp.access import datastore, gate
from fundapp.access import models as access
from fundapp.access.views import blueprint as access_pages
from fundapp.board import models as board
from fundapp.board.views import blueprint as board_pages
from fundapp.contributions import models as contributions
from fundapp.finance import models as finance
from fundapp.finance.views import blueprint as finance_pages
from fundapp.finance.views.donors import blueprint as donor_pages
from fundapp.funds import models as funds_tables
from fundapp.kernel import engine
from fundapp.kernel.base import Base
from fundapp.kernel.database import db
from fundapp.ledger import models as ledger
from fundapp.proposals import models as proposals
from fundapp.proposals.views import BLUEPRINTS as PROPOSAL_PAGES
from fundapp.publishing.views import blueprint as publishing_pages
from fundapp.publishing.views import (
    certificates,
    decisions,
    donor_letters,
    dossiers,
    register_documents,
    report_pages,
    session_documents,
    session_dossiers,
)
from fundapp.recommendations import models as recommendations
from fundapp.recommendations.views import blueprint as recommendation_pages
from fundapp.reference import models as reference
from fundapp.scoring import models as scoring
from fundapp.scoring.views import blueprint as scoring_pages
from fundapp.web import (
    addresses,
    cells,
    drawn,
    errors,
    funds,
    headers,
    kept,
    keys,
    languages,
    layout,
    logs,
    pages,
    sentences,
    settings,
    static,
    templates,
)

ROOT = settings.ROOT
# Whose tables the database has: imported for that, whether or not a page of theirs is.
TABLES = (access, reference, funds_tables, recommendations, ledger, contributions, proposals, scoring, board, finance)
BLUEPRINTS = (
    pages.blueprint,
    access_pages,
    recommendation_pages,
    *PROPOSAL_PAGES,
    scoring_pages,
    board_pages,
    finance_pages,
    donor_pages,
    publishing_pages,
    report_pages,
    certificates,
    register_documents,
    dossiers,
    session_documents,
    session_dossiers,
    decisions,
    donor_letters,
)


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
    templates.init(app)
    found = _settings(app, instance, given)
    logs.init(app, found.log or ("json" if found.mode is settings.Mode.PRODUCTION else "console"))
    headers.init(app, found.proxies)
    Compress(app)
    _database(app)
    CSRFProtect(app)
    _sign_in(app)
    for concern in (addresses, languages, cells, funds, kept, layout, sentences, drawn, static, errors):
        concern.init(app)
    _pages(app)
    gate.init(app)
    funds.guard(app)
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
    Migrate(app, db, directory=str(ROOT / "migrations"))


def _sign_in(app: Flask) -> None:
    security = datastore.init(app)
    # or every style sheet costs a query, and comes from nowhere while the database is away; our policy asks nobody's
    # Principal identity
    security.principal.identity_loaders.clear()


def _pages(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
