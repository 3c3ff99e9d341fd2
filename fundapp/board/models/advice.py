"""Tables of what trustees say of the proposals before them: interests, notes, questions, votes, and the Board's advice.
Moments are UTC."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.board.models.members import BY, Trustee
from fundapp.kernel.base import SECRET, Entity
from fundapp.kernel.work import NO_RECORD
from fundapp.proposals.models import Proposal


class Considered(Entity):
    """A proposal that is before the Board at a session, in the version that was handed in last when it was put there;
    `asked_cents`: what that one asks for. `deferred_from_id`: where it was deferred from, of one that comes again.
    Taken off, it is so no more."""

    __tablename__ = "considered"
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("board_session.id"))
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"), index=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal_version.id"))
    asked_cents: Mapped[int]
    deferred_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("considered.id"))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    proposal: Mapped[Proposal] = relationship(viewonly=True)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it
    __table_args__ = (sa.UniqueConstraint("session_id", "proposal_id"),)

    @property
    def fund_id(self) -> int:
        """The fund of the proposal, in which the policy asks for roles."""
        return self.proposal.fund_id

    @property
    def part_of(self) -> str:
        """The proposal, by the name under which it may be closed to somebody."""
        return f"proposal:{self.proposal_id}"

    @property
    def opened_to(self) -> frozenset[int]:
        """The people to whom the proposal is open by name."""
        return self.proposal.opened_to


class OfConsidered:
    """What belongs to a proposal before the Board, as the policy judges it."""

    if TYPE_CHECKING:
        considered: Mapped[Considered]

    @property
    def fund_id(self) -> int:
        """The fund of the proposal, in which the policy asks for roles."""
        return self.considered.fund_id

    @property
    def part_of(self) -> str:
        """The proposal, by the name under which it may be closed to somebody."""
        return self.considered.part_of


class OfTrustee(OfConsidered):
    """What a trustee says of a proposal: their own."""

    if TYPE_CHECKING:
        trustee: Mapped[Trustee]

    @property
    def person_id(self) -> int | None:
        """Whose own it is."""
        return self.trustee.person_id


class InterestKind(StrEnum):
    """What a trustee declares of a proposal: no interest, or which one."""

    NONE = "none"
    NATIONALITY = "nationality"
    WORKED_FOR = "worked-for"
    OTHER = "other"


class Interest(OfTrustee, Entity):
    """What a trustee declared of a proposal, or the secretary for them; never changed, the last one stands."""

    __tablename__ = "board_interest"
    considered_id: Mapped[int] = mapped_column(sa.ForeignKey("considered.id"))
    trustee_id: Mapped[int] = mapped_column(sa.ForeignKey("trustee.id"), index=True)
    kind: Mapped[InterestKind]
    reason: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    considered: Mapped[Considered] = relationship(viewonly=True)
    trustee: Mapped[Trustee] = relationship(viewonly=True)
    __table_args__ = (sa.Index("ix_board_interest_considered_id", "considered_id", "trustee_id"),)


class TrusteeNote(OfTrustee, Entity):
    """A trustee's private note on a proposal, which nobody else reads. No record of anything."""

    __tablename__ = "trustee_note"
    considered_id: Mapped[int] = mapped_column(sa.ForeignKey("considered.id"))
    trustee_id: Mapped[int] = mapped_column(sa.ForeignKey("trustee.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text, info=SECRET)
    saved_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    considered: Mapped[Considered] = relationship(viewonly=True)
    trustee: Mapped[Trustee] = relationship(viewonly=True)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it
    __table_args__ = (sa.UniqueConstraint("considered_id", "trustee_id"),)


NO_RECORD |= {TrusteeNote.__tablename__}


class BoardQuestion(OfTrustee, Entity):
    """A trustee's question to the secretariat on a proposal, with its answer, for all trustees who see the proposal."""

    __tablename__ = "board_question"
    considered_id: Mapped[int] = mapped_column(sa.ForeignKey("considered.id"), index=True)
    trustee_id: Mapped[int] = mapped_column(sa.ForeignKey("trustee.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(sa.Text)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(BY)
    version: Mapped[int] = mapped_column()
    considered: Mapped[Considered] = relationship(viewonly=True)
    trustee: Mapped[Trustee] = relationship(viewonly=True)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it


class AdviceOutcome(StrEnum):
    """What the Board advises on a proposal."""

    SUPPORT = "support"
    CONDITIONS = "support-with-conditions"
    DEFER = "defer"
    NOT_SUPPORT = "not-support"


class AdviceWay(StrEnum):
    """How the Board came to its advice: by consensus, by a recorded vote, or by silence in a written procedure."""

    CONSENSUS = "consensus"
    VOTE = "vote"
    SILENCE = "silence"


class Ballot(OfConsidered, Entity):
    """A vote on a proposed advice: trustees vote while it is open. In a written procedure a vote against is the
    objection that breaks the silence."""

    __tablename__ = "ballot"
    considered_id: Mapped[int] = mapped_column(sa.ForeignKey("considered.id"), index=True)
    outcome: Mapped[AdviceOutcome]
    amount_cents: Mapped[int | None]
    motion: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(BY)
    version: Mapped[int] = mapped_column()
    considered: Mapped[Considered] = relationship(viewonly=True)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it


class VoteChoice(StrEnum):
    """What a trustee votes."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class Vote(Entity):
    """A trustee's vote, by themselves or as the secretary recorded it; never changed. `reason` of one against."""

    __tablename__ = "vote"
    ballot_id: Mapped[int] = mapped_column(sa.ForeignKey("ballot.id"))
    trustee_id: Mapped[int] = mapped_column(sa.ForeignKey("trustee.id"))
    choice: Mapped[VoteChoice]
    reason: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    __table_args__ = (sa.UniqueConstraint("ballot_id", "trustee_id"),)


class Advice(OfConsidered, Entity):
    """The Board's advice on a proposal; never changed, the last one stands. Votes are counts; `taking_part`: trustees
    present and not recused; `recused`: how many were."""

    __tablename__ = "advice"
    considered_id: Mapped[int] = mapped_column(sa.ForeignKey("considered.id"), index=True)
    outcome: Mapped[AdviceOutcome]
    way: Mapped[AdviceWay]
    amount_cents: Mapped[int | None]
    reasons: Mapped[str] = mapped_column(sa.Text)
    conditions: Mapped[str] = mapped_column(sa.Text)
    ballot_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ballot.id"))
    votes_for: Mapped[int]
    votes_against: Mapped[int]
    abstained: Mapped[int]
    recused: Mapped[int]
    taking_part: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    considered: Mapped[Considered] = relationship(viewonly=True)
