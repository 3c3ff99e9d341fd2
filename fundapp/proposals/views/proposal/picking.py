"""The recommendations that a proposal helps to implement: looked for in the register, named, and why where noted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.gate import actor, keeps, needs, signed_in
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.forms.calls import whole
from fundapp.proposals.forms.picking import PickForm
from fundapp.proposals.operations.writing import CHANGED, save_section
from fundapp.proposals.queries.picking import PAGE, is_of, linked, offered
from fundapp.proposals.rules.content import lacks
from fundapp.proposals.rules.fields import rows_of
from fundapp.proposals.views.proposal.blueprint import Answer, Here, blueprint, here, writable_at
from fundapp.proposals.views.proposal.writing import is_draft, refused_draft, unsent_apart
from fundapp.recommendations.rules import Position

NAME, ISO = "recommendations", "%Y-%m-%dT%H:%M:%SZ"
Rows = list[dict[str, Any]]
FILTERS = ("q", "cycle", "position")


@blueprint.route("/<reference>/recommendations", methods=["GET", "POST"])
@needs(Permission.PROPOSAL_WRITE)
@keeps(unsent_apart)
def recommendations(reference: str) -> Answer:
    """Pick the recommendations of a proposal; each addition is kept at once, so is each reason."""
    writable_at(reference)
    found = here(reference)
    if request.method == "GET":
        return _page(found, rows_of(found.whole.get(NAME), "linked"), [])
    if is_draft():
        return _draft(found, _posted(whole_list=True))
    rows = _posted()
    if faults := _kept(found, rows):
        found = here(reference)
        return _page(found, _both(rows, rows_of(found.whole.get(NAME), "linked")), faults), 409
    flash(_("Saved."), "success")
    words: dict[str, Any] = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    return redirect(url_for("proposal.recommendations", reference=reference, **words))


def _kept(found: Here, rows: Rows) -> Sequence[Fault]:
    """Save the list as the page shows it, with what is added; what was refused."""
    try:
        if (added := request.form.get("add", "")) and added not in {row["number"] for row in rows}:
            if not is_of(db.session(), added, found.proposal.country):
                raise refuse("proposal.no-recommendation")
            rows.append({"number": added})
        with unit_of_work(signed_in()) as work:
            save_section(work, found.proposal, NAME, {"linked": rows}, whole(request.form.get("version")), language())
    except Refusal as refusal:
        return refusal.faults
    return []


def _draft(found: Here, rows: Rows) -> Answer:
    """Save the reasons that a script sends while somebody types; it reads what became of it."""
    if request.form.get("who", "") not in ("", str(signed_in().id)):
        return refused_draft("other", 401)
    reference = found.proposal.reference
    try:
        with unit_of_work(signed_in()) as work:
            version = whole((request.headers.get("If-Match") or "").strip('"'))
            saved = save_section(work, found.proposal, NAME, {"linked": rows}, version, language())
            at = work.at
    except Refusal as refusal:
        now = here(reference)
        theirs = rows_of(now.whole.get(NAME), "linked")
        if refusal.faults[0].code not in CHANGED:
            say = current_app.jinja_env.filters["sentence"]
            return refused_draft("refused", 422, reasons=[say(fault) for fault in refusal.faults])
        if [(row["number"], row.get("reason", "")) for row in theirs] != [
            (row["number"], row["reason"]) for row in rows
        ]:
            html = render_template("proposals/proposal/_reasons.html", theirs=theirs, here=now)
            return refused_draft("clash", 412, version=now.rows[NAME].version, html=html)
        return jsonify(version=now.rows[NAME].version, time=f"{now.rows[NAME].saved_at:{ISO}}")  # the answer was lost
    return jsonify(version=saved.version, time=f"{at:{ISO}}")


def _both(mine: Rows, theirs: Rows) -> Rows:
    """What this person wrote and what stands there by now: each recommendation once, this person's reasons kept."""
    known = {row.get("number") for row in mine}
    return [*mine, *(row for row in theirs if row.get("number") not in known)]


def _posted(*, whole_list: bool = False) -> Rows:
    """The rows of the form, but those that are ticked to be taken off: a button does that, no script by itself."""
    form = request.form
    gone = set() if whole_list else set(form.getlist("off"))
    pairs = zip(form.getlist("id"), form.getlist("number"), strict=False)
    found = [{"id": key, "number": number, "reason": form.get(f"reason-{number}", "")} for key, number in pairs]
    return [row for row in found if row["number"] not in gone]


def _page(found: Here, rows: Rows, faults: Sequence[Fault]) -> str:
    session, who, spoken = db.session(), actor(), language()
    theirs = {row.get("number"): row.get("reason", "") for row in rows_of(found.whole.get(NAME), "linked")}
    named = linked(session, who, [row.get("number", "") for row in rows], spoken)
    form = PickForm(request.args)
    state = found.proposal.country
    offers, total = offered(session, who, state, form.looked(), spoken) if state else ([], 0)
    noted = {number for number, one in named.items() if one.position is Position.NOTED}
    order = sorted(rows, key=lambda row: row.get("number") in noted)  # what the State supported comes first
    return render_template(
        "proposals/proposal/recommendations.html",
        here=found,
        proposal=found.proposal,
        version=found.rows[NAME].version if NAME in found.rows else 0,
        rows=order,
        faults=faults,
        who=signed_in().id,
        theirs=theirs if faults else {},
        named=named,
        lacking={row["number"] for row in rows if lacks(NAME, "linked", row, found.whole, noted)},
        form=form,
        offers=offers,
        total=total,
        filters={name: request.args[name] for name in FILTERS if request.args.get(name)},
        next=offers[-1].turn if len(offers) == PAGE else None,
    )
