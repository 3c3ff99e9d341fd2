"""What stands on every page of a session: links to its other pages, what it is called, and its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from werkzeug.wrappers import Response

from fundapp.access.gate import declared
from fundapp.access.policy import Permission
from fundapp.board.deciding_words import DECIDED, DECISION_MARKS
from fundapp.board.models import BoardSession
from fundapp.board.rules.sessions import CHANGEABLE
from fundapp.board.session_words import (
    ADVISED,
    CAPACITIES,
    ITEM_KINDS,
    SESSION_MARKS,
    SESSION_MOVES,
    SESSION_STAGES,
    WAYS,
)
from fundapp.board.views.blueprint import blueprint, session_at
from fundapp.funds.models import Fund
from fundapp.kernel.database import db
from fundapp.kernel.errors import refuse
from fundapp.proposals.views.calls.blueprint import does, fund_here

HERE, PLACES = "/<fund:fund>/board/sessions/<int:number>", "board.session_pages"
# The pages of a session by where they lie: those that there are
PAGES: tuple[tuple[str, LazyString], ...] = (
    ("", _l("Session")),
    ("/interests", _l("Interests")),
    ("/dossier", _l("Dossier")),
    ("/minutes", _l("Minutes")),
    ("/actions", _l("Follow-up actions")),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of a session."""

    label: LazyString
    href: str
    current: bool


def tabs(number: int) -> list[Tab]:
    """The pages of a session that there are and that whoever looks may open."""
    found = [(label, endpoint_at(suffix)) for suffix, label in PAGES]
    return [
        Tab(label, url_for(endpoint, number=number), endpoint == request.endpoint)
        for label, endpoint in found
        if endpoint and may_open(endpoint)
    ]


def endpoint_at(suffix: str) -> str:
    """The page that lies there under a session, whichever package it is of; "" where there is none."""
    places: dict[str, str] | None = current_app.extensions.get(PLACES)
    if places is None:
        rules = current_app.url_map.iter_rules()
        places = {rule.rule: rule.endpoint for rule in rules if "GET" in (rule.methods or ())}
        current_app.extensions[PLACES] = places
    return places.get(HERE + suffix, "")


def may_open(endpoint: str) -> bool:
    """Whether there is a page of that name that whoever looks may open in this fund."""
    found = declared(current_app, endpoint) if endpoint in current_app.view_functions else None
    return isinstance(found, Permission) and does(found)


def changeable_at(number: int) -> BoardSession:
    """A session that may still be changed; refused for one that is closed or cancelled."""
    of = session_at(number)
    if of.stage not in CHANGEABLE:
        raise refuse("session.stands-otherwise")
    return of


def to_session(of: BoardSession, anchor: str = "") -> Response:
    """Back to a session's page."""
    return redirect(url_for("board.session", number=of.number(fund_here().id), _anchor=anchor or None))


def fund_of(fund_id: int) -> Fund:
    """A fund by its id; it was read for the page already."""
    return db.session().get_one(Fund, fund_id)


def others(of: BoardSession) -> list[tuple[Fund, int]]:
    """The numbers that a session has for other funds."""
    return [(fund_of(one.fund_id), one.number) for one in of.numbers if one.fund_id != fund_here().id]


def steps_to(last: str, *between: tuple[str, str]) -> list[tuple[Any, str | None]]:
    """Where a page of sessions lies, from the Board on."""
    board = [(_("Board"), url_for("board.board"))] if may_open("board.board") else []
    return [*board, (_("Sessions"), url_for("board.sessions")), *between, (last, None)]


@blueprint.app_context_processor
def _of_sessions() -> dict[str, Any]:
    return {
        "session_tabs": tabs,
        "session_steps": steps_to,
        "session_others": others,
        "session_stages": SESSION_STAGES,
        "session_marks": SESSION_MARKS,
        "session_ways": WAYS,
        "session_moves": SESSION_MOVES,
        "session_capacities": CAPACITIES,
        "session_kinds": ITEM_KINDS,
        "session_advised": ADVISED,
        "session_decided": DECIDED,
        "session_decided_marks": DECISION_MARKS,
        "fund_by_id": fund_of,
    }
