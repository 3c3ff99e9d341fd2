"""What the people of an office say to each other about a proposal, page by page."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.gate import needs, signed_in
from fundapp.access.policy import Permission
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.forms.steps import CommentForm
from fundapp.proposals.operations.writing import comment, fields_asked, settle_comment
from fundapp.proposals.queries.beginning import comments_on
from fundapp.proposals.rules.fields import DOCUMENTS
from fundapp.proposals.views.calls.blueprint import do, status
from fundapp.proposals.views.proposal.blueprint import Answer, blueprint
from fundapp.proposals.views.proposal.parts import own_at, people
from fundapp.proposals.words import SECTIONS


@blueprint.route("/<reference>/comments", methods=["GET", "POST"])
@needs(Permission.PROPOSAL_WRITE)
def comments(reference: str) -> Answer:
    """The comments on all pages of a proposal, and one more."""
    found = own_at(reference)
    form, rest = CommentForm(), list[Fault]()
    asked = fields_asked(db.session(), found.call) | {DOCUMENTS}
    form.offer([(name, label) for name, label in SECTIONS.items() if name in asked])
    if not form.is_submitted():
        form.section.data = request.args.get("section", "")
    elif form.validate():
        rest = do(form, lambda work: comment(work, found.proposal, form.section.data or "", form.said))
        if not rest and not form.errors:
            flash(_("The comment is there for your colleagues."), "success")
            return redirect(url_for("proposal.comments", reference=reference))
    rows = comments_on(db.session(), found.proposal)
    page = render_template(
        "proposals/proposal/comments.html",
        facing=found,
        proposal=found.proposal,
        form=form,
        faults=rest,
        rows=rows,
        people=people({one.by for one in rows} | {one.settled_by for one in rows}),
    )
    return page, status(form, rest)


@blueprint.post("/<reference>/comments/<int:key>/settle")
@needs(Permission.PROPOSAL_WRITE)
def settle(reference: str, key: int) -> Response:
    """Say that what a comment asked for is done."""
    found = own_at(reference)
    with unit_of_work(signed_in()) as work:
        settle_comment(work, found.proposal, key)
    flash(_("The comment is settled."), "success")
    return redirect(url_for("proposal.comments", reference=reference))
