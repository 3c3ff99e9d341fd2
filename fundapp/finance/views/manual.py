"""Entries made by hand: the list, one prepared with its document, one certified or refused by another person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from fundapp.access.forms import page_of
from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission, may
from fundapp.access.queries import names_of
from fundapp.access.views.address import language
from fundapp.access.views.page import last_page
from fundapp.contributions.queries import names_of_donors
from fundapp.finance.forms.manual import STAGES, AnswerForm, ManualFilterForm, ManualForm
from fundapp.finance.models import ManualEntry, ManualStage
from fundapp.finance.operations.manual import certify_manual, prepare_manual, refuse_manual
from fundapp.finance.queries.extracts import project_codes
from fundapp.finance.queries.manual import PAGE, manual_entries
from fundapp.finance.queries.manual import manual_entry as entry_at
from fundapp.finance.queries.statements import account_names
from fundapp.finance.rules.manual import lines_from
from fundapp.finance.views.blueprint import blueprint, fund_for
from fundapp.finance.views.extracts import LARGEST_KEY, Answer
from fundapp.funds.models import Fund
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work
from fundapp.proposals.arriving import taken
from fundapp.proposals.layouts.documents import ENDINGS, MEDIA_TYPES
from fundapp.proposals.views.calls.blueprint import do, place, status
from fundapp.proposals.views.proposal.counter import AROUND, counter
from fundapp.proposals.views.proposal.documents import SANDBOX
from fundapp.reference.rules import order_key


@blueprint.url_value_preprocessor
def _measure(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let a document in at this one address, and only from those who may prepare an entry."""
    if endpoint == "finance.new_manual_entry" and may(actor(), Permission.MANUAL_PREPARE):
        request.max_content_length = counter().largest + AROUND


@blueprint.get("/manual")
@needs(Permission.BOOKS_READ)
def manual() -> str:
    """The entries made by hand, newest first."""
    fund, session, page = fund_for(Permission.BOOKS_READ), db.session(), page_of(request.args)
    form = ManualFilterForm(request.args).offer()
    found, total = manual_entries(session, fund, form.wanted, page)
    return render_template(
        "finance/manual.html",
        form=form,
        rows=found,
        page=page,
        last=last_page(total, PAGE),
        stages=STAGES,
        names=names_of(session, [one.prepared_by for one in found]),
        prepares=may(actor(), Permission.MANUAL_PREPARE, fund),
    )


def _form(fund: Fund) -> ManualForm:
    session, spoken = db.session(), language()
    donors = sorted(
        names_of_donors(session, date.max).values(),
        key=lambda known: order_key(known[1][spoken], known[1]["en"], spoken),
    )
    accounts = account_names(session)
    return ManualForm().offer(
        ((code, f"{code} {names[spoken]}") for code, names in accounts.items()),
        ((code, names[spoken]) for code, names in donors),
        project_codes(session, fund, actor()).values(),
    )


@blueprint.route("/manual/new", methods=["GET", "POST"])
@needs(Permission.MANUAL_PREPARE)
def new_manual_entry() -> Answer:
    """Prepare an entry; another certifies it."""
    fund, rest = fund_for(Permission.MANUAL_PREPARE), list[Fault]()
    form = _form(fund)
    if form.is_submitted() and form.validate():
        faults: list[Fault] = []
        given, made = form.said(language(), faults), list[int]()
        if form.sent is None:
            faults.append(Fault("manual.no-document", field="file"))

        def change(work: Work) -> None:
            made.append(prepare_manual(work, fund, given, arrived).id)

        if faults:
            rest = place(form, faults)
        else:
            try:
                arrived = taken(counter(), form.sent.stream, form.sent.filename)
            except Refusal as refusal:
                rest = place(form, [Fault(one.code, one.values, field="file") for one in refusal.faults])
            else:
                rest = do(form, change)
        if made and not rest and not form.errors:
            flash(_("The entry is prepared. It is posted once somebody else certifies it."), "success")
            return redirect(url_for("finance.manual_entry", key=made[0]))
    page = render_template("finance/manual_new.html", form=form, faults=rest, endings=",".join(ENDINGS))
    return page, 422 if rest or form.errors else 200


def _entry(key: int) -> ManualEntry:
    fund = fund_for(Permission.BOOKS_READ)
    return (entry_at(db.session(), fund, key) if key < LARGEST_KEY else None) or abort(404)


@blueprint.get("/manual/<int:key>")
@needs(Permission.BOOKS_READ)
def manual_entry(key: int) -> str:
    """An entry by hand, and what becomes of it."""
    return _page(_entry(key), AnswerForm(), [])


@blueprint.post("/manual/<int:key>/<any(certify, refuse):act>")
@needs(Permission.MANUAL_CERTIFY)
def settle_manual_entry(key: int, act: str) -> Answer:
    """Certify an entry and post it, or refuse it."""
    found, form, rest = _entry(key), AnswerForm(), list[Fault]()
    if not may(actor(), Permission.MANUAL_CERTIFY, found):
        abort(404)
    if form.validate():
        seen, why = form.of_version, form.why

        def change(work: Work) -> None:
            prepared = work.session.get_one(ManualEntry, key)
            if act == "certify":
                certify_manual(work, prepared, seen)
            else:
                refuse_manual(work, prepared, why, seen)

        rest = do(form, change)
        if not rest and not form.errors:
            flash(_("The entry is posted.") if act == "certify" else _("The entry is refused."), "success")
            return redirect(url_for("finance.manual_entry", key=key))
    return _page(_entry(key), form, rest), status(form, rest)


def _page(found: ManualEntry, form: AnswerForm, rest: list[Fault]) -> str:
    session, spoken = db.session(), language()
    form.version.data = str(found.version)
    codes = set(project_codes(session, fund_for(Permission.BOOKS_READ), actor()).values())
    kept = lines_from(found.lines)
    donors = {code: names[spoken] for code, names in names_of_donors(session, found.entry_on).values()}
    return render_template(
        "finance/manual_entry.html",
        found=found,
        lines=[(one, donors.get(one.donor, one.donor), one.project if one.project in codes else "") for one in kept],
        accounts={code: names[spoken] for code, names in account_names(session).items()},
        opens=_open(found, codes),
        form=form,
        faults=rest,
        stages=STAGES,
        names=names_of(session, [found.prepared_by, found.settled_by or ""]),
        settles=found.stage is ManualStage.PREPARED and may(actor(), Permission.MANUAL_CERTIFY, found),
    )


def _open(found: ManualEntry, codes: Collection[str]) -> bool:
    """Whether its document is open to the reader: it may tell of a project that an interest keeps them from."""
    return all(not one.project or one.project in codes for one in lines_from(found.lines))


@blueprint.get("/manual/<int:key>/document")
@needs(Permission.BOOKS_READ)
def manual_document(key: int) -> Response:
    """The document, to be kept and not shown: whatever is in it, it does nothing here."""
    found = _entry(key)
    if not _open(found, project_codes(db.session(), fund_for(Permission.BOOKS_READ), actor()).values()):
        abort(404)
    try:
        content = counter().store.open(found.digest)
    except FileNotFoundError:
        raise refuse("document.lost", name=found.document) from None
    media_type = found.media_type if found.media_type in MEDIA_TYPES else "application/octet-stream"
    response = send_file(content, mimetype=media_type, as_attachment=True, download_name=found.document)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
