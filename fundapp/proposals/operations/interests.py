"""Who reads a proposal by name, and who is kept from it by an interest."""

from __future__ import annotations

import sqlalchemy as sa

from fundapp.access.models import Person
from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work
from fundapp.proposals.models import Kept, Proposal, ProposalReader, Recusal

SHORTEST_REASON, LONGEST_REASON = 10, 2_000  # characters


@operation(Permission.SCORING_RUN)
def open_to(work: Work, proposal: Proposal, person: Person) -> None:
    """Open a proposal that was handed in to somebody by name, unless it is."""
    if not _reading(work, proposal, person.id):
        work.session.add(ProposalReader(proposal_id=proposal.id, person_id=person.id, at=work.at, by=str(work.actor)))


@operation(Permission.SCORING_RUN)
def open_no_more(work: Work, proposal: Proposal, person: Person) -> None:
    """End that somebody reads a proposal by name."""
    _end_reading(work, proposal, person.id)


@operation(Permission.INTEREST_DECLARE)
def abstain(work: Work, proposal: Proposal, reason: str) -> Recusal:
    """Declare an own interest in a proposal: from then on it is not there for whoever does."""
    return _keep_from(work, proposal, work.session.get_one(Person, work.actor.id), Kept.ABSTAINED, reason)


@operation(Permission.INTEREST_JUDGE)
def recuse(work: Work, proposal: Proposal, person: Person, reason: str) -> Recusal:
    """Keep somebody from a proposal in which they have an interest: from then on it is not there for them."""
    return _keep_from(work, proposal, person, Kept.RECUSED, reason)


@operation(Permission.INTEREST_JUDGE)
def lift_recusal(work: Work, proposal: Proposal, recusal: Recusal, reason: str) -> None:
    """Let somebody come to a proposal again, with the reason; what they scored before does not count again by it."""
    _told(reason)
    if recusal.proposal_id != proposal.id or recusal.lifted_at is not None:
        raise refuse("interest.lifted", reference=proposal.reference)
    recusal.lifted_at, recusal.lifted_by, recusal.lift_reason = work.at, str(work.actor), reason.strip()
    person = work.session.get_one(Person, recusal.person_id)
    person.closed = " ".join(name for name in person.closed.split() if name != str(proposal))


def _keep_from(work: Work, proposal: Proposal, person: Person, kind: Kept, reason: str) -> Recusal:
    _told(reason)
    if str(proposal) in person.closed_names:
        raise refuse("interest.known", name=person.name, reference=proposal.reference)
    made = Recusal(
        proposal_id=proposal.id, person_id=person.id, kind=kind, reason=reason.strip(), at=work.at,
        by=str(work.actor), lift_reason="",
    )  # fmt: skip
    work.session.add(made)
    person.closed = " ".join(sorted({*person.closed.split(), str(proposal)}))
    _end_reading(work, proposal, person.id)
    return made


def _reading(work: Work, proposal: Proposal, person: int) -> list[ProposalReader]:
    reader = ProposalReader
    asked = sa.select(reader).where(
        reader.proposal_id == proposal.id, reader.person_id == person, reader.ended_at.is_(None)
    )
    return list(work.session.scalars(asked))


def _end_reading(work: Work, proposal: Proposal, person: int) -> None:
    for one in _reading(work, proposal, person):
        one.ended_at, one.ended_by = work.at, str(work.actor)


def _told(reason: str) -> None:
    """A reason, and no longer than can be read."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(Fault("reason.short", {"smallest": SHORTEST_REASON}, field="reason"))
    if (found := len(reason)) > LONGEST_REASON:
        raise Refusal(Fault("call.long", {"found": found, "largest": LONGEST_REASON}, field="reason"))
