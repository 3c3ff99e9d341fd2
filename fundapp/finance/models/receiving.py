"""Tables of what donors pay: bank statements, receipts, what they settle, and what is not paid after all.

Amounts: `minor` in minor units of the currency promised or paid, `cents` in US cents as booked. rate: units of the
currency for one dollar, the United Nations operational rate of the day.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.contributions.models import Donor, Instalment, Pledge
from fundapp.kernel.base import Entity

BY = sa.String(255)
CURRENCY = sa.String(3)
ENTRY = "journal_entry.id"


class Recognition(Entity):
    """That an instalment was booked as income, and at what rate; of an instalment there is one, never changed."""

    __tablename__ = "recognition"
    instalment_id: Mapped[int] = mapped_column(sa.ForeignKey("instalment.id"), unique=True)
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"), index=True)
    recognised_on: Mapped[date]
    minor: Mapped[int]
    rate: Mapped[Decimal]
    cents: Mapped[int]
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey(ENTRY))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)


class BankStatement(Entity):
    """A statement of an account at a bank, as its file said; `digest` of the file, which comes in once."""

    __tablename__ = "bank_statement"
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(255))
    layout: Mapped[str] = mapped_column(sa.String(20))  # mt940 or camt053
    digest: Mapped[str] = mapped_column(sa.String(64))
    account: Mapped[str] = mapped_column(sa.String(40))
    currency: Mapped[str] = mapped_column(CURRENCY)
    number: Mapped[str] = mapped_column(sa.String(60))
    opening_minor: Mapped[int]
    closing_minor: Mapped[int]
    first: Mapped[date]
    last: Mapped[date]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    __table_args__ = (sa.UniqueConstraint("fund_id", "digest"),)


class BankLine(Entity):
    """A movement on the account; `mark` is what it is known by when statements overlap. `passed_*`: that it is no
    receipt of a contribution, and why."""

    __tablename__ = "bank_line"
    statement_id: Mapped[int] = mapped_column(sa.ForeignKey("bank_statement.id"))
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    number: Mapped[int]
    mark: Mapped[str] = mapped_column(sa.String(64))
    booked_on: Mapped[date]
    minor: Mapped[int]  # negative: paid out
    reference: Mapped[str] = mapped_column(sa.String(255))
    counterparty: Mapped[str] = mapped_column(sa.String(255))
    text: Mapped[str] = mapped_column(sa.Text)
    passed_reason: Mapped[str] = mapped_column(sa.Text)
    passed_at: Mapped[datetime | None]
    passed_by: Mapped[str | None] = mapped_column(BY)
    version: Mapped[int] = mapped_column()
    statement: Mapped[BankStatement] = relationship(viewonly=True)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it
    __table_args__ = (sa.UniqueConstraint("statement_id", "number"), sa.UniqueConstraint("fund_id", "mark"))


class Receipt(Entity):
    """Money that came in from a donor. number: of the fund, "R2020-0001". What it does not settle of instalments stays
    as received in advance. `undone_entry_id`: the entry that took it back."""

    __tablename__ = "receipt"
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donor.id"), index=True)
    number: Mapped[str] = mapped_column(sa.String(20))
    received_on: Mapped[date]
    currency: Mapped[str] = mapped_column(CURRENCY, sa.ForeignKey("currency.code"))
    minor: Mapped[int]
    rate: Mapped[Decimal]
    cents: Mapped[int]
    reference: Mapped[str] = mapped_column(sa.String(255))
    note: Mapped[str] = mapped_column(sa.Text)
    bank_line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("bank_line.id"), index=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey(ENTRY))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(BY)
    undone_reason: Mapped[str] = mapped_column(sa.Text)
    undone_entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey(ENTRY))
    version: Mapped[int] = mapped_column()
    donor: Mapped[Donor] = relationship(viewonly=True)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it
    __table_args__ = (sa.UniqueConstraint("fund_id", "number"),)


class Settlement(Entity):
    """How much of a receipt settles an instalment. minor: of the instalment's currency; cents: what the receipt gave
    for it; recognised_cents: what it was booked at; the difference is the gain or loss on exchange. Never changed; with
    its receipt undone it counts no more."""

    __tablename__ = "settlement"
    receipt_id: Mapped[int] = mapped_column(sa.ForeignKey("receipt.id"), index=True)
    instalment_id: Mapped[int] = mapped_column(sa.ForeignKey("instalment.id"), index=True)
    settled_on: Mapped[date]
    minor: Mapped[int]
    cents: Mapped[int]
    recognised_cents: Mapped[int]
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey(ENTRY))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    receipt: Mapped[Receipt] = relationship(viewonly=True)
    instalment: Mapped[Instalment] = relationship(viewonly=True)


class ChangeKind(StrEnum):
    """How less is paid than was promised: the donor lowers its pledge, it is written off, or money goes back."""

    REDUCTION = "reduction"
    WRITE_OFF = "write-off"
    REFUND = "refund"


class ChangeStage(StrEnum):
    """Where such a change stands: prepared by one, approved or refused by another."""

    PREPARED = "prepared"
    APPROVED = "approved"
    REFUSED = "refused"


class PledgeChange(Entity):
    """That less is paid of an instalment than was promised, or that money is paid back; it counts once approved.

    A refund names the receipt out of which it is paid."""

    __tablename__ = "pledge_change"
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"), index=True)
    pledge_id: Mapped[int | None] = mapped_column(sa.ForeignKey("pledge.id"), index=True)
    instalment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("instalment.id"), index=True)
    receipt_id: Mapped[int | None] = mapped_column(sa.ForeignKey("receipt.id"), index=True)
    kind: Mapped[ChangeKind]
    stage: Mapped[ChangeStage]
    minor: Mapped[int]
    cents: Mapped[int]
    changed_on: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.Text)
    prepared_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    prepared_by: Mapped[str] = mapped_column(BY)
    prepared_at: Mapped[datetime]
    settled_by: Mapped[str | None] = mapped_column(BY)
    settled_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(sa.Text)
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey(ENTRY))
    version: Mapped[int] = mapped_column()
    pledge: Mapped[Pledge | None] = relationship(viewonly=True)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it


class Reminder(Entity):
    """That a donor was reminded of an instalment that is due: the first time, the second, and in which language."""

    __tablename__ = "reminder"
    instalment_id: Mapped[int] = mapped_column(sa.ForeignKey("instalment.id"))
    number: Mapped[int]
    reminded_on: Mapped[date]
    language: Mapped[str] = mapped_column(sa.String(2))
    outstanding_minor: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    __table_args__ = (sa.UniqueConstraint("instalment_id", "number"),)


class Thanks(Entity):
    """That the letter of thanks for a receipt was sent, and in which language; of a receipt there is one, never
    changed."""

    __tablename__ = "thanks"
    receipt_id: Mapped[int] = mapped_column(sa.ForeignKey("receipt.id"), unique=True)
    thanked_on: Mapped[date]
    language: Mapped[str] = mapped_column(sa.String(2))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
