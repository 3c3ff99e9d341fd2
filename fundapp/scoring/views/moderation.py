"""Where reviewers disagree: the list for the secretariat, and a page on each, with both reasons side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.forms import page_of
from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission
from fundapp.access.queries import names_of
from fundapp.access.views.address import language
from fundapp.access.views.page import last_page
from fundapp.access.words import actor_name
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.work import Work
from fundapp.proposals.models import Proposal
from fundapp.proposals.views.calls.blueprint import do, does, fund_here, status
from fundapp.proposals.views.proposal.blueprint import proposal_at
from fundapp.reference.queries import country, names_on
from fundapp.scoring.forms.moderation import OUTCOMES, OutcomeForm, SayForm
from fundapp.scoring.models import Moderation
from fundapp.scoring.operations import moderating
from fundapp.scoring.queries.moderation import (
    Side,
    comments_on,
    disagreements,
    is_moderated,
    outcomes,
    sides,
    takes_part,
)
from fundapp.scoring.rules.moderating import spread
from fundapp.scoring.rules.scales import Scale
from fundapp.scoring.rules.totals import APART
from fundapp.scoring.views.blueprint import Answer, Scored, blueprint, scored_at

PAGE = 60


@dataclass(frozen=True, slots=True)
class Here:
    """A criterion of a proposal on which reviewers are, or were, apart."""

    scored: Scored
    proposal: Proposal
    scale: Scale
    rows: Sequence[Side]
    concluded: Sequence[Moderation]

    @property
    def last(self) -> int:
        """The outcome that stands; 0 for none."""
        return self.concluded[-1].id if self.concluded else 0


@blueprint.get("/<code>/moderation")
@needs(Permission.SCORING_READ)
def moderation(code: str) -> str:
    """The disagreements of a call, the widest first."""
    scored = scored_at(code)
    found = disagreements(db.session(), actor(), fund_here().id, scored.round)
    waiting = [row for row in found if row.outcome is None]
    rows = waiting if request.args.get("which") == "waiting" else found
    last = last_page(len(rows), PAGE)
    page = min(page_of(request.args), last)
    return render_template(
        "scoring/moderation.html",
        call=scored.call,
        rows=rows[PAGE * (page - 1) : PAGE * page],
        total=len(found),
        waiting=len(waiting),
        narrowed=rows is waiting,
        page=page,
        last=last,
        scales={one.id: one for one in scored.scales},
        countries=names_on(db.session(), language()),
        outcomes=OUTCOMES,
    )


@blueprint.get("/<code>/moderation/<reference>/<name>")
@needs(Permission.SHEET_READ)
def disagreement(code: str, reference: str, name: str) -> str:
    """What the reviewers of a proposal gave on a criterion and why, what was said, and what became of it."""
    here = _here(code, reference, name)
    return _page(here, SayForm(formdata=None), _outcome(here), [])


@blueprint.route("/<code>/moderation/<reference>/<name>/say", methods=["GET", "POST"])
@needs(Permission.MODERATION_SAY)
def say(code: str, reference: str, name: str) -> Answer:
    """Say something about it."""
    here, form, rest = _here(code, reference, name), SayForm(), list[Fault]()
    if form.is_submitted() and form.validate():
        rest = do(form, lambda work: _say(work, here, form))
        if not rest and not form.errors:
            flash(_("The comment is there."), "success")
            return _to(code, reference, name)
    here = _here(code, reference, name)
    return _page(here, form, _outcome(here), rest), status(form, rest)


def _say(work: Work, here: Here, form: SayForm) -> None:
    moderating.say(work, here.proposal, here.scored.round, here.scale.code, form.said)


@blueprint.route("/<code>/moderation/<reference>/<name>/conclude", methods=["GET", "POST"])
@needs(Permission.SCORING_RUN)
def conclude(code: str, reference: str, name: str) -> Answer:
    """Write down what became of it."""
    here, form, rest = _here(code, reference, name), OutcomeForm().offer(), list[Fault]()
    if form.is_submitted() and form.validate():
        faults: list[Fault] = []
        outcome = form.chosen(faults)
        rest = do(form, lambda work: _conclude(work, here, form, outcome), faults)
        if not rest and not form.errors:
            flash(_("The outcome is written down."), "success")
            return _to(code, reference, name)
    here = _here(code, reference, name)
    form.seen.data = str(here.last)  # whoever has read what stands there now sends it again
    return _page(here, SayForm(formdata=None), form, rest), status(form, rest)


def _conclude(work: Work, here: Here, form: OutcomeForm, outcome: Any) -> None:
    moderating.conclude(
        work, here.proposal, here.scored.round, here.scale.code, outcome, form.said, form.last_seen
    )  # fmt: skip


def _outcome(here: Here) -> OutcomeForm:
    form = OutcomeForm(formdata=None).offer()
    form.seen.data = str(here.last)
    return form


def _to(code: str, reference: str, name: str) -> Response:
    return redirect(url_for("scoring.disagreement", code=code, reference=reference, name=name))


def _here(code: str, reference: str, name: str) -> Here:
    """The disagreement of an address; 404 where there is none, or none that this person may know of."""
    session, scored, proposal = db.session(), scored_at(code), proposal_at(reference)
    scale = next((one for one in scored.scales if one.code == name), None)
    if scale is None or proposal.call_id != scored.call.id:
        abort(404)
    rows = sides(session, scored.round, proposal, scale.id)
    concluded = outcomes(session, scored.round, proposal, scale.id)
    if not (takes_part(actor(), scored.round, proposal, rows) and is_moderated(rows, concluded)):
        abort(404)
    return Here(scored, proposal, scale, rows, concluded)


def _page(here: Here, saying: SayForm, concluding: OutcomeForm, rest: list[Fault]) -> str:
    session, proposal, running = db.session(), here.proposal, here.scored.round.open
    comments = comments_on(session, proposal, here.scale.id)
    who = {one.by for one in comments} | {one.by for one in here.concluded}
    names = names_of(session, who)
    found = country(session, proposal.country) if proposal.country else None
    counting = [one for one in here.rows if one.counts]
    reads_all = does(Permission.SCORING_READ, proposal)
    return render_template(
        "scoring/disagreement.html",
        call=here.scored.call,
        round=here.scored.round,
        proposal=proposal,
        scale=here.scale,
        counting=counting,
        earlier=[one for one in here.rows if not one.counts] if reads_all else [],
        spread=spread(one.step for one in counting),
        apart=APART,
        comments=comments,
        concluded=here.concluded,
        outcomes=OUTCOMES,
        people={by: actor_name(by, names) for by in who},
        country=found.name(language()) if found else "",
        saying=saying,
        concluding=concluding,
        says=running and does(Permission.MODERATION_SAY, proposal),
        concludes=running and does(Permission.SCORING_RUN, proposal),
        lists=reads_all,
        faults=rest,
    )
