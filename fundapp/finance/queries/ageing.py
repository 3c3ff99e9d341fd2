"""What is unpaid by the end of a day, and how long it has been due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.contributions.models import Instalment, Pledge, PledgeStage
from fundapp.contributions.queries import names_of_donors
from fundapp.finance.models import Reminder
from fundapp.finance.queries.receiving import standings
from fundapp.finance.rules.ageing import Unpaid
from fundapp.finance.rules.exchange import in_cents
from fundapp.finance.rules.receiving import Standing
from fundapp.funds.models import Fund
from fundapp.reference.models import ExchangeRate

SORTS = ("due", "donor", "pledge", "amount")


def bound(session: Session, fund: Fund, on: date, donor_id: int | None = None) -> Sequence[tuple[Instalment, Pledge]]:
    """The instalments of pledges that bind by a day, oldest due first; one query."""
    asked = (
        sa.select(Instalment, Pledge)
        .join(Pledge, Pledge.id == Instalment.pledge_id)
        .where(Pledge.fund_id == fund.id, Pledge.stage == PledgeStage.BINDING, Pledge.binds_on <= on)
        .order_by(Instalment.due_on, Pledge.number, Instalment.number)
    )
    if donor_id is not None:
        asked = asked.where(Pledge.donor_id == donor_id)
    return [(instalment, pledge) for instalment, pledge in session.execute(asked)]


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
    """The instalments of which something is outstanding by the end of a day; at most eight queries."""
    pairs = bound(session, fund, on, donor_id)
    stands = standings(session, [instalment for instalment, _ in pairs], on)
    told = reminders(session, [instalment.id for instalment, _ in pairs], on)
    names, rates = names_of_donors(session, on), rates_for(session, stands.values(), on)
    return [
        Unpaid(
            instalment.id, pledge.number, instalment.number, pledge.reference, pledge.donor_id,
            names[pledge.donor_id][0], names[pledge.donor_id][1][language], pledge.currency, pledge.language,
            instalment.due_on, stands[instalment.id], value(stands[instalment.id], pledge.currency, rates), on,
            told.get(instalment.id, ()),
        )
        for instalment, pledge in pairs
        if stands[instalment.id].outstanding > 0
    ]  # fmt: skip


def in_use(session: Session, on: date) -> list[str]:
    """The currencies in which money can come in on a day: dollars, and those that have a rate."""
    rate = ExchangeRate.__table__
    found = session.scalars(sa.select(rate.c.currency).where(rate.c.since <= on).distinct().order_by(rate.c.currency))
    return ["USD", *(code for code in found if code != "USD")]
