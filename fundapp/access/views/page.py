"""What the pages of access share: where they are registered, files, and saying what was refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, current_app, flash, stream_with_context
from flask_babel import get_locale

from fundapp.access import demonstration, gate
from fundapp.access.words import ROLES, actor_name, column_name, operation_name, subject_name
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal, refuse
from fundapp.kernel.languages import direction
from fundapp.kernel.sheets import Cell, harmless, xlsx

blueprint = Blueprint("access", __name__)
MOST_ROWS = 50_000  # of a workbook; CSV takes any number
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def last_page(total: int, rows: int) -> int:
    """How many pages a list has."""
    return max(1, -(-total // rows))


def say(refusal: Refusal) -> None:
    """What was refused, at the head of the next page."""
    for fault in refusal.faults:
        flash(current_app.jinja_env.filters["sentence"](fault), "error")


def file(kind: str, name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], total: int) -> Response:
    """A list as a file to keep: CSV a few rows at a time, or a workbook."""
    if kind == "csv":
        response = Response(stream_with_context(csv_lines(headings, rows)), mimetype="text/csv")
    else:
        if total > MOST_ROWS:
            raise refuse("export.too-large", rows=total, most=MOST_ROWS)
        turned = direction(str(get_locale())) == "rtl"
        response = Response(xlsx(headings, rows, rtl=turned, title=name), mimetype=WORKBOOK)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """CSV in pieces of about 64 kB, so that a long trail never lies in memory whole."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([harmless(heading) for heading in headings])
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
        if out.tell() > 64_000:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


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
