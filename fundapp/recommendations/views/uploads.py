"""A file that was sent: how far it is, what it comes to, the report, and what somebody decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, flash, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from fundapp.access.gate import exports, needs, signed_in
from fundapp.access.policy import Permission
from fundapp.access.queries import names_of
from fundapp.access.views.address import language
from fundapp.access.views.page import file, say
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.languages import direction, figure
from fundapp.kernel.sheets import Cell
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations import inbox, words
from fundapp.recommendations.forms.sending import DecisionForm, PlainForm
from fundapp.recommendations.models import RecommendationImport, Upload
from fundapp.recommendations.operations.sending import agree, give_up
from fundapp.recommendations.queries.sent_in import earlier, locked, progress
from fundapp.recommendations.reporting import Part, compared, fault_of, from_json, lines
from fundapp.recommendations.rules import Fate, Position, Stage
from fundapp.recommendations.views.blueprint import blueprint, files
from fundapp.recommendations.views.sending import forget, sentence
from fundapp.reference.queries import names_on

MOVING = (Stage.WAITING, Stage.READING, Stage.DUE, Stage.TAKING)  # something is to happen without anybody's doing


@dataclass(frozen=True, slots=True)
class Seen:
    """One field that a row changes: what it is called, both values in parts that differ or not, and their language."""

    field: str
    before: list[Part]
    after: list[Part]
    language: str


def _upload(key: int) -> Upload:
    """The file of the address; 404 where there is none."""
    found = db.session().get(Upload, key)
    if found is None:
        abort(404)
    return found


@blueprint.get("/imports/files/<int:key>")
@needs(Permission.RECOMMENDATION_IMPORT)
def upload(key: int) -> str:
    """A file that was sent: its progress, or what it comes to and the decision."""
    found, session = _upload(key), db.session()
    brought = session.get(RecommendationImport, found.import_id) if found.import_id else None
    countries = names_on(session, language()) if found.found.get("sample") or found.state else {}
    return render_template(
        "recommendations/upload.html",
        upload=found,
        undone=brought.undone_at if brought else None,
        found=found.found,
        state=_state(found),
        moving=found.stage in MOVING,
        faults=from_json(found.found.get("faults", ())),
        again=from_json(found.found.get("again", ())),
        changes=[(row, [_seen(part, found.language, countries) for part in row["differences"]])
                 for row in found.found.get("changes", ())],
        countries=countries,
        direction_of=direction,
        earlier=earlier(session, found.digest, found.import_id),
        names=names_of(session, [found.by, str(found.found.get("decided_by", ""))]),
        form=DecisionForm(formdata=None, seen=found.report),
    )  # fmt: skip


def _seen(part: list[str], spoken: str, countries: dict[str, str]) -> Seen:
    """A field that a row changes, in words; codes become names, texts and labels keep their language."""
    name, before, after = part
    name, _colon, of_text = name.partition(":")
    label = str(words.FIELDS.get(name, name))
    if name == "states":
        before, after = _countries(before, countries), _countries(after, countries)
    elif name == "position":
        before, after = _position(before), _position(after)
    own = of_text or (spoken if name in ("themes", "persons", "assessment") else "")
    return Seen(label, *compared(before, after), own)


def _countries(codes: str, countries: dict[str, str]) -> str:
    return "; ".join(countries.get(code, code) for code in codes.split("; "))


def _position(value: str) -> str:
    return str(words.POSITIONS[Position(value)]) if value in set(Position) else value


@blueprint.get("/imports/files/<int:key>/state")
@needs(Permission.RECOMMENDATION_IMPORT)
def upload_state(key: int) -> Response:
    """How far a file is, for the script that asks every second."""
    return jsonify(_state(_upload(key)))


def _state(found: Upload) -> dict[str, Any]:
    """Where a file stands: rows, thousandths of the whole where they are known, and both in words."""
    now = progress(db.session(), found.id) if found.stage is Stage.READING else None
    rows, share = (now.rows, now.share) if now else (0, 0)
    text = str(words.STAGES[found.stage])
    if rows:
        number = figure(rows, language(), 0)
        text = str(ngettext("%(count)s row", "%(count)s rows", rows, count=number))
        if share:
            text = str(_("%(rows)s, %(share)s per cent", rows=text, share=share // 10))
    over = found.stage not in MOVING
    return {"stage": found.stage.value, "rows": rows, "share": share or None, "text": text, "over": over}


@blueprint.get("/imports/files/<int:key>/report.csv")
@needs(Permission.RECOMMENDATION_IMPORT)
@exports
def upload_report(key: int) -> Response:
    """The report, row by row, in the reader's language."""
    found = _upload(key)
    if found.report is None or not files().path(found.report).is_file():
        abort(404)
    headings = [_("Row"), _("What becomes of it"), _("Recommendation"), _("Field"), _("Before"), _("After"), _("Fault")]
    return file("csv", f"report-{key}", headings, _report(found.report), 0)


def _report(digest: str) -> Iterator[list[Cell]]:
    """The lines of a report in words."""
    for line in lines(files().path(digest)):
        name, _colon, spoken = line["field"].partition(":")
        field = str(words.FIELDS.get(name, name)) + (f" ({spoken})" if spoken else "")
        fault = sentence(fault_of(line)) if line["code"] else ""
        what = str(words.FATES[Fate(line["fate"])])
        yield [int(line["row"]) or None, what, line["key"], field, line["before"], line["after"], fault]


@blueprint.post("/imports/files/<int:key>/take")
@needs(Permission.RECOMMENDATION_IMPORT)
def take(key: int) -> BaseResponse:
    """Decide to take the file in; that is done beside the pages."""
    form = DecisionForm()
    seen, apply_changes = form.seen.data or "", bool(form.apply_changes.data)
    if form.validate_on_submit():
        _decide(key, lambda work, found: agree(work, found, seen, apply_changes=apply_changes))
        inbox.arrived.set()
    return redirect(url_for("recommendations.upload", key=key), 303)


@blueprint.post("/imports/files/<int:key>/give-up")
@needs(Permission.RECOMMENDATION_IMPORT)
def leave(key: int) -> BaseResponse:
    """Leave the file: nothing of it goes into the register."""
    if PlainForm().validate_on_submit() and _decide(key, give_up):
        flash(_("Nothing of the file was taken in."), "success")
        forget(_upload(key).digest)
    return redirect(url_for("recommendations.upload", key=key), 303)


def _decide(key: int, verb: Any) -> bool:
    """One decision on a file as it stands now; what is refused is said on its page."""
    try:
        with unit_of_work(signed_in()) as work:
            found = locked(work.session, key)
            if found is None:
                abort(404)
            verb(work, found)
    except Refusal as refusal:
        say(refusal)
        return False
    return True
