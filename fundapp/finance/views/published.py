"""Printed documents as they were printed, whether they add up, and the tie-out of three sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from flask import Response, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from fundapp.access.gate import exports, needs, signed_in
from fundapp.access.policy import Permission, may
from fundapp.access.views.page import file
from fundapp.contributions.queries import schedules
from fundapp.finance.checks import Check
from fundapp.finance.forms import AnnotationForm
from fundapp.finance.models import PublishedDocument
from fundapp.finance.operations import annotate as write_note
from fundapp.finance.queries import Examined, copy_of, document, documents, examine, layout_of, notes
from fundapp.finance.rules import label
from fundapp.finance.tie_out import Tie, TieYear
from fundapp.finance.views.blueprint import blueprint, fund_for, language
from fundapp.funds.models import Fund
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.sheets import Cell
from fundapp.kernel.work import unit_of_work


def _document(fund: Fund, symbol: str | None) -> PublishedDocument:
    """The document of the address, or the newest; 404 for one that is not there."""
    found = document(db.session(), fund, symbol) if symbol else next(iter(documents(db.session(), fund)), None)
    if found is None:
        abort(404)
    return found


def _may_annotate(fund: Fund) -> bool:
    return may(signed_in(), Permission.PUBLISHED_ANNOTATE, fund)


@blueprint.get("/published")
@needs(Permission.PUBLISHED_READ)
def published() -> str:
    """The documents whose tables are kept, and the schedules they are set beside."""
    fund = fund_for(Permission.PUBLISHED_READ)
    session = db.session()
    return render_template("finance/published.html", documents=documents(session, fund), schedules=schedules(session))


@blueprint.get("/published/<path:symbol>", endpoint="document")
@needs(Permission.PUBLISHED_READ)
def document_page(symbol: str) -> str:
    """A document: every check with its explanation, then its tables as they were printed."""
    fund, session = fund_for(Permission.PUBLISHED_READ), db.session()
    found = _document(fund, symbol)
    examined = examine(session, fund, found)
    first, last = found.first, found.last
    labels = {
        one.code: label(one.labels[language()], language(), first, last) for one in layout_of(session, fund, last)
    }
    return render_template(
        "finance/document.html",
        document=found,
        checks=examined.checks,
        differing=sum(not check.agrees for check in examined.checks),
        tables=copy_of(session, found),
        labels=labels,
        names=_names(examined),
        notes=notes(session, found),
        annotates=_may_annotate(fund),
    )


def _names(examined: Examined) -> dict[str, str]:
    """The donors' names in the reader's language."""
    return {code: names[language()] for code, names in examined.names.items()}


@blueprint.get("/tie-out")
@needs(Permission.BOOKS_READ)
def tie_out() -> str:
    """One donor's contribution of one year in three sources, and where they part."""
    fund, session = fund_for(Permission.BOOKS_READ), db.session()
    known, symbol = documents(session, fund), request.args.get("symbol")
    if not known:
        return render_template("finance/tie_out.html", document=None)
    found = next((one for one in known if symbol in (None, "", one.symbol)), None) or abort(404)
    examined = examine(session, fund, found)
    shown = chosen(examined.years)
    return render_template(
        "finance/tie_out.html",
        document=found,
        documents=known,
        every=examined.years,
        years=shown,
        rows=[tie for year in shown for tie in year.ties],
        names=_names(examined),
        notes=notes(session, found),
        annotates=_may_annotate(fund),
        schedules=schedules(session),
    )


def chosen(every: Sequence[TieYear]) -> list[TieYear]:
    """The years that the address asks for."""
    year = request.args.get("year", "")
    return [one for one in every if year in ("", str(one.year))]


def hidden(tie: Tie) -> bool:
    """Whether the address asks to leave a row out: one that agrees, or is a dollar apart."""
    if request.args.get("show") != "differences":
        return False
    return tie.agrees or (request.args.get("tolerance") == "1" and tie.finding.code == "tie.one-dollar")


@blueprint.app_template_test("hidden_tie")
def _hidden(tie: Tie) -> bool:
    return hidden(tie)


@blueprint.get("/tie-out.<any(csv, xlsx):kind>")
@needs(Permission.BOOKS_READ)
@exports
def tie_out_file(kind: str) -> Response:
    """The tie-out as it is filtered."""
    fund, session = fund_for(Permission.BOOKS_READ), db.session()
    found = _document(fund, request.args.get("symbol"))
    examined = examine(session, fund, found)
    headings = ("year", "donor", _("Donor"), _("Printed, Table 2"), _("Schedule of trust funds"), _("Books"), "finding")
    rows = list(_cells(chosen(examined.years), _names(examined)))
    return file(kind, f"{fund.code}-tie-out", headings, rows, len(rows))


def _words(fault: Fault) -> str:
    """A finding in the reader's language: the words lie higher up, and templates have them."""
    return str(current_app.jinja_env.filters["sentence"](fault))


def _cells(years: Sequence[TieYear], names: dict[str, str]) -> Iterator[tuple[Cell, ...]]:
    for year in years:
        for tie in year.ties:
            if not hidden(tie):
                amounts = [
                    None if cents is None else Decimal(cents).scaleb(-2)
                    for cents in (tie.printed, tie.scheduled, tie.booked)
                ]
                yield year.year, tie.donor, names.get(tie.donor, tie.donor), *amounts, _words(tie.finding)


def _subject(checks: Sequence[Check], years: Sequence[TieYear], subject: str) -> Check | Tie:
    """The check or the row that a note is about; 404 for one that is not there."""
    rows = {tie.subject: tie for year in years for tie in year.ties}
    found: Check | Tie | None = next((check for check in checks if check.id == subject), None) or rows.get(subject)
    if found is None:
        abort(404)
    return found


@blueprint.route("/annotate/<subject>/<path:symbol>", methods=["GET", "POST"])
@needs(Permission.PUBLISHED_ANNOTATE)
def annotate(subject: str, symbol: str) -> str | BaseResponse:
    """Say what a difference is."""
    fund, session = fund_for(Permission.PUBLISHED_ANNOTATE), db.session()
    found = _document(fund, symbol)
    examined = examine(session, fund, found)
    about = _subject(examined.checks, examined.years, subject)
    form = AnnotationForm()
    if form.validate_on_submit():
        key, text = found.id, form.text.data or ""
        with unit_of_work(signed_in()) as work:
            write_note(work, g.fund, work.session.get_one(PublishedDocument, key), subject, text)
        flash(_("The note stands beside the figure."), "success")
        return redirect(_back(about, symbol))
    return render_template(
        "finance/annotate.html",
        form=form,
        document=found,
        about=about,
        is_tie=isinstance(about, Tie),
        names=_names(examined),
        notes=notes(session, found).get(subject, []),
        back=_back(about, symbol),
    ), (422 if form.errors else 200)  # type: ignore[return-value]


def _back(about: Check | Tie, symbol: str) -> str:
    if isinstance(about, Tie):
        return url_for("finance.tie_out", symbol=symbol, _anchor=about.subject)
    return url_for("finance.document", symbol=symbol, _anchor=about.id)
