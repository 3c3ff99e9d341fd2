"""Tables of what projects may spend and what is committed; amounts are US cents."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.finance.models.receiving import BY, ENTRY
from fundapp.kernel.base import Entity
from fundapp.ledger.models import Account

CLASS = sa.String(10)


class ProjectAccount(Entity):
    """Under what a project's money is booked: postings carry its key. `erp_code`: what the organisation's ERP calls it;
    `decision_id`: the approval that it comes from, none where it is older than the program."""

    __tablename__ = "project_account"
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    code: Mapped[str] = mapped_column(sa.String(20))
    erp_code: Mapped[str | None] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(300))
    country: Mapped[str | None] = mapped_column(sa.String(3), sa.ForeignKey("country.code"))
    proposal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposal.id"), unique=True)
    decision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision.id"))
    opened_on: Mapped[date]
    ends_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it
    __table_args__ = (sa.UniqueConstraint("fund_id", "code"), sa.UniqueConstraint("fund_id", "erp_code"))

    @property
    def part_of(self) -> str:
        """The proposal, by the name under which it may be closed to somebody."""
        return f"proposal:{self.proposal_id}" if self.proposal_id else ""


class AllotmentStage(StrEnum):
    """Where an allotment stands: prepared by one, released or refused by another."""

    PREPARED = "prepared"
    RELEASED = "released"
    REFUSED = "refused"


class Allotment(Entity):
    """Money that a project may spend from a day on, by class; a later one adds to it or, negative, takes from it.

    It counts once released. number: within the project, 1 is the first.
    """

    __tablename__ = "allotment"
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"), index=True)
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project_account.id"))
    number: Mapped[int]
    stage: Mapped[AllotmentStage]
    since: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.Text)
    prepared_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    prepared_by: Mapped[str] = mapped_column(BY)
    prepared_at: Mapped[datetime]
    settled_by: Mapped[str | None] = mapped_column(BY)
    settled_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column()
    project: Mapped[ProjectAccount] = relationship(viewonly=True)
    lines: Mapped[list[AllotmentLine]] = relationship(viewonly=True, order_by="AllotmentLine.erp_class")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it
    __table_args__ = (sa.UniqueConstraint("project_id", "number"),)


class AllotmentLine(Entity):
    """What an allotment gives to a class of expenditure ("010"); never changed."""

    __tablename__ = "allotment_line"
    allotment_id: Mapped[int] = mapped_column(sa.ForeignKey("allotment.id"))
    erp_class: Mapped[str] = mapped_column(CLASS)
    cents: Mapped[int]
    __table_args__ = (sa.UniqueConstraint("allotment_id", "erp_class"),)


class CommitmentStage(StrEnum):
    """Where a commitment stands: raised by one, approved or refused by another; closed once nothing of it is open."""

    RAISED = "raised"
    APPROVED = "approved"
    REFUSED = "refused"
    CLOSED = "closed"


class Commitment(Entity):
    """Money that is promised to a vendor or person for a project, or for the fund's own work where there is none.

    number: of the fund, "C2020-0001". cents: as it was raised; what is open of it are its moves.
    """

    __tablename__ = "commitment"
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    number: Mapped[str] = mapped_column(sa.String(20))
    project_id: Mapped[int | None] = mapped_column(sa.ForeignKey("project_account.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))  # the line of the statement
    erp_class: Mapped[str] = mapped_column(CLASS)
    payee: Mapped[str] = mapped_column(sa.String(200))
    purpose: Mapped[str] = mapped_column(sa.String(300))
    reference: Mapped[str] = mapped_column(sa.String(60))  # the ERP's number of it
    committed_on: Mapped[date]
    expires_on: Mapped[date]
    cents: Mapped[int]
    stage: Mapped[CommitmentStage]
    prepared_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    prepared_by: Mapped[str] = mapped_column(BY)
    prepared_at: Mapped[datetime]
    settled_by: Mapped[str | None] = mapped_column(BY)
    settled_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column()
    project: Mapped[ProjectAccount | None] = relationship(viewonly=True)
    account: Mapped[Account] = relationship(viewonly=True)
    moves: Mapped[list[CommitmentMove]] = relationship(viewonly=True, order_by="CommitmentMove.id")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it
    __table_args__ = (sa.UniqueConstraint("fund_id", "number"),)

    @property
    def part_of(self) -> str:
        """The proposal of its project, by the name under which it may be closed to somebody."""
        return self.project.part_of if self.project is not None else ""


class CommitmentStep(StrEnum):
    """What happens to a commitment: approved, changed, paid in part or whole, carried over a year's end, cancelled."""

    APPROVED = "approved"
    CHANGED = "changed"
    LIQUIDATED = "liquidated"
    CARRIED = "carried"
    CANCELLED = "cancelled"


class CommitmentMove(Entity):
    """A step of a commitment; never changed. cents: what it adds to what is open (paying takes away).

    Carrying one over a year's end moves nothing of what is open: it books it as expenditure of the year that ends, with
    the open commitments as what is owed; cancelled later, it is an adjustment of prior-year expenditure.
    """

    __tablename__ = "commitment_move"
    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("commitment.id"), index=True)
    step: Mapped[CommitmentStep]
    cents: Mapped[int]
    carried_cents: Mapped[int]  # of what is open, what it books as owed (or, negative, pays or cancels of that)
    moved_on: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.Text)
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey(ENTRY))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
