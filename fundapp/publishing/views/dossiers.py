"""The dossier of a proposal to take away, in the language of the page or the one asked for."""

from __future__ import annotations

from flask import Blueprint, Response

from fundapp.access.gate import actor, exports, needs
from fundapp.access.policy import Permission
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.proposals.queries.dossier import dossier_facts
from fundapp.proposals.views.proposal.blueprint import proposal_at
from fundapp.publishing.drawing import DOSSIER_FORMATS, draw
from fundapp.publishing.views.asked import document_language

blueprint = Blueprint("dossiers", __name__, url_prefix="/<fund:fund>/proposals")


@blueprint.get("/<reference>/dossier.<any(pdf, docx):form>")
@needs(Permission.PROPOSAL_READ)
@exports
def dossier(reference: str, form: str) -> Response:
    """The dossier of one proposal, as its reader may see it."""
    found, written = proposal_at(reference), document_language()
    facts = dossier_facts(db.session(), actor(), found, now())
    answer = Response(draw(facts, written, form), content_type=DOSSIER_FORMATS[form].mimetype)
    name = f"{facts.fund_code}-{facts.reference}-{written}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
