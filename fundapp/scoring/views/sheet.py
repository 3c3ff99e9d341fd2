"""The score sheet of a reviewer: the evidence beside each criterion, saved as it is filled in, given whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import abort, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from fundapp.access.gate import actor, keeps, needs, signed_in
from fundapp.access.operations import Anonymous
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.forms.calls import lines
from fundapp.proposals.forms.calls import whole as number
from fundapp.proposals.queries.facing import Facing
from fundapp.proposals.views.proposal.parts import facing_at
from fundapp.proposals.views.proposal.reading import Names, sections_of
from fundapp.proposals.views.proposal.writing import is_draft, refused_draft
from fundapp.scoring.forms.sheets import apart, settled, typed
from fundapp.scoring.models import Assignment
from fundapp.scoring.operations.sheets import abstain_from, give_sheet, save_draft
from fundapp.scoring.queries.evidence import Beside, laid
from fundapp.scoring.queries.rounds import scales_of
from fundapp.scoring.queries.sheets import Mine, mine
from fundapp.scoring.rules.scales import Scale
from fundapp.scoring.rules.sheets import Filled, filled_from, is_apart, own_total
from fundapp.scoring.views.blueprint import Answer, blueprint

ELSEWHERE, GIVE, STOP = "sheet.saved-elsewhere", "give", "stop"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A proposal as its reviewer scores it: all around it, what is theirs, the scales, and what is filled in."""

    facing: Facing
    mine: Mine
    scales: tuple[Scale, ...]
    filled: Mapping[str, Filled]

    @property
    def reference(self) -> str:
        """The reference of the proposal."""
        return self.facing.proposal.reference

    @property
    def version(self) -> int:
        """The version of what is filled in; 0 where nothing is."""
        return self.mine.draft.version if self.mine.draft else 0


def sheet_at(reference: str) -> Sheet:
    """The sheet of an address; 404 where the proposal is not there for whoever looks, or is not theirs to score."""
    facing = facing_at(reference)
    found = mine(db.session(), actor(), facing.proposal)
    if found is None or facing.version is None:
        abort(404)
    scales = scales_of(db.session(), facing.call)
    return Sheet(facing, found, scales, filled_from(found.draft.content) if found.draft else {})


def evidence_of(found: Sheet) -> Beside:
    """What is laid beside each criterion: on the day on which the call closed, or today where it has not."""
    assert found.facing.version
    closes, proposal = found.facing.closes, found.facing.proposal
    on = closes if closes and closes < now() else now()
    version = found.facing.version.content
    return laid(db.session(), actor(), version, found.scales, proposal.country, on.date(), language())


def unsent() -> Answer:
    """What answers when nobody is signed in any more, or the form is of an earlier signing in: the text is kept."""
    if request.headers.get("Origin") and urlsplit(request.headers["Origin"]).netloc != request.host:
        abort(400)  # not sent from a page of ours
    if isinstance(actor(), Anonymous):
        return refused_draft("signed-out", 401) if is_draft() else (_kept_page(), 401)
    if not _same_person():
        return refused_draft("other", 401) if is_draft() else (_kept_page(), 409)
    return refused_draft("token", 409, token=generate_csrf()) if is_draft() else (_kept_page(), 409)


def _same_person() -> bool:
    return request.form.get("who", "") in ("", str(actor().id))


def _kept_page() -> str:
    values = [(key, text) for key, text in request.form.items(multi=True) if key != "csrf_token"]
    return render_template("proposals/proposal/kept.html", values=values, told=isinstance(actor(), Anonymous))


@blueprint.route("/sheets/<reference>", methods=["GET", "POST"])
@needs(Permission.SCORE)
@keeps(unsent)
def sheet(reference: str) -> Answer:
    """Fill in a sheet; a POST saves it, or gives it."""
    found = sheet_at(reference)
    if found.mine.assignment.sheet_id is not None and request.method == "GET":
        return redirect(url_for("scoring.given", reference=reference, person=actor().id))
    if request.method == "GET":
        return _page(found, found.filled)
    if not _same_person():
        return refused_draft("other", 401) if is_draft() else (_kept_page(), 409)
    return _draft(found) if is_draft() else _form(found)


# -------------------------------------------------------------------------------------------------------------- saving


def _save(found: Sheet, given: Mapping[str, Filled], version: int) -> int:
    """Save what is filled in, and say the version that it is then; what stands there word for word is saved."""
    if found.version != version and found.version and dict(given) == _whole(found, found.filled):
        return found.version
    key = found.mine.assignment.id
    with unit_of_work(signed_in()) as work:
        return save_draft(work, work.session.get_one(Assignment, key), given, version).version


def _whole(found: Sheet, filled: Mapping[str, Filled]) -> dict[str, Filled]:
    """A sheet with every criterion in it, as a form has it."""
    return {scale.code: filled.get(scale.code, Filled()) for scale in found.scales}


def _form(found: Sheet) -> Answer:
    given = settled(request.form, typed(request.form, found.scales), found.filled)
    then, seen = request.form.get("then"), number(request.form.get("seen"))
    try:
        _save(found, given, number(request.form.get("version")))
    except Refusal as refusal:
        return _refused(found.reference, given, refusal)
    if then == GIVE:
        return _give(found, given, seen)
    flash(_("Your sheet is saved. You can go on at any time."), "success")
    if then == STOP:
        return redirect(url_for("scoring.desk"))
    return redirect(url_for("scoring.sheet", reference=found.reference))


def _give(found: Sheet, given: Mapping[str, Filled], seen: int) -> Answer:
    key = found.mine.assignment.id
    suggested = {code: one.step for code, one in evidence_of(found).by_criterion.items()}
    try:
        with unit_of_work(signed_in()) as work:
            give_sheet(work, work.session.get_one(Assignment, key), given, suggested, seen)
    except Refusal as refusal:
        return _refused(found.reference, given, refusal)
    flash(_("Your sheet is given. It is fixed now; the secretary can open it again."), "success")
    return redirect(url_for("scoring.given", reference=found.reference, person=actor().id))


def _refused(reference: str, given: Mapping[str, Filled], refusal: Refusal) -> Answer:
    """The page again with what was typed, and why it was not saved or given."""
    found = sheet_at(reference)
    codes = {fault.code for fault in refusal.faults}
    fields = [fault for fault in refusal.faults if fault.field]
    clash = apart(given, found.filled) if ELSEWHERE in codes else None
    page = _page(found, given, faults=refusal.faults, clash=clash)
    return page, 422 if len(fields) == len(refusal.faults) else 409


def _draft(found: Sheet) -> Answer:
    """Save what a script sends; it reads what became of it."""
    given = settled(request.form, typed(request.form, found.scales), found.filled)
    version = number((request.headers.get("If-Match") or "").strip('"'))
    if (before := request.form.get("before")) and found.version:
        sent = typed(MultiDict(parse_qsl(before, keep_blank_values=True)), found.scales)
        version = found.version if sent == _whole(found, found.filled) else version
    try:
        saved = _save(found, given, version)
    except Refusal as refusal:
        again = sheet_at(found.reference)
        if any(fault.code == ELSEWHERE for fault in refusal.faults):
            html = render_template("scoring/_clash.html", clash=apart(given, again.filled), scales=again.scales)
            return refused_draft("clash", 412, version=again.version, html=html)
        reasons = [_sentence(fault) for fault in refusal.faults]
        return refused_draft("refused", 422, reasons=reasons)
    at = now().isoformat(timespec="seconds") + "Z"
    return jsonify(version=saved, time=at)


def _sentence(fault: Fault) -> str:
    return str(current_app.jinja_env.filters["sentence"](fault))


# ------------------------------------------------------------------------------------------------------------ drawing


def _page(
    found: Sheet,
    filled: Mapping[str, Filled],
    *,
    faults: tuple[Fault, ...] = (),
    clash: list[tuple[str, str, str, str]] | None = None,
) -> str:
    beside = evidence_of(found)
    of_fields: dict[str, list[str]] = {}
    for fault in faults:
        of_fields.setdefault(fault.field or "", []).append(_sentence(fault))
    names = Names({}, {}, beside.recommendations, {})
    assert found.facing.version
    return render_template(
        "scoring/sheet.html",
        facing=found.facing,
        proposal=found.facing.proposal,
        call=found.facing.call,
        round=found.mine.round,
        scales=found.scales,
        filled=_whole(found, filled),
        beside=beside.by_criterion,
        far={scale.code: _is_far(scale, filled, beside) for scale in found.scales},
        faults=of_fields,
        clash=clash,
        draft=found.mine.draft,
        version=found.version,
        seen=found.facing.version.number,
        total=own_total(found.scales, filled),
        sections=sections_of(_said(found), names),
        who=signed_in().id,
        now=now(),
    )


def _said(found: Sheet) -> Any:
    """What was handed in last, but for the parts that have pages of their own."""
    assert found.facing.version
    sections = current_app.json.loads(found.facing.version.content)["sections"]
    return {name: one for name, one in sections.items() if name not in ("focus-areas", "questions", "budget")}


def _is_far(scale: Scale, filled: Mapping[str, Filled], beside: Beside) -> bool:
    """Whether what is scored is so far from what was suggested that it is asked why."""
    try:
        step = filled.get(scale.code, Filled()).given(scale)
    except ValueError:
        return False
    return is_apart(step, beside.by_criterion[scale.code].step)


# ------------------------------------------------------------------------------------------------------ stepping aside


@blueprint.route("/sheets/<reference>/abstain", methods=["GET", "POST"])
@needs(Permission.SCORE)
def abstain(reference: str) -> Answer:
    """Declare an interest and step aside; a POST does it."""
    found = sheet_at(reference)
    faults: tuple[Fault, ...] = ()
    if request.method == "POST":
        try:
            with unit_of_work(signed_in()) as work:
                one = work.session.get_one(Assignment, found.mine.assignment.id)
                abstain_from(work, one, lines(request.form.get("reason")))
        except Refusal as refusal:
            faults = refusal.faults
        else:
            return _aside()
    page = render_template(
        "scoring/abstain.html", proposal=found.facing.proposal, faults=faults, reason=request.form.get("reason", "")
    )
    return page, 422 if faults else 200


def _aside() -> Response:
    flash(_("You have stepped aside. The proposal is not there for you any more."), "success")
    return redirect(url_for("scoring.desk"))
