"""Who takes part in a session: added, changed, noted as present or away."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.gate import needs, signed_in
from fundapp.access.policy import Permission
from fundapp.access.views.page import say
from fundapp.board.forms.sessions import ParticipantForm
from fundapp.board.models import BoardSession, Participant
from fundapp.board.operations.participants import (
    GivenParticipant,
    add_participant,
    change_participant,
    note_presence,
    remove_participant,
)
from fundapp.board.queries.agenda import participant_at
from fundapp.board.queries.session_page import people_and_moves
from fundapp.board.queries.sitting import sitting
from fundapp.board.rules.sessions import CHANGEABLE, presence
from fundapp.board.views.blueprint import Answer, blueprint, session_at
from fundapp.board.views.session_parts import changeable_at
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.views.calls.blueprint import do, does, fund_here, status

PRESENCE = {"present": True, "away": False, "": None}


@blueprint.get("/sessions/<int:number>/participants")
@needs(Permission.SESSION_READ)
def participants(number: int) -> str:
    """Who takes part, and who is there."""
    of = session_at(number)
    runs = does(Permission.SESSION_RUN, of)
    people, _moves = people_and_moves(db.session(), of)
    return render_template(
        "board/session_participants.html",
        session=of,
        number=number,
        people=people,
        presence=presence(people, of.quorum),
        changes=runs and of.stage in CHANGEABLE,
    )


@blueprint.post("/sessions/<int:number>/participants/presence")
@needs(Permission.SESSION_RUN)
def present(number: int) -> Response:
    """Note who is present, as it was chosen; what means nothing is left as it is."""
    of = session_at(number)
    said = {int(name[9:]): text for name, text in request.form.items() if name.startswith("presence-") and _id(name)}
    known = {key: PRESENCE[text] for key, text in said.items() if text in PRESENCE}
    try:
        with unit_of_work(signed_in()) as work:
            note_presence(work, of, known)
        flash(_("It is noted who is present."), "success")
    except Refusal as refusal:
        say(refusal)
    return _back(of)


def _id(name: str) -> bool:
    bare = name[9:]
    return bare.isascii() and bare.isdigit() and len(bare) < 10


def _back(of: BoardSession) -> Response:
    return redirect(url_for("board.participants", number=of.number(fund_here().id)))


@blueprint.route("/sessions/<int:number>/participants/new", methods=["GET", "POST"])
@needs(Permission.SESSION_RUN)
def new_participant(number: int) -> Answer:
    """Add somebody to those who take part."""
    of = changeable_at(number)
    people, _moves = people_and_moves(db.session(), of)
    there = {one.trustee_id for one in people}
    seated = sitting(db.session(), of.board_id, of.since)
    form = ParticipantForm().offer((one.trustee, one.name) for one in seated if one.trustee not in there)
    if not form.is_submitted():
        form.capacity.data = "secretariat"
    return _page(of, number, form, None)


@blueprint.route("/sessions/<int:number>/participants/<int:key>", methods=["GET", "POST"])
@needs(Permission.SESSION_RUN)
def participant(number: int, key: int) -> Answer:
    """Say otherwise in what capacity somebody takes part."""
    of = changeable_at(number)
    found = participant_at(db.session(), of, key) or abort(404)
    form = ParticipantForm().offer([(found.trustee_id, found.name)] if found.trustee_id else [])
    if not form.is_submitted():
        form.trustee.data, form.capacity.data = str(found.trustee_id or ""), found.capacity.value
        form.name.data, form.function.data = "" if found.trustee_id else found.name, found.function
        form.version.data = str(found.version)
    return _page(of, number, form, found)


def _page(of: BoardSession, number: int, form: ParticipantForm, found: Participant | None) -> Answer:
    rest: list[Fault] = []
    if form.is_submitted() and form.validate():
        faults: list[Fault] = []
        said = form.said(faults)
        if found is None:
            rest = do(form, lambda work: _add(work, of, said), faults)
        else:
            rest = do(form, lambda work: change_participant(work, found, said, form.of_version), faults)
        if not rest and not form.errors:
            flash(_("It is noted who takes part."), "success")
            return _back(of)
        if found is not None:
            form.version.data = str(found.version)
    page = render_template(
        "board/session_participant.html", form=form, faults=rest, session=of, number=number, one=found
    )  # fmt: skip
    return page, status(form, rest)


def _add(work: Work, of: BoardSession, said: GivenParticipant) -> None:
    add_participant(work, of, said)


@blueprint.post("/sessions/<int:number>/participants/<int:key>/take-off")
@needs(Permission.SESSION_RUN)
def drop_participant(number: int, key: int) -> Response:
    """Take somebody off those who take part."""
    of = session_at(number)
    found = participant_at(db.session(), of, key) or abort(404)
    try:
        with unit_of_work(signed_in()) as work:
            remove_participant(work, found)
        flash(_("They are off the list."), "success")
    except Refusal as refusal:
        say(refusal)
    return _back(of)
