"""Documents of the register of recommendations to take away, in the language of the page or the one asked for."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from fundapp.access.gate import actor, exports, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import number
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.publishing.drawing import REGISTER_FORMATS, Register, draw
from fundapp.publishing.views.asked import document_language
from fundapp.recommendations.queries import matrix_facts, trend_facts
from fundapp.recommendations.views.blueprint import state_of

blueprint = Blueprint("register_documents", __name__, url_prefix="/recommendations/states/<code>")
KINDS = "any(pdf, docx)"


def _file(facts: Register | None, kind: str, name: str) -> Response:
    if facts is None:
        abort(404)
    written = document_language()
    answer = Response(draw(facts, written, kind), content_type=REGISTER_FORMATS[kind].mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-cycle-{facts.cycle}-{written}.{kind}"'
    return answer


@blueprint.get(f"/matrix-<int:cycle>.<{KINDS}:kind>")
@needs(Permission.RECOMMENDATION_READ)
@exports
def matrix(code: str, cycle: int, kind: str) -> Response:
    """The matrix of recommendations by theme of one review of a State."""
    state = state_of(code).code
    facts = matrix_facts(db.session(), actor(), state, cycle, at=now(), language=document_language())
    return _file(facts, kind, f"{state}-matrix")


@blueprint.get(f"/trend.<{KINDS}:kind>")
@needs(Permission.RECOMMENDATION_READ)
@exports
def trend(code: str, kind: str) -> Response:
    """Supported and noted by theme, the cycle of the address (or the newest) beside the one before."""
    state = state_of(code).code
    return _file(trend_facts(db.session(), actor(), state, number("cycle"), at=now()), kind, f"{state}-trend")
