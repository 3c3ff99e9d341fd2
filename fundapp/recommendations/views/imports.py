"""What was taken in: the list, one import, and undoing it."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from fundapp.access.forms import page_of
from fundapp.access.gate import needs, signed_in
from fundapp.access.policy import Permission
from fundapp.access.queries import names_of
from fundapp.access.views.address import language
from fundapp.access.views.page import last_page, say
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.languages import direction
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.forms.sending import PlainForm
from fundapp.recommendations.models import RecommendationImport
from fundapp.recommendations.operations import undo_import
from fundapp.recommendations.queries import built_on, pointing
from fundapp.recommendations.queries.sent_in import (
    MOST_OPEN,
    MOST_OVER,
    OPEN,
    OVER,
    PAGE,
    brought,
    sent_in,
    taken_in,
    upload_of,
)
from fundapp.recommendations.views.blueprint import blueprint
from fundapp.reference.queries import names_on

FIRST_ROWS = 20  # of an import that its page shows


@blueprint.get("/imports")
@needs(Permission.RECOMMENDATION_IMPORT)
def imports() -> str:
    """What was taken in, newest first, and the files that wait, are read, or came to nothing."""
    session, page = db.session(), page_of(request.args)
    found, total = taken_in(session, page)
    under_way, over = sent_in(session, OPEN, MOST_OPEN), sent_in(session, OVER, MOST_OVER)
    return render_template(
        "recommendations/imports.html",
        imports=found,
        total=total,
        page=page,
        last=last_page(total, PAGE),
        under_way=under_way,
        over=over,
        names=names_of(session, [str(one.by) for rows in (found, under_way, over) for one in rows]),
    )


def _import(key: int) -> RecommendationImport:
    """The import of the address; 404 where there is none."""
    found = db.session().get(RecommendationImport, key)
    if found is None:
        abort(404)
    return found


def _hindrance(found: RecommendationImport) -> Fault | None:
    """Why an import cannot be undone, in the words of the refusal that trying would meet."""
    session = db.session()
    if found.undone_at:
        return Fault("import.undone", {"name": found.name})
    if later := built_on(session, found):
        return Fault("import.built-on", {"name": found.name, "later": later})
    if where := pointing(session, found):
        return Fault("import.in-use", {"name": found.name, "where": where})
    return None


@blueprint.get("/imports/<int:key>")
@needs(Permission.RECOMMENDATION_IMPORT)
def imported(key: int) -> str:
    """One import: what it brought, and whether it may be undone."""
    session, found = db.session(), _import(key)
    return render_template(
        "recommendations/imported.html",
        one=found,
        rows=brought(session, key, language(), FIRST_ROWS),
        countries=names_on(session, language()),
        direction_of=direction,
        hindrance=_hindrance(found),
        upload=upload_of(session, key),
        names=names_of(session, [found.by]),
    )


@blueprint.route("/imports/<int:key>/undo", methods=["GET", "POST"])
@needs(Permission.RECOMMENDATION_IMPORT)
def undo(key: int) -> str | BaseResponse:
    """Ask whether an import is to be undone, and undo it."""
    if PlainForm().validate_on_submit():
        _undo(key)
        return redirect(url_for("recommendations.imported", key=key), 303)
    found = _import(key)
    return render_template("recommendations/undo.html", one=found, hindrance=_hindrance(found))


def _undo(key: int) -> None:
    """Undo an import as it stands now; what is refused is said on its page."""
    try:
        with unit_of_work(signed_in()) as work:
            found = work.session.get(RecommendationImport, key, with_for_update=True)
            if found is None:
                abort(404)
            number = undo_import(work, found)
    except Refusal as refusal:
        say(refusal)
        return
    said = ngettext("%(num)s recommendation no longer stands.", "%(num)s recommendations no longer stand.", number)
    flash(said, "success")
