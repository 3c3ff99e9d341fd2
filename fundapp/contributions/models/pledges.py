"""Tables of what donors promise: agreements and pledges with their instalments and files, and who was asked.

What was recognised, paid and written off of them is for finance: amounts here are what was promised, in minor units of
the currency it was promised in.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.contributions.models.donors import BY, LANGUAGE, Donor
from fundapp.kernel.base import Entity

CURRENCY = sa.String(3)
NUMBER = sa.String(20)


class PledgeKind(StrEnum):
    """How a donor binds itself: by an agreement that both sign, or by a pledge that it announces."""

    AGREEMENT = "agreement"
    PLEDGE = "pledge"


class PledgeStage(StrEnum):
    """Where a pledge stands: a draft; binding, from the day it says; cancelled, with a reason."""

    DRAFT = "draft"
    BINDING = "binding"
    CANCELLED = "cancelled"


class Earmark(StrEnum):
    """What a contribution is given for."""

    NONE = "none"
    THEME = "theme"
    REGION = "region"
    COUNTRY = "country"
    PROJECT = "project"


class Pledge(Entity):
    """What a donor promises a fund: an amount in a currency, in instalments that add up to it.

    number: of the fund, "2020-003". binds_on: from when it binds, on which it becomes income where the fund's basis is
    accrual. earmarked_for: code of a focus area, region (M49), country (ISO 3166 alpha-3) or a proposal's reference.
    support_cost_rate: where the agreement has one of its own. reporting: what the donor is to be told, and when.
    """

    __tablename__ = "pledge"
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donor.id"), index=True)
    number: Mapped[str] = mapped_column(NUMBER)
    kind: Mapped[PledgeKind]
    reference: Mapped[str] = mapped_column(sa.String(80))  # by which the donor and its bank name it
    currency: Mapped[str] = mapped_column(CURRENCY, sa.ForeignKey("currency.code"))
    minor: Mapped[int]
    announced_on: Mapped[date]
    binds_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    earmark: Mapped[Earmark]
    earmarked_for: Mapped[str] = mapped_column(sa.String(60))
    conditions: Mapped[str] = mapped_column(sa.Text)
    support_cost_rate: Mapped[Decimal | None]
    reporting: Mapped[str] = mapped_column(sa.Text)
    report_due_on: Mapped[date | None]
    language: Mapped[str] = mapped_column(LANGUAGE)  # in which the donor is written to
    stage: Mapped[PledgeStage]
    prepared_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    prepared_by: Mapped[str] = mapped_column(BY)
    prepared_at: Mapped[datetime]
    bound_by: Mapped[str | None] = mapped_column(BY)
    bound_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None] = mapped_column(BY)
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column()
    donor: Mapped[Donor] = relationship(viewonly=True)
    instalments: Mapped[list[Instalment]] = relationship(viewonly=True, order_by="Instalment.number")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it
    __table_args__ = (sa.UniqueConstraint("fund_id", "number"),)


class Instalment(Entity):
    """A part of a pledge and the day it is due; they change while the pledge is a draft, and not after."""

    __tablename__ = "instalment"
    pledge_id: Mapped[int] = mapped_column(sa.ForeignKey("pledge.id"))
    number: Mapped[int]
    minor: Mapped[int]
    due_on: Mapped[date]
    pledge: Mapped[Pledge] = relationship(viewonly=True)
    __table_args__ = (sa.UniqueConstraint("pledge_id", "number"),)

    @property
    def fund_id(self) -> int:
        """The fund that it is promised to."""
        return self.pledge.fund_id


class PledgePaper(StrEnum):
    """What a file of a pledge is."""

    AGREEMENT = "agreement"
    LETTER = "letter"
    NOTE_VERBALE = "note-verbale"
    OTHER = "other"


class PledgeFile(Entity):
    """A paper of a pledge, kept by its digest. Taken off, the file stays."""

    __tablename__ = "pledge_file"
    pledge_id: Mapped[int] = mapped_column(sa.ForeignKey("pledge.id"), index=True)
    kind: Mapped[PledgePaper]
    name: Mapped[str] = mapped_column(sa.String(255))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    digest: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[str | None] = mapped_column(BY)
    pledge: Mapped[Pledge] = relationship(viewonly=True)

    @property
    def fund_id(self) -> int:
        """The fund of the pledge."""
        return self.pledge.fund_id


class Answered(StrEnum):
    """What came of asking somebody for a contribution."""

    OPEN = "open"
    PROMISED = "promised"
    DECLINED = "declined"


class Appeal(Entity):
    """That somebody was asked for a contribution, when and for what; `pledge_id`: the pledge that came of it."""

    __tablename__ = "appeal"
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"), index=True)
    donor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("donor.id"))
    name: Mapped[str] = mapped_column(sa.String(200))  # of who was asked, where it is no donor yet
    asked_on: Mapped[date]
    purpose: Mapped[str] = mapped_column(sa.Text)
    currency: Mapped[str] = mapped_column(CURRENCY, sa.ForeignKey("currency.code"))
    minor: Mapped[int | None]
    answer: Mapped[Answered]
    follow_up_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.Text)
    pledge_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pledge.id"))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it
