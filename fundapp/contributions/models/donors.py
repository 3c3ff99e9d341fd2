"""Donors, and what sources outside the books say that they gave."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.kernel.base import Base, Entity, SixNames
from fundapp.kernel.work import OWN_TRAIL

BY = sa.String(255)
LANGUAGE = sa.String(2)


class DonorKind(StrEnum):
    """A State, an organisation, somebody private, or anyone else who contributes."""

    STATE = "state"
    ORGANISATION = "organisation"
    PRIVATE = "private"
    OTHER = "other"


class Donor(Entity, SixNames):
    """Someone who contributes. `code` is the ISO 3166 alpha-3 code of a State; `country` is that code, or empty."""

    __tablename__ = "donor"
    code: Mapped[str] = mapped_column(sa.String(60), unique=True)
    kind: Mapped[DonorKind]
    country: Mapped[str | None] = mapped_column(sa.String(3), unique=True)


class DonorName(Entity, SixNames):
    """What a donor that is no State was called before `until`, the first day of the name that followed."""

    __tablename__ = "donor_name"
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donor.id"))
    until: Mapped[date]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    __table_args__ = (sa.UniqueConstraint("donor_id", "until"),)


class DonorAlias(Entity):
    """A spelling, folded, by which a bank or a letter names a donor; taken off, it means nobody again."""

    __tablename__ = "donor_alias"
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donor.id"), index=True)
    form: Mapped[str] = mapped_column(sa.String(200), index=True)
    said: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[str | None] = mapped_column(BY)


class DonorContact(Entity):
    """Whom to write to at a donor's, and in which language; taken off, it stays for the letters already sent."""

    __tablename__ = "donor_contact"
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donor.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    function: Mapped[str] = mapped_column(sa.String(200))
    email: Mapped[str] = mapped_column(sa.String(255))
    phone: Mapped[str] = mapped_column(sa.String(60))
    address: Mapped[str] = mapped_column(sa.Text)
    language: Mapped[str] = mapped_column(LANGUAGE)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[str | None] = mapped_column(BY)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it


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
