"""Tables of screening: the checklist, questions and answers, who sees to which region, what is told to whom, lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.kernel.base import Entity, SixNames
from fundapp.proposals.models.proposals import BY, DIGEST


class CallCheck(Entity, SixNames):
    """A point of a call's checklist beside those that every call has."""

    __tablename__ = "call_check"
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(40))
    required: Mapped[bool]
    __table_args__ = (sa.UniqueConstraint("call_id", "code"),)


class ScreeningMark(Entity):
    """What a desk officer found on a point of the checklist in a version; rows are only added, the last one counts."""

    __tablename__ = "screening_mark"
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    version_number: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(40))
    verdict: Mapped[str] = mapped_column(sa.String(20))
    note: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)


class ScreeningQuestion(Entity):
    """A question of the secretariat to the office, on the record; never changed."""

    __tablename__ = "screening_question"
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    section: Mapped[str] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)


class ScreeningAnswer(Entity):
    """The office's answer to a question; never changed."""

    __tablename__ = "screening_answer"
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("screening_question.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)


class Desk(Entity):
    """The desk officer of a region in a fund; ended, never deleted."""

    __tablename__ = "desk"
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"), index=True)
    region: Mapped[str] = mapped_column(sa.String(3), sa.ForeignKey("region.code"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Notice(Entity):
    """Something that a person is to hear of about a proposal or a call; it waits until a letter takes it along.

    kind: a letter of rules.stages, a question, an answer, or a reminder. once: what of it must be told only one time,
    as "remind:12:7", else empty.
    """

    __tablename__ = "notice"
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    proposal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    details: Mapped[dict[str, Any]]
    once: Mapped[str | None] = mapped_column(sa.String(80))
    at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    __table_args__ = (
        sa.UniqueConstraint("person_id", "once"),
        sa.Index("ix_notice_told_at", "told_at", "person_id"),
    )


class NoticeChoice(Entity):
    """How a person wants to hear: single letters instead of a digest a day."""

    __tablename__ = "notice_choice"
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), unique=True)
    single: Mapped[bool]


class SavedView(Entity):
    """A list of proposals as somebody wants to find it again: its filters and columns as the query of an address."""

    __tablename__ = "saved_view"
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(sa.String(80))
    query: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    __table_args__ = (sa.UniqueConstraint("person_id", "fund_id", "name"),)


class DossierJob(Entity):
    """Dossiers that somebody asked for, made in the background: which proposals, in which language and form, how many
    are done of how many, and the file that came of it."""

    __tablename__ = "dossier_job"
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    proposals: Mapped[dict[str, Any]]  # {"ids": […]}
    language: Mapped[str] = mapped_column(sa.String(2))
    form: Mapped[str] = mapped_column(sa.String(10))
    stage: Mapped[str] = mapped_column(sa.String(20))
    made: Mapped[int]
    total: Mapped[int]
    at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    digest: Mapped[str | None] = mapped_column(DIGEST)
    size: Mapped[int | None]
    failure: Mapped[str] = mapped_column(sa.Text)
