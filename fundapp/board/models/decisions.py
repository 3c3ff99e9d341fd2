"""Tables of what is decided on proposals, of conditions, and of the minutes. Moments are UTC."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.board.models.advice import Considered, OfConsidered
from fundapp.board.models.members import BY
from fundapp.board.models.sessions import DIGEST, BoardSession, OfSession
from fundapp.kernel.base import Entity


class DecisionOutcome(StrEnum):
    """What the approving officer decides on a proposal."""

    APPROVE = "approve"
    CONDITIONS = "approve-with-conditions"
    DEFER = "defer"
    DECLINE = "decline"


class DecisionDraft(OfConsidered, Entity):
    """A decision as it is prepared, for somebody else to take: the amount, by class where it differs from the budget
    ({"010": cents}), conditions ([{"text", "owner", "due_on", "before_allotment"}]), reasons, and those that may be
    shared with the office; `against_advice`: why it is not what the Board advised."""

    __tablename__ = "decision_draft"
    considered_id: Mapped[int] = mapped_column(sa.ForeignKey("considered.id"), unique=True)
    outcome: Mapped[DecisionOutcome]
    amount_cents: Mapped[int | None]
    classes: Mapped[dict[str, Any]]
    conditions: Mapped[dict[str, Any]]  # {"conditions": [...]}
    reasons: Mapped[str] = mapped_column(sa.Text)
    shared: Mapped[str] = mapped_column(sa.Text)
    against_advice: Mapped[str] = mapped_column(sa.Text)
    prepared_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    prepared_by: Mapped[str] = mapped_column(BY)
    prepared_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    considered: Mapped[Considered] = relationship(viewonly=True)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it


class Decision(OfConsidered, Entity):
    """What was decided on a proposal; never changed, another supersedes it. `envelope_cents`: what it was held against,
    none where nothing was said; `digest`: of the snapshot that the Board saw."""

    __tablename__ = "decision"
    considered_id: Mapped[int] = mapped_column(sa.ForeignKey("considered.id"), index=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    outcome: Mapped[DecisionOutcome]
    amount_cents: Mapped[int | None]
    classes: Mapped[dict[str, Any]]
    reasons: Mapped[str] = mapped_column(sa.Text)
    shared: Mapped[str] = mapped_column(sa.Text)
    against_advice: Mapped[str] = mapped_column(sa.Text)
    advice_id: Mapped[int | None] = mapped_column(sa.ForeignKey("advice.id"))
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal_version.id"))
    supersedes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision.id"), unique=True)
    envelope_cents: Mapped[int | None]
    prepared_by: Mapped[str] = mapped_column(BY)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    considered: Mapped[Considered] = relationship(viewonly=True)


class Owner(StrEnum):
    """Who sees to a condition: the office that the proposal is of, or the secretariat."""

    OFFICE = "office"
    SECRETARIAT = "secretariat"


class DecisionCondition(Entity):
    """A condition of a decision: what, by whom, until when, and whether money waits for it; never changed."""

    __tablename__ = "decision_condition"
    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decision.id"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    owner: Mapped[Owner]
    due_on: Mapped[date]
    before_allotment: Mapped[bool]
    decision: Mapped[Decision] = relationship(viewonly=True)

    @property
    def fund_id(self) -> int:
        """The fund of the proposal, in which the policy asks for roles."""
        return self.decision.fund_id

    @property
    def part_of(self) -> str:
        """The proposal, by the name under which it may be closed to somebody."""
        return self.decision.part_of


class ConditionMove(StrEnum):
    """What became of a condition."""

    MET = "met"
    WAIVED = "waived"
    REOPENED = "reopened"


class ConditionStep(Entity):
    """That a condition was met, waived or opened again, and why; never changed, the last one stands."""

    __tablename__ = "condition_step"
    condition_id: Mapped[int] = mapped_column(sa.ForeignKey("decision_condition.id"), index=True)
    move: Mapped[ConditionMove]
    reason: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)


class Minutes(OfSession, Entity):
    """The minutes of a session as they were fixed: canonical JSON and its SHA-256; never changed, another follows."""

    __tablename__ = "minutes"
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("board_session.id"))
    number: Mapped[int]
    content: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(DIGEST)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    session: Mapped[BoardSession] = relationship(viewonly=True)
    __table_args__ = (sa.UniqueConstraint("session_id", "number"),)


class MinutesApproval(Entity):
    """That the chair approved minutes; never changed. Approved ones are the last."""

    __tablename__ = "minutes_approval"
    minutes_id: Mapped[int] = mapped_column(sa.ForeignKey("minutes.id"), unique=True)
    trustee_id: Mapped[int] = mapped_column(sa.ForeignKey("trustee.id"))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)


class FollowUpAction(OfSession, Entity):
    """Something that a session asked to be done, tracked into the matters arising of the next one."""

    __tablename__ = "follow_up_action"
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("board_session.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agenda_item.id"))
    text: Mapped[str] = mapped_column(sa.Text)
    owner: Mapped[str] = mapped_column(sa.String(200))
    due_on: Mapped[date | None]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(BY)
    done_note: Mapped[str] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column()
    session: Mapped[BoardSession] = relationship(viewonly=True)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it
