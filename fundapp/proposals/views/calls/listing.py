"""The calls of a fund: what is open and closes next comes first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _

from fundapp.access.forms import page_of
from fundapp.access.gate import actor, exports, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.access.views.page import file, last_page
from fundapp.funds.queries import focus_areas
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.sheets import Cell
from fundapp.proposals.forms.calls import CallFilterForm
from fundapp.proposals.queries import PAGE, CallRow, CallsWanted
from fundapp.proposals.queries import calls as calls_of
from fundapp.proposals.views.calls.blueprint import blueprint, does, fund_here, text_for
from fundapp.proposals.words import STAGES

FILTERS = ("q", "stage", "area", "sort")


def _wanted() -> tuple[CallFilterForm, CallsWanted]:
    areas = [(area.id, area.name(language())) for area in focus_areas(db.session(), fund_here())]
    form = CallFilterForm(request.args).offer(areas, does(Permission.CALL_READ_DRAFT))
    return form, form.wanted(request.args.get("sort", ""))


def _area(form: CallFilterForm) -> str:
    """The focus area that the list is narrowed to, by name."""
    choices: Iterable[Any] = form.area.iter_choices()
    return next((str(one.label) for one in choices if one.value and one.selected), "")


@blueprint.get("")
@needs(Permission.CALL_READ)
def calls() -> str:
    """The calls of the fund."""
    form, wanted = _wanted()
    page = page_of(request.args)
    rows, total = calls_of(db.session(), actor(), fund_here(), wanted, now(), page=page)
    return render_template(
        "proposals/calls.html",
        form=form,
        wanted=wanted,
        area=_area(form),
        rows=rows,
        total=total,
        page=page,
        last=last_page(total, PAGE),
        prepares=does(Permission.CALL_PREPARE),
        filters={name: request.args[name] for name in FILTERS if request.args.get(name)},
    )


# the word and not `calls.csv`: beside the code of a call, which has a hyphen, it is no other page's name
@blueprint.get("/list.<any(csv, xlsx):kind>")
@needs(Permission.CALL_READ)
@exports
def calls_file(kind: str) -> Response:
    """The calls as they are filtered; moments are UTC."""
    rows, total = calls_of(db.session(), actor(), fund_here(), _wanted()[1], now(), page=None)
    headings = (
        _("Code"), _("Title"), _("Stage"), _("Opens (UTC)"), _("Closes (UTC)"), _("Time zone"),
        _("Envelope, dollars"), _("Floor, dollars"), _("Ceiling, dollars"),
    )  # fmt: skip
    return file(kind, f"{fund_here().code}-calls", headings, list(_cells(rows)), total)


def _cells(rows: list[CallRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.code,
            text_for(row.title),
            str(STAGES[row.stage]),
            _moment(row.opens_at),
            _moment(row.closing),
            row.zone,
            *(_dollars(cents) for cents in (row.envelope, row.floor, row.ceiling)),
        )


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def _dollars(cents: int | None) -> Decimal | str:
    return Decimal(cents).scaleb(-2) if cents is not None else ""
