"""Tables of a call's scoring: its round, who scores what, and exceptions. Moments are UTC."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.kernel.base import Entity
from fundapp.proposals.models import Call

BY = sa.String(255)


class Ended(StrEnum):
    """How an assignment ended before its time."""

    TAKEN_BACK = "taken-back"
    ABSTAINED = "abstained"
    RECUSED = "recused"


class ScoringRound(Entity):
    """The scoring of a call: how many sheets each proposal needs, until when, and by which rules; open or closed.

    shows_others: whether whoever gave a sheet then sees those that others gave. bars_nationality: whether nobody scores
    a proposal of the State they are nationals of. threshold: the total, of 100, under which a proposal is marked.
    """

    __tablename__ = "scoring_round"
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"), unique=True)
    open: Mapped[bool]
    sheets: Mapped[int]
    due_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(sa.String(60))
    shows_others: Mapped[bool]
    bars_nationality: Mapped[bool]
    threshold: Mapped[Decimal | None]
    opened_at: Mapped[datetime]
    opened_by: Mapped[str] = mapped_column(BY)
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    call: Mapped[Call] = relationship(viewonly=True)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it

    @property
    def fund_id(self) -> int:
        """The fund of its call, in which the policy asks for roles."""
        return self.call.fund_id


class RoundMove(Entity):
    """The opening, changing, closing or reopening of a round, with its reason; never changed."""

    __tablename__ = "round_move"
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("scoring_round.id"), index=True)
    move: Mapped[str] = mapped_column(sa.String(20))
    reason: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)


class RoundException(Entity):
    """A proposal that may be ranked on fewer sheets than its round asks for, and why; never changed."""

    __tablename__ = "round_exception"
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("scoring_round.id"), index=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)


class ReviewerProfile(Entity):
    """What assigning asks of a reviewer: nationality, the languages they read ("en fr"), and the most proposals of a
    call that they take, none for no limit."""

    __tablename__ = "reviewer_profile"
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), unique=True)
    nationality: Mapped[str | None] = mapped_column(sa.String(3), sa.ForeignKey("country.code"))
    languages: Mapped[str] = mapped_column(sa.String(20))
    most: Mapped[int | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it


class OfRound:
    """What belongs to a round and to one of its proposals, as the policy judges it."""

    if TYPE_CHECKING:
        round: Mapped[ScoringRound]
        proposal_id: Mapped[int]

    @property
    def fund_id(self) -> int:
        """The fund of its call, in which the policy asks for roles."""
        return self.round.call.fund_id

    @property
    def part_of(self) -> str:
        """The proposal, by the name under which it may be closed to somebody."""
        return f"proposal:{self.proposal_id}"


class Assignment(OfRound, Entity):
    """A proposal that somebody scores. `sheet_id` is the sheet of theirs that counts: none before it is given, and none
    while it is reopened. Ended, it counts no more, and says how and why."""

    __tablename__ = "assignment"
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("scoring_round.id"))
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    sheet_id: Mapped[int | None] = mapped_column(sa.ForeignKey("score_sheet.id"))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(BY)
    ended: Mapped[Ended | None]
    end_reason: Mapped[str] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column()
    round: Mapped[ScoringRound] = relationship(viewonly=True)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it
    __table_args__ = (
        sa.Index("ix_assignment_round_id", "round_id", "proposal_id", "sheet_id"),
        # one at a time: somebody whose assignment ended may be given the proposal again
        sa.Index(
            "uq_assignment_standing",
            "proposal_id",
            "person_id",
            unique=True,
            sqlite_where=sa.column("ended_at").is_(None), postgresql_where=sa.column("ended_at").is_(None),
        ),
    )  # fmt: skip

    def end(self, at: datetime, by: str, how: Ended, reason: str) -> None:
        """End it, and say how and why."""
        self.ended_at, self.ended_by, self.ended, self.end_reason = at, by, how, reason.strip()
