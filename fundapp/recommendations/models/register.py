"""The register: recommendations as they were imported. Rows are added and never changed; an import that is undone, or
a row that a later import replaced, no longer stands.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.kernel.base import Base, Entity
from fundapp.kernel.work import OWN_TRAIL, OWN_UPDATE
from fundapp.recommendations.rules import LabelKind, Mechanism, Position


class RecommendationImport(Entity):
    """A file that was taken in: its digest, when and by whom, what it added and changed; undone as a whole."""

    __tablename__ = "recommendation_import"
    name: Mapped[str] = mapped_column(sa.String(255))
    layout: Mapped[str] = mapped_column(sa.String(20))
    digest: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(sa.String(255))
    added: Mapped[int]
    changed: Mapped[int]
    undone_at: Mapped[datetime | None]


class Recommendation(Base):
    """One recommendation as one import has it.

    key: what it is known again by; number: the id of its first version, which others point at; standing: this version
    counts; joined_to: the number of the same recommendation from another source, which counts in its place; body: the
    code of a treaty body or the name of a special procedure; issued: the day of the document.
    """

    __tablename__ = "recommendation"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(index=True)
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendation_import.id"), index=True)
    row: Mapped[int]
    key: Mapped[str] = mapped_column(sa.String(160))
    digest: Mapped[str] = mapped_column(sa.String(64))
    standing: Mapped[bool]
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("recommendation.id"), index=True)
    joined_to: Mapped[int | None] = mapped_column(sa.ForeignKey("recommendation.id"), index=True)
    mechanism: Mapped[Mechanism]
    body: Mapped[str] = mapped_column(sa.String(120))
    state: Mapped[str] = mapped_column(sa.String(3), sa.ForeignKey("country.code"))
    cycle: Mapped[int | None]
    session: Mapped[int | None]
    symbol: Mapped[str] = mapped_column(sa.String(60))
    paragraph: Mapped[str] = mapped_column(sa.String(40))
    position: Mapped[Position | None]
    position_source: Mapped[str] = mapped_column(sa.String(200))
    issued: Mapped[date | None]
    assessment: Mapped[str] = mapped_column(sa.Text)
    __table_args__ = (
        sa.Index(
            "uq_recommendation_key_standing",
            "key",
            unique=True,
            sqlite_where=sa.column("standing"),
            postgresql_where=sa.column("standing"),
        ),
        sa.Index("ix_recommendation_state_mechanism", "state", "mechanism"),
    )


class RecommendationText(Base):
    """The words of a recommendation in one language; `search` is their folded form."""

    __tablename__ = "recommendation_text"
    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendation.id"), primary_key=True)
    language: Mapped[str] = mapped_column(sa.String(2), primary_key=True)
    text: Mapped[str] = mapped_column(sa.Text)
    search: Mapped[str] = mapped_column(sa.Text)


class RecommendingState(Base):
    """A State that made a recommendation in the review; several may make one together."""

    __tablename__ = "recommending_state"
    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendation.id"), primary_key=True)
    country: Mapped[str] = mapped_column(sa.String(3), sa.ForeignKey("country.code"), primary_key=True)
    __table_args__ = (sa.Index("ix_recommending_state_country", "country"),)


class RecommendationLabel(Base):
    """A theme or a group of persons of a recommendation, as the file has it; `code` is the one in use, or empty."""

    __tablename__ = "recommendation_label"
    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendation.id"), primary_key=True)
    kind: Mapped[LabelKind] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    label: Mapped[str] = mapped_column(sa.String(255))
    code: Mapped[str | None] = mapped_column(sa.String(160))
    __table_args__ = (sa.Index("ix_recommendation_label_code", "code"),)


class RecommendationGoal(Base):
    """A goal of a recommendation, or a target of it; `target` is empty where the goal alone is named."""

    __tablename__ = "recommendation_goal"
    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendation.id"), primary_key=True)
    goal: Mapped[int] = mapped_column(sa.ForeignKey("goal.number"), primary_key=True, autoincrement=False)
    target: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    __table_args__ = (sa.Index("ix_recommendation_goal_goal", "goal"),)


REC, TEXT, BY, LABEL, GOAL = (
    kind.__table__
    for kind in (Recommendation, RecommendationText, RecommendingState, RecommendationLabel, RecommendationGoal)
)
PARTS = (RecommendationText, RecommendingState, RecommendationLabel, RecommendationGoal)
OWN_TRAIL |= {"recommendation", *(part.__tablename__ for part in PARTS)}
OWN_UPDATE |= {"recommendation"}
