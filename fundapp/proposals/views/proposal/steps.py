"""A move of a proposal from stage to stage: what it means, what is still in its way, and making it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import abort, flash, render_template

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission, may
from fundapp.kernel.clock import now, today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, refuse
from fundapp.kernel.work import Work
from fundapp.proposals.forms.calls import ZONES
from fundapp.proposals.forms.steps import StepForm
from fundapp.proposals.models import Proposal
from fundapp.proposals.move_words import moving as in_words
from fundapp.proposals.operations import moving
from fundapp.proposals.operations.moving import Given, unmet
from fundapp.proposals.queries.facing import Facing, written_and_judged
from fundapp.proposals.rules import local
from fundapp.proposals.rules.stages import COURSE, Move, allowed
from fundapp.proposals.views.calls.blueprint import do, status
from fundapp.proposals.views.proposal.blueprint import Answer, blueprint, to_proposal
from fundapp.proposals.views.proposal.one import addresses_of
from fundapp.proposals.views.proposal.parts import facing_at
from fundapp.proposals.words import SECTIONS

PLAIN: Mapping[str, Callable[[Work, Proposal], None]] = {
    "clear": moving.clear,
    "reopen": moving.reopen,
    "submit": moving.submit,
    "take-back": moving.take_back,
    "submit-again": moving.submit_again,
    "discard": moving.discard,
    "bring-back": moving.bring_back,
    "start-screening": moving.start_screening,
    "put-back": moving.put_back,
    "lift-return": moving.lift_return,
    "find-eligible": moving.find_eligible,
}
EXPLAINED: Mapping[str, Callable[[Work, Proposal, Given], None]] = {
    "withdraw": moving.withdraw,
    "return": moving.return_proposal,
    "find-ineligible": moving.find_ineligible,
    "screen-again": moving.screen_again,
    "reinstate": moving.reinstate,
}
DAYS_FOR_CHANGES = 14  # that are suggested for a return


@blueprint.route("/<reference>/step/<move>", methods=["GET", "POST"])
@needs(Permission.PROPOSAL_READ)
def step(reference: str, move: str) -> Answer:
    """Move a proposal on, after a look at what that means."""
    found = facing_at(reference)
    if move not in PLAIN and move not in EXPLAINED:
        abort(404)
    one = COURSE.move(move)
    if not may(actor(), Permission(one.permission), found.proposal):
        abort(404)  # a move that is somebody else's is no page of theirs; the operation refuses it as well
    if not allowed(found.proposal.stage, move):
        raise refuse("proposal.stands-otherwise", reference=found.proposal.reference)
    form, rest = StepForm(), list[Fault]()
    if not form.is_submitted():
        _suggest(found, one, form)
    elif form.validate():
        rest = _make(found, one, form)
        if not rest and not form.errors:
            flash(str(in_words(move).done), "success")
            return to_proposal(reference)
    return _page(found, one, form, rest), status(form, rest)


def _suggest(found: Facing, move: Move, form: StepForm) -> None:
    """What stands in the form before anything is typed: of a return, a deadline two weeks ahead, at the end of the day
    where the call is."""
    form.stage.data, form.zone.data = found.proposal.stage, found.call.zone
    if asks_when(move):
        last = local(now(), found.call.zone).date() + timedelta(days=DAYS_FOR_CHANGES)
        form.until_on.data = last.isoformat()


def _make(found: Facing, move: Move, form: StepForm) -> list[Fault]:
    faults: list[Fault] = []
    until = form.moment("until", faults, last=True) if asks_when(move) else None
    if asks_when(move) and until is None and not faults:
        faults.append(Fault("proposal.needs-deadline-ahead", field="until_on"))
    if asks_why(move) and not form.why:
        faults.append(Fault("proposal.needs-reason-given", field="reason"))
    return do(form, lambda work: _moved(work, found.proposal, move.name, form, until), faults)


def _moved(work: Work, proposal: Proposal, name: str, form: StepForm, until: datetime | None) -> None:
    if form.stage.data and proposal.stage != form.stage.data:
        raise refuse("proposal.stands-otherwise", reference=proposal.reference)
    if name in PLAIN:
        PLAIN[name](work, proposal)
    else:
        EXPLAINED[name](work, proposal, Given(form.why, until))


def asks_why(move: Move) -> bool:
    """Whether a reason goes with a move."""
    return "reason-given" in move.needs


def asks_when(move: Move) -> bool:
    """Whether a deadline goes with a move."""
    return "deadline-ahead" in move.needs


def _page(found: Facing, move: Move, form: StepForm, rest: list[Fault]) -> str:
    in_the_way = unmet(db.session(), actor(), now(), found.proposal, move.name)
    return render_template(
        "proposals/proposal/step.html",
        facing=found,
        proposal=found.proposal,
        call=found.call,
        move=move,
        words=in_words(move.name),
        form=form,
        # what is in the way is said once: at its own place
        faults=[fault for fault in rest if fault not in in_the_way],
        in_the_way=in_the_way,
        lacks=_lacks(found, move),
        why=asks_why(move),
        when_due=asks_when(move),
        zones=ZONES,
        days=DAYS_FOR_CHANGES,
    )


def _lacks(found: Facing, move: Move) -> list[tuple[Any, str, list[Fault]]]:
    """What the proposal lacks, by section with where it is written, for a move that asks for all of it."""
    if "complete" not in move.needs or not found.own:
        return []
    _whole, _asked, judged = written_and_judged(db.session(), found, today())
    by_section: dict[str, list[Fault]] = {}
    for section, fault in judged.lacking:
        by_section.setdefault(section, []).append(fault)
    places = addresses_of(by_section, found.proposal.reference)
    return [(SECTIONS[name], places[name], faults) for name, faults in by_section.items()]
