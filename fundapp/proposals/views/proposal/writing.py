"""Writing a proposal page by page; what a script saves in between takes the same way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import abort, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import MultiDict

from fundapp.access.gate import actor, keeps, needs, signed_in
from fundapp.access.operations import Anonymous
from fundapp.access.policy import Permission, Refused, may
from fundapp.access.views.address import language
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.forms.calls import whole as number
from fundapp.proposals.forms.sections import apart, settled, staying, texts, typed, with_courtesy
from fundapp.proposals.operations.writing import CHANGED, Saved, save_section
from fundapp.proposals.queries.proposals import Judged
from fundapp.proposals.queries.proposals import proposal as proposal_of
from fundapp.proposals.rules.beside import beside
from fundapp.proposals.rules.completeness import Text
from fundapp.proposals.rules.content import understood
from fundapp.proposals.rules.fields import DOCUMENTS, Content, Field, fields_of, kept
from fundapp.proposals.rules.words import count
from fundapp.proposals.views.calls.blueprint import fund_here
from fundapp.proposals.views.proposal.blueprint import Answer, Here, blueprint, here, proposal_at, to_proposal
from fundapp.proposals.views.proposal.drawing import Pair, drawn, introduction, named, pairs

# Sections that have pages of their own.
APART = {"recommendations": "proposal.recommendations", "budget": "proposal.budget", DOCUMENTS: "proposal.documents"}
CLOSED = "proposal.not-writable"
CONTINUE, STOP = "continue", "stop"


@dataclass(frozen=True, slots=True)
class Page:
    """A section of a proposal as somebody writes in it: what is asked, what stands there, and of which version."""

    here: Here
    name: str
    fields: tuple[Field, ...]
    version: int

    @property
    def content(self) -> Content:
        """What stands there."""
        return self.here.whole.get(self.name, {})

    @property
    def reference(self) -> str:
        """The reference of the proposal."""
        return self.here.proposal.reference

    @property
    def limits(self) -> dict[str, int]:
        """Field -> the most words it may have."""
        found = next((one.asks for one in self.here.asked.sections if one.name == self.name), ())
        return {ask.name: ask.words for ask in found if isinstance(ask, Text)}


def page_at(found: Here, name: str) -> Page:
    """The page of a section; 404 for one that the call does not have."""
    if name not in {one.name for one in found.asked.sections} or name in APART:
        abort(404)
    row = found.rows.get(name)
    return Page(found, name, fields_of(name, found.asked.questions), row.version if row else 0)


def address(reference: str, name: str) -> str:
    """Where a section is written."""
    endpoint = APART.get(name)
    if endpoint:
        return url_for(endpoint, reference=reference)
    return url_for("proposal.section", reference=reference, name=name)


def steps(found: Here) -> list[str]:
    """The sections in the order in which they are written; documents are the last, whether or not the call asks."""
    names = [one.name for one in found.asked.sections]
    return [*names, *([] if DOCUMENTS in names else [DOCUMENTS])]


# ------------------------------------------------------------------------------------------------------------- pages


def unsent() -> Answer:
    """What answers when nobody is signed in any more, or the form is of an earlier signing in: the text is kept."""
    who, given = actor(), dict(request.view_args or {})
    if request.headers.get("Origin") and urlsplit(request.headers["Origin"]).netloc != request.host:
        abort(400)  # not sent from a page of ours
    if isinstance(who, Anonymous):
        return refused_draft("signed-out", 401) if is_draft() else (_kept_page(), 401)
    found = _own(str(given["reference"]))
    if not found:
        return refused_draft("other", 401) if is_draft() else (_kept_page(), 409)
    if is_draft():
        return refused_draft("token", 409, token=generate_csrf())
    page = page_at(here(found), str(given["name"]))
    told = [_("You signed in again while this page was open. What you wrote is here, but not saved yet: save it now.")]
    return _write(page, typed(page.fields, request.form), told=told, version=number(request.form.get("version"))), 409


def unsent_apart() -> Answer:
    """The same for a page that is drawn elsewhere: what was typed is kept in a form that sends it again."""
    if request.headers.get("Origin") and urlsplit(request.headers["Origin"]).netloc != request.host:
        abort(400)  # not sent from a page of ours
    if isinstance(actor(), Anonymous):
        return refused_draft("signed-out", 401) if is_draft() else (_kept_page(), 401)
    found = _own(str((request.view_args or {})["reference"]))
    if is_draft():
        return refused_draft("token", 409, token=generate_csrf()) if found else refused_draft("other", 401)
    return _kept_page(), 409


def _own(reference: str) -> str | None:
    """The reference, where whoever asks may write in that proposal and is the one who opened the page."""
    try:
        found = proposal_of(db.session(), actor(), fund_here(), reference)
    except Refused:
        return None
    writes = found and may(actor(), Permission.PROPOSAL_WRITE, found) and _same_person()
    return reference if writes else None


@blueprint.route("/<reference>/write/<name>", methods=["GET", "POST"])
@needs(Permission.PROPOSAL_WRITE)
@keeps(unsent)
def section(reference: str, name: str) -> Answer:
    """Write a section."""
    if name in APART and request.method == "GET":
        proposal_at(reference)
        return redirect(address(reference, name))
    page = page_at(_opened(reference), name)
    if request.method == "GET":
        if not page.here.proposal.writable:
            raise Refusal(Fault(CLOSED, {"reference": reference}))
        return _write(page, page.content, checked=_was_written(page))
    if not _same_person():
        return refused_draft("other", 401) if is_draft() else (_kept_page(), 409)
    return _draft(page) if is_draft() else _form(page)


def _opened(reference: str) -> Here:
    """The proposal with its pages, for those who write in it; 404 for others, as for one that is not there."""
    found = here(reference)
    if not found.own or not may(actor(), Permission.PROPOSAL_WRITE, found.proposal):
        abort(404)
    return found


def _was_written(page: Page) -> bool:
    """Whether somebody saved the page since the proposal was begun or copied: then it says what it lacks."""
    row = page.here.rows.get(page.name)
    return row is not None and row.saved_at > page.here.proposal.begun_at


def _same_person() -> bool:
    """Whether the page was opened by the one who sends it: somebody else may have signed in on the same computer."""
    return request.form.get("who", "") in ("", str(signed_in().id))


def is_draft() -> bool:
    """Whether a script sends what was typed, and reads the answer."""
    return "X-Draft" in request.headers


# -------------------------------------------------------------------------------------------------------------- saving


def _given(page: Page) -> dict[str, Any]:
    """What was sent, with what was chosen where two had written."""
    found = staying(page.fields, typed(page.fields, request.form))
    found = with_courtesy(page.fields, found, page.content, bool(page.here.proposal.courtesy))
    return settled(page.fields, page.content, found, request.form)


def _arrived(page: Page) -> bool:
    """Whether what stands there is what the same script sent before, and only the answer was lost."""
    before = request.form.get("before")
    if not before or not page.version:
        return False
    sent = typed(page.fields, MultiDict(parse_qsl(before, keep_blank_values=True)))
    return kept(page.fields, understood(page.fields, staying(page.fields, sent), language())) == page.content


def _save(page: Page, given: Content, version: int) -> Saved:
    """Save it; what stands there already word for word is saved, whatever version it was sent for."""
    content = kept(page.fields, understood(page.fields, given, language()))
    if page.version != version and page.version and content == page.content:
        return Saved(page.version, page.content)
    with unit_of_work(signed_in()) as work:
        return save_section(work, page.here.proposal, page.name, given, version, language())


def _form(page: Page) -> Answer:
    """Save what a form sends, and go on to where its button leads."""
    reference, form = page.reference, request.form
    mine = typed(page.fields, form)
    try:
        _save(page, _given(page), number(form.get("version")))
    except Refusal as refusal:
        return _not_saved(reference, page.name, mine, refusal)
    if more := form.get("add"):
        return redirect(url_for("proposal.section", reference=reference, name=page.name, more=more, _anchor="more"))
    if (then := form.get("then")) == STOP:
        flash(_("The page is saved. You can go on at any time."), "success")
        return to_proposal(reference)
    following = next_of(reference, page.name) if then == CONTINUE else address(reference, page.name)
    return redirect(following) if following else to_proposal(reference)


def next_of(reference: str, name: str) -> str | None:
    """The address of the section after this one."""
    names = steps(here(reference))
    rest = names[names.index(name) + 1 :]
    return next((address(reference, one) for one in rest), None)


def _not_saved(reference: str, name: str, mine: Content, refusal: Refusal) -> Answer:
    """The page again with what was typed, and why it was not saved."""
    page = page_at(here(reference), name)
    codes = {fault.code for fault in refusal.faults}
    if CHANGED & codes:
        return _write(page, mine, refusal=refusal, clash=True), 409
    version = number(request.form.get("version"))
    return _write(page, mine, refusal=refusal, version=version), 409 if CLOSED in codes else 422


def _draft(page: Page) -> Answer:
    """Save what a script sends; it reads what became of it."""
    reference, name = page.reference, page.name
    mine, version = typed(page.fields, request.form), number((request.headers.get("If-Match") or "").strip('"'))
    try:
        saved = _save(page, _given(page), page.version if _arrived(page) else version)
    except Refusal as refusal:
        found = page_at(here(reference), name)
        codes = {fault.code for fault in refusal.faults}
        if CHANGED & codes:
            both = _clash(found, mine)
            html = render_template(CLASH, clash=both, page=found, own=found.here.saved_here(name))
            return refused_draft("clash", 412, version=found.version, html=html)
        error, status = ("closed", 409) if CLOSED in codes else ("refused", 422)
        return refused_draft(error, status, reasons=[_sentence(fault) for fault in refusal.faults])
    found = page_at(here(reference), name)
    lacking = beside(name, found.here.judged().lacking, found.here.whole)
    words = {key: count(text) for key, text in texts(found.fields, saved.content).items()}
    at = found.here.rows[name].saved_at.isoformat(timespec="seconds") + "Z"
    return jsonify(version=saved.version, time=at, lacking=len(lacking), words=words)


def refused_draft(error: str, status: int, **more: Any) -> Answer:
    """What a script is told that could not save."""
    answer = jsonify(error=error, **more)
    answer.status_code = status
    return answer


def _sentence(fault: Fault) -> str:
    return str(current_app.jinja_env.filters["sentence"](fault))


# ------------------------------------------------------------------------------------------------------------ drawing

CLASH = "proposals/proposal/_clash.html"


def _clash(page: Page, mine: Content) -> list[Pair]:
    found = apart(page.fields, page.content, understood(page.fields, mine, language()))
    return pairs(page.here, page.name, found)


def _write(
    page: Page,
    content: Content,
    *,
    checked: bool = False,
    refusal: Refusal | None = None,
    clash: bool = False,
    version: int | None = None,
    told: list[str] | None = None,
) -> str:
    """The page of a section. checked: say what it lacks. version: of the text it was made from, unless the newest."""
    judged = page.here.judged()
    faults = beside(page.name, judged.lacking, page.here.whole, judged.world.noted) if checked else {}
    faults = _refusals(refusal) if refusal else faults
    names = steps(page.here)
    blocks = drawn(page.here, page.name, page.fields, content, request.args.get("more", ""))
    return render_template(
        "proposals/proposal/section.html",
        page=page,
        proposal=page.here.proposal,
        call=page.here.call,
        blocks=blocks,
        named=named(blocks),
        faults={key: [_sentence(fault) for fault in found] for key, found in faults.items()},
        told=[*(told or []), *(_sentence(fault) for fault in (refusal.faults if refusal else ()) if not fault.field)],
        clash=_clash(page, content) if clash else None,
        own=page.here.saved_here(page.name),
        version=page.version if version is None else version,
        step=names.index(page.name) + 1,
        steps=len(names),
        tasks=_tasks(page, judged),
        count=count,
        who=signed_in().id,
        page_failed=bool(refusal or told),
        introduction=introduction(page.name),
        documents=address(page.reference, DOCUMENTS),
    )


def _refusals(refusal: Refusal) -> dict[str, tuple[Fault, ...]]:
    found: dict[str, tuple[Fault, ...]] = {}
    for fault in refusal.faults:
        if fault.field:
            found[fault.field] = (*found.get(fault.field, ()), fault)
    return found


def _tasks(page: Page, judged: Judged) -> list[tuple[str, str | None, Any]]:
    """All sections with their address and how much of each is done; documents that nobody asks for have no share."""
    return [(name, address(page.reference, name), judged.shares.get(name)) for name in steps(page.here)]


def _kept_page() -> str:
    """What was typed, in a form to be sent again by whoever typed it; nothing of the proposal itself."""
    skipped = ("csrf_token",)
    values = [(key, text) for key, text in request.form.items(multi=True) if key not in skipped]
    return render_template("proposals/proposal/kept.html", values=values, told=isinstance(actor(), Anonymous))
