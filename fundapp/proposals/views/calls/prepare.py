"""Preparing a call: its draft, and the documents and questions that it asks for."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.gate import needs, signed_in
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.funds.queries import focus_areas
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.forms.calls import ZONE, ZONES, CallForm, ItemForm
from fundapp.proposals.models import Call
from fundapp.proposals.operations import ask_for, change_call, prepare_call, stop_asking
from fundapp.proposals.queries import item_of, next_code, written
from fundapp.proposals.rules import GivenCall, Item
from fundapp.proposals.views.calls.blueprint import (
    CHANGED,
    Answer,
    Compared,
    blueprint,
    call_at,
    compared,
    do,
    draft_at,
    fund_here,
    status,
    to_call,
)
from fundapp.reference.queries import gazetteer, names_on, regional_groups, regions


def _offered(form: CallForm) -> CallForm:
    session, code = db.session(), language()
    return form.offer(
        [(area.id, area.name(code)) for area in focus_areas(session, fund_here())],
        [(group.code.value, group.name(code)) for group in regional_groups(session)],
        sorted(((region.code, region.name(code)) for region in regions(session)), key=lambda pair: pair[1]),
    )


def _fill(form: CallForm, said: GivenCall, version: int) -> None:
    names = names_on(db.session(), language()) if said.places.states else {}
    form.fill(said, version, lambda code: names.get(code, code))


def _said(form: CallForm, faults: list[Fault]) -> GivenCall:
    known = gazetteer(db.session()).resolve if (form.states.data or "").strip() else _nowhere
    return form.said(faults, known, language())


def _nowhere(text: str) -> str | None:
    return None


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Permission.CALL_PREPARE)
def new_call() -> Answer:
    """Begin a call."""
    form, rest = _offered(CallForm()), list[Fault]()
    if not form.is_submitted():
        areas = frozenset(area.id for area in focus_areas(db.session(), fund_here()))
        code = next_code(db.session(), fund_here(), today().year)
        _fill(form, GivenCall(code, zone=ZONE, areas=areas), 0)
    elif form.validate():
        faults: list[Fault] = []
        said = _said(form, faults)
        rest = do(form, lambda work: _begin(work, said), faults)
        if not rest and not form.errors:
            flash(_("The draft is there. Add the documents and questions it asks for."), "success")
            return to_call(said.code)
    return _form_page(form, rest, None), status(form, rest)


def _begin(work: Work, said: GivenCall) -> None:
    prepare_call(work, fund_here(), said)


def _form_page(form: CallForm, rest: list[Fault], call: Call | None, other: Compared | None = None) -> str:
    return render_template("proposals/prepare.html", form=form, faults=rest, call=call, other=other or [], zones=ZONES)


@blueprint.route("/<code>/change", methods=["GET", "POST"])
@needs(Permission.CALL_PREPARE)
def change(code: str) -> Answer:
    """Say otherwise what a draft says; who comes second sees what the first one wrote, and loses nothing."""
    found, form, rest = draft_at(code), _offered(CallForm()), list[Fault]()
    if not form.is_submitted():
        _fill(form, written(db.session(), found), found.version)
    elif form.validate():
        faults: list[Fault] = []
        said = _said(form, faults)
        rest = do(form, lambda work: change_call(work, found, said, form.of_version), faults)
        if not rest and not form.errors:
            flash(_("The draft is saved."), "success")
            return to_call(said.code)
    other = _other(form, found) if any(fault.code == CHANGED for fault in rest) else []
    return _form_page(form, rest, found, other), status(form, rest)


def _other(form: CallForm, found: Call) -> Compared:
    """What somebody else wrote in the meantime; from then on the form is of that version."""
    theirs = _offered(CallForm(formdata=None))
    _fill(theirs, written(db.session(), found), found.version)
    form.version.data = str(found.version)
    return compared(form, theirs)


# ------------------------------------------------------------------------------------------ documents and questions


@blueprint.route("/<code>/<any(document, question, check):kind>s/new", methods=["GET", "POST"])
@needs(Permission.CALL_PREPARE)
def new_item(code: str, kind: str) -> Answer:
    """Ask for one more document or question, or put one more point on the checklist."""
    form = ItemForm()
    if not form.is_submitted():
        form.version.data, form.required.data = str(draft_at(code).version), True
    return _item(code, Item(kind), form, "")


@blueprint.route("/<code>/<any(document, question, check):kind>s/<name>", methods=["GET", "POST"])
@needs(Permission.CALL_PREPARE)
def item(code: str, kind: str, name: str) -> Answer:
    """Say otherwise what a document, a question or a point of the checklist asks."""
    form = ItemForm()
    if not form.is_submitted():
        found = draft_at(code)
        form.fill(item_of(db.session(), found, Item(kind), name) or abort(404), found.version)
    return _item(code, Item(kind), form, name)


def _item(code: str, kind: Item, form: ItemForm, name: str) -> Answer:
    found, rest = draft_at(code), list[Fault]()
    if kind is Item.CHECK:
        form.required.label.text = _("A proposal is not eligible before this point is marked as fulfilled")
    if form.validate_on_submit():
        faults: list[Fault] = []
        said = form.said(faults)
        rest = do(form, lambda work: ask_for(work, found, kind, said, form.of_version, name), faults)
        if not rest and not form.errors:
            flash(_("The draft is saved."), "success")
            return redirect(url_for("proposals.call", code=code, _anchor=f"{kind}s"))
    other = _other_item(form, found, kind, name) if any(fault.code == CHANGED for fault in rest) else []
    page = render_template(
        "proposals/item.html", form=form, faults=rest, call=found, kind=kind, kinds=Item, name=name, other=other
    )
    return page, status(form, rest)


def _other_item(form: ItemForm, found: Call, kind: Item, name: str) -> Compared:
    theirs = item_of(db.session(), found, kind, name)
    form.version.data = str(found.version)
    if theirs is None:
        return []
    beside = ItemForm(formdata=None)
    beside.fill(theirs, found.version)
    return compared(form, beside)


@blueprint.post("/<code>/<any(document, question, check):kind>s/<name>/drop")
@needs(Permission.CALL_PREPARE)
def drop_item(code: str, kind: str, name: str) -> Response:
    """Take a document, a question or a point of the checklist off a draft."""
    found, form = call_at(code), ItemForm()
    with unit_of_work(signed_in()) as work:
        stop_asking(work, found, Item(kind), name, form.of_version)
    flash(_("The draft does not ask for it any more."), "success")
    return redirect(url_for("proposals.call", code=code, _anchor=f"{kind}s"))
