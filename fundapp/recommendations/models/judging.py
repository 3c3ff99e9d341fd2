"""What people decide: which records are one recommendation, what is evidence for what, which files are taken in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.kernel.base import Base, Entity
from fundapp.kernel.work import NO_RECORD
from fundapp.recommendations.rules import Stage, Verdict


class Pairing(Entity):
    """What a person said of two records from two sources: one recommendation (joined) or two. Both by their number."""

    __tablename__ = "pairing"
    kept_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendation.id"), index=True)
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendation.id"), index=True)
    joined: Mapped[bool]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(sa.String(255))
    undone_at: Mapped[datetime | None]


class EvidenceJudgement(Entity):
    """A match that a person added or rejected, with the reason: for a recommendation of the review, one of another
    mechanism or an area of a letter."""

    __tablename__ = "evidence_judgement"
    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendation.id"), index=True)
    found_id: Mapped[int | None] = mapped_column(sa.ForeignKey("recommendation.id"), index=True)
    area_id: Mapped[int | None] = mapped_column(sa.ForeignKey("letter_area.id"))
    verdict: Mapped[Verdict]
    reason: Mapped[str] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(sa.String(2))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(sa.String(255))
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (sa.CheckConstraint("(found_id is null) <> (area_id is null)", name="one_match"),)


class Upload(Entity):
    """A file that somebody sent through the page: what it is to be read as, and what reading it found.

    `found` are the counts, the first faults and the first changes; `report` the digest of the row-by-row report.
    """

    __tablename__ = "recommendation_upload"
    name: Mapped[str] = mapped_column(sa.String(255))
    digest: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    layout: Mapped[str] = mapped_column(sa.String(20))  # asked for, then recognised
    state: Mapped[str | None] = mapped_column(sa.String(3), sa.ForeignKey("country.code"))
    session: Mapped[int | None]
    language: Mapped[str] = mapped_column(sa.String(2))
    good_rows: Mapped[bool]
    apply_changes: Mapped[bool]
    stage: Mapped[Stage]
    found: Mapped[dict[str, Any]]
    report: Mapped[str | None] = mapped_column(sa.String(64))
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey("recommendation_import.id"))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(sa.String(255))
    claimed_at: Mapped[datetime | None]


class UploadProgress(Base):
    """How far the reading of a file is: rows, and thousandths of the whole. No record of anything."""

    __tablename__ = "upload_progress"
    upload_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rows: Mapped[int]
    share: Mapped[int]
    at: Mapped[datetime]


NO_RECORD |= {UploadProgress.__tablename__}
