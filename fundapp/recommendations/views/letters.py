"""The High Commissioner's letters: recording them, what they name, and their files."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from typing import Any

from flask import abort, flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from fundapp.access.gate import exports, needs, signed_in
from fundapp.access.policy import Permission, may
from fundapp.access.queries import names_of
from fundapp.access.views.address import language, number
from fundapp.access.views.page import say
from fundapp.access.words import actor_name
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.files import Kept
from fundapp.kernel.text import printable
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.forms.reviews import AreaForm, LetterForm
from fundapp.recommendations.layouts.document import LARGEST_DOCUMENT, kind_of, recognised
from fundapp.recommendations.layouts.incoming import Incoming
from fundapp.recommendations.operations import (
    LetterFile,
    add_area,
    record_letter,
    withdraw_area,
    withdraw_letter,
)
from fundapp.recommendations.queries.letters import LetterOf, area_by_key, letter_by_key
from fundapp.recommendations.queries.reviews import reviews_of
from fundapp.recommendations.rules import CYCLES
from fundapp.recommendations.views.blueprint import blueprint, files, state_of
from fundapp.recommendations.views.refused import at_fields
from fundapp.reference.models import Country

Answer = str | Response | tuple[str, int]
LONGEST_NAME = 200  # characters of a file's name that are kept


@blueprint.route("/states/<code>/letters/new", methods=["GET", "POST"])
@needs(Permission.REVIEW_RECORD)
def new_letter(code: str) -> Answer:
    """Record a letter to a State."""
    state = state_of(code)
    form, faults = LetterForm().offer(_cycle(state)), list[Fault]()
    there: object = None  # the letter that is recorded already, where that is why this one was refused
    if form.validate_on_submit():
        try:
            return _record(state, form)
        except Refusal as refusal:
            faults = at_fields(form, refusal, rest="file")
            there = next((one.values["number"] for one in refusal.faults if one.code == "letter.twice"), None)
    page = render_template(
        "recommendations/new_letter.html",
        state=state,
        name=state.name(language()),
        form=form,
        faults=faults,
        there=there,
        again=bool(form.file.data),
    )
    return page, 422 if form.errors or faults else 200


def _cycle(state: Country) -> int:
    """The cycle that a new letter is probably of: the one asked for, else the last that is known."""
    asked = number("cycle")
    known = [review.cycle for review in reviews_of(db.session(), state.code)]
    return asked if asked is not None and asked in CYCLES else max(known, default=max(CYCLES) - 1)


def _record(state: Country, form: LetterForm) -> Response:
    code = state.code
    with _sent(form.file.data) as file, unit_of_work(signed_in()) as work:
        found = record_letter(work, None, code, form.cycle.data, form.sent_on.data, file)
        key = found.id
    flash(_("The letter is recorded. Now note the areas it names."), "success")
    return redirect(url_for("recommendations.letter", key=key))


@contextmanager
def _sent(upload: FileStorage | None) -> Iterator[LetterFile | None]:
    """The file that came with a form, looked through; it is kept only when the letter is recorded."""
    if not upload or not upload.filename:
        yield None
        return
    name = printable(re.split(r"[\\/]", upload.filename)[-1]).strip()[-LONGEST_NAME:] or "letter"
    with tempfile.TemporaryDirectory(prefix="fundapp-letter-") as folder:
        path = Path(folder) / "letter"
        with path.open("wb") as copy:
            copyfileobj(upload.stream, copy)
        if not path.stat().st_size:
            raise refuse("file.empty", name=name)
        recognised(Incoming(name, path))
        yield LetterFile(name, lambda: _kept(path, name))


def _kept(path: Path, name: str) -> Kept:
    with path.open("rb") as file:
        return files().keep(file, name, LARGEST_DOCUMENT)


def _found(key: int) -> LetterOf:
    found = letter_by_key(db.session(), key)
    if found is None:
        abort(404)
    return found


@blueprint.get("/letters/<int:key>")
@needs(Permission.RECOMMENDATION_READ)
def letter(key: int) -> str:
    """A letter with the areas it names."""
    return _page(_found(key), AreaForm().offer(language()))


def _page(found: LetterOf, form: AreaForm, faults: list[Fault] | None = None) -> str:
    state = state_of(found.row.state)
    names = names_of(db.session(), {found.row.by, *(area.row.by for area in found.areas)})
    return render_template(
        "recommendations/letter.html",
        letter=found.row,
        areas=found.areas,
        state=state,
        name=state.name(language()),
        form=form,
        faults=faults or [],
        who=lambda by: actor_name(by, names),
        records=may(signed_in(), Permission.REVIEW_RECORD),
    )


@blueprint.route("/letters/<int:key>/areas", methods=["GET", "POST"])
@needs(Permission.REVIEW_RECORD)
def area(key: int) -> Answer:
    """Note an area that a letter names."""
    found, form = _found(key), AreaForm().offer(language())
    faults: list[Fault] = []
    if form.validate_on_submit():
        try:
            with unit_of_work(signed_in()) as work:
                add_area(work, found.row, form.given())
            flash(_("The area is noted."), "success")
            return redirect(url_for("recommendations.letter", key=key))
        except Refusal as refusal:
            faults = at_fields(form, refusal)
            found = _found(key)
    return _page(found, form, faults), 422 if form.errors or faults else 200


@blueprint.post("/letters/<int:key>/withdraw", endpoint="withdraw_letter")
@needs(Permission.REVIEW_RECORD)
def take_back_letter(key: int) -> Response:
    """Take a letter back."""
    found = _found(key)
    _do(withdraw_letter, found.row, _("The letter is withdrawn."))
    return redirect(url_for("recommendations.letter", key=key))


@blueprint.post("/letters/areas/<int:key>/withdraw", endpoint="withdraw_area")
@needs(Permission.REVIEW_RECORD)
def take_back_area(key: int) -> Response:
    """Take an area back."""
    found = area_by_key(db.session(), key)
    if found is None:
        abort(404)
    letter_id = found.letter_id
    _do(withdraw_area, found, _("The area is withdrawn."))
    return redirect(url_for("recommendations.letter", key=letter_id))


def _do(verb: Any, subject: Any, said: str) -> None:
    try:
        with unit_of_work(signed_in()) as work:
            verb(work, subject)
        flash(said, "success")
    except Refusal as refusal:
        say(refusal)


@blueprint.get("/letters/<int:key>/file")
@needs(Permission.RECOMMENDATION_READ)
@exports
def letter_file(key: int) -> Response:
    """The letter itself, to be kept and not shown: under a name that says whose it is."""
    row = _found(key).row
    if row.file_digest is None or row.withdrawn_at is not None:
        abort(404)
    path = files().path(row.file_digest)
    if not path.is_file():
        raise refuse("letter.file-gone", name=row.file_name)
    kind = kind_of(Incoming(row.file_name, path))
    name = f"letter-{row.state}-cycle-{row.cycle}-{row.sent_on.isoformat()}.{kind.ending}"
    return send_file(path, mimetype=kind.mimetype, as_attachment=True, download_name=name)
