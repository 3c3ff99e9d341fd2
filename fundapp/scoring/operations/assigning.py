"""Who scores what: assigning, taking back, and keeping somebody from a proposal in which they have an interest."""

from __future__ import annotations

import sqlalchemy as sa

from fundapp.access.models import Person
from fundapp.access.operation import operation
from fundapp.access.policy import Permission, Refused, may
from fundapp.kernel.errors import Refusal, refuse
from fundapp.kernel.work import Work
from fundapp.proposals.models import Proposal, Recusal
from fundapp.proposals.operations.interests import open_no_more, open_to, recuse
from fundapp.proposals.rules.calls import reason_faults
from fundapp.scoring.models import Assignment, Ended, ScoringRound
from fundapp.scoring.operations.telling import assigned_notice
from fundapp.scoring.queries.assigning import SCORED_STAGES, reviewers_of, standing, wanted
from fundapp.scoring.queries.overseeing import scored_proposals
from fundapp.scoring.rules.assigning import plan
from fundapp.scoring.rules.rounds import ToScore, interests


@operation(Permission.SCORING_RUN)
def assign(work: Work, round_: ScoringRound, proposal: Proposal, person: Person) -> Assignment:
    """Have somebody score a proposal: a reviewer of the fund, without an interest in it."""
    if not may(work.actor, Permission.PROPOSAL_READ, proposal):
        raise Refused(f"assigning needs {Permission.PROPOSAL_READ}")
    _held(work, round_)
    if proposal.call_id != round_.call_id or proposal.stage not in SCORED_STAGES:
        raise refuse("round.not-scored", reference=proposal.reference)
    known = {one.id: one for one in reviewers_of(work.session, proposal.fund_id)}
    if person.id not in known:
        raise refuse("round.no-reviewer", name=person.name)
    as_scored = ToScore(proposal.id, proposal.reference, proposal.language, proposal.country, proposal.office_id)
    for interest in interests(known[person.id], as_scored, bars_nationality=round_.bars_nationality):
        raise refuse(f"round.interest-{interest}", name=person.name, reference=proposal.reference)
    if standing(work.session, proposal, person.id):
        raise refuse("round.assigned", name=person.name, reference=proposal.reference)
    return _assign(work, round_, proposal, person)


@operation(Permission.SCORING_RUN)
def assign_planned(work: Work, round_: ScoringRound, shown: str) -> int:
    """Assign as a plan says that somebody was shown and agreed to, by its digest; refused where the plan would be
    another by now. Says how many proposals were given to somebody."""
    _held(work, round_)
    found = plan(wanted(work.session, work.actor, round_))
    if not found.pairs:
        raise refuse("round.plan-empty")
    if found.digest != shown:
        raise refuse("round.plan-changed")
    proposals = {one.id: one for one in scored_proposals(work.session, work.actor, round_.call)}
    keys = {person for _, person in found.pairs}
    people = {one.id: one for one in work.session.scalars(sa.select(Person).where(Person.id.in_(keys)))}
    for proposal, person in found.pairs:
        _assign(work, round_, proposals[proposal], people[person])
    return len(found.pairs)


def _held(work: Work, round_: ScoringRound) -> None:
    """Of two that assign at once the second finds what the first did."""
    work.session.refresh(round_, with_for_update=True)
    if not round_.open:
        raise refuse("round.is-closed")


def _assign(work: Work, round_: ScoringRound, proposal: Proposal, person: Person) -> Assignment:
    made = Assignment(
        round_id=round_.id, proposal_id=proposal.id, person_id=person.id, at=work.at, by=str(work.actor), end_reason=""
    )
    work.session.add(made)
    open_to(work, proposal, person)
    work.session.add(assigned_notice(round_, proposal, person, work.at))
    return made


@operation(Permission.SCORING_RUN)
def unassign(work: Work, assignment: Assignment, reason: str) -> None:
    """Take an assignment back on which no sheet was given, with the reason."""
    work.session.refresh(assignment, with_for_update=True)
    if faults := reason_faults(reason.strip()):
        raise Refusal(*faults)
    if assignment.ended_at is not None:
        raise refuse("round.ended")
    if assignment.sheet_id is not None:
        raise refuse("round.sheet-given")
    proposal = work.session.get_one(Proposal, assignment.proposal_id)
    assignment.end(work.at, str(work.actor), Ended.TAKEN_BACK, reason)
    open_no_more(work, proposal, work.session.get_one(Person, assignment.person_id))


@operation(Permission.INTEREST_JUDGE)
def recuse_reviewer(work: Work, proposal: Proposal, person: Person, reason: str) -> Recusal:
    """Keep somebody from a proposal in which they have an interest; a sheet that they gave counts no more."""
    made = recuse(work, proposal, person, reason)
    if assignment := standing(work.session, proposal, person.id):
        assignment.end(work.at, str(work.actor), Ended.RECUSED, reason)
    return made
