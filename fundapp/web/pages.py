"""Pages of the product itself: start, home, help, accessibility."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("web", __name__)


@blueprint.get("/")
def start() -> BaseResponse | str:
    """The front door: the home of the first fund for whoever is signed in, signing in for everyone else."""
    if not current_user.is_authenticated:
        return redirect(url_for("security.login"))
    return render_template("web/home.html")


@blueprint.get("/help")
def help() -> str:
    """How to work with the program."""
    return render_template("web/help.html")


@blueprint.get("/accessibility")
def accessibility() -> str:
    """What was done for people who read and work otherwise, and what was not tried."""
    return render_template("web/accessibility.html")
