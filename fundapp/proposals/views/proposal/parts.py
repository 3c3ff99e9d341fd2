"""What stands on every page of a proposal: the links to its other pages, and the moves that somebody may make."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from flask import Flask, abort, current_app, request
from flask.blueprints import BlueprintSetupState
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from fundapp.access.gate import actor, declared
from fundapp.access.policy import Permission, may
from fundapp.access.queries import names_of
from fundapp.access.views.address import language
from fundapp.access.words import actor_name
from fundapp.kernel.clock import now, today
from fundapp.kernel.database import db
from fundapp.proposals.models import Proposal
from fundapp.proposals.move_words import moving
from fundapp.proposals.queries.facing import Facing, facing
from fundapp.proposals.queries.proposals import of_the_office
from fundapp.proposals.rules import MINUTE
from fundapp.proposals.rules.stages import COURSE, Move
from fundapp.proposals.views.calls.blueprint import fund_here
from fundapp.proposals.views.proposal.blueprint import REFERENCE, blueprint, path

# Pages of a proposal: endpoint, what it is called, whether it is its office's alone.
PAGES: tuple[tuple[str, LazyString, bool], ...] = (
    ("proposal.one", _l("Summary"), False),
    ("proposal.text", _l("Text"), False),
    ("proposal.budget", _l("Budget"), False),
    ("proposal.documents", _l("Documents"), False),
    ("proposal.questions", _l("Questions"), False),
    ("proposal.screening", _l("Screening"), False),
    ("proposal.comments", _l("Comments"), True),
    ("proposal.versions", _l("Versions"), False),
    ("proposal.timeline", _l("Timeline"), False),
    ("proposal.people", _l("People"), False),
)
NAMES = {endpoint: name for endpoint, name, _of_office in PAGES}
UNDER = {"proposal.compare": "proposal.versions", "proposal.budget_import": "proposal.budget"}


class Tab(NamedTuple):
    """A page of a proposal, and whether it is this one."""

    endpoint: str
    current: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A move that somebody may make; undo: whether it takes back the one before."""

    name: str
    label: Any
    href: str
    undo: bool


def facing_at(reference: str) -> Facing:
    """The proposal of an address with all around it; 404 where there is none, or none that one may know of."""
    known = REFERENCE.fullmatch(reference)
    found = facing(db.session(), actor(), fund_here(), reference, today(), language()) if known else None
    return found or abort(404)


def own_at(reference: str) -> Facing:
    """The same where it is of one's own office; to everybody else the page is not there."""
    found = facing_at(reference)
    return found if found.own else abort(404)


def tabs(proposal: Proposal) -> tuple[Tab, ...]:
    """The pages of a proposal that there are and that one may open."""
    who, app = actor(), current_app._get_current_object()  # type: ignore[attr-defined]
    open_ = tuple(one for one in _asked(app) if may(who, one, proposal))
    here = request.endpoint or ""
    return _tabs(app, open_, UNDER.get(here, here), own=of_the_office(who, proposal))


@lru_cache(maxsize=4)
def _asked(app: Flask) -> tuple[Permission, ...]:
    """The permissions that the pages of a proposal ask for, each once."""
    asked = dict.fromkeys(declared(app, endpoint) for endpoint in NAMES)
    return tuple(one for one in asked if isinstance(one, Permission))


@lru_cache(maxsize=400)
def _tabs(app: Flask, open_: tuple[Permission, ...], here: str, *, own: bool) -> tuple[Tab, ...]:
    shown = [name for name, _label, of_office in PAGES if own or not of_office]
    return tuple(Tab(name, name == here) for name in shown if declared(app, name) in open_)


def offers(found: Facing) -> list[Offer]:
    """The moves that begin where a proposal stands and that one may make: what leads on, then what takes back."""
    who, last = actor(), found.last.move if found.last else ""
    names = [move.name for move in COURSE.moves]
    undone_by = {move.name: move.undone_by for move in COURSE.moves}  # a move of a later package has none
    made = []
    for move in COURSE.moves_from(found.proposal.stage):
        if not may(who, Permission(move.permission), found.proposal):
            continue
        undo = undone_by.get(last) == move.name and names.index(last) < names.index(move.name)
        if undo and not _harmless(move, found):
            continue
        href = path("proposal.step", found.proposal.reference, move=move.name)
        made.append(Offer(move.name, moving(move.name).act, href, undo))
    return sorted(made, key=lambda one: one.undo)


def _harmless(move: Move, found: Facing) -> bool:
    """Whether what takes a move back is allowed now, as far as the page knows; the operation asks again."""
    known = {
        "never-returned": not found.returned,
        "call-open-or-exception": in_time(found, now()),
        "nothing-marked": not found.marked,
        "unchanged-since-return": not found.changed,
    }
    return all(known.get(need, True) for need in move.needs)


def in_time(found: Facing, at: datetime) -> bool:
    """Whether the office can hand in now: the call has not closed, or there is an exception."""
    if found.call.cancelled_at:
        return False
    until = [one for one in (found.closes, found.late) if one]
    return found.closes is None or at < max(until) + MINUTE


def people(actors: Iterable[str | None]) -> dict[str, str]:
    """Actor -> name, of everybody who did something; one query."""
    known = {one for one in actors if one}
    names = names_of(db.session(), known)
    return {one: actor_name(one, names) for one in known}


@blueprint.record_once
def _parts(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update({"proposal_tabs": tabs, "proposal_pages": NAMES, "proposal_move": moving})
