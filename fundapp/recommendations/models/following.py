"""What goes on around recommendations: reviews and their days, the High Commissioner's letters, follow-up, plans.

`recommendation_id` is a recommendation's number: the id of its first version, so that a later one keeps what was said.
Nothing here is deleted: what was a mistake is withdrawn, and stays in the record.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.kernel.base import Entity
from fundapp.recommendations.rules import Progress, Says

BY = sa.String(255)


class Review(Entity):
    """The days of a State's review in a cycle that someone recorded; the others are reckoned from them."""

    __tablename__ = "review"
    state: Mapped[str] = mapped_column(sa.String(3), sa.ForeignKey("country.code"))
    cycle: Mapped[int]
    session: Mapped[int | None]
    symbol: Mapped[str] = mapped_column(sa.String(60))  # of the report of the Working Group
    documents_due: Mapped[date | None]
    reviewed_on: Mapped[date | None]
    adopted_on: Mapped[date | None]
    midterm_due: Mapped[date | None]
    next_on: Mapped[date | None]
    version: Mapped[int] = mapped_column()
    __table_args__ = (sa.UniqueConstraint("state", "cycle"),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it


class HighCommissionerLetter(Entity):
    """The letter that the High Commissioner sent to a State after its review, with its file if it is there."""

    __tablename__ = "high_commissioner_letter"
    state: Mapped[str] = mapped_column(sa.String(3), sa.ForeignKey("country.code"), index=True)
    cycle: Mapped[int]
    sent_on: Mapped[date]
    file_name: Mapped[str] = mapped_column(sa.String(255))
    file_digest: Mapped[str | None] = mapped_column(sa.String(64))
    file_size: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    withdrawn_at: Mapped[datetime | None]


class LetterArea(Entity):
    """An area that a letter names: a theme of the register if one fits, and a sentence in the officer's words."""

    __tablename__ = "letter_area"
    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("high_commissioner_letter.id"), index=True)
    theme: Mapped[str | None] = mapped_column(sa.String(160))
    sentence: Mapped[str] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.String(2))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    withdrawn_at: Mapped[datetime | None]


class LetterAreaGoal(Entity):
    """A goal that an area of a letter speaks of, or a target of it; `target` is empty where the goal alone is meant."""

    __tablename__ = "letter_area_goal"
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("letter_area.id"))
    goal: Mapped[int] = mapped_column(sa.ForeignKey("goal.number"))
    target: Mapped[str] = mapped_column(sa.String(5))
    __table_args__ = (sa.UniqueConstraint("area_id", "goal", "target"),)


class FollowUp(Entity):
    """How far a recommendation had come on a day, who says so, and on what evidence."""

    __tablename__ = "follow_up"
    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendation.id"), index=True)
    progress: Mapped[Progress]
    as_of: Mapped[date]
    says: Mapped[Says]
    source: Mapped[str] = mapped_column(sa.String(300))  # the document, the body, the person
    evidence: Mapped[str] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.String(2))
    link: Mapped[str] = mapped_column(sa.String(500))
    project: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    withdrawn_at: Mapped[datetime | None]


class ImplementationPlan(Entity):
    """A State's plan for putting recommendations into practice."""

    __tablename__ = "implementation_plan"
    state: Mapped[str] = mapped_column(sa.String(3), sa.ForeignKey("country.code"), index=True)
    title: Mapped[str] = mapped_column(sa.String(300))
    language: Mapped[str] = mapped_column(sa.String(2))
    since: Mapped[date | None]
    until: Mapped[date | None]
    source: Mapped[str] = mapped_column(sa.String(255))  # the file it came in, if it did
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    version: Mapped[int] = mapped_column()
    withdrawn_at: Mapped[datetime | None]
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it


class Measure(Entity):
    """What a plan says is to be done: by whom, until when, and how one will know."""

    __tablename__ = "measure"
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("implementation_plan.id"))
    reference: Mapped[str] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.Text)
    responsible: Mapped[str] = mapped_column(sa.String(300))
    due: Mapped[date | None]
    indicator: Mapped[str] = mapped_column(sa.Text)
    progress: Mapped[Progress]
    project: Mapped[str] = mapped_column(sa.String(200))
    version: Mapped[int] = mapped_column()
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (sa.UniqueConstraint("plan_id", "reference"),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it


class MeasureLink(Entity):
    """A recommendation that a measure is to put into practice."""

    __tablename__ = "measure_link"
    measure_id: Mapped[int] = mapped_column(sa.ForeignKey("measure.id"))
    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendation.id"), index=True)
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (sa.UniqueConstraint("measure_id", "recommendation_id"),)
