"""What is unpaid, how long it has been due, and reminding donors of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.gate import actor, exports, needs
from fundapp.access.policy import Permission, may
from fundapp.access.views.page import file, filters
from fundapp.contributions.models import Instalment
from fundapp.finance.forms.receiving import RemindForm
from fundapp.finance.operations.reminding import remind
from fundapp.finance.queries.ageing import SORTS, unpaid
from fundapp.finance.receiving_words import AGES
from fundapp.finance.rules.ageing import BETWEEN_REMINDERS, Age, Unpaid, by_age
from fundapp.finance.views.blueprint import blueprint, day, fund_for, language
from fundapp.finance.views.receiving import Answer, whole_units
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.sheets import Cell
from fundapp.kernel.text import fold
from fundapp.kernel.work import Work
from fundapp.proposals.views.calls.blueprint import do, status


def _listed() -> list[Unpaid]:
    """What the address asks for: by a day, of an age, in an order."""
    fund, on = fund_for(Permission.DONOR_READ), day("on") or today()
    rows = unpaid(db.session(), fund, on, language())
    sort = request.args.get("sort", "due")
    keys = {
        "donor": lambda row: (fold(row.name), row.due_on),
        "pledge": lambda row: (row.pledge, row.number),
        "amount": lambda row: row.cents,
    }
    key = keys.get(sort.removeprefix("-"), lambda row: (row.due_on, row.pledge))
    return sorted(rows, key=key, reverse=sort.removeprefix("-") in SORTS and sort.startswith("-"))


def _chosen(rows: list[Unpaid]) -> tuple[Age | None, list[Unpaid]]:
    wanted = next((age for age in Age if age == request.args.get("age")), None)
    return wanted, [row for row in rows if wanted is None or row.age is wanted]


@blueprint.get("/ageing")
@needs(Permission.DONOR_READ)
def ageing() -> str:
    """Instalments that are not paid, by how long they have been due."""
    every = _listed()
    wanted, rows = _chosen(every)
    fund = fund_for(Permission.DONOR_READ)
    return render_template(
        "finance/receiving/ageing.html",
        rows=rows,
        sums=by_age(every),
        wanted=wanted,
        on=day("on") or today(),
        is_today=not day("on") or day("on") == today(),
        ages=AGES,
        total=sum(row.cents for row in every),
        shown=sum(row.cents for row in rows),
        estimated=any(row.stands.recognised is None for row in rows),
        may_write=may(actor(), Permission.DONOR_WRITE_TO, fund),
        filters=filters(("on", "age")),
    )


@blueprint.get("/ageing/list.<any(csv, xlsx):kind>")
@needs(Permission.DONOR_READ)
@exports
def ageing_file(kind: str) -> Response:
    """The same as a file."""
    rows = _chosen(_listed())[1]
    headings = (
        _("Pledge"), _("Instalment"), _("Donor (code)"), _("Donor"), _("Due on"), _("Days overdue"), _("Age"),
        _("Currency"), _("Promised"), _("Outstanding"), _("Outstanding, United States dollars"), _("Reminders"),
    )  # fmt: skip
    return file(kind, f"{fund_for(Permission.DONOR_READ).code}-unpaid", headings, list(_cells(rows)), len(rows))


def _cells(rows: list[Unpaid]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.pledge, row.number, row.donor, row.name, row.due_on.isoformat(), row.days, str(AGES[row.age]),
            row.currency, whole_units(row.stands.minor, row.currency),
            whole_units(row.stands.outstanding, row.currency), Decimal(row.cents).scaleb(-2),
            "; ".join(one.isoformat() for one in row.reminders),
        )  # fmt: skip


@blueprint.route("/ageing/<int:key>/remind", methods=["GET", "POST"], endpoint="remind")
@needs(Permission.DONOR_WRITE_TO)
def remind_page(key: int) -> Answer:
    """Remind a donor of an instalment; the letter is drawn afterwards."""
    fund, form, rest, faults = fund_for(Permission.DONOR_WRITE_TO), RemindForm().offer(), list[Fault](), list[Fault]()
    row = next((one for one in unpaid(db.session(), fund, today(), language()) if one.instalment_id == key), None)
    if row is None:
        abort(404)
    if request.method == "GET":
        form.on.data, form.language.data = today().isoformat(), row.language
    elif form.validate():
        on, written = form.day(faults), form.language.data or ""
        rest = do(form, lambda work: _remind(work, key, on, written), faults)
        if not rest and not form.errors:
            flash(_("The reminder is recorded. The letter can be taken from here."), "success")
            return redirect(url_for("finance.pledge_money", number=row.pledge))
    page = render_template("finance/receiving/remind.html", row=row, form=form, faults=rest, between=BETWEEN_REMINDERS)
    return page, status(form, rest)


def _remind(work: Work, key: int, on: date, written: str) -> None:
    remind(work, work.session.get_one(Instalment, key), on, written)
