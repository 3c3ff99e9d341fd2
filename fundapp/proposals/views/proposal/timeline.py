"""What happened to a proposal, who did it and when."""

from __future__ import annotations

from flask import render_template, request

from fundapp.access.forms import page_of
from fundapp.access.gate import needs
from fundapp.access.policy import Permission
from fundapp.access.verbs import OPERATIONS
from fundapp.access.views.page import last_page
from fundapp.kernel.database import db
from fundapp.proposals.queries.timeline import PAGE
from fundapp.proposals.queries.timeline import timeline as events_of
from fundapp.proposals.views.proposal.blueprint import blueprint
from fundapp.proposals.views.proposal.parts import facing_at, people


@blueprint.get("/<reference>/timeline")
@needs(Permission.PROPOSAL_READ)
def timeline(reference: str) -> str:
    """All that happened, newest first."""
    found, page = facing_at(reference), page_of(request.args)
    events, total = events_of(db.session(), found.proposal, own=found.own, page=page)
    return render_template(
        "proposals/proposal/timeline.html",
        facing=found,
        proposal=found.proposal,
        events=events,
        verbs=OPERATIONS,
        people=people(one.by for one in events),
        page=page,
        last=last_page(total, PAGE),
    )
