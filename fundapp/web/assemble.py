"""create_app: the application put together, one short function for each concern."""

from __future__ import annotations

from flask import Flask
from flask_compress import Compress
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from fundapp.access import datastore, gate
from fundapp.access.views import blueprint as access_pages
from fundapp.board.views import blueprint as board_pages
from fundapp.finance.views import blueprint as finance_pages
from fundapp.finance.views.donors import blueprint as donor_pages
from fundapp.kernel.database import db
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
from fundapp.recommendations.views import blueprint as recommendation_pages
from fundapp.scoring.views import blueprint as scoring_pages
from fundapp.web import (
    addresses,
    cells,
    drawn,
    errors,
    funds,
    headers,
    kept,
    languages,
    layout,
    logs,
    pages,
    sentences,
    settings,
    static,
    templates,
)
from fundapp.web.ground import ground

ROOT = settings.ROOT
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
    app, found = ground(static_folder=str(static.FOLDER), **given)
    templates.init(app)
    logs.init(app, found.log or ("json" if found.mode is settings.Mode.PRODUCTION else "console"))
    headers.init(app, found.proxies)
    Compress(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    CSRFProtect(app)
    _sign_in(app)
    for concern in (addresses, languages, cells, funds, kept, layout, sentences, drawn, static, errors):
        concern.init(app)
    _pages(app)
    gate.init(app)
    funds.guard(app)
    return app


def _sign_in(app: Flask) -> None:
    security = datastore.init(app)
    # or every style sheet costs a query, and comes from nowhere while the database is away; our policy asks nobody's
    # Principal identity
    security.principal.identity_loaders.clear()


def _pages(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
