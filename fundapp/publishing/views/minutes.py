"""The minutes of a session to take away, as their reader may read them, in the language of the page or the one asked
for."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from fundapp.access.gate import exports, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import number as number_asked
from fundapp.board.views.minutes import minutes_at
from fundapp.kernel.clock import now
from fundapp.proposals.views.calls.blueprint import fund_here
from fundapp.publishing.documents.minutes import MinutesPrinted
from fundapp.publishing.drawing import MINUTES_FORMATS, draw
from fundapp.publishing.views.asked import document_language

blueprint = Blueprint("session_documents", __name__, url_prefix="/<fund:fund>/board")


@blueprint.get("/sessions/<int:number>/minutes.<any(pdf, docx):form>")
@needs(Permission.SESSION_READ)
@exports
def minutes(number: int, form: str) -> Response:
    """The minutes of a session: a version by its number in the address, or as the page shows them."""
    written, fund = document_language(), fund_here()
    shown = minutes_at(number, number_asked("version"))
    if shown.facts is None:
        abort(404)
    version = shown.version
    printed = MinutesPrinted(
        fund.code,
        fund.names,
        shown.facts,
        now(),
        version.number if version else 0,
        version.digest if version else "",
        version.approved_at.date() if version and version.approved_at else None,
        version.chair if version else "",
    )
    answer = Response(draw(printed, written, form), content_type=MINUTES_FORMATS[form].mimetype)
    standing = f"-v{version.number}" if version else "-draft"
    name = f"{fund.code}-minutes-{number}{standing}-{written}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
