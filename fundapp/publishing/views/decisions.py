"""The letter to an office about a decision to take away, in the language of its proposal or the one asked for."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from fundapp.access.gate import exports, needs
from fundapp.access.policy import Permission
from fundapp.board.queries.letter import letter_facts
from fundapp.board.views.deciding import case_at
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.publishing.drawing import LETTER_FORMATS, draw
from fundapp.publishing.views.asked import document_language

blueprint = Blueprint("decisions", __name__, url_prefix="/<fund:fund>/board/decisions")


@blueprint.get("/<reference>/letter.pdf")
@needs(Permission.DECISION_READ)
@exports
def letter(reference: str) -> Response:
    """The letter on the decision that stands."""
    case = case_at(reference)
    facts = letter_facts(db.session(), case.proposal, now()) or abort(404)
    written = document_language() if request.args.get("language") else case.proposal.language
    answer = Response(draw(facts, written, "pdf"), content_type=LETTER_FORMATS["pdf"].mimetype)
    name = f"{facts.fund_code}-{facts.reference}-decision-{written}.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
