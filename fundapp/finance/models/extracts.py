"""Tables of expenditure as the organisation's ERP extracts it, of entries made by hand, and of support costs.

Written in bulk: their batch is their trail.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.finance.models.receiving import BY, CURRENCY, ENTRY
from fundapp.kernel.base import Base, Entity
from fundapp.kernel.work import OWN_TRAIL, OWN_UPDATE

WORDS = sa.String(60)


class ExtractProfile(Entity):
    """How a source writes its extracts: which column is what, how days and amounts are written, which class is booked
    on which account. A change makes the next edition; what was read by an older one stays."""

    __tablename__ = "extract_profile"
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    code: Mapped[str] = mapped_column(sa.String(40))
    edition: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(200))
    settings: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    ended_at: Mapped[datetime | None]
    __table_args__ = (sa.UniqueConstraint("fund_id", "code", "edition"),)


class ExtractBatch(Entity):
    """A file of expenditure that came in: what of it was new, changed, the same, and left to look at.

    source: the code of the profile, under which documents and lines are known. `undone_*`: that it was taken back.
    """

    __tablename__ = "extract_batch"
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"), index=True)
    profile_id: Mapped[int] = mapped_column(sa.ForeignKey("extract_profile.id"))
    source: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(255))
    digest: Mapped[str] = mapped_column(sa.String(64))  # of the file
    rows: Mapped[int]
    added: Mapped[int]
    changed: Mapped[int]
    same: Mapped[int]
    waiting: Mapped[int]
    cents: Mapped[int]  # that it posted
    first: Mapped[date | None]
    last: Mapped[date | None]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(BY)
    undone_reason: Mapped[str] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column()
    profile: Mapped[ExtractProfile] = relationship(viewonly=True)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it


class ExtractLine(Base):
    """A line of an extract as it came last: known by source, document and line; a changed one is the next revision and
    posts the difference.

    posted_on: as the file says; booked_on: the day of the entry, later where that period is closed. entry_id: none
    while project or class are unknown, or where nothing was to be posted.
    """

    __tablename__ = "extract_line"
    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("extract_batch.id"), index=True)
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    source: Mapped[str] = mapped_column(sa.String(40))
    document: Mapped[str] = mapped_column(WORDS)
    line: Mapped[str] = mapped_column(sa.String(20))
    revision: Mapped[int]
    row: Mapped[int]
    posted_on: Mapped[date]
    booked_on: Mapped[date | None]
    project: Mapped[str] = mapped_column(WORDS)  # as the file says
    erp_class: Mapped[str] = mapped_column(WORDS)  # as the file says
    commitment: Mapped[str] = mapped_column(WORDS)  # the number of the commitment that it pays, or nothing
    kind: Mapped[str] = mapped_column(sa.String(20))
    text: Mapped[str] = mapped_column(sa.String(255))
    currency: Mapped[str] = mapped_column(CURRENCY)
    minor: Mapped[int | None]
    cents: Mapped[int]
    project_id: Mapped[int | None] = mapped_column(sa.ForeignKey("project_account.id"))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    waits: Mapped[str] = mapped_column(sa.String(40))  # for what is unknown: "project,class"
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey(ENTRY), index=True)
    __table_args__ = (sa.UniqueConstraint("fund_id", "source", "document", "line", "revision"),)


_WAITS = ExtractLine.__table__.c.waits
sa.Index(
    "ix_extract_line_waits",
    ExtractLine.__table__.c.fund_id,
    _WAITS,
    sqlite_where=_WAITS != "",
    postgresql_where=_WAITS != "",
)


class ManualStage(StrEnum):
    """Where an entry made by hand stands: prepared by one, certified or refused by another."""

    PREPARED = "prepared"
    CERTIFIED = "certified"
    REFUSED = "refused"


class ManualEntry(Entity):
    """An entry that somebody prepares, with the document it rests on, and another certifies; then it is posted.

    lines: {"lines": [{"account": code, "cents": signed, "donor": code, "project": code}]}. `late_for`: a day of a
    closed period that it belongs to; `corrects_id`: the entry that it takes the place of or undoes.
    """

    __tablename__ = "manual_entry"
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"), index=True)
    stage: Mapped[ManualStage]
    entry_on: Mapped[date]
    late_for: Mapped[date | None]
    memo: Mapped[str] = mapped_column(sa.String(255))
    lines: Mapped[dict[str, Any]]
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey(ENTRY))
    document: Mapped[str] = mapped_column(sa.String(255))  # the name of its file
    media_type: Mapped[str] = mapped_column(sa.String(100))
    digest: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    prepared_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    prepared_by: Mapped[str] = mapped_column(BY)
    prepared_at: Mapped[datetime]
    settled_by: Mapped[str | None] = mapped_column(BY)
    settled_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(sa.Text)
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey(ENTRY))
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it


class SupportCosts(Entity):
    """Support costs posted for a month: on what expenditure, at what rate, and what a run added to what was booked."""

    __tablename__ = "support_costs"
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    year: Mapped[int]
    month: Mapped[int]
    run: Mapped[int]  # 1, and more where the month's expenditure changed afterwards
    rate: Mapped[Decimal]
    base_cents: Mapped[int]
    expected_cents: Mapped[int]
    booked_cents: Mapped[int]  # by this run; negative where too much was booked before
    booked_on: Mapped[date]
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey(ENTRY))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    __table_args__ = (sa.UniqueConstraint("fund_id", "year", "month", "run"),)


OWN_TRAIL |= {"extract_line"}
OWN_UPDATE |= {"extract_line"}
