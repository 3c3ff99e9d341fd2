"""A reviewer's desk: what is theirs to score."""

from __future__ import annotations

from flask import render_template

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.proposals.views.calls.blueprint import fund_here
from fundapp.scoring.queries.sheets import desk as on_desk
from fundapp.scoring.views.blueprint import blueprint


@blueprint.get("/mine")
@needs(Permission.SCORE)
def desk() -> str:
    """What is mine to score, what is being filled in and what is given."""
    rows = on_desk(db.session(), actor(), fund_here().id, language())
    return render_template(
        "scoring/desk.html",
        due=[row for row in rows if row.to_give],
        rest=[row for row in rows if not row.to_give],
        now=now(),
    )
