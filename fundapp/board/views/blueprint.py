"""What the pages of the Board share: their place in the address, the session and the proposal that it names."""

from __future__ import annotations

from flask import Blueprint, abort, g
from werkzeug.wrappers import Response

from fundapp.access.gate import actor
from fundapp.board.models import BoardSession, Considered
from fundapp.board.queries.sessions import considered_at, session_numbered
from fundapp.board.queries.withheld import silent_to
from fundapp.board.rules.withholding import Silent
from fundapp.kernel.database import db
from fundapp.proposals.views.calls.blueprint import fund_here

blueprint = Blueprint("board", __name__, url_prefix="/<fund:fund>/board")
Answer = str | Response | tuple[str, int]
LARGEST_NUMBER = 100_000


def session_at(number: int) -> BoardSession:
    """The session of an address; 404 where the fund has none of that number."""
    if number > LARGEST_NUMBER:
        abort(404)
    return session_numbered(db.session(), fund_here(), number) or abort(404)


@blueprint.app_template_filter("quiet")
def quiet(text: str) -> str:
    """A text, but for the paragraphs that name a proposal which is closed to whoever reads."""
    if "board_silent" not in g:
        g.board_silent = silent_to(db.session(), actor())
    silent: Silent = g.board_silent
    return silent.of(text)


def considered_here(number: int, reference: str) -> tuple[BoardSession, Considered]:
    """The proposal before a session that an address names; 404 where there is none, or none for whoever asks."""
    of = session_at(number)
    found = considered_at(db.session(), actor(), of, fund_here().id, reference)
    return (of, found) if found else abort(404)
