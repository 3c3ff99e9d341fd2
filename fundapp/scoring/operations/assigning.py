"""Who scores what: assigning, taking back, and keeping somebody from a proposal in which they have an interest."""

from __future__ import annotations

from fundapp.access.models import Person
from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.kernel.errors import Refusal, refuse
from fundapp.kernel.work import Work
from fundapp.proposals.models import Proposal, Recusal
from fundapp.proposals.operations.interests import open_no_more, open_to, recuse
from fundapp.proposals.rules.calls import reason_faults
from fundapp.scoring.models import Assignment, Ended, ScoringRound
from fundapp.scoring.queries.assigning import SCORED_STAGES, reviewers_of, standing
from fundapp.scoring.rules.rounds import ToScore, interests


@operation(Permission.SCORING_RUN)
def assign(work: Work, round_: ScoringRound, proposal: Proposal, person: Person) -> Assignment:
    """Have somebody score a proposal: a reviewer of the fund, without an interest in it."""
    if not round_.open:
        raise refuse("round.is-closed")
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
    made = Assignment(
        round_id=round_.id, proposal_id=proposal.id, person_id=person.id, at=work.at, by=str(work.actor), end_reason=""
    )
    work.session.add(made)
    open_to(work, proposal, person)
    return made


@operation(Permission.SCORING_RUN)
def unassign(work: Work, assignment: Assignment, reason: str) -> None:
    """Take an assignment back on which no sheet was given, with the reason."""
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
