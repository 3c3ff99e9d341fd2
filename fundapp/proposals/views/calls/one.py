"""A call's page: all that it says, how long there is, and what was added since it opened."""

from __future__ import annotations

from datetime import datetime

from flask import render_template

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission
from fundapp.access.queries import names_of
from fundapp.access.words import actor_name
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.languages import LANGUAGES
from fundapp.proposals.models import Call
from fundapp.proposals.queries import Whole, course, offices_of, said_of, whole
from fundapp.proposals.rules import Item, Late, Stage, closing, lacking, may_submit, stage
from fundapp.proposals.views.calls.blueprint import blueprint, call_at, does


def closes(found: Call, everything: Whole) -> tuple[datetime | None, str]:
    """When a call closes after its extensions, and the zone in which that was said."""
    steps = everything.extensions
    until = closing(found.closes_at, [step.until for step in steps if step.until])
    zone = next((step.zone for step in steps if step.until == until), found.zone)
    return until, zone


def people(found: Call, everything: Whole) -> dict[str, str]:
    """Actor -> the name of everybody who did something to the call; one query."""
    steps = [*everything.extensions, *everything.exceptions, *everything.corrections]
    actors = {found.prepared_by, found.opened_by, found.cancelled_by, *(step.by for step in steps)} - {None}
    names = names_of(db.session(), [one for one in actors if one])
    return {one: actor_name(one, names) for one in actors if one}


@blueprint.get("/<code>")
@needs(Permission.CALL_READ)
def call(code: str) -> str:
    """A call."""
    found = call_at(code)
    everything = whole(db.session(), actor(), found)
    until, zone = closes(found, everything)
    at = stage(course(found, until), now())
    draft = at is Stage.DRAFT
    return render_template(
        "proposals/call.html",
        call=found,
        whole=everything,
        stage=at,
        until=until,
        until_zone=zone,
        lacks=lacking(said_of(found, everything), everything.weights, now()) if draft else [],
        missing=[code for code in LANGUAGES if not (found.names[code] and found.guidance[code])],
        people=people(found, everything),
        kinds=Item,
        prepares=draft and does(Permission.CALL_PREPARE),
        opens=draft and does(Permission.CALL_OPEN),
        extends=does(Permission.CALL_EXTEND),
        begins=_begins(found, until, everything),
    )


def _begins(found: Call, until: datetime | None, everything: Whole) -> bool:
    """Whether somebody of an office may begin a proposal to the call now; of exceptions they see their own."""
    mine = offices_of(actor(), found.fund_id)
    late = [Late(one.office_id, one.until) for one in everything.exceptions if one.office_id and one.until]
    open_to = any(may_submit(course(found, until), late, office, now()) for office in mine)
    return open_to and does(Permission.PROPOSAL_WRITE)
