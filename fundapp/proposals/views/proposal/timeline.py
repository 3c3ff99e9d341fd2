"""What happened to a proposal, who did it and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request

from fundapp.access.forms import page_of
from fundapp.access.gate import needs
from fundapp.access.policy import Permission
from fundapp.access.verbs import OPERATIONS
from fundapp.access.views.address import language
from fundapp.access.views.page import last_page
from fundapp.kernel.database import db
from fundapp.proposals.queries.calls import items_of
from fundapp.proposals.queries.facing import Facing
from fundapp.proposals.queries.timeline import PAGE, Sight
from fundapp.proposals.queries.timeline import timeline as events_of
from fundapp.proposals.rules import Item, best
from fundapp.proposals.views.proposal.blueprint import blueprint, does
from fundapp.proposals.views.proposal.parts import facing_at, people
from fundapp.proposals.words import POINTS, VERDICTS


@blueprint.get("/<reference>/timeline")
@needs(Permission.PROPOSAL_READ)
def timeline(reference: str) -> str:
    """All that happened, newest first."""
    found, page = facing_at(reference), page_of(request.args)
    sight = Sight(found.own, does(Permission.PROPOSAL_SCREEN, found.proposal))
    events, total = events_of(db.session(), found.proposal, sight, page)
    return render_template(
        "proposals/proposal/timeline.html",
        facing=found,
        proposal=found.proposal,
        events=events,
        verbs=OPERATIONS,
        people=people(who for one in events for who in (one.by, one.about if one.kind == "officer" else None)),
        points=_points(found) if any(one.points for one in events) else {},
        verdicts=VERDICTS,
        page=page,
        last=last_page(total, PAGE),
    )


def _points(found: Facing) -> Mapping[str, Any]:
    """What the points of the checklist are called; one query."""
    own = items_of(db.session(), found.call)[Item.CHECK]
    return {**POINTS, **{one.code: best(one.names, language()).text for one in own}}
