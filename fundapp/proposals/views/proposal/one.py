"""A proposal's page: where it stands, its pages and what each still lacks."""

from __future__ import annotations

from flask import render_template

from fundapp.access.gate import needs
from fundapp.access.policy import Permission
from fundapp.proposals.views.proposal.blueprint import blueprint, does, here


@blueprint.get("/<reference>")
@needs(Permission.PROPOSAL_READ)
def one(reference: str) -> str:
    """A proposal."""
    found = here(reference)
    return render_template(
        "proposals/proposal/one.html",
        here=found,
        proposal=found.proposal,
        call=found.call,
        judged=found.judged(),
        writes=found.own and found.proposal.writable and does(Permission.PROPOSAL_WRITE, found.proposal),
    )
