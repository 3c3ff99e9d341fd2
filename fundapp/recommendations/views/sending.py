"""Sending a file of recommendations: kept while it comes in, recognised where that is cheap, put in line to be read."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from fundapp.access.gate import actor, needs, signed_in
from fundapp.access.policy import Permission, may
from fundapp.access.views.address import language
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.text import printable
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations import inbox
from fundapp.recommendations.forms.sending import SendForm
from fundapp.recommendations.layouts import recognise
from fundapp.recommendations.layouts.incoming import LARGEST, Incoming
from fundapp.recommendations.operations.sending import Sent, receive_file
from fundapp.recommendations.queries.sent_in import is_named
from fundapp.recommendations.views.blueprint import blueprint, files
from fundapp.reference.queries import countries

ENDPOINT = "recommendations.send"
BESIDE = 1024**2  # bytes of a form beside its file
ELSEWHERE = "package."  # what such a file is refused for is said on its own page, with all that is wrong


def sentence(fault: Fault) -> str:
    """A fault in the reader's language: the words lie higher up, and templates have them."""
    return str(current_app.jinja_env.filters["sentence"](fault))


class FileTooLarge(RequestEntityTooLarge):
    """More than is read; said at the field, though the form itself was not read for it."""


@blueprint.url_value_preprocessor
def _make_room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let a large file in at this one address, and only from those who may send one: forms are read before anybody
    is asked who they are, and go to the disk as they come."""
    if endpoint == ENDPOINT and request.method == "POST" and may(actor(), Permission.RECOMMENDATION_IMPORT):
        request.max_content_length = LARGEST + BESIDE
        if (request.content_length or 0) > LARGEST + BESIDE:
            raise FileTooLarge


@blueprint.errorhandler(FileTooLarge)
def _too_large(_error: FileTooLarge) -> tuple[str, int]:
    form = _form(unread=True)
    fault = Fault("file.too-large", {"name": _("The file"), "size": request.content_length, "largest": LARGEST})
    form.file.errors = [sentence(fault)]
    return _page(form), 413


def _form(*, unread: bool = False) -> SendForm:
    """The form, filled in; `unread` where what was sent is not to be looked at."""
    names = [(one.code, one.name) for one in countries(db.session(), language(), on=today())]
    return (SendForm(formdata=None) if unread else SendForm()).offer(names)


def _page(form: SendForm) -> str:
    return render_template("recommendations/send.html", form=form, largest=LARGEST)


@blueprint.route("/imports/send", methods=["GET", "POST"])
@needs(Permission.RECOMMENDATION_IMPORT)
def send() -> str | BaseResponse | tuple[str, int]:
    """Send a file, to be read beside the pages."""
    form = _form()
    if form.validate_on_submit():
        try:
            return _receive(form)
        except Refusal as refusal:
            form.file.errors = [sentence(fault) for fault in refusal.faults]
    return _page(form), (422 if form.errors else 200)


def _receive(form: SendForm) -> BaseResponse:
    """Keep the file and put it in line; what cannot be recognised is not kept."""
    name, given = _named(form.file.data)
    try:
        kept = files().keep(given.stream, name, LARGEST)
    except OSError as error:  # the disk is full, say
        raise refuse("file.unwritable", name=name, reason=error.strerror or str(error)) from None
    finally:
        given.close()
    try:
        layout = _recognised(Incoming(name, files().path(kept.digest)), form.layout.data or "")
        with unit_of_work(signed_in()) as work:
            sent = Sent(name, kept, layout, form.language.data, form.about, bool(form.good_rows.data))
            upload, new = receive_file(work, None, sent)
            key = upload.id
            work.after_commit.append(inbox.arrived.set)
    except BaseException:
        db.session.rollback()
        forget(kept.digest)
        raise
    flash(_("The file is here.") if new else _("This file was sent already, and this is where it stands."), "success")
    return redirect(url_for("recommendations.upload", key=key), 303)


def _named(given: FileStorage | None) -> tuple[str, FileStorage]:
    """The name of the file on one line, without the folders it came from; refused when none was chosen, or a folder."""
    said = (given.filename or "") if isinstance(given, FileStorage) else ""
    if given is None or not said:
        raise refuse("upload.none")
    name = printable(said.replace("\\", "/").rstrip("/").rpartition("/")[2])[:255]
    if said.endswith(("/", "\\")):
        raise refuse("file.folder", name=name)
    return name, given


def _recognised(file: Incoming, layout: str) -> str:
    """The layout that was chosen, or the one the file has; empty where its page is to say what is wrong with it."""
    if layout:
        return layout
    try:
        return recognise(file)
    except Refusal as refusal:
        if refusal.faults[0].code.startswith(ELSEWHERE):
            return ""
        raise


def forget(digest: str) -> None:
    """Keep a file no longer that nothing names."""
    if not is_named(db.session(), digest):
        files().drop(digest)
