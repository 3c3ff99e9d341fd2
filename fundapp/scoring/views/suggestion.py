"""How a step is suggested on a criterion: the rule as it runs, and a proposal's facts held against it."""

from __future__ import annotations

from flask import abort, render_template, request

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.proposals.queries.facing import Facing
from fundapp.proposals.views.calls.blueprint import does, fund_here
from fundapp.proposals.views.proposal.parts import facing_at
from fundapp.scoring.queries.evidence import Laid, laid
from fundapp.scoring.queries.rounds import scales_now, scales_of
from fundapp.scoring.rules.scales import Scale
from fundapp.scoring.rules.suggestion import RULES, clause_for, on_scale
from fundapp.scoring.views.blueprint import blueprint
from fundapp.scoring.words import FACTS, YES_NO


@blueprint.get("/criteria/<name>/how")
@needs(Permission.CRITERIA_READ)
def suggestion(name: str) -> str:
    """How a step is suggested on a criterion; of a proposal, by whoever may see its sheets."""
    reference = request.args.get("proposal", "")
    facing = _facing(reference) if reference else None
    scales = scales_of(db.session(), facing.call) if facing else scales_now(db.session(), fund_here())
    scale = next((one for one in scales if one.code == name), None)
    if scale is None:
        abort(404)
    beside = _beside(facing, scale) if facing else None
    clause = clause_for(name, beside.facts) if beside else None
    return render_template(
        "scoring/suggestion.html",
        scale=scale,
        rule=RULES.get(name),
        steps={one.step: on_scale(scale, one.step) for one in RULES[name].clauses} if name in RULES else {},
        fact_names=FACTS,
        yes_no=YES_NO,
        facing=facing,
        proposal=facing.proposal if facing else None,
        beside=beside,
        clause=clause,
    )


def _facing(reference: str) -> Facing:
    """The proposal that is asked about; 404 for whoever may not see its sheets, as for one that is not there."""
    found = facing_at(reference)
    return found if found.version and does(Permission.SHEET_READ) else abort(404)


def _beside(facing: Facing, scale: Scale) -> Laid:
    assert facing.version
    on = facing.closes if facing.closes and facing.closes < now() else now()
    found = laid(db.session(), actor(), facing.version.content, [scale], facing.proposal.country, on.date(), language())
    return found.by_criterion[scale.code]
