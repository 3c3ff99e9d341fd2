"""What the pages of access share: where they are registered, files, and saying what was refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from flask import Blueprint, Response, current_app, flash, request, stream_with_context
from flask_babel import get_locale

from fundapp.access import demonstration, gate
from fundapp.access.forms import page_of
from fundapp.access.words import ROLES, actor_name, column_name, operation_name, subject_name
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal, refuse
from fundapp.kernel.languages import direction
from fundapp.kernel.sheets import Cell, csv_pieces
from fundapp.kernel.workbook import xlsx

blueprint = Blueprint("access", __name__)
BYTE_ORDER_MARK = "\ufeff"  # by which spreadsheets know UTF-8
MOST_ROWS = 1_000_000  # of a workbook: a sheet takes no more; CSV takes any number
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def last_page(total: int, rows: int) -> int:
    """How many pages a list has."""
    return max(1, -(-total // rows))


def paged(rows: Sequence[Any], size: int) -> dict[str, Any]:
    """The page of a list that the address asks for, as templates take it."""
    last = last_page(len(rows), size)
    page = min(page_of(request.args), last)
    return {"rows": rows[size * (page - 1) : size * page], "total": len(rows), "page": page, "last": last}


def filters(names: Iterable[str]) -> dict[str, str]:
    """The filters and the order in the address, for links to files and other pages."""
    return {name: request.args[name] for name in (*names, "sort") if request.args.get(name)}


def say(refusal: Refusal) -> None:
    """What was refused, at the head of the next page."""
    for fault in refusal.faults:
        flash(current_app.jinja_env.filters["sentence"](fault), "error")


def file(kind: str, name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], total: int) -> Response:
    """A list as a file to keep: CSV a few rows at a time, or a workbook."""
    if kind == "csv":
        pieces = chain((BYTE_ORDER_MARK,), csv_pieces(headings, rows))
        response = Response(stream_with_context(pieces), mimetype="text/csv")
    else:
        if total > MOST_ROWS:
            raise refuse("export.too-large", rows=total, most=MOST_ROWS)
        turned = direction(str(get_locale())) == "rtl"
        response = Response(xlsx(headings, rows, rtl=turned, title=name), mimetype=WORKBOOK)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    """What templates ask of access."""
    return {
        "role_names": ROLES,
        "operation_name": operation_name,
        "subject_name": subject_name,
        "column_name": column_name,
        "actor_name": actor_name,
        "demonstration_people": _offered,
    }


def _offered() -> list[demonstration.Invented]:
    return demonstration.offered(db.session()) if gate.is_demonstration() else []
