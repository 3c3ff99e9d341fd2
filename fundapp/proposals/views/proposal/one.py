"""A proposal's page: to its office while it writes, the task list; to others, and later, what was handed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from flask import render_template
from flask_babel import ngettext

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.access.words import actor_name
from fundapp.kernel.clock import now, today
from fundapp.kernel.database import db
from fundapp.proposals.move_words import FAR, GROUPS, NEXT
from fundapp.proposals.queries.facing import Facing, said_in, written_and_judged
from fundapp.proposals.queries.picking import linked
from fundapp.proposals.queries.proposals import Judged
from fundapp.proposals.rules.completeness import Share
from fundapp.proposals.rules.content import period
from fundapp.proposals.rules.fields import rows_of
from fundapp.proposals.views.proposal.blueprint import blueprint, does, path
from fundapp.proposals.views.proposal.parts import facing_at, in_time, offers
from fundapp.proposals.words import SECTIONS
from fundapp.recommendations.rules import Position
from fundapp.recommendations.words import POSITIONS

# Sections that have a page of their own; the others have one in common.
OWN_PAGES = {"recommendations": "proposal.recommendations", "budget": "proposal.budget",
             "documents": "proposal.documents"}  # fmt: skip
Headings = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # what stands there, and its pages by name
Far = tuple[str, str, int]  # a page by name, how far it is in a word, and how much it lacks
ANY = "-any-"  # stands for a section while the address of their common page is built


class Task(NamedTuple):
    """A page of the task list: how far it is, as a mark and in words."""

    name: str
    label: str
    href: str
    mark: str
    says: str


@blueprint.get("/<reference>")
@needs(Permission.PROPOSAL_READ)
def one(reference: str) -> str:
    """A proposal."""
    found = facing_at(reference)
    own = found.at_work
    more = _at_work(found) if own else _handed_in(found)
    return render_template(
        "proposals/proposal/one.html" if own else "proposals/proposal/summary.html",
        facing=found,
        proposal=found.proposal,
        call=found.call,
        last=found.last,
        offers=offers(found),
        next=NEXT.get(found.proposal.stage, ""),
        people={one: actor_name(one, found.names) for one in _actors(found)},
        open_now=in_time(found, now()),
        closed_by=_until(found),
        **more,
    )


def _actors(found: Facing) -> set[str]:
    said = (found.last, found.version)
    return {found.proposal.begun_by, *(one.by for one in said if one)}


def _until(found: Facing) -> Any:
    """Until when the office can hand in: the deadline of a return, or the close of the call or of an exception."""
    if found.proposal.due_at:
        return found.proposal.due_at
    return max((one for one in (found.closes, found.late) if one), default=None) if found.closes else None


def _at_work(found: Facing) -> dict[str, Any]:
    """The task list; two queries at most."""
    whole, asked, judged = written_and_judged(db.session(), found, today())
    writes = found.proposal.writable and does(Permission.PROPOSAL_WRITE, found.proposal)
    return {
        "judged": judged,
        "writes": writes,
        "pages": how_far(judged),
        "grouped": grouped,
        "title": " ".join(str(whole.get("context", {}).get("title", "")).split()),
        "complete": not judged.lacking,
        "done": sum(share.whole for share in judged.shares.values()),
        "of": len(asked.sections),
    }


def how_far(judged: Judged) -> tuple[Far, ...]:
    """How far each page of a proposal is; documents are there also where the call asks for none."""
    lacking = Counter(section for section, _fault in judged.lacking)
    shares = {"documents": Share(0, 0, False), **judged.shares}
    return tuple((name, share.state, lacking[name]) for name, share in shares.items())


def grouped(pages: Iterable[Far], reference: str) -> Iterator[tuple[str, list[Task]]]:
    """These pages under their headings."""
    far = {name: (state, many) for name, state, many in pages}
    places = addresses_of(far, reference)
    headings, states = _said(language())
    for heading, labels in headings:
        tasks = [
            Task(name, label, places[name], *(states.get(far[name][0]) or _short_of(far[name][1])))
            for name, label in labels
            if name in far
        ]
        if tasks:
            yield heading, tasks


@cache
def _said(_spoken: str) -> tuple[Headings, dict[str, tuple[str, str]]]:
    """The headings of the task list with the names of its pages, and how far a page can be, in the language of the
    page: translated once, for they are the same on every page."""
    headings = tuple((str(heading), tuple((name, str(SECTIONS[name])) for name in names)) for heading, names in GROUPS)
    return headings, {state: (mark, str(text)) for state, (mark, text) in FAR.items()}


def _short_of(many: int) -> tuple[str, str]:
    return "3", str(ngettext("%(num)d thing lacking", "%(num)d things lacking", many))


def addresses_of(sections: Iterable[str], reference: str) -> dict[str, str]:
    """Where each section is written."""
    common = path("proposal.section", reference, name=ANY)
    return {
        name: path(OWN_PAGES[name], reference) if name in OWN_PAGES else common.replace(ANY, name) for name in sections
    }


def _handed_in(found: Facing) -> dict[str, Any]:
    """The summary; two queries at most."""
    whole = said_in(db.session(), found)
    numbers = [str(row.get("number", "")) for row in rows_of(whole.get("recommendations"), "linked")]
    quarters = period(whole.get("activities"))
    return {
        "areas": found.areas,
        "positions": _positions(language()),
        "recommendations": list(linked(db.session(), actor(), numbers, language()).values()),
        "quarters": (quarters[0], quarters[-1]) if quarters else None,
        "outcomes": rows_of(whole.get("results"), "outcomes"),
    }


@cache
def _positions(_spoken: str) -> dict[Position, str]:
    """What a State says of a recommendation, in the language of the page."""
    return {position: str(name) for position, name in POSITIONS.items()}
