"""What is unpaid by the end of a day, and how long it has been due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.contributions.queries import names_of_donors
from fundapp.finance.models import Reminder
from fundapp.finance.queries.receiving import Part, binding, parts
from fundapp.finance.rules.ageing import Unpaid
from fundapp.finance.rules.exchange import in_cents
from fundapp.finance.rules.receiving import Standing
from fundapp.funds.models import Fund
from fundapp.reference.models import ExchangeRate

SORTS = ("due", "donor", "pledge", "amount")


def reminders(session: Session, of: Sequence[int], on: date = date.max) -> dict[int, tuple[date, ...]]:
    """Instalment's key -> the days on which its donor was reminded of it, by a day."""
    asked = sa.select(Reminder.instalment_id, Reminder.reminded_on).where(
        Reminder.instalment_id.in_(of), Reminder.reminded_on <= on
    )
    found: dict[int, tuple[date, ...]] = {}
    for key, day in session.execute(asked.order_by(Reminder.number)):
        found[key] = (*found.get(key, ()), day)
    return found


def newest_rates(session: Session, on: date) -> dict[str, Decimal]:
    """Currency -> units for one dollar on a day; one query, and none of what was never published."""
    rate = ExchangeRate.__table__
    newest = (
        sa.select(rate.c.currency, sa.func.max(rate.c.since).label("since"))
        .where(rate.c.since <= on)
        .group_by(rate.c.currency)
        .subquery()
    )
    asked = sa.select(rate.c.currency, rate.c.rate).join(
        newest, (newest.c.currency == rate.c.currency) & (newest.c.since == rate.c.since)
    )
    return {"USD": Decimal(1), **dict(session.execute(asked).all())}


def rates_for(session: Session, of: Iterable[Standing], on: date) -> dict[str, Decimal]:
    """The rates of a day where something is not booked yet; where all is booked, nothing is asked."""
    return newest_rates(session, on) if any(one.recognised is None for one in of) else {}


def value(stands: Standing, currency: str, rates: dict[str, Decimal]) -> int:
    """The cents of what is outstanding: as booked, or at the rate of the day where it is booked once it is paid."""
    if stands.recognised is not None:
        return stands.outstanding_cents
    return in_cents(stands.outstanding, currency, rates[currency]) if currency in rates else 0


def unpaid(session: Session, fund: Fund, on: date, language: str, donor_id: int | None = None) -> list[Unpaid]:
    """The instalments of which something is outstanding by the end of a day; at most five queries."""
    found = [part for part in parts(session, binding(fund.id, donor_id, on), on) if part.stands.outstanding > 0]
    told = reminders(session, [part.instalment.id for part in found], on)
    names, rates = names_of_donors(session, on), rates_for(session, (part.stands for part in found), on)
    return [_unpaid(part, names[part.pledge.donor_id], language, rates, on, told) for part in found]


def _unpaid(
    part: Part,
    donor: tuple[str, dict[str, str]],
    language: str,
    rates: dict[str, Decimal],
    on: date,
    told: dict[int, tuple[date, ...]],
) -> Unpaid:
    instalment, pledge = part.instalment, part.pledge
    return Unpaid(
        instalment.id, pledge.number, instalment.number, pledge.reference, pledge.donor_id, donor[0],
        donor[1][language], pledge.currency, pledge.language, instalment.due_on, part.stands,
        value(part.stands, pledge.currency, rates), on, told.get(instalment.id, ()),
    )  # fmt: skip


def in_use(session: Session, on: date) -> list[str]:
    """The currencies in which money can come in on a day: dollars, and those that have a rate."""
    rate = ExchangeRate.__table__
    found = session.scalars(sa.select(rate.c.currency).where(rate.c.since <= on).distinct().order_by(rate.c.currency))
    return ["USD", *(code for code in found if code != "USD")]
