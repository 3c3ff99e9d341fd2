"""The dossier of a session of the Board: everything on one page, and as one PDF to be read away from the program; and
what the Board saw, as it was kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template

from fundapp.access.gate import actor, exports, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.board.queries.dossier import session_dossier
from fundapp.board.queries.snapshots import snapshot_at
from fundapp.board.rules.dossier import Brief, SessionDossier
from fundapp.board.views.blueprint import session_at
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.proposals.views.calls.blueprint import fund_here
from fundapp.publishing.abridging import excerpt
from fundapp.publishing.blocks import Cell, Passage, Said
from fundapp.publishing.documents.dossier.cover import title_of
from fundapp.publishing.documents.session_dossier.brief import heading, main_facts, passages_of, said_in
from fundapp.publishing.documents.session_dossier.front import capacity_name, days, kind_name, named
from fundapp.publishing.documents.session_dossier.scores import steps
from fundapp.publishing.drawing import SESSION_FORMATS, draw
from fundapp.publishing.views.asked import document_language
from fundapp.publishing.words import Words
from fundapp.scoring.rules.shades import shade
from fundapp.scoring.rules.totals import HUNDRED

blueprint = Blueprint("session_dossiers", __name__, url_prefix="/<fund:fund>/board/sessions")
PASSAGE = 700  # letters of a text on the page; the PDF gives more of it


@dataclass(frozen=True, slots=True)
class Card:
    """A proposal on the page: what it is called, its main facts, and the beginning of its texts."""

    reference: str
    heading: str
    title: Said
    facts: Sequence[tuple[str, Sequence[Said]]]
    passages: Sequence[Passage]
    brief: Brief


@blueprint.get("/<int:number>/dossier")
@needs(Permission.SESSION_READ)
def dossier(number: int) -> str:
    """Everything for a session on one page, as its reader may see it."""
    facts, words = _facts(number), Words(language())
    return render_template(
        "publishing/session_dossier.html",
        dossier=facts,
        days=days(facts, words),
        agenda=[(one, _said(named(one.names, words) or kind_name(one.kind, words), words)[0]) for one in facts.items],
        kinds=lambda kind: kind_name(kind, words),
        capacities=lambda capacity: capacity_name(capacity, words),
        cards=[_card(one, words) for one in facts.briefs],
        shade=shade,
        whole=HUNDRED,
        steps=steps,
        pages=_pages(),
    )


@blueprint.get("/<int:number>/dossier.pdf")
@needs(Permission.SESSION_READ)
@exports
def dossier_file(number: int) -> Response:
    """The same as one PDF, in the language of the page or the one asked for."""
    written = document_language()
    facts = _facts(number)
    answer = Response(draw(facts, written, "pdf"), content_type=SESSION_FORMATS["pdf"].mimetype)
    name = f"{facts.session.fund_code}-session-{number}-dossier-{written}.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.get("/<int:number>/seen/<int:key>.json")
@needs(Permission.SESSION_READ)
@exports
def seen(number: int, key: int) -> Response:
    """A snapshot of what the Board saw, to the letter: whoever works out its SHA-256 gets the digest of the page."""
    found = snapshot_at(db.session(), actor(), session_at(number), fund_here().id, key)
    if found is None:
        abort(404)
    snapshot, reference = found
    answer = Response(snapshot.content.encode(), content_type="application/json")
    name = f"{fund_here().code}-session-{number}-{reference or 'situation'}-{key}.json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _facts(number: int) -> SessionDossier:
    return session_dossier(db.session(), actor(), session_at(number), fund_here(), number, now())


def _card(one: Brief, words: Words) -> Card:
    facts = one.facts
    title, tongue = said_in(facts, "context", "title", title_of(facts), words)
    passages = [Passage(each.title, excerpt(each.text, PASSAGE), each.language) for each in passages_of(facts, words)]
    pairs = [(str(label), _said(value, words)) for label, value in main_facts(one, words)]
    return Card(
        facts.reference, heading(facts, words), Said(title, tongue or words.language), pairs, passages, one
    )  # fmt: skip


def _said(cell: Cell, words: Words) -> list[Said]:
    """The lines of a cell, each in its language."""
    return list(_lines(cell, words.language)) if cell else [Said("", words.language)]


def _lines(cell: Any, otherwise: str) -> Iterator[Said]:
    text, tongue = (cell.text, cell.language) if isinstance(cell, Said) else (str(cell), otherwise)
    for line in text.split("\n"):
        yield Said(line, tongue)


def _pages() -> Mapping[str, bool]:
    """Pages of the Board that this one leads to where they are there."""
    names = {"session": "board.session", "interests": "board.interests", "considered": "board.considered"}
    return {name: endpoint in current_app.view_functions for name, endpoint in names.items()}
