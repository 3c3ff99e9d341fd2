"""The agenda of a session as the secretary writes it: items and their order, documents, the proposals under them."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.gate import actor, needs, signed_in
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.access.views.page import say
from fundapp.board.forms.sessions import ItemForm, PaperForm
from fundapp.board.models import AgendaDocument, AgendaItem, BoardSession
from fundapp.board.operations.agenda import (
    Paper,
    add_paper,
    change_item,
    consider_all,
    move_item,
    take_item_off,
    take_paper_off,
    take_proposal_off,
)
from fundapp.board.operations.sessions import add_item
from fundapp.board.queries.agenda import Offered, calls_for, item_at, offered, paper_at
from fundapp.board.queries.session_page import standings
from fundapp.board.queries.withheld import agenda_reader
from fundapp.board.views.blueprint import Answer, blueprint, considered_here, session_at
from fundapp.board.views.session_parts import changeable_at, fund_of, to_session
from fundapp.funds.queries import board as board_of
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.arriving import taken, too_large
from fundapp.proposals.layouts.documents import ENDINGS, MEDIA_TYPES
from fundapp.proposals.models import Proposal
from fundapp.proposals.queries.proposals import visible
from fundapp.proposals.views.calls.blueprint import do, fund_here, place, status
from fundapp.proposals.views.proposal.counter import AROUND, counter
from fundapp.proposals.views.proposal.documents import SANDBOX

MOST_CHOSEN = 500


def _item_at(of: BoardSession, key: int) -> AgendaItem:
    """An item for whoever writes the agenda: one whose title they do not read is another's to write."""
    kept = agenda_reader(db.session(), actor(), of, fund_here().id)
    found = item_at(db.session(), of, fund_here().id, key, kept)
    return found if found and kept.titles(found.id, found.kind.value, found.names) else abort(404)


def _paper_at(of: BoardSession, key: int, paper: int) -> tuple[AgendaItem, AgendaDocument]:
    kept = agenda_reader(db.session(), actor(), of, fund_here().id)
    found = item_at(db.session(), of, fund_here().id, key, kept) or abort(404)
    return found, paper_at(db.session(), found, paper, kept) or abort(404)


def _offered(form: ItemForm) -> ItemForm:
    session, here = db.session(), fund_here()
    funds = sorted(board_of(session, here).funds, key=lambda one: (one.id != here.id, one.id))
    return form.offer(funds, calls_for(session, here.id))


@blueprint.route("/sessions/<int:number>/items/new", methods=["GET", "POST"])
@needs(Permission.SESSION_RUN)
def new_item(number: int) -> Answer:
    """Put an item on the agenda."""
    of, form = changeable_at(number), _offered(ItemForm())
    if not form.is_submitted():
        form.fund.data = str(fund_here().id)
    return _item_page(of, number, form, None)


@blueprint.route("/sessions/<int:number>/items/<int:key>", methods=["GET", "POST"])
@needs(Permission.SESSION_RUN)
def item(number: int, key: int) -> Answer:
    """Say otherwise what an item is about."""
    of = changeable_at(number)
    found, form = _item_at(of, key), _offered(ItemForm())
    if not form.is_submitted():
        form.kind.data, form.fund.data = found.kind.value, str(found.fund_id or "")
        form.call.data, form.version.data = str(found.call_id or ""), str(found.version)
        for code, text in found.names.items():
            form[f"name_{code}"].data = text
    return _item_page(of, number, form, found)


def _item_page(of: BoardSession, number: int, form: ItemForm, found: AgendaItem | None) -> Answer:
    rest: list[Fault] = []
    if form.is_submitted() and form.validate():
        faults: list[Fault] = []
        said = (form.of_kind(faults), form.titles, form.chosen("fund", faults), form.chosen("call", faults))
        rest = do(form, lambda work: _keep_item(work, of, found, said, form.of_version), faults)
        if not rest and not form.errors:
            flash(_("The agenda is changed."), "success")
            return to_session(of, f"item-{found.id}" if found else "agenda")
        if found and any(fault.code == "session.item-changed" for fault in rest):
            form.version.data = str(found.version)
    page = render_template("board/session_item.html", form=form, faults=rest, session=of, number=number, item=found)
    return page, status(form, rest)


def _keep_item(work: Work, of: BoardSession, found: AgendaItem | None, said: Any, version: int) -> None:
    kind, titles, fund_id, call_id = said
    fund = fund_of(fund_id) if fund_id else None
    if found is None:
        add_item(work, of, kind, titles, fund, call_id)
    else:
        change_item(work, found, kind, titles, fund, call_id, version)


@blueprint.post("/sessions/<int:number>/items/<int:key>/<any(up, down):way>")
@needs(Permission.SESSION_RUN)
def move(number: int, key: int, way: str) -> Response:
    """Let an item change places with the one before or after it."""
    of = session_at(number)
    found = _item_at(of, key)
    _try(lambda work: move_item(work, found, fund_here(), way == "up"), "")
    return redirect(url_for("board.session", number=number, moved=key, _anchor=f"item-{key}"))


@blueprint.post("/sessions/<int:number>/items/<int:key>/take-off")
@needs(Permission.SESSION_RUN)
def drop_item(number: int, key: int) -> Response:
    """Take an item off the agenda."""
    of = session_at(number)
    found = _item_at(of, key)
    _try(lambda work: take_item_off(work, found), _("The item is off the agenda."))
    return to_session(of, "agenda")


def _try(verb: Any, done: str) -> None:
    """Do what a small button asks for; what was refused is said at the head of the next page."""
    try:
        with unit_of_work(signed_in()) as work:
            verb(work)
    except Refusal as refusal:
        say(refusal)
    else:
        if done:
            flash(done, "success")


# ----------------------------------------------------------------------------------------------------------- documents


@blueprint.url_value_preprocessor
def _measure(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """How much of a request with a document is read at all, said before anything reads of it."""
    if endpoint == "board.add_paper" and request.method == "POST":
        request.max_content_length = current_app.config["FUNDAPP_LARGEST_DOCUMENT"] + AROUND
        if (fault := too_large((request.content_length or 0) - AROUND, counter())) is not None:
            raise Refusal(fault)


@blueprint.route("/sessions/<int:number>/items/<int:key>/documents/new", methods=["GET", "POST"], endpoint="add_paper")
@needs(Permission.SESSION_RUN)
def new_paper(number: int, key: int) -> Answer:
    """Add a document to an item of the agenda."""
    of = changeable_at(number)
    found, form, rest = _item_at(of, key), PaperForm().offer(language()), list[Fault]()
    if form.is_submitted() and form.validate():
        rest = _take_in(form, found)
        if not rest and not form.errors:
            flash(_("The document is on the agenda."), "success")
            return to_session(of, f"item-{key}")
    page = render_template(
        "board/session_paper.html",
        form=form,
        faults=rest,
        session=of,
        number=number,
        item=found,
        endings=",".join(ENDINGS),
        largest=counter().largest,
    )
    return page, status(form, rest)


def _take_in(form: PaperForm, found: AgendaItem) -> list[Fault]:
    """Look at the file, keep it and put it on the agenda; what is wrong goes beside the fields."""
    try:
        if form.sent is None:
            raise Refusal(Fault("document.none", field="file"))
        arrived = taken(counter(), form.sent.stream, form.sent.filename)
        paper = Paper(
            form.title.data or "", form.language.data or "", arrived.name, arrived.media_type, arrived.kept
        )  # fmt: skip
        with unit_of_work(signed_in()) as work:
            add_paper(work, found, paper)
        return []
    except Refusal as refusal:
        db.session().rollback()
        beside = [Fault(one.code, one.values, one.row, one.column, one.field or "file") for one in refusal.faults]
        return place(form, beside)


@blueprint.get("/sessions/<int:number>/items/<int:key>/documents/<int:paper>")
@needs(Permission.SESSION_READ)
def paper_file(number: int, key: int, paper: int) -> Response:
    """A document of the agenda, to be kept and not shown: whatever is in it, it does nothing here."""
    _item, row = _paper_at(session_at(number), key, paper)
    try:
        content = counter().store.open(row.digest)
    except FileNotFoundError:
        raise refuse("document.lost", name=row.name) from None
    media_type = row.media_type if row.media_type in MEDIA_TYPES else "application/octet-stream"
    response = send_file(content, mimetype=media_type, as_attachment=True, download_name=row.name, etag=row.digest)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


@blueprint.post("/sessions/<int:number>/items/<int:key>/documents/<int:paper>/take-off")
@needs(Permission.SESSION_RUN)
def drop_paper(number: int, key: int, paper: int) -> Response:
    """Take a document off the agenda."""
    of = session_at(number)
    found, row = _paper_at(of, key, paper)
    _try(lambda work: take_paper_off(work, found, row), _("The document is off the agenda."))
    return to_session(of, f"item-{key}")


# ----------------------------------------------------------------------------------------------------------- proposals


@blueprint.route("/sessions/<int:number>/items/<int:key>/proposals", methods=["GET", "POST"])
@needs(Permission.SESSION_RUN)
def put_proposals(number: int, key: int) -> Answer:
    """Choose the proposals that are put before the Board under an item."""
    of = changeable_at(number)
    found = _item_at(of, key)
    rows = offered(db.session(), actor(), found, fund_here().id, language())
    chosen = set(request.form.getlist("proposal")) if request.method == "POST" else _suggested(rows)
    faults: list[Fault] = []
    if request.method == "POST":
        try:
            many = _put(found, rows, chosen)
            flash(_("Put before the Board: %(many)s.", many=many), "success")
            return to_session(of, f"item-{key}")
        except Refusal as refusal:
            faults = list(refusal.faults)
    page = render_template(
        "board/session_proposals.html",
        session=of,
        number=number,
        item=found,
        rows=rows,
        there=[one for one in standings(db.session(), actor(), of, fund_here().id, language()) if one.item_id == key],
        chosen=chosen,
        faults=faults,
    )
    return page, 409 if faults else 200


def _suggested(rows: list[Offered]) -> set[str]:
    """What is ticked before anybody ticks it."""
    return {one.reference for one in rows if one.suggested}


def _put(found: AgendaItem, rows: list[Offered], chosen: set[str]) -> int:
    """Put the chosen ones before the Board, all or none; how many."""
    if not chosen or len(chosen) > MOST_CHOSEN:
        raise refuse("session.none-chosen")
    if strange := chosen - {one.reference for one in rows}:
        raise refuse("session.not-offered-here", references=sorted(one[:20] for one in strange)[:5])
    keys = [one.id for one in rows if one.reference in chosen]
    with unit_of_work(signed_in()) as work:
        asked = db.session().query(Proposal).where(Proposal.id.in_(keys), visible(actor(), fund_here().id))
        return consider_all(work, found, asked.all())


@blueprint.post("/sessions/<int:number>/proposals/<reference>/take-off")
@needs(Permission.SESSION_RUN)
def drop_proposal(number: int, reference: str) -> Response:
    """Take a proposal off a session."""
    _of, found = considered_here(number, reference)
    done = _("%(reference)s is not before this session any more.", reference=found.proposal.reference)
    _try(lambda work: take_proposal_off(work, found), done)
    return redirect(url_for("board.put_proposals", number=number, key=found.item_id))
