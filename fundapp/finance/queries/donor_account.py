"""The facts of letters to a donor and of its own statement."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.contributions.models import Donor, DonorContact, Instalment, Pledge
from fundapp.contributions.queries import names_of_donors
from fundapp.finance.drawn import statement
from fundapp.finance.models import Receipt, Reminder
from fundapp.finance.queries.ageing import rates_for, value
from fundapp.finance.queries.receipts import settled_by
from fundapp.finance.queries.receiving import binding, parts, purse, purses
from fundapp.finance.rules.donor_letters import (
    Addressed,
    DonorAccount,
    Paid,
    PaidRow,
    PromisedRow,
    ReceiptFacts,
    ReminderFacts,
    SpentRow,
)
from fundapp.funds.models import Fund
from fundapp.ledger.models import JournalEntry
from fundapp.ledger.queries import contributions


def contact(session: Session, donor_id: int, language: str) -> DonorContact | None:
    """Whom to write to at a donor's: one of that language first."""
    asked = sa.select(DonorContact).where(DonorContact.donor_id == donor_id, DonorContact.removed_at.is_(None))
    found = session.scalars(asked.order_by(DonorContact.id)).all()
    return next((one for one in found if one.language == language), found[0] if found else None)


def addressed(session: Session, fund: Fund, donor_id: int, language: str, on: date, at: datetime) -> Addressed:
    """The head of a letter to a donor; four queries."""
    person = contact(session, donor_id, language) if language else None
    lines = [person.name, person.function, *person.address.splitlines()] if person else []
    return Addressed(
        dict(fund.names), fund.code, names_of_donors(session, on)[donor_id][1],
        tuple(line.strip() for line in lines if line.strip()), at,
    )  # fmt: skip


def letter_language(session: Session, donor_id: int, pledge: Pledge | None) -> str:
    """In which language a donor is written to: that of the pledge, else of a contact, else the first of the six."""
    if pledge is not None:
        return pledge.language
    found = contact(session, donor_id, "")
    return found.language if found else "en"


def reminder_facts(
    session: Session, fund: Fund, key: int, number: int, language: str, at: datetime
) -> ReminderFacts | None:
    """A reminder as it was recorded."""
    asked = (
        sa.select(Reminder, Instalment, Pledge)
        .join(Instalment, Instalment.id == Reminder.instalment_id)
        .join(Pledge, Pledge.id == Instalment.pledge_id)
        .where(Pledge.fund_id == fund.id, Reminder.instalment_id == key, Reminder.number <= number)
        .order_by(Reminder.number)
    )
    found = session.execute(asked).all()
    if len(found) != number:
        return None
    made, part, pledge = found[-1]
    return ReminderFacts(
        addressed(session, fund, pledge.donor_id, language or made.language, made.reminded_on, at), number,
        made.reminded_on, found[0][0].reminded_on if number > 1 else None, pledge.number, pledge.reference,
        pledge.announced_on, part.number, part.due_on, pledge.currency, part.minor, made.outstanding_minor,
    )  # fmt: skip


def reminded_in(session: Session, key: int, number: int) -> str | None:
    """The language in which a reminder was written."""
    return session.scalar(sa.select(Reminder.language).where(Reminder.instalment_id == key, Reminder.number == number))


def receipt_facts(session: Session, fund: Fund, receipt: Receipt, language: str, at: datetime) -> ReceiptFacts:
    """A receipt as its donor sees it."""
    kept, settled = purse(session, receipt), settled_by(session, receipt)
    return ReceiptFacts(
        addressed(session, fund, receipt.donor_id, language, receipt.received_on, at), receipt.number,
        receipt.received_on, receipt.reference, receipt.currency, receipt.minor, receipt.cents, str(receipt.rate),
        tuple(Paid(pledge.number, part.number, one.minor) for one, part, pledge in settled), kept.left,
    )  # fmt: skip


def donor_account(session: Session, fund: Fund, donor: Donor, last: date, language: str, at: datetime) -> DonorAccount:
    """A donor's own statement by the end of a day."""
    year = date(last.year, 1, 1)
    given = [row for row in contributions(session, fund.id, last).rows if row[0] == last.year]
    spent = statement(session, fund, year, last)
    return DonorAccount(
        addressed(session, fund, donor.id, language, last, at), donor.code, last,
        tuple(_promised(session, fund, donor, last)), tuple(_paid(session, fund, donor, last)),
        tuple(SpentRow(row.labels, row.amount or 0) for row in spent.rows
              if row.section == "expenditure" and row.amount and row.kind == "account"),
        sum(cents for _year, key, cents in given if key == donor.id), sum(cents for *_rest, cents in given),
    )  # fmt: skip


def _promised(session: Session, fund: Fund, donor: Donor, last: date) -> list[PromisedRow]:
    found = parts(session, binding(fund.id, donor.id, last), last)
    rates = rates_for(session, (part.stands for part in found), last)
    rows = []
    for pledge in sorted({part.pledge for part in found}, key=lambda one: (one.announced_on, one.number)):
        of = [part.stands for part in found if part.pledge is pledge]
        rows.append(
            PromisedRow(
                pledge.number, pledge.binds_on or pledge.announced_on, pledge.reference, pledge.currency, pledge.minor,
                sum(one.settled for one in of), sum(one.lowered for one in of), sum(one.outstanding for one in of),
                sum(value(one, pledge.currency, rates) for one in of), pledge.earmark.value, pledge.earmarked_for,
            )
        )  # fmt: skip
    return rows


def _paid(session: Session, fund: Fund, donor: Donor, last: date) -> list[PaidRow]:
    undone = sa.select(JournalEntry.posted_on).where(JournalEntry.id == Receipt.undone_entry_id).scalar_subquery()
    asked = sa.select(Receipt).where(
        Receipt.fund_id == fund.id,
        Receipt.donor_id == donor.id,
        Receipt.received_on <= last,
        Receipt.undone_entry_id.is_(None) | (undone > last),
    )
    found = session.scalars(asked.order_by(Receipt.received_on, Receipt.id)).all()
    became = purses(session, found)
    return [
        PaidRow(one.number, one.received_on, one.currency, one.minor, one.cents, became[one.id].left) for one in found
    ]
