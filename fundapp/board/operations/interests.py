"""Interests: what a trustee declares of a proposal before its file opens to them, or the secretary for them."""

from __future__ import annotations

import sqlalchemy as sa

from fundapp.access.models import Person
from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.board.models import BoardSession, Interest, InterestKind, SessionStage
from fundapp.board.queries.considering import Seated, Table, Voice, declared_open, table_for
from fundapp.board.rules.advising import interest_faults, said_reason
from fundapp.kernel.errors import Refusal, refuse
from fundapp.kernel.work import Work
from fundapp.proposals.models import Proposal, ProposalReader
from fundapp.proposals.operations.interests import abstain, recuse


@operation(Permission.TRUSTEE_DECLARE)
def declare(work: Work, voice: Voice, kind: InterestKind, reason: str = "") -> Interest:
    """Declare that a trustee has no interest in a proposal, whereupon it is opened to them, or which one, whereupon it
    is not there for them any more; the last declaration stands. What they voted before counts no more then."""
    work.session.refresh(voice.considered, with_for_update=True)  # a vote and a declaration do not pass each other
    own = voice.person_id == work.actor.id
    seat = _seat(work, voice, own)
    proposal = work.session.get_one(Proposal, voice.considered.proposal_id)
    if seat.kept:
        raise refuse("interest.known", name=seat.name, reference=proposal.reference)
    if kind is InterestKind.NONE and declared_open(seat, proposal):
        raise refuse("declare.declared", name=seat.name, reference=proposal.reference)
    national = seat.country is not None and seat.country == proposal.country
    if faults := list(interest_faults(kind, reason, national=national)):
        raise Refusal(*faults)
    said = said_reason(kind, reason, seat.country or "-")
    made = Interest(
        considered_id=voice.considered.id, trustee_id=seat.trustee, kind=kind, reason=said, at=work.at,
        by=str(work.actor),
    )  # fmt: skip
    work.session.add(made)
    if seat.person is not None:
        _follow(work, proposal, work.session.get_one(Person, seat.person), kind, said, own=own)
    return made


def _seat(work: Work, voice: Voice, own: bool) -> Seated:
    """The trustee's seat, where it can be declared at all."""
    of = work.session.get_one(BoardSession, voice.considered.session_id)
    work.session.refresh(of, with_for_update={"read": True})
    if voice.considered.removed_at is not None:
        raise refuse("advice.taken-off")
    if of.stage is SessionStage.CANCELLED or (own and of.stage is not SessionStage.OPEN):
        raise refuse(f"advice.session-{of.stage}")
    table: Table = table_for(work.session, of, voice.considered, work.at.date())
    seat = table.seat(voice.trustee.id)
    if seat is None:
        raise refuse("advice.not-seated", name=voice.trustee.name)
    return seat


def _follow(work: Work, proposal: Proposal, person: Person, kind: InterestKind, said: str, *, own: bool) -> None:
    """What a declaration leads to: the file opens, or the proposal is not there for them."""
    if kind is not InterestKind.NONE:
        if own:
            abstain(work, proposal, said)
        else:
            recuse(work, proposal, person, said)
        return
    reader = ProposalReader
    known = sa.select(reader.id).where(
        reader.proposal_id == proposal.id, reader.person_id == person.id, reader.ended_at.is_(None)
    )
    if work.session.scalars(known).first() is None:
        work.session.add(
            ProposalReader(proposal_id=proposal.id, person_id=person.id, at=work.at, by=str(work.actor))
        )  # fmt: skip
