"""The documents of a proposal: what is asked for and what is there; added, replaced, taken off, given out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wrappers import Response

from fundapp.access.gate import actor, needs, signed_in
from fundapp.access.policy import Permission
from fundapp.access.queries import names_of
from fundapp.access.views.page import say
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.arriving import taken
from fundapp.proposals.forms.calls import whole
from fundapp.proposals.forms.documents import DocumentForm, FileForm
from fundapp.proposals.layouts.documents import ENDINGS, MEDIA_TYPES, TYPES
from fundapp.proposals.models import Call, Proposal, ProposalDocument
from fundapp.proposals.operations.documents import Said, add_file, bring_document_back, check_said, take_document_off
from fundapp.proposals.queries.documents import (
    Group,
    Kind,
    document_at,
    documents_of,
    file_of,
    grouped,
    handed_in,
    kinds_of,
    last_file,
    open_uploads,
    places_of,
)
from fundapp.proposals.queries.proposals import CONSENT, OTHER, last_version, of_the_office
from fundapp.proposals.rules.record import File
from fundapp.proposals.views.calls.blueprint import place, status
from fundapp.proposals.views.proposal.blueprint import blueprint, does, proposal_at, writable_at
from fundapp.proposals.views.proposal.counter import counter

Answer = str | Response | tuple[str, int]
SANDBOX = "default-src 'none'; sandbox"
KINDS = {one.media_type: one.endings[0].upper() for one in TYPES}


@blueprint.get("/<reference>/documents")
@needs(Permission.PROPOSAL_READ)
def documents(reference: str) -> str:
    """The documents of a proposal."""
    found = proposal_at(reference)
    own, writes = of_the_office(actor(), found), _writes(found)
    groups = groups_of(found)
    files = [file for group in groups for one in (*group.there, *group.removed) for file in one.files]
    gone = [one.document.removed_by or "" for group in groups for one in group.removed]
    return render_template(
        "proposals/proposal/documents.html",
        proposal=found,
        groups=groups,
        own=own,
        writes=writes,
        names=names_of(db.session(), [*(file.by for file in files), *gone]),
        waiting=open_uploads(db.session(), signed_in().id, found) if writes else [],
    )


def groups_of(found: Proposal) -> list[Group]:
    """What there is of each kind, as the reader may see it; four queries at most."""
    session = db.session()
    kinds = kinds_of(session, session.get_one(Call, found.call_id))
    own = of_the_office(actor(), found)
    shown = documents_of(session, found)
    # an auditor sees drafts too, and those have no version yet
    version = None if own or not found.handed_in else last_version(session, found)
    return grouped(kinds, handed_in(shown, version) if version else shown, own=own)


def group_of(found: Proposal, kind: str) -> Group | None:
    """What there is of one kind, for the page that asks for it."""
    return next((group for group in groups_of(found) if group.kind.code == kind), None)


def _writes(found: Proposal) -> bool:
    return found.writable and of_the_office(actor(), found) and does(Permission.PROPOSAL_WRITE, found)


def own_writable(reference: str) -> Proposal:
    """A proposal in whose documents this person writes; others get what they get of one that is not there."""
    found = proposal_at(reference)
    if not (of_the_office(actor(), found) and does(Permission.PROPOSAL_WRITE, found)):
        abort(404)
    return writable_at(reference)


@blueprint.route("/<reference>/documents/add", methods=["GET", "POST"])
@needs(Permission.PROPOSAL_WRITE)
def add_document(reference: str) -> Answer:
    """Add a document of the kind that the address names."""
    found, session = own_writable(reference), db.session()
    code = request.args.get("kind", OTHER)
    kind = next((one for one in kinds_of(session, session.get_one(Call, found.call_id)) if one.code == code), None)
    if kind is None:
        abort(404)
    form = DocumentForm()
    rest: list[Fault] = []
    if form.is_submitted():
        said = Said(code, form.title.data or "")
        rest = _take_in(form, found, said, form.faults())
        if not rest and not form.errors:
            flash(_("The document is added."), "success")
            return _back(reference, code)
    return _page(found, form, rest, kind=kind)


@blueprint.route("/<reference>/documents/<int:document>/replace", methods=["GET", "POST"])
@needs(Permission.PROPOSAL_WRITE)
def replace_document(reference: str, document: int) -> Answer:
    """Send a further version of a document."""
    found, session = own_writable(reference), db.session()
    row = document_at(session, found, document)
    last = last_file(session, row) if row else None
    if row is None or last is None:
        abort(404)
    code = row.kind
    form = FileForm(seen=str(last.number))
    rest: list[Fault] = []
    if form.is_submitted():
        rest = _take_in(form, found, Said(code, document=document, seen=whole(form.seen.data)), form.faults())
        if not rest and not form.errors:
            flash(_("The document has a new version."), "success")
            return _back(reference, code)
        row, last = session.get_one(ProposalDocument, document), last_file(session, row)
    return _page(found, form, rest, document=row, last=last)


def _page(found: Proposal, form: FileForm, rest: list[Fault], **more: Any) -> Answer:
    page = render_template(
        "proposals/proposal/document.html",
        proposal=found,
        form=form,
        faults=rest,
        endings=",".join(ENDINGS),
        largest=counter().largest,
        person=signed_in().id,
        **more,
    )
    return page, status(form, rest)


def _take_in(form: FileForm, found: Proposal, said: Said, faults: list[Fault]) -> list[Fault]:
    """Look at the file, keep it and make a document of it; what is wrong goes beside the fields."""
    session = db.session()
    try:
        if faults:
            raise Refusal(*faults)
        check_said(session, found, said)
        arrived = taken(counter(), form.sent.stream, form.sent.filename)
        with unit_of_work(signed_in()) as work:
            add_file(work, found, said, arrived)
        return []
    except Refusal as refusal:
        session.rollback()
        at_file = [Fault(one.code, one.values, one.row, one.column, one.field or "file") for one in refusal.faults]
        return place(form, refusal.faults if refusal.faults[0].code.startswith("proposal.") else at_file)


def _back(reference: str, kind: str) -> Response:
    return redirect(url_for("proposal.documents", reference=reference, _anchor=f"kind-{kind}"))


@blueprint.post("/<reference>/documents/<int:document>/take-off")
@needs(Permission.PROPOSAL_WRITE)
def take_off(reference: str, document: int) -> Response:
    """Take a document off."""
    return _do(reference, document, take_document_off, _("The document is taken off. It can be brought back."))


@blueprint.post("/<reference>/documents/<int:document>/bring-back")
@needs(Permission.PROPOSAL_WRITE)
def bring_back(reference: str, document: int) -> Response:
    """Bring a document back."""
    return _do(reference, document, bring_document_back, _("The document is back."))


def _do(reference: str, key: int, verb: Callable[[Work, Proposal, int], None], said: str) -> Response:
    found = own_writable(reference)
    if document_at(db.session(), found, key) is None:
        abort(404)
    try:
        with unit_of_work(signed_in()) as work:
            verb(work, found, key)
        flash(said, "success")
    except Refusal as refusal:
        say(refusal)
    return redirect(url_for("proposal.documents", reference=reference))


@blueprint.get("/<reference>/documents/<int:document>/<int:number>")
@needs(Permission.PROPOSAL_READ)
def document_file(reference: str, document: int, number: int) -> Response:
    """A file, to be kept and not shown: whatever is in it, it does nothing here."""
    found = proposal_at(reference)
    whole_proposal = of_the_office(actor(), found) or not found.handed_in
    row = file_of(db.session(), found, document, number, own=whole_proposal)
    if row is None:
        abort(404)
    try:
        content = counter().store.open(row.digest)
    except FileNotFoundError:
        raise refuse("document.lost", name=row.name) from None
    media_type = row.media_type if row.media_type in MEDIA_TYPES else "application/octet-stream"
    response = send_file(
        content, mimetype=media_type, as_attachment=True, download_name=row.name, etag=row.digest, conditional=False
    )
    response.content_length = row.size
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Content-Encoding"] = "identity"  # nobody packs it on its way: parts of it may be asked for
    try:
        return response.make_conditional(request.environ, accept_ranges=True, complete_length=row.size)
    except RequestedRangeNotSatisfiable:
        content.close()
        raise


def addresses(found: Proposal) -> Callable[[File], str]:
    """Where a file that a version names is fetched, "" where it is not there; one query."""
    places = places_of(db.session(), found)

    def address_of(file: File) -> str:
        document = places.get((file["number"], file["name"], file["digest"]))
        if document is None:
            return ""
        values = {"reference": found.reference, "document": document, "number": file["number"]}
        return url_for("proposal.document_file", **values)

    return address_of


@blueprint.app_context_processor
def _of_kinds() -> dict[str, Any]:
    return {"documents_of_kind": group_of, "file_kinds": KINDS, "CONSENT": CONSENT, "kind_words": _kind_words}


def _kind_words(kind: Kind) -> str:
    """What a kind is called where the call has no words of its own for it."""
    return str(_("Request or consent of the State") if kind.code == CONSENT else _("Other documents"))
