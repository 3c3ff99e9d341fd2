"""Pages of the product itself: start, home, help, accessibility."""

from __future__ import annotations

from flask import Blueprint, g, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fundapp.access.gate import actor, needs
from fundapp.access.operations import Anonymous
from fundapp.access.policy import Permission
from fundapp.funds.queries import to_check
from fundapp.kernel.database import db
from fundapp.kernel.languages import OWN_NAMES
from fundapp.web.health import trouble
from fundapp.web.home import home as home_of
from fundapp.web.layout import funds_of

blueprint = Blueprint("web", __name__)


@blueprint.get("/")
@needs(Permission.ANYONE)
def start() -> Response | str:
    """The front door: the home of one's first fund for whoever is signed in, signing in for everyone else."""
    who = actor()
    if isinstance(who, Anonymous):
        return redirect(url_for("security.login"))
    funds = funds_of(who)
    return redirect(url_for("web.home", fund=funds[0].code)) if funds else render_template("web/empty.html")


@blueprint.get("/<fund:fund>/")
@needs(Permission.SIGNED_IN)
def home() -> str:
    """What waits for whoever is signed in."""
    return render_template("web/home.html", home=home_of(g.fund))


@blueprint.get("/help")
@needs(Permission.ANYONE)
def help() -> str:
    """How to work with the program."""
    return render_template("web/help.html")


@blueprint.get("/accessibility")
@needs(Permission.ANYONE)
def accessibility() -> str:
    """What was done for people who read and work otherwise, and what was not tried."""
    return render_template("web/accessibility.html")


@blueprint.get("/terms")
@needs(Permission.PERSON_READ)
def terms() -> str:
    """Terms that wait for a native reader: for administrators, never shown beside the term itself."""
    return render_template("web/terms.html", terms=to_check(db.session()), names=OWN_NAMES)


@blueprint.get("/health/live")
@needs(Permission.ANYONE)
def live() -> Response:
    """The program answers."""
    return jsonify(status="live")


@blueprint.get("/health/ready")
@needs(Permission.ANYONE)
def ready() -> tuple[Response, int]:
    """The program can serve: its database is there, and of this version."""
    reason = trouble()
    return (jsonify(status="away", reason=reason), 503) if reason else (jsonify(status="ready"), 200)
