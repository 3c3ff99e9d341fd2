"""What a proposal said each time it was handed in: the versions, each as a file."""

from __future__ import annotations

from flask import Response, abort, render_template

from fundapp.access.gate import exports, needs
from fundapp.access.policy import Permission
from fundapp.kernel.database import db
from fundapp.proposals.queries.proposals import versions as versions_of
from fundapp.proposals.views.proposal.blueprint import blueprint
from fundapp.proposals.views.proposal.parts import facing_at, people


@blueprint.get("/<reference>/versions")
@needs(Permission.PROPOSAL_READ)
def versions(reference: str) -> str:
    """What was handed in, newest first."""
    found = facing_at(reference)
    rows = versions_of(db.session(), found.proposal)
    return render_template(
        "proposals/proposal/versions.html",
        facing=found,
        proposal=found.proposal,
        rows=rows,
        people=people(row.by for row in rows),
    )


@blueprint.get("/<reference>/versions/<int:number>.json")
@needs(Permission.PROPOSAL_READ)
@exports
def version_file(reference: str, number: int) -> Response:
    """A version as it was fixed, letter by letter: its digest is that of the file."""
    found = facing_at(reference)
    row = next((row for row in versions_of(db.session(), found.proposal) if row.number == number), None)
    if row is None:
        abort(404)
    name = f"{found.proposal.reference}-version-{number}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(row.content, mimetype="application/json", headers=headers)
