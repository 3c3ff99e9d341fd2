"""Statements that are certified: the list, one beside the books as they are now, and its steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission, may
from fundapp.access.queries import names_of
from fundapp.finance.forms.closing import PeriodForm, StatementForm
from fundapp.finance.models import Certificate, StatementKind
from fundapp.finance.operations.certifying import (
    certify_statement,
    prepare_statement,
    review_statement,
    send_back_statement,
    withdraw_statement,
)
from fundapp.finance.queries.certifying import as_certified, certificate, certificates, from_the_books, open_kinds
from fundapp.finance.rules.certifying import compared, digest_of
from fundapp.finance.rules.closing import span_of
from fundapp.finance.rules.reports import Report
from fundapp.finance.views.blueprint import blueprint, fund_for, language
from fundapp.finance.words import CERTIFICATE_STAGES, KINDS
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.languages import LANGUAGES, OWN_NAMES
from fundapp.kernel.work import Work
from fundapp.proposals.views.calls.blueprint import do, fund_here, status

Answer = str | BaseResponse | tuple[str, int]
LARGEST_KEY = 2**62
STEPS: dict[str, tuple[Callable[[Work, Certificate, int], Any], Permission]] = {
    "review": (review_statement, Permission.STATEMENT_REVIEW),
    "certify": (certify_statement, Permission.STATEMENT_CERTIFY),
    "withdraw": (withdraw_statement, Permission.STATEMENT_PREPARE),
    "send-back": (send_back_statement, Permission.STATEMENT_REVIEW),
}
NEXT = {"prepared": ("review", "send-back", "withdraw"), "reviewed": ("certify", "send-back", "withdraw")}


@blueprint.get("/certificates", endpoint="certificates")
@needs(Permission.BOOKS_READ)
def certificates_page() -> str:
    """The statements of the fund that were prepared to be certified."""
    fund = fund_for(Permission.BOOKS_READ)
    known = open_kinds(db.session(), fund, actor())
    rows = [row for row in certificates(db.session(), fund.id) if row.kind in known]
    return render_template(
        "finance/certificates.html", rows=[(row, span_of(row.first, row.last)) for row in rows], kinds=KINDS,
        stages=CERTIFICATE_STAGES, prepares=may(actor(), Permission.STATEMENT_PREPARE, fund),
    )  # fmt: skip


@blueprint.route("/certificates/new", methods=["GET", "POST"])
@needs(Permission.STATEMENT_PREPARE)
def new_certificate() -> Answer:
    """Prepare a statement to be certified."""
    fund, rest = fund_for(Permission.STATEMENT_PREPARE), list[Fault]()
    form = StatementForm().offer(open_kinds(db.session(), fund, actor()))
    if form.validate_on_submit():
        faults, made = list[Fault](), list[int]()
        kind, first, last = form.said(faults)

        def prepare(work: Work) -> None:
            made.append(prepare_statement(work, fund, kind, first, last, form.note.data or "").id)

        rest = do(form, prepare, faults)
        if not rest and not form.errors:
            flash(_("The statement is prepared. Somebody else looks it through."), "success")
            return redirect(url_for("finance.certificate_page", key=made[0]))
    return render_template("finance/certificate_new.html", form=form, faults=rest), status(form, rest)


def certificate_at(key: int) -> Certificate:
    """The statement of an address; 404 where the fund has none of that key, or not for whoever asks."""
    fund = fund_for(Permission.BOOKS_READ)
    found = certificate(db.session(), fund.id, key) if key < LARGEST_KEY else None
    if found is None or found.kind not in open_kinds(db.session(), fund, actor()):
        abort(404)
    return found


@blueprint.get("/certificates/<int:key>")
@needs(Permission.BOOKS_READ)
def certificate_page(key: int) -> str:
    """A statement as it was prepared, beside what the books say now."""
    return _page(certificate_at(key), PeriodForm(), [])


def _page(found: Certificate, form: PeriodForm, rest: list[Fault]) -> str:
    session, fund = db.session(), fund_here()
    names = names_of(session, [by for by in (found.prepared_by, found.reviewed_by, found.certified_by,
                                             found.withdrawn_by) if by])  # fmt: skip
    shown = as_certified(found, names)
    books = from_the_books(session, fund, found)
    rows = compared(shown.facts, books)
    acts = [name for name in NEXT.get(found.stage, ()) if may(actor(), STEPS[name][1], found)]
    return render_template(
        "finance/certificate.html", found=found, shown=shown, rows=rows, books=books,
        restated=any(row.restated for row in rows), of_cells=isinstance(shown.facts, Report),
        span=span_of(found.first, found.last), intact=digest_of(found.content) == found.digest, acts=acts, form=form,
        faults=rest, kinds=KINDS, stages=CERTIFICATE_STAGES, spoken=language(),
        files=[(code, OWN_NAMES[code]) for code in LANGUAGES],
        by_donor=found.kind is StatementKind.CONTRIBUTIONS, withdrawn=names.get(found.withdrawn_by or "", ""),
    )  # fmt: skip


@blueprint.post("/certificates/<int:key>/<any(review, certify, withdraw, 'send-back'):step>")
@needs(Permission.BOOKS_READ)
def certificate_step(key: int, step: str) -> Answer:
    """Look a statement through, certify it, send it back or withdraw it."""
    found, form, (act, permission) = certificate_at(key), PeriodForm(), STEPS[step]
    fund_for(permission)
    rest: list[Fault] = []
    if form.validate_on_submit():
        rest = do(form, lambda work: act(work, found, form.of_version) and None)
        if not rest:
            flash(_done(step), "success")
            return redirect(url_for("finance.certificate_page", key=key))
    return _page(found, form, rest), status(form, rest)


def _done(step: str) -> str:
    said: dict[str, str] = {
        "review": _("The statement was looked through. A third person certifies it."),
        "certify": _("The statement is certified: it never changes again."),
        "withdraw": _("The statement is withdrawn."),
        "send-back": _("The statement is sent back."),
    }
    return said[step]
