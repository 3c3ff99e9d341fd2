"""Documents to take away: the statements as files, in the language of the page or the one asked for."""

from __future__ import annotations

from flask import Blueprint, Response, g

from fundapp.access.gate import exports, needs
from fundapp.access.policy import Permission
from fundapp.access.views.page import BYTE_ORDER_MARK
from fundapp.finance.queries import contributions as contributions_of
from fundapp.finance.queries import statement
from fundapp.finance.views.blueprint import fund_for, period
from fundapp.kernel.database import db
from fundapp.publishing.drawing import FORMATS, draw
from fundapp.publishing.plain import Facts
from fundapp.publishing.views.asked import document_language

blueprint = Blueprint("publishing", __name__, url_prefix="/<fund:fund>/documents")
KINDS = "any(pdf, xlsx, csv, json)"


def _file(facts: Facts, kind: str, name: str) -> Response:
    written = document_language()
    content = draw(facts, written, kind)
    if kind == "csv":
        content = BYTE_ORDER_MARK.encode() + content  # a person opens it in a spreadsheet
    answer = Response(content, content_type=FORMATS[kind].mimetype)
    file = f"{g.fund.code}-{name}-{facts.last.isoformat()}-{written}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer


@blueprint.get(f"/income-expenditure.<{KINDS}:kind>")
@needs(Permission.BOOKS_READ)
@exports
def income_expenditure(kind: str) -> Response:
    """The statement of income and expenditure as a file."""
    fund = fund_for(Permission.BOOKS_READ)
    first, last = period(fund)
    return _file(statement(db.session(), fund, first, last), kind, "income-expenditure")


@blueprint.get(f"/contributions.<{KINDS}:kind>")
@needs(Permission.BOOKS_READ)
@exports
def contributions(kind: str) -> Response:
    """Contributions since the fund was set up, as a file."""
    fund = fund_for(Permission.BOOKS_READ)
    return _file(contributions_of(db.session(), fund, period(fund)[1]), kind, "contributions")
