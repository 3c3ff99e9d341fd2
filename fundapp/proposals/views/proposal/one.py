"""A proposal's page: to its office while it writes, the task list; to others, and later, what was handed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.access.words import actor_name
from fundapp.kernel.clock import now, today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.proposals.move_words import GROUPS, NEXT
from fundapp.proposals.queries.facing import Facing, asked_and_judged, said_in
from fundapp.proposals.queries.picking import linked
from fundapp.proposals.queries.proposals import Judged
from fundapp.proposals.rules.completeness import Share
from fundapp.proposals.rules.content import period
from fundapp.proposals.rules.fields import Whole, rows_of
from fundapp.proposals.views.proposal.blueprint import blueprint, does
from fundapp.proposals.views.proposal.parts import facing_at, in_time, offers
from fundapp.proposals.words import SECTIONS

# Sections that have a page of their own; the others have one in common.
OWN_PAGES = {"recommendations": "proposal.recommendations", "budget": "proposal.budget",
             "documents": "proposal.documents"}  # fmt: skip
ANY = "-any-"  # stands for a section while the address of their common page is built


@dataclass(frozen=True, slots=True)
class Task:
    """A page of the task list: how much of it is done, and what it lacks."""

    name: str
    label: Any
    href: str
    share: Share
    lacks: Sequence[Fault]


@blueprint.get("/<reference>")
@needs(Permission.PROPOSAL_READ)
def one(reference: str) -> str:
    """A proposal."""
    found = facing_at(reference)
    whole = said_in(db.session(), found)
    own = found.at_work
    more = _at_work(found, whole) if own else _handed_in(found, whole)
    return render_template(
        "proposals/proposal/one.html" if own else "proposals/proposal/summary.html",
        facing=found,
        proposal=found.proposal,
        call=found.call,
        whole=whole,
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


def _at_work(found: Facing, whole: Whole) -> dict[str, Any]:
    """The task list; one query."""
    asked, judged = asked_and_judged(db.session(), found, whole, today())
    writes = found.proposal.writable and does(Permission.PROPOSAL_WRITE, found.proposal)
    return {
        "judged": judged,
        "writes": writes,
        "groups": list(grouped(found, judged)),
        "title": " ".join(str(whole.get("context", {}).get("title", "")).split()),
        "complete": not judged.lacking,
        "done": sum(share.whole for share in judged.shares.values()),
        "of": len(asked.sections),
    }


def grouped(found: Facing, judged: Judged) -> Iterator[tuple[Any, list[Task]]]:
    """The pages of a proposal under their headings; documents are there also where the call asks for none."""
    shares = {"documents": Share(0, 0, False), **judged.shares}
    lacks: dict[str, list[Fault]] = {}
    for section, fault in judged.lacking:
        lacks.setdefault(section, []).append(fault)
    places = addresses_of(shares, found.proposal.reference)
    for heading, names in GROUPS:
        tasks = [
            Task(name, SECTIONS[name], places[name], shares[name], lacks.get(name, ()))
            for name in names
            if name in shares
        ]
        if tasks:
            yield heading, tasks


def addresses_of(sections: Iterable[str], reference: str) -> dict[str, str]:
    """Where each section is written."""
    common = url_for("proposal.section", reference=reference, name=ANY)
    return {
        name: url_for(OWN_PAGES[name], reference=reference) if name in OWN_PAGES else common.replace(ANY, name)
        for name in sections
    }


def _handed_in(found: Facing, whole: Whole) -> dict[str, Any]:
    """The summary; one query."""
    numbers = [str(row.get("number", "")) for row in rows_of(whole.get("recommendations"), "linked")]
    quarters = period(whole.get("activities"))
    return {
        "areas": found.areas,
        "recommendations": list(linked(db.session(), actor(), numbers, language()).values()),
        "quarters": (quarters[0], quarters[-1]) if quarters else None,
        "outcomes": rows_of(whole.get("results"), "outcomes"),
    }
