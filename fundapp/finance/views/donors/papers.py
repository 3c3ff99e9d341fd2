"""The papers of a pledge: added, given out, taken off."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.forms import Posted
from fundapp.access.gate import needs, signed_in
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.contributions.models import Pledge, PledgeFile, PledgePaper
from fundapp.contributions.operations.pledges import Paper, add_paper, drop_paper
from fundapp.contributions.queries.register import name_of
from fundapp.finance.forms.pledges import PaperForm
from fundapp.finance.views.donors.blueprint import Answer, blueprint, pledge_here
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.arriving import taken, too_large
from fundapp.proposals.layouts.documents import ENDINGS, MEDIA_TYPES
from fundapp.proposals.views.calls.blueprint import place, status
from fundapp.proposals.views.proposal.counter import AROUND, counter
from fundapp.proposals.views.proposal.documents import SANDBOX

ADDS = "donors.new_paper"


@blueprint.url_value_preprocessor
def _measure(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """How much of a request is read at all, said before anything reads of it."""
    if endpoint == ADDS and request.method == "POST":
        request.max_content_length = current_app.config["FUNDAPP_LARGEST_DOCUMENT"] + AROUND
        if (fault := too_large((request.content_length or 0) - AROUND, counter())) is not None:
            raise Refusal(fault)


@blueprint.route("/pledges/<number>/papers/new", methods=["GET", "POST"])
@needs(Permission.PLEDGE_RECORD)
def new_paper(number: str) -> Answer:
    """Add a paper: the agreement, the letter, the note verbale."""
    found, form, rest = pledge_here(number), PaperForm().offer(), list[Fault]()
    if form.is_submitted():
        rest = _take_in(form, found)
        if not rest and not form.errors:
            flash(_("The paper is added."), "success")
            return redirect(url_for("donors.pledge", number=number))
    page = render_template(
        "contributions/paper.html",
        form=form,
        faults=rest,
        pledge=found,
        name=name_of(db.session(), found.donor, language()),
        endings=",".join(ENDINGS),
        largest=counter().largest,
    )
    return page, status(form, rest)


def _take_in(form: PaperForm, found: Pledge) -> list[Fault]:
    """Look at the file, keep it and make a paper of it; what is wrong goes beside the fields."""
    kind, faults = form.kind.data or "", form.faults()
    if kind not in set(PledgePaper):
        faults.append(Fault("pledge.no-paper-kind", field="kind"))
    try:
        if faults:
            raise Refusal(*faults)
        arrived = taken(counter(), form.sent.stream, form.sent.filename)
        with unit_of_work(signed_in()) as work:
            add_paper(work, found, Paper(kind, arrived.name, arrived.media_type, arrived.kept))
        return []
    except Refusal as refusal:
        db.session().rollback()
        faults = [Fault(one.code, one.values, one.row, one.column, one.field or "file") for one in refusal.faults]
        return place(form, faults)


def _paper(number: str, key: int) -> PledgeFile:
    """A paper of a pledge that stands; 404 where there is none."""
    pledge, found = pledge_here(number), db.session().get(PledgeFile, key)
    return found if found and found.pledge_id == pledge.id and found.removed_at is None else abort(404)


@blueprint.get("/pledges/<number>/papers/<int:key>")
@needs(Permission.DONOR_READ)
def paper(number: str, key: int) -> Response:
    """A paper, to be kept and not shown: whatever is in it, it does nothing here."""
    found = _paper(number, key)
    try:
        content = counter().store.open(found.digest)
    except FileNotFoundError:
        raise refuse("document.lost", name=found.name) from None
    media_type = found.media_type if found.media_type in MEDIA_TYPES else "application/octet-stream"
    answer = send_file(
        content, mimetype=media_type, as_attachment=True, download_name=found.name, etag=found.digest, conditional=False
    )
    answer.content_length = found.size
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Content-Encoding"] = "identity"
    return answer


@blueprint.post("/pledges/<number>/papers/<int:key>/take-off")
@needs(Permission.PLEDGE_RECORD)
def drop_paper_of(number: str, key: int) -> Response:
    """Take a paper off."""
    found, _form = _paper(number, key), Posted()
    with unit_of_work(signed_in()) as work:
        drop_paper(work, found)
    flash(_("The paper is taken off."), "success")
    return redirect(url_for("donors.pledge", number=number))
