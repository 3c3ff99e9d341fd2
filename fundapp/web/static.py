"""Style sheets and scripts: built into build/static, named with their content's hash, kept by browsers for a year."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from fundapp.web.settings import ROOT

FOLDER = ROOT / "build" / "static"
KEPT = "public, max-age=31536000, immutable"


class Marks(dict[str, str]):
    """File name -> a mark of its content. Read once; again after a build when the file's time has changed."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[str, float] = {}

    def of(self, name: str) -> str:
        """The mark of a file, empty if it is not there."""
        path = FOLDER / name
        try:
            changed = path.stat().st_mtime
        except (OSError, ValueError):  # a name that no file can have
            return ""
        if self.seen.get(name) != changed:
            self[name] = _mark(path)
            self.seen[name] = changed
        return self[name]


def _mark(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _add_mark(endpoint: str, values: dict[str, object]) -> None:
    if endpoint == "static" and "v" not in values:
        mark = current_app.extensions["fundapp.marks"].of(str(values.get("filename", "")))
        if mark:
            values["v"] = mark


def _keep(response: Response) -> Response:
    """A year for an address that names this very content; never for one that may show another tomorrow."""
    if request.endpoint == "static" and response.status_code in (200, 304):
        mark = current_app.extensions["fundapp.marks"].of(str((request.view_args or {}).get("filename", "")))
        named = mark and request.args.get("v") == mark
        response.headers["Cache-Control"] = KEPT if named else "no-cache"
    return response


class Sessions(SecureCookieSessionInterface):
    """Flask's, but for style sheets: Flask-Login looks into the session after every request, and an answer that has
    looked says "Vary: Cookie". Cookies change with each page; the browser would ask for the sheet again each time."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing of a session changes where a file is fetched."""
        if request.endpoint != "static":
            super().save_session(app, session, response)


def init(app: Flask) -> None:
    """Mark and cache the static files."""
    app.extensions["fundapp.marks"] = Marks()
    app.session_interface = Sessions()
    app.url_defaults(_add_mark)
    app.after_request(_keep)
