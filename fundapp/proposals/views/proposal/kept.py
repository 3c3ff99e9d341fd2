"""Lists of proposals that somebody keeps under a name: keeping, renaming and dropping them."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from werkzeug.urls import iri_to_uri
from werkzeug.wrappers import Response
from wtforms import StringField

from fundapp.access.forms import Posted
from fundapp.access.gate import actor, needs, signed_in
from fundapp.access.policy import Permission
from fundapp.access.views.page import say
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal, refuse
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.forms.listing import query_of
from fundapp.proposals.models import SavedView
from fundapp.proposals.operations.views import drop_view, keep_view, rename_view
from fundapp.proposals.queries.listing import saved_view, saved_views
from fundapp.proposals.views.calls.blueprint import do, fund_here, status
from fundapp.proposals.views.proposal.blueprint import Answer, blueprint
from fundapp.proposals.views.proposal.listing import asked

WHOLE = 999_999_999_999


class NameForm(Posted):
    """The name of a list."""

    name = StringField(_l("Name of the list"))


def _list_at(query: str) -> Response:
    return redirect(iri_to_uri(f"{url_for('proposal.proposals')}?{query}"))


@blueprint.route("/lists/new", endpoint="keep_view", methods=["GET", "POST"])
@needs(Permission.VIEW_SAVE)
def keep_view_page() -> Answer:
    """Keep the list of the address under a name."""
    words: MultiDict[str, str] = request.args
    ask, query, form = asked(words).sound(), query_of(words), NameForm()
    if not query:
        raise refuse("view.nothing")
    rest = []
    if request.method == "POST":
        form.validate()

        def change(work: Work) -> None:
            keep_view(work, fund_here(), form.name.data or "", query)

        if not (rest := do(form, change)) and not form.errors:
            flash(_("The list is kept."), "success")
            return _list_at(query)
    shown = render_template(
        "proposals/proposal/keep_view.html", form=form, rest=rest, chips=ask.form.chips(), query=query, view=None
    )
    return shown, status(form, rest)


def _own(key: int) -> SavedView:
    return saved_view(db.session(), actor(), fund_here(), key) or abort(404)


@blueprint.get("/lists")
@needs(Permission.VIEW_SAVE)
def kept_views() -> str:
    """The lists that one keeps."""
    return render_template("proposals/proposal/kept_views.html", views=saved_views(db.session(), actor(), fund_here()))


@blueprint.route(f"/lists/<int(max={WHOLE}):key>", methods=["GET", "POST"])
@needs(Permission.VIEW_SAVE)
def kept_view(key: int) -> Answer:
    """Give a list another name."""
    found = _own(key)
    form = NameForm(data={"name": found.name})
    rest, query = [], found.query
    if request.method == "POST":

        def change(work: Work) -> None:
            rename_view(work, found, form.name.data or "")

        if not (rest := do(form, change)) and not form.errors:
            flash(_("The list has another name."), "success")
            return redirect(url_for("proposal.kept_views"))
    shown = render_template("proposals/proposal/keep_view.html", form=form, rest=rest, chips=[], query=query, view=key)
    return shown, status(form, rest)


@blueprint.post(f"/lists/<int(max={WHOLE}):key>/drop")
@needs(Permission.VIEW_SAVE)
def drop_kept_view(key: int) -> Response:
    """Drop a list."""
    found = _own(key)
    try:
        with unit_of_work(signed_in()) as work:
            drop_view(work, found)
        flash(_("The list is dropped; the proposals are where they were."), "success")
    except Refusal as refusal:
        say(refusal)
    return redirect(url_for("proposal.kept_views"))
