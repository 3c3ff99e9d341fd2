"""Who scores what: by hand, by a plan, taken back; and who is kept from a proposal by an interest in it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from flask import abort, flash, render_template, request
from flask_babel import gettext as _

from fundapp.access.gate import actor, needs
from fundapp.access.models import Person
from fundapp.access.policy import Permission
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.languages import OWN_NAMES
from fundapp.kernel.work import Work
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations.interests import lift_recusal
from fundapp.proposals.views.calls.blueprint import Answer, do, fund_here, status
from fundapp.scoring.forms.rounds import AssignForm, PlanForm, RecuseForm, WhyForm
from fundapp.scoring.models import Assignment
from fundapp.scoring.operations.assigning import assign as assign_one
from fundapp.scoring.operations.assigning import assign_planned, recuse_reviewer
from fundapp.scoring.operations.assigning import unassign as take_back
from fundapp.scoring.queries.assigning import standing, wanted
from fundapp.scoring.queries.overseeing import recusal_of, scored_proposals, who_may_be_kept
from fundapp.scoring.round_words import INTERESTS
from fundapp.scoring.rules.assigning import Want, plan, reads
from fundapp.scoring.rules.rounds import Reviewer, ToScore, interests
from fundapp.scoring.views.blueprint import Scored, blueprint, scored_at
from fundapp.scoring.views.running import to_round


def _open_at(code: str) -> Scored:
    found = scored_at(code)
    if not found.round.open:
        raise refuse("round.is-closed")
    return found


def _proposal(found: Scored, key: int) -> Proposal:
    """A proposal of the round; refused beside its field where there is none that somebody may see."""
    rows = scored_proposals(db.session(), actor(), found.call)
    proposal = next((one for one in rows if one.id == key), None)
    if proposal is None:
        raise Refusal(Fault("round.no-proposal", field="proposal"))
    return proposal


def _person(work: Work, key: int) -> Person:
    found = work.session.get(Person, key)
    if found is None:
        raise Refusal(Fault("round.no-person", field="person"))
    return found


@blueprint.route("/<code>/assign", methods=["GET", "POST"])
@needs(Permission.SCORING_RUN)
def assign(code: str) -> Answer:
    """Have somebody score a proposal; the page shows for each reviewer what speaks for it and what against."""
    found, form, rest = _open_at(code), AssignForm(), list[Fault]()
    want = wanted(db.session(), actor(), found.round)
    form.offer([(one.id, one.reference) for one in want.proposals], [(one.id, one.name) for one in want.reviewers])
    asked = request.args.get("proposal", "")
    looked_at = next((one for one in want.proposals if one.reference == asked), None)
    if form.is_submitted() and form.validate():
        proposal, person = form.chosen
        rest = do(form, lambda work: _assign(work, found, proposal, person))
        if not rest and not form.errors:
            flash(_("The proposal is assigned."), "success")
            return to_round(code)
        looked_at = next((one for one in want.proposals if one.id == proposal), looked_at)
    elif looked_at:
        form.proposal.data = str(looked_at.id)
    page = render_template(
        "scoring/assign.html", call=found.call, form=form, faults=rest, proposal=looked_at,
        rows=_suitable(want, looked_at), own_names=OWN_NAMES,
    )  # fmt: skip
    return page, status(form, rest)


def _assign(work: Work, found: Scored, proposal: int, person: int) -> None:
    assign_one(work, found.round, _proposal(found, proposal), _person(work, person))


def _suitable(want: Want, proposal: ToScore | None) -> list[tuple[Reviewer, int, bool, list[str]]]:
    """Each reviewer, their load, whether they read the language, and what speaks against; best first."""
    rows = []
    for one in want.reviewers:
        load, against = want.load.get(one.id, 0), list[str]()
        if proposal:
            found = interests(one, proposal, bars_nationality=want.bars_nationality)
            against = [str(INTERESTS[interest]) for interest in found]
            against += [str(_("scores it already"))] if one.id in proposal.by else []
        against += [str(_("has as many as they take"))] if one.most is not None and load >= one.most else []
        rows.append((one, load, bool(proposal and reads(one, proposal)), against))
    return sorted(rows, key=lambda row: (bool(row[3]), not row[2], row[1], row[0].name))


@blueprint.route("/<code>/balance", methods=["GET", "POST"])
@needs(Permission.SCORING_RUN)
def balance(code: str) -> Answer:
    """The plan that the program makes, to be looked at; a POST assigns as it says, and no other."""
    found, form, rest = _open_at(code), PlanForm(), list[Fault]()
    if form.is_submitted() and form.validate():
        shown = form.plan.data or ""
        rest = do(form, lambda work: _count(assign_planned(work, found.round, shown)))
        if not rest:
            flash(_("The proposals are assigned as planned."), "success")
            return to_round(code)
    want = wanted(db.session(), actor(), found.round)
    planned = plan(want)
    form.plan.data = planned.digest
    people = {one.id: one for one in want.reviewers}
    given: dict[int, list[int]] = {}
    for proposal, person in planned.pairs:
        given.setdefault(proposal, []).append(person)
    page = render_template(
        "scoring/balance.html", call=found.call, round=found.round, form=form, faults=rest, want=want, plan=planned,
        people=people, given=given, interests=INTERESTS, own_names=OWN_NAMES,
    )  # fmt: skip
    return page, status(form, rest)


def _count(_many: int) -> None:
    """How many were given is on the page of the round."""


@blueprint.route("/<code>/unassign/<reference>/<int:person>", methods=["GET", "POST"])
@needs(Permission.SCORING_RUN)
def unassign(code: str, reference: str, person: int) -> Answer:
    """Take an assignment back on which no sheet was given."""
    found = scored_at(code)
    proposal, assigned = _assigned(found, reference, person)
    form, rest = WhyForm(), list[Fault]()
    if form.is_submitted() and form.validate():
        rest = do(form, lambda work: take_back(work, assigned, form.why))
        if not rest and not form.errors:
            flash(_("The assignment is taken back."), "success")
            return to_round(code)
    name = db.session().get_one(Person, person).name
    page = render_template(
        "scoring/unassign.html", call=found.call, proposal=proposal, name=name, form=form, faults=rest
    )
    return page, status(form, rest)


def _assigned(found: Scored, reference: str, person: int) -> tuple[Proposal, Assignment]:
    rows = scored_proposals(db.session(), actor(), found.call)
    proposal = next((one for one in rows if one.reference == reference), None) or abort(404)
    return proposal, standing(db.session(), proposal, person) or abort(404)


@blueprint.route("/<code>/recuse", methods=["GET", "POST"])
@needs(Permission.INTEREST_JUDGE)
def recuse(code: str) -> Answer:
    """Keep somebody from a proposal in which they have an interest."""
    found, form, rest = scored_at(code), RecuseForm(), list[Fault]()
    proposals = scored_proposals(db.session(), actor(), found.call)
    people = who_may_be_kept(db.session(), fund_here())
    form.offer([(one.id, f"{one.reference} {one.title}") for one in proposals], people)
    if form.is_submitted() and form.validate():
        proposal, person = form.chosen
        known = [] if person in dict(people) else [Fault("round.no-person", field="person")]
        rest = do(form, lambda work: _recuse(work, found, proposal, person, form.why), known)
        if not rest and not form.errors:
            flash(_("From now on the proposal is not there for them."), "success")
            return to_round(code)
    elif not form.is_submitted():
        _choose(form, proposals)
    page = render_template("scoring/recuse.html", call=found.call, form=form, faults=rest)
    return page, status(form, rest)


def _choose(form: RecuseForm, proposals: Sequence[Proposal]) -> None:
    """What the address names is chosen already."""
    form.proposal.data = next((str(one.id) for one in proposals if one.reference == request.args.get("proposal")), "")
    form.person.data = request.args.get("person", "")


def _recuse(work: Work, found: Scored, proposal: int, person: int, reason: str) -> None:
    recuse_reviewer(work, _proposal(found, proposal), _person(work, person), reason)


@blueprint.route("/<code>/lift/<int:key>", methods=["GET", "POST"])
@needs(Permission.INTEREST_JUDGE)
def lift(code: str, key: int) -> Answer:
    """Let somebody come to a proposal again."""
    found, form, rest = scored_at(code), WhyForm(), list[Fault]()
    recusal, proposal = recusal_of(db.session(), actor(), found.call, key) or abort(404)
    if form.is_submitted() and form.validate():
        rest = do(form, lambda work: lift_recusal(work, proposal, recusal, form.why))
        if not rest and not form.errors:
            flash(_("They can come to the proposal again. To score it they are assigned anew."), "success")
            return to_round(code)
    name = db.session().scalar(sa.select(Person.name).where(Person.id == recusal.person_id))
    page = render_template(
        "scoring/lift.html", call=found.call, proposal=proposal, recusal=recusal, name=name, form=form, faults=rest
    )
    return page, status(form, rest)
