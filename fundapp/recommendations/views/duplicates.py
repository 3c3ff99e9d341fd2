"""The same recommendation from several sources: pairs that are proposed, joining them, keeping them apart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from fundapp.access.gate import needs, signed_in
from fundapp.access.policy import Permission
from fundapp.access.queries import names_of
from fundapp.access.views.address import language, number
from fundapp.access.views.page import last_page, say
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations import operations, words
from fundapp.recommendations.queries import candidates, decided, named_pairing, sources, waiting
from fundapp.recommendations.queries.pairs import Candidate
from fundapp.recommendations.rules.pairs import Marked, marked
from fundapp.recommendations.views.blueprint import blueprint, state_of
from fundapp.reference.models import Country
from fundapp.reference.queries import names_on

REVIEWS, PAIRS, DECIDED = 20, 20, 50  # on a page
WHOLE = 999_999_999_999
_PAIR = re.compile(r"([1-9][0-9]{0,11})-([1-9][0-9]{0,11})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asks for: the pairs that were ticked, and which record of a pair counts."""

    ticked: tuple[tuple[int, int], ...] = ()
    kept: Mapping[tuple[int, int], int] | None = None

    def counts(self, pair: tuple[int, int], usual: int) -> int:
        """The record that counts, as it was chosen; else the richer."""
        return (self.kept or {}).get(pair, usual)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A pair as the page shows it."""

    candidate: Candidate
    ours: Marked
    theirs: Marked
    wrong: tuple[Fault, ...]


@blueprint.route("/duplicates", endpoint="duplicates", methods=["GET", "POST"])
@needs(Permission.RECOMMENDATION_JOIN)
def duplicates_page() -> str | BaseResponse | tuple[str, int]:
    """The reviews that several sources tell of; or the pairs of one, and what is said of them."""
    if request.method == "POST":
        return _judge()
    code, cycle = request.args.get("state", "").strip().upper(), number("cycle")
    if code and cycle is not None:
        found = state_of(code)
        if request.args.get("show") == "decided":
            return _decisions(found, cycle)
        return _pairs(found, cycle, Asked(), ())
    page, every = max(number("page") or 1, 1), sources(db.session())
    shown = every[(page - 1) * REVIEWS :][:REVIEWS]
    return render_template(
        "recommendations/duplicates.html",
        reviews=shown,
        waiting=waiting(db.session(), [(one.state, one.cycle) for one in shown]),
        states=names_on(db.session(), language()),
        page=page,
        last=last_page(len(every), REVIEWS),
    )


def _pairs(state: Country, cycle: int, asked: Asked, faults: Sequence[Fault]) -> str:
    """The pairs that wait, with the words that differ."""
    found, page = candidates(db.session(), state.code, cycle), max(number("page") or 1, 1)
    shown = found[(page - 1) * PAIRS :][:PAIRS]
    return render_template(
        "recommendations/pairs.html",
        state=state,
        cycle=cycle,
        pairs=[_proposed(one, faults) for one in shown],
        total=len(found),
        asked=asked,
        faults=faults,
        whys=words.WHYS,
        states=names_on(db.session(), language()),
        page=page,
        last=last_page(len(found), PAIRS),
    )


def _proposed(one: Candidate, faults: Sequence[Fault]) -> Proposed:
    """A pair with what differs in words, and what is wrong with it where it could not be joined."""
    words_of = [side.texts[one.pair.language] for side in (one.ours, one.theirs)]
    names = {f"{one.pair.ours}-{one.pair.theirs}", f"{one.pair.theirs}-{one.pair.ours}"}
    wrong = tuple(fault for fault in faults if fault.values.get("pair") in names)
    return Proposed(one, *marked(*words_of), wrong)


def _decisions(state: Country, cycle: int) -> str:
    """What was said of pairs, newest first, each to be undone."""
    page = max(number("page") or 1, 1)
    found, total = decided(db.session(), state.code, cycle, page=min(page, 1_000_000), rows=DECIDED)
    return render_template(
        "recommendations/pairs_decided.html",
        state=state,
        cycle=cycle,
        found=found,
        total=total,
        names=names_of(db.session(), {one.pairing.by for one in found}),
        page=page,
        last=last_page(total, DECIDED),
    )


def _judge() -> BaseResponse | tuple[str, int]:
    """Join the pair whose button was pressed, or those that were ticked; or keep a pair apart."""
    state, cycle = state_of(request.args.get("state", "").strip().upper()), number("cycle") or 0
    asked = _asked()
    try:
        told = _apart() or _joined(asked)
    except Refusal as refusal:
        return _pairs(state, cycle, asked, refusal.faults), 422
    flash(told, "success")
    return redirect(url_for("recommendations.duplicates", state=state.code, cycle=cycle, page=number("page")))


def _asked() -> Asked:
    """What was ticked; a button beside a pair is for that pair alone."""
    one = request.form.get("one")
    ticked = tuple(dict.fromkeys(_pair(text) for text in ([one] if one else request.form.getlist("pair"))))
    kept = {}
    for name, value in request.form.items():
        if name.startswith("keep-") and value.isascii() and value.isdigit() and len(value) <= 12:
            kept[_pair(name.removeprefix("keep-"))] = int(value)
    return Asked(ticked, kept)


def _pair(text: str) -> tuple[int, int]:
    found = _PAIR.fullmatch(text)
    if found is None:
        raise refuse("address.no-pair", text=text[:40])
    return int(found[1]), int(found[2])


def _apart() -> str:
    """Keep a pair apart, where that button was pressed."""
    if not (text := request.form.get("two")):
        return ""
    ours, theirs = _pair(text)
    with unit_of_work(signed_in()) as work:
        operations.keep_apart(work, None, ours, theirs)
    return str(_("They stay two."))


def _joined(asked: Asked) -> str:
    if not asked.ticked:
        raise refuse("pair.none-chosen")
    pairs = []
    for ours, theirs in asked.ticked:
        kept = asked.counts((ours, theirs), 0)
        if kept not in (ours, theirs):
            raise refuse("pair.no-choice", number=ours, other=theirs)
        pairs.append((kept, theirs if kept == ours else ours))
    with unit_of_work(signed_in()) as work:
        number = operations.join_all(work, None, pairs)
    return str(ngettext("%(num)d pair is joined.", "%(num)d pairs are joined.", number))


@blueprint.post(f"/duplicates/<int(max={WHOLE}):pairing>/part")
@needs(Permission.RECOMMENDATION_JOIN)
def part(pairing: int) -> BaseResponse:
    """Undo what was said of two records."""
    try:
        with unit_of_work(signed_in()) as work:
            operations.part(work, named_pairing(work.session, pairing))
        flash(_("It is undone: each counts on its own."), "success")
    except Refusal as refusal:
        say(refusal)
    state, cycle = (request.args.get(name) for name in ("state", "cycle"))
    return redirect(url_for("recommendations.duplicates", show="decided", state=state, cycle=cycle))
