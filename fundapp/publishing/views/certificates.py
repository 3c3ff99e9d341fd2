"""Certified statements to take away, each in six languages out of its snapshot."""

from __future__ import annotations

from flask import Blueprint, Response

from fundapp.access.gate import exports, needs
from fundapp.access.policy import Permission
from fundapp.access.queries import names_of
from fundapp.finance.queries.certifying import as_certified
from fundapp.finance.views.certifying import certificate_at
from fundapp.kernel.database import db
from fundapp.proposals.views.calls.blueprint import fund_here
from fundapp.publishing.drawing import FORMATS, draw
from fundapp.publishing.views.asked import document_language

blueprint = Blueprint("certificates", __name__, url_prefix="/<fund:fund>/documents")


@blueprint.get("/certificates/<int:key>.<any(pdf):kind>")
@needs(Permission.BOOKS_READ)
@exports
def document(key: int, kind: str) -> Response:
    """A statement as it was prepared, and certified where it was."""
    found, written = certificate_at(key), document_language()
    names = names_of(db.session(), [by for by in (found.prepared_by, found.reviewed_by, found.certified_by) if by])
    answer = Response(draw(as_certified(found, names), written, kind), content_type=FORMATS[kind].mimetype)
    name = f"{fund_here().code}-{found.kind}-{found.number or found.last.isoformat()}-{written}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
