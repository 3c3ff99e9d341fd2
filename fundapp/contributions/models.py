"""Donors, and what sources outside the books say that they gave."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.kernel.base import Base, Entity, SixNames
from fundapp.kernel.work import OWN_TRAIL


class DonorKind(StrEnum):
    """A State, or anyone else who contributes."""

    STATE = "state"
    OTHER = "other"


class Donor(Entity, SixNames):
    """Someone who contributes. `code` is the ISO 3166 alpha-3 code of a State; `country` is that code, or empty."""

    __tablename__ = "donor"
    code: Mapped[str] = mapped_column(sa.String(60), unique=True)
    kind: Mapped[DonorKind]
    country: Mapped[str | None] = mapped_column(sa.String(3), unique=True)


class Schedule(Entity):
    """A file of contributions that somebody else keeps, as it was loaded: a second source, never booked."""

    __tablename__ = "schedule"
    name: Mapped[str] = mapped_column(sa.String(255))
    layout: Mapped[str] = mapped_column(sa.String(40))
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    loaded_at: Mapped[datetime]
    rows: Mapped[int]


class Scheduled(Base):
    """A row of a schedule: what a donor gave a fund in a year, in US cents; written once with its schedule."""

    __tablename__ = "scheduled"
    schedule_id: Mapped[int] = mapped_column(sa.ForeignKey("schedule.id"), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    year: Mapped[int]
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donor.id"))
    cents: Mapped[int]
    __table_args__ = (
        sa.UniqueConstraint("fund_id", "year", "donor_id"),
        sa.Index("ix_scheduled_donor_id", "donor_id"),
    )


OWN_TRAIL |= {"scheduled"}
