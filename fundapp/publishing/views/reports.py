"""The statements beside the first two as pages and as files; each figure opens what is behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from tempfile import TemporaryFile
from typing import Any

from flask import Blueprint, Response, current_app, g, render_template, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from fundapp.access.gate import actor, exports, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import day
from fundapp.access.views.page import BYTE_ORDER_MARK
from fundapp.finance.queries import years_of
from fundapp.finance.queries.audit import may_be_packed
from fundapp.finance.queries.reports import drawn
from fundapp.finance.rules import reports as kinds
from fundapp.finance.rules.reports import Amount, Opens, Report, Term
from fundapp.finance.views.blueprint import fund_for, language, period, years
from fundapp.funds.models import Fund
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.languages import is_whole_years
from fundapp.proposals.queries.proposals import closed_to
from fundapp.publishing.audit_pack import pack
from fundapp.publishing.blocks import Figure
from fundapp.publishing.documents.parts import signs
from fundapp.publishing.documents.reports import Worded, cell_names, notes, said, span, title, worded
from fundapp.publishing.drawing import REPORT_FORMATS, draw
from fundapp.publishing.views.asked import document_language
from fundapp.publishing.words import Words

blueprint = Blueprint("reports", __name__, url_prefix="/<fund:fund>/finance/statements")
KINDS = "any(pdf, xlsx, csv, json)"
PERMISSIONS = {
    kinds.BALANCE: Permission.BOOKS_READ,
    kinds.COMPARED: Permission.BOOKS_READ,
    kinds.TRIAL: Permission.BOOKS_READ,
    kinds.AVAILABLE: Permission.BOOKS_READ,
    kinds.BUDGET: Permission.SPENDING_READ,
    kinds.COMMITMENTS: Permission.SPENDING_READ,
    kinds.RECEIVABLES: Permission.DONOR_READ,
}
ENDPOINTS = {
    kinds.BALANCE: "reports.balance",
    kinds.COMPARED: "reports.compared",
    kinds.TRIAL: "reports.trial",
    kinds.AVAILABLE: "reports.available",
    kinds.BUDGET: "reports.budget",
    kinds.COMMITMENTS: "reports.commitments",
    kinds.RECEIVABLES: "reports.receivables",
}
NAMES = f"any({', '.join(repr(kind) for kind in PERMISSIONS)})"
# The pages of single things, by what a figure opens
THINGS = {"project": "finance.project", "commitment": "finance.commitment", "pledge": "donors.pledge"}
# The lists that a figure of a day is made of, and what they call a project in their address
ON_A_DAY = {
    "commitments": ("reports.commitments", ""),
    "projects": ("finance.projects", ""),
    "bound": ("finance.commitments", "project"),
    "allotted": ("finance.allotted", "code"),
}
CSS = {"group": "app-table__group", "total": "app-table__total", "grand": "app-table__grand", "memo": "app-table__memo"}


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell of the page: an amount and what it opens, or text."""

    figures: bool
    cents: int | None
    text: str
    href: str | None
    whole: bool  # on one line


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the page."""

    css: str
    group: bool
    label: str
    href: str | None
    cells: tuple[ShownCell, ...]
    warns: bool


def _asked(fund: Fund, kind: str) -> Report:
    """The statement of the address."""
    if kind in kinds.ON_A_DAY:
        last = day("on") or min(period(fund)[1], today())
        first = last.replace(month=1, day=1)
    else:
        first, last = period(fund)
    return drawn(db.session(), kind, fund, first, last, closed_to(actor()))


def _page(kind: str) -> str:
    """The page of a statement."""
    fund = fund_for(PERMISSIONS[kind])
    facts = _asked(fund, kind)
    first, last = facts.first, facts.last
    days: dict[str, Any] = {"from": first.isoformat(), "to": last.isoformat()} if first else {"on": last.isoformat()}
    whole = first is not None and is_whole_years(first, last) and first.year == last.year
    return render_template(
        "publishing/report.html",
        facts=facts,
        **in_words(facts),
        files=[
            (form.upper(), url_for("reports.file", kind=kind, form=form, **days)) for form in ("pdf", "xlsx", "csv")
        ],
        page=url_for(ENDPOINTS[kind]),
        days=days,
        years=years(),
        whole_year=last.year if whole else None,
    )


@blueprint.app_template_filter("in_words")
def in_words(facts: Report) -> dict[str, Any]:
    """A statement as pages show it in the reader's language; each figure opens what is behind it, where that is known.

    named: what the row and the column of a cell are called.
    """
    words = Words(language())
    return {
        "title": title(facts.kind, words),
        "span": span(facts, words),
        "head": said(facts.head, words),
        "columns": [{"label": said(column.head, words), "num": column.figures} for column in facts.columns],
        "rows": [_shown(one, facts) for one in worded(facts, words)],
        "notes": [*notes(facts, words), signs(words).text],
        "named": cell_names(facts, words),
    }


def _shown(one: Worded, facts: Report) -> ShownRow:
    row = one.row
    cells = []
    for column, cell, text in zip(facts.columns, row.cells, one.cells, strict=True):
        opens = _address(cell.opens) if isinstance(cell, Amount) and cell.cents else None
        cents = text.minor if isinstance(text, Figure) else None
        cells.append(
            ShownCell(
                column.figures, cents, text if isinstance(text, str) else "", opens, isinstance(cell, date | Term)
            )
        )
    css = " ".join(filter(None, (CSS.get(row.kind), "app-in" if row.level or row.kind == "memo" else "")))
    return ShownRow(css, row.kind == "group", one.label, _address(row.opens), tuple(cells), row.warns)


def _address(opens: Opens | None) -> str | None:
    """Where a figure leads to; None where the program has no page of it."""
    if opens is None:
        return None
    days: dict[str, Any] = {
        name: value.isoformat() for name, value in (("from", opens.first), ("to", opens.last)) if value
    }
    if opens.thing == "account":
        return url_for("finance.account_card", code=opens.number, **days)
    if opens.thing == "budget":
        assert opens.last is not None
        return url_for("reports.budget", **{**days, "from": opens.last.replace(month=1, day=1).isoformat()})
    if opens.thing in ON_A_DAY:
        endpoint, of = ON_A_DAY[opens.thing]
        given: dict[str, Any] = {of: opens.project} if opens.project else {}
        return url_for(endpoint, **given, classes=opens.line or None, on=days.get("to"))
    if opens.thing:
        return _thing(THINGS[opens.thing], opens.number)
    more: dict[str, Any] = {
        name: value for name, value in (("donor", opens.donor), ("project", opens.project)) if value
    }
    return url_for("finance.entries", line=opens.line, **days, **more)


def _thing(endpoint: str, number: str) -> str | None:
    """The page of a project, a commitment or a pledge, whatever it calls the number in its address."""
    if endpoint not in current_app.view_functions:
        return None
    rule = next(current_app.url_map.iter_rules(endpoint))
    names = [name for name in rule.arguments if name != "fund"]
    given: dict[str, Any] = dict.fromkeys(names, number)
    return url_for(endpoint, **given) if len(names) == 1 else None


@blueprint.get("/balance")
@needs(Permission.BOOKS_READ)
def balance() -> str:
    """Changes in the balance of the fund."""
    return _page(kinds.BALANCE)


@blueprint.get("/compared")
@needs(Permission.BOOKS_READ)
def compared() -> str:
    """Income and expenditure beside the period before."""
    return _page(kinds.COMPARED)


@blueprint.get("/budget")
@needs(Permission.SPENDING_READ)
def budget() -> str:
    """Budget against actual, by project and class."""
    return _page(kinds.BUDGET)


@blueprint.get("/commitments")
@needs(Permission.SPENDING_READ)
def commitments() -> str:
    """Commitments outstanding on a day."""
    return _page(kinds.COMMITMENTS)


@blueprint.get("/receivables")
@needs(Permission.DONOR_READ)
def receivables() -> str:
    """What donors owe on a day, by age."""
    return _page(kinds.RECEIVABLES)


@blueprint.get("/available")
@needs(Permission.BOOKS_READ)
def available() -> str:
    """Cash, and what is available to commit on a day."""
    return _page(kinds.AVAILABLE)


@blueprint.get("/trial-balance")
@needs(Permission.BOOKS_READ)
def trial() -> str:
    """The trial balance of a period; each account opens to its card."""
    return _page(kinds.TRIAL)


@blueprint.get(f"/<{NAMES}:kind>.<{KINDS}:form>")
@needs(Permission.BOOKS_READ)
@exports
def file(kind: str, form: str) -> Response:
    """A statement as a file, in the language of the page or the one asked for."""
    fund = fund_for(PERMISSIONS[kind])
    facts, written = _asked(fund, kind), document_language()
    content = draw(facts, written, form)
    if form == "csv":
        content = BYTE_ORDER_MARK.encode() + content  # a person opens it in a spreadsheet
    answer = Response(content, content_type=REPORT_FORMATS[form].mimetype)
    name = f"{g.fund.code}-{kind}-{facts.last.isoformat()}-{written}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.get("/audit-pack")
@needs(Permission.AUDIT_PACK)
def audit_pack() -> str:
    """What the auditor's pack has, and of which years there is one."""
    fund = fund_for(Permission.AUDIT_PACK)
    return render_template("publishing/audit_pack.html", years=[year for year, _ in years_of(db.session(), fund.id)])


@blueprint.get("/audit-pack/<int(min=1, max=2999):year>.zip")
@needs(Permission.AUDIT_PACK)
@exports
def audit_pack_file(year: int) -> BaseResponse:
    """The pack of a year, in the language of the page or the one asked for."""
    fund, written = fund_for(Permission.AUDIT_PACK), document_language()
    may_be_packed(db.session(), fund, year, closed_to(actor()))
    out = TemporaryFile()  # noqa: SIM115 - the answer closes it
    pack(db.session(), fund, year, written, out)
    out.seek(0)
    return send_file(out, "application/zip", as_attachment=True, download_name=f"{fund.code}-audit-pack-{year}.zip")
