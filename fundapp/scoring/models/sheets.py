"""Tables of score sheets: what is being filled in, what was given, and what became of disagreement. Moments are UTC."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.kernel.base import Entity
from fundapp.kernel.work import NO_RECORD
from fundapp.scoring.models.rounds import BY, OfRound, ScoringRound


class ScoreDraft(Entity):
    """What a reviewer has filled in so far, by criterion: {code: {"step": "3" or "na" or "", "reason": …, "apart": …}}.
    No record of anything: the sheet that is given is."""

    __tablename__ = "score_draft"
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment.id"), unique=True)
    content: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it


NO_RECORD |= {ScoreDraft.__tablename__}


class ScoreSheet(OfRound, Entity):
    """A sheet that somebody gave, on a version of the proposal; never changed. Of their sheets on a proposal the first
    is number 1: one that is reopened is followed by another."""

    __tablename__ = "score_sheet"
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("scoring_round.id"))
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    number: Mapped[int]
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal_version.id"))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    round: Mapped[ScoringRound] = relationship(viewonly=True)
    __table_args__ = (sa.UniqueConstraint("round_id", "proposal_id", "person_id", "number"),)


class Score(Entity):
    """A score on a criterion with its reason; never changed. `step`: none for "not applicable"; `suggested`: what the
    program had suggested, none for nothing; `apart`: why the two are more than a step apart."""

    __tablename__ = "score"
    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("score_sheet.id"))
    criterion_id: Mapped[int] = mapped_column(sa.ForeignKey("call_criterion.id"))
    step: Mapped[int | None]
    suggested: Mapped[int | None]
    reason: Mapped[str] = mapped_column(sa.Text)
    apart: Mapped[str] = mapped_column(sa.Text)
    __table_args__ = (
        sa.UniqueConstraint("sheet_id", "criterion_id"),
        sa.Index("ix_score_sheet_id", "sheet_id", "criterion_id", "step"),  # what a ranking reads
    )


class SheetReopening(Entity):
    """Why a sheet that was given counts no more; never changed."""

    __tablename__ = "sheet_reopening"
    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("score_sheet.id"), unique=True)
    reason: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)


class Outcome(StrEnum):
    """What became of a disagreement."""

    KEPT = "kept"
    REVISED = "revised"
    NOTED = "noted"


class Moderation(Entity):
    """The outcome of a disagreement on a criterion, with the secretary's note; the last one stands."""

    __tablename__ = "moderation"
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("scoring_round.id"))
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    criterion_id: Mapped[int] = mapped_column(sa.ForeignKey("call_criterion.id"))
    outcome: Mapped[Outcome]
    note: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    __table_args__ = (sa.Index("ix_moderation_round_id", "round_id", "proposal_id", "criterion_id"),)


class ModerationComment(Entity):
    """What is said about a disagreement; never changed."""

    __tablename__ = "moderation_comment"
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    criterion_id: Mapped[int] = mapped_column(sa.ForeignKey("call_criterion.id"))
    text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
