"""The list of decisions: what waits for one, what is prepared, what was decided."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from flask import Response, render_template, request
from flask_babel import gettext as _

from fundapp.access.forms import page_of
from fundapp.access.gate import actor, exports, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.access.views.page import file, last_page
from fundapp.board.advising_words import OUTCOMES as ADVISED
from fundapp.board.deciding_words import DECIDED
from fundapp.board.forms.decisions import DecisionFilterForm
from fundapp.board.queries.decisions import PAGE, Row
from fundapp.board.queries.decisions import decisions as decisions_of
from fundapp.board.views.blueprint import blueprint
from fundapp.kernel.database import db
from fundapp.kernel.sheets import Cell
from fundapp.proposals.views.calls.blueprint import does, fund_here

FILTERS = ("q", "state", "session", "year")


def _listed() -> tuple[DecisionFilterForm, list[Row]]:
    drafts = does(Permission.DECISION_PREPARE) or does(Permission.DECISION_TAKE)
    form = DecisionFilterForm(request.args).offer(drafts)
    return form, decisions_of(db.session(), actor(), fund_here(), form.wanted(), language())


@blueprint.get("/decisions")
@needs(Permission.DECISION_READ)
def decisions() -> str:
    """What was before the Board, and what became of it."""
    form, rows = _listed()
    last = last_page(len(rows), PAGE)
    page = min(page_of(request.args), last)
    return render_template(
        "board/decisions.html",
        form=form,
        chips=list(form.chips()),
        rows=rows[PAGE * (page - 1) : PAGE * page],
        total=len(rows),
        cents=sum(row.cents or 0 for row in rows),
        full=does(Permission.CONSIDERED_READ),
        page=page,
        last=last,
        filters={name: request.args[name] for name in FILTERS if request.args.get(name)},
    )


@blueprint.get("/decisions/list.<any(csv, xlsx):kind>")
@needs(Permission.DECISION_READ)
@exports
def decisions_file(kind: str) -> Response:
    """The same as it is filtered."""
    rows = _listed()[1]
    headings = (
        _("Reference"), _("Title"), _("Country (code)"), _("Country"), _("Session"), _("Advice"), _("Amount advised"),
        _("Decision"), _("Amount approved"), _("Decided on"),
    )  # fmt: skip
    return file(kind, f"{fund_here().code}-decisions", headings, list(_cells(rows)), len(rows))


def _cells(rows: list[Row]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.reference, row.title, row.country, row.state, row.session,
            str(ADVISED[row.advice]) if row.advice else "",
            _dollars(row.advised), str(DECIDED[row.outcome]) if row.outcome else "", _dollars(row.cents),
            row.on.isoformat() if row.on else "",
        )  # fmt: skip


def _dollars(cents: int | None) -> Decimal | str:
    return Decimal(cents).scaleb(-2) if cents is not None else ""
