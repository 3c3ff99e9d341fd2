"""Tables of closing: what was looked at before a period closes, its moves, and statements that were certified."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.finance.models.receiving import BY
from fundapp.kernel.base import Entity
from fundapp.ledger.models import Period


class PeriodCheck(Entity):
    """That a point of a period's checklist was seen to, with what was said of it; the last of a point stands."""

    __tablename__ = "period_check"
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("period.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(40))
    seen_to: Mapped[bool]
    note: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)


class PeriodMove(Entity):
    """A step of a period: begun to close, closed, opened again; never changed."""

    __tablename__ = "period_move"
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("period.id"), index=True)
    move: Mapped[str] = mapped_column(sa.String(20))
    reason: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)


class Reopening(Entity):
    """That somebody asks to open a closed period again, and why; another grants or refuses it."""

    __tablename__ = "reopening"
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("period.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.Text)
    prepared_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    prepared_by: Mapped[str] = mapped_column(BY)
    prepared_at: Mapped[datetime]
    granted: Mapped[bool | None]
    settled_by: Mapped[str | None] = mapped_column(BY)
    settled_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column()
    period: Mapped[Period] = relationship(viewonly=True)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it

    @property
    def fund_id(self) -> int:
        """The fund of the period."""
        return self.period.fund_id


class StatementKind(StrEnum):
    """What a certified statement is."""

    INCOME = "income-expenditure"
    CONTRIBUTIONS = "contributions"
    BALANCE = "changes-in-balance"
    BUDGET = "budget-actual"
    COMMITMENTS = "commitments"
    RECEIVABLES = "receivables"
    AVAILABLE = "available"


class CertificateStage(StrEnum):
    """How far a statement is: prepared, reviewed, certified, each by somebody else; or withdrawn before it was."""

    PREPARED = "prepared"
    REVIEWED = "reviewed"
    CERTIFIED = "certified"
    WITHDRAWN = "withdrawn"


class Certificate(Entity):
    """A statement as it was prepared: its facts as canonical JSON and their SHA-256, which never change; what is posted
    later is shown beside them as restated. number: of the fund, given when it is certified."""

    __tablename__ = "certificate"
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    kind: Mapped[StatementKind]
    number: Mapped[str | None] = mapped_column(sa.String(20))
    first: Mapped[date]
    last: Mapped[date]
    layout: Mapped[str] = mapped_column(sa.String(40))
    content: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.String(64))
    entries: Mapped[int]
    stage: Mapped[CertificateStage]
    prepared_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    prepared_by: Mapped[str] = mapped_column(BY)
    prepared_at: Mapped[datetime]
    reviewed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    reviewed_by: Mapped[str | None] = mapped_column(BY)
    reviewed_at: Mapped[datetime | None]
    certified_by: Mapped[str | None] = mapped_column(BY)
    certified_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(BY)
    withdrawn_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it
    __table_args__ = (sa.UniqueConstraint("fund_id", "number"),)
