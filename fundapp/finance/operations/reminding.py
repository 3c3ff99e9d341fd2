"""Writing to donors: reminders of what is due, and thanks for what came."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.contributions.models import Instalment
from fundapp.finance.models import Receipt, Reminder, Thanks
from fundapp.finance.operations.receiving import held, may_be_day
from fundapp.finance.queries.receiving import standing
from fundapp.finance.rules.ageing import BETWEEN_REMINDERS, MOST_REMINDERS
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import Work


@operation(Permission.DONOR_WRITE_TO)
def remind(work: Work, instalment: Instalment, on: date, language: str) -> Reminder:
    """Record that a donor is reminded of an instalment that is due, the first time or the second, and how much of it
    was outstanding; the letter says the same."""
    session = work.session
    held(session, instalment.fund_id)
    may_be_day("on", on)
    _may_be_language(language)
    if on <= instalment.due_on:
        raise Refusal(Fault("remind.day", {"due": instalment.due_on}, field="on"))
    stands = standing(session, instalment)
    if stands.outstanding <= 0:
        raise refuse("remind.paid")
    earlier = session.scalars(
        sa.select(Reminder).where(Reminder.instalment_id == instalment.id).order_by(Reminder.number)
    ).all()
    if len(earlier) >= MOST_REMINDERS:
        raise refuse("remind.twice", day=earlier[-1].reminded_on)
    if earlier and (on - earlier[-1].reminded_on).days < BETWEEN_REMINDERS:
        values = {"day": earlier[-1].reminded_on, "days": BETWEEN_REMINDERS}
        raise Refusal(Fault("remind.soon", values, field="on"))
    made = Reminder(
        instalment_id=instalment.id, number=len(earlier) + 1, reminded_on=on, language=language,
        outstanding_minor=stands.outstanding, at=work.at, by=str(work.actor),
    )  # fmt: skip
    session.add(made)
    return made


@operation(Permission.DONOR_WRITE_TO)
def thank(work: Work, receipt: Receipt, on: date, language: str) -> Thanks:
    """Record that the letter of thanks for a receipt was sent; once, and not for one that was taken back."""
    session = work.session
    held(session, receipt.fund_id)
    session.refresh(receipt)
    may_be_day("on", on)
    _may_be_language(language)
    if receipt.undone_at is not None:
        raise refuse("receipt.undone", number=receipt.number)
    if on < receipt.received_on:
        raise Refusal(Fault("thank.day", {"day": receipt.received_on}, field="on"))
    if (known := session.scalar(sa.select(Thanks).where(Thanks.receipt_id == receipt.id))) is not None:
        raise refuse("thank.twice", number=receipt.number, day=known.thanked_on)
    made = Thanks(receipt_id=receipt.id, thanked_on=on, language=language, at=work.at, by=str(work.actor))
    session.add(made)
    return made


def _may_be_language(language: str) -> None:
    if language not in LANGUAGES:
        raise Refusal(
            Fault("language.unknown", {"language": language[:20], "known": ", ".join(LANGUAGES)}, field="language")
        )
