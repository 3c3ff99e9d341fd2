"""What was approved in a year, by country, region, focus area and amount: what the annual report says of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from flask import Response, abort, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answered

from fundapp.access.gate import actor, exports, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.access.views.page import file
from fundapp.board.queries.approved import FIRST, LAST
from fundapp.board.queries.approved import approved as approved_in
from fundapp.board.queries.approved import years as years_of
from fundapp.board.rules.approved import Approved, sums, total
from fundapp.board.views.blueprint import blueprint
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.sheets import Cell
from fundapp.proposals.views.calls.blueprint import fund_here
from fundapp.proposals.words import STATUSES
from fundapp.reference.rules import Status

SEPARATOR = "; "


@blueprint.get("/approved")
@needs(Permission.DECISION_READ)
def approved_last() -> Answered:
    """The last year in which something was approved."""
    found = years_of(db.session(), actor(), fund_here())
    return redirect(url_for("board.approved", year=found[0] if found else today().year))


@blueprint.get("/approved/<int:year>")
@needs(Permission.DECISION_READ)
def approved(year: int) -> str:
    """What was approved in a year."""
    rows = _rows(year)
    states = list(dict.fromkeys(row.state for row in rows if row.state))
    return render_template(
        "board/approved.html",
        year=year,
        years=years_of(db.session(), actor(), fund_here()),
        rows=rows,
        whole=total(rows),
        states=states,
        regions=sums(rows, lambda row: (row.region or str(_("Without a region")),)),
        areas=sums(rows, lambda row: row.areas or (str(_("Without a focus area")),)),
    )


@blueprint.get("/approved/<int:year>.<any(csv, xlsx):kind>")
@needs(Permission.DECISION_READ)
@exports
def approved_file(year: int, kind: str) -> Response:
    """The same as a file, a row for each proposal."""
    rows = _rows(year)
    headings = (
        _("Reference"), _("Title"), _("Country (code)"), _("Country"), _("Region"), _("Situation of the State"),
        _("Focus areas"), _("Office"), _("Asked for"), _("Approved"), _("With conditions"), _("Decided on"),
    )  # fmt: skip
    return file(kind, f"{fund_here().code}-approved-{year}", headings, list(_cells(rows)), len(rows))


def _rows(year: int) -> list[Approved]:
    if not FIRST <= year <= LAST:
        abort(404)
    return approved_in(db.session(), actor(), fund_here(), year, language())


def _cells(rows: list[Approved]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.reference, row.title, row.country, row.state, row.region,
            SEPARATOR.join(str(STATUSES[Status(one)]) for one in row.statuses), SEPARATOR.join(row.areas), row.office,
            Decimal(row.asked).scaleb(-2), Decimal(row.cents).scaleb(-2), _("yes") if row.conditions else _("no"),
            row.on.isoformat(),
        )  # fmt: skip
