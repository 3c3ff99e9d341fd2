"""Steps of a round: opening, changing, closing and reopening it, and letting a proposal be ranked on fewer sheets."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, refuse
from fundapp.kernel.work import Work
from fundapp.proposals.forms.calls import ZONES
from fundapp.proposals.models import Call
from fundapp.proposals.queries import closing_of
from fundapp.proposals.views.calls.blueprint import Answer, call_at, do, status
from fundapp.scoring.forms.rounds import RoundForm, WhyForm
from fundapp.scoring.operations.rounds import (
    change_scoring,
    close_scoring,
    except_proposal,
    open_scoring,
    reopen_scoring,
)
from fundapp.scoring.queries.assigning import reviewers_of
from fundapp.scoring.queries.overseeing import scored_proposals
from fundapp.scoring.queries.progress import lacking
from fundapp.scoring.queries.rounds import round_of, scales_of
from fundapp.scoring.views.blueprint import Scored, blueprint, scored_at

CHANGED = "round.changed"


def to_round(code: str) -> Response:
    """Back to the round of a call."""
    return redirect(url_for("scoring.round", code=code))


@blueprint.route("/<code>/open", methods=["GET", "POST"])
@needs(Permission.SCORING_RUN)
def open_round(code: str) -> Answer:
    """Open the scoring of a call."""
    call, form, rest = call_at(code), RoundForm(), list[Fault]()
    _can_be_opened(call)
    if not form.is_submitted():
        form.zone.data = call.zone
    elif form.validate():
        faults: list[Fault] = []
        said = form.said(faults)
        rest = do(form, lambda work: _done(open_scoring(work, call, said, form.why)), faults)
        if not rest and not form.errors:
            flash(_("The scoring is open. Now say who scores what."), "success")
            return to_round(code)
    return _settings_page(call, form, rest, opening=True), status(form, rest)


def _can_be_opened(call: Call) -> None:
    """Refused at once where nothing that is typed could help."""
    if round_of(db.session(), call):
        raise refuse("round.known", code=call.code)
    if call.cancelled_at or call.opened_at is None:
        raise refuse("call.cancelled" if call.cancelled_at else "round.draft", code=call.code)


def _done(_made: object) -> None:
    """An operation whose answer nobody needs."""


def _settings_page(call: Call, form: RoundForm, rest: list[Fault], *, opening: bool) -> str:
    closes = closing_of(db.session(), call)
    return render_template(
        "scoring/round_settings.html",
        call=call,
        form=form,
        faults=rest,
        zones=ZONES,
        opening=opening,
        early=opening and not call.standing and (closes is None or closes > now()),
        closes=closes,
        bare=opening and not scales_of(db.session(), call),
        proposals=len(scored_proposals(db.session(), actor(), call)),
        reviewers=len(reviewers_of(db.session(), call.fund_id)),
    )


@blueprint.route("/<code>/change", methods=["GET", "POST"])
@needs(Permission.SCORING_RUN)
def change_round(code: str) -> Answer:
    """Change what a round is set to."""
    found, form, rest = scored_at(code), RoundForm(), list[Fault]()
    if not found.round.open:
        raise refuse("round.is-closed")
    if not form.is_submitted():
        form.fill(found.round)
    elif form.validate():
        faults: list[Fault] = []
        said = form.said(faults)
        rest = do(form, lambda work: change_scoring(work, found.round, said, form.of_version, form.why), faults)
        if not rest and not form.errors:
            flash(_("The scoring is changed."), "success")
            return to_round(code)
        _renew(form, found, rest)
    return _settings_page(found.call, form, rest, opening=False), status(form, rest)


def _renew(form: WhyForm, found: Scored, rest: list[Fault]) -> None:
    """Whoever has read that somebody else changed the round may send theirs again."""
    if any(fault.code == CHANGED for fault in rest):
        form.version.data = str(found.round.version)


@blueprint.route("/<code>/close", methods=["GET", "POST"])
@needs(Permission.SCORING_RUN)
def close_round(code: str) -> Answer:
    """Close the scoring of a call; the page lists what lacks."""
    found = scored_at(code)
    if not found.round.open:
        raise refuse("round.is-closed")
    said = _("The scoring is closed.")
    return _step(found, "close", said, lambda work, form: close_scoring(work, found.round, form.of_version, form.why))


@blueprint.route("/<code>/reopen", methods=["GET", "POST"])
@needs(Permission.SCORING_RUN)
def reopen_round(code: str) -> Answer:
    """Open a scoring again that was closed."""
    found = scored_at(code)
    if found.round.open:
        raise refuse("round.is-open")
    said = _("The scoring is open again.")
    return _step(found, "reopen", said, lambda work, form: reopen_scoring(work, found.round, form.of_version, form.why))


def _step(found: Scored, name: str, said: str, change: Callable[[Work, WhyForm], None]) -> Answer:
    form, rest = WhyForm(), list[Fault]()
    if not form.is_submitted():
        form.version.data = str(found.round.version)
    elif form.validate():
        rest = do(form, lambda work: change(work, form))
        if not rest and not form.errors:
            flash(said, "success")
            return to_round(found.call.code)
        _renew(form, found, rest)
    page = render_template(
        f"scoring/{name}_round.html",
        call=found.call,
        round=found.round,
        form=form,
        faults=rest,
        lacks=lacking(db.session(), actor(), found.round),
    )
    return page, status(form, rest)


@blueprint.route("/<code>/exception/<reference>", methods=["GET", "POST"])
@needs(Permission.SCORING_RUN)
def exception(code: str, reference: str) -> Answer:
    """Let a proposal be ranked on fewer sheets than the round asks for."""
    found = scored_at(code)
    one = next((row for row in scored_proposals(db.session(), actor(), found.call) if row.reference == reference), None)
    if one is None:
        abort(404)
    form, rest = WhyForm(), list[Fault]()
    if form.is_submitted() and form.validate():
        rest = do(form, lambda work: _done(except_proposal(work, found.round, one, form.why)))
        if not rest and not form.errors:
            flash(_("The exception is recorded."), "success")
            return to_round(code)
    page = render_template(
        "scoring/exception.html", call=found.call, round=found.round, proposal=one, form=form, faults=rest
    )
    return page, status(form, rest)
