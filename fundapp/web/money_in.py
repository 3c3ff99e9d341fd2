"""What came in during the demonstration's year 2020: rates of exchange, pledges that bind, and what donors paid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Role
from fundapp.contributions.models import Donor, Instalment, Pledge
from fundapp.contributions.operations.pledges import draft_pledge
from fundapp.contributions.queries import donor_by_code
from fundapp.contributions.rules.pledges import GivenPledge, Part
from fundapp.finance.models import Receipt
from fundapp.finance.operations.receiving import bind, receive, settle
from fundapp.finance.rules.receiving import Received
from fundapp.funds.models import Fund
from fundapp.kernel.database import db
from fundapp.kernel.money import Money, exponent
from fundapp.kernel.work import Work, unit_of_work
from fundapp.reference.operations import keep_rates
from fundapp.reference.rules import GivenRate
from fundapp.web.proposals import person_of
from fundapp.web.written import table

RATES, PLEDGES, INSTALMENTS, RECEIPTS = (
    "rates_2018_2021.csv", "pledges_2020.csv", "instalments_2020.csv", "receipts_2020.csv",
)  # fmt: skip


def demonstrate(fund: Fund) -> None:
    """Keep the rates; then, day by day, pledges bind and money comes in. What comes before its pledge binds is held in
    advance, and settles it that day."""
    with unit_of_work(person_of(db.session(), Role.FINANCE_OFFICER)) as work:
        keep_rates(work, None, _rates(), RATES)
    days = {(row["binds_on"], "pledge", row["pledge"]) for row in table(PLEDGES)}
    days |= {(row["received_on"], "receipt", row["reference"]) for row in table(RECEIPTS)}
    pledges = {row["pledge"]: row for row in table(PLEDGES)}
    receipts = {row["reference"]: row for row in table(RECEIPTS)}
    # What is posted says when it was recorded, which is now: the trail is compared with it
    for _day_of, what, key in sorted(days):
        with unit_of_work(person_of(db.session(), Role.FINANCE_OFFICER)) as work:
            if what == "pledge":
                _bind(work, fund, pledges[key])
            else:
                _receive(work, fund, receipts[key], pledges[receipts[key]["pledge"]])


def donor(session: Session, code: str) -> Donor:
    """The State of a code as a donor."""
    return donor_by_code(session, code)


def minor(text: str, currency: str) -> int:
    """An amount as a file writes it, in minor units."""
    return int(Decimal(text).scaleb(exponent(currency)))


def _rates() -> list[GivenRate]:
    return [
        GivenRate(number, row["currency"], date.fromisoformat(row["effective_date"]), Decimal(row["units_per_dollar"]))
        for number, row in enumerate(table(RATES), 2)
    ]


def _bind(work: Work, fund: Fund, row: dict[str, str]) -> None:
    """Record a pledge, let it bind, and let what came before settle it."""
    parts = tuple(
        Part(minor(one["amount"], row["currency"]), date.fromisoformat(one["due_on"]))
        for one in table(INSTALMENTS)
        if one["pledge"] == row["pledge"]
    )
    said = GivenPledge(
        donor=donor(work.session, row["donor"]).id,
        kind=row["kind"],
        reference=row["reference"],
        currency=row["currency"],
        minor=sum(part.minor for part in parts),
        announced_on=date.fromisoformat(row["announced_on"]),
        parts=parts,
        binds_on=_day(row["binds_on"]),
        ends_on=_day(row["ends_on"]),
        earmark=row["earmark"],
        earmarked_for=row["earmarked_for"],
        conditions=row["conditions"],
        reporting=row["reporting"],
        report_due_on=_day(row["report_due_on"]),
        language=row["language"],
    )
    pledge = draft_pledge(work, fund, said)
    work.session.flush()
    bind(work, pledge, date.fromisoformat(row["binds_on"]))
    for receipt in table(RECEIPTS):
        if receipt["pledge"] == row["pledge"] and receipt["received_on"] < row["binds_on"]:
            _settle(work, fund, receipt, row)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _receive(work: Work, fund: Fund, row: dict[str, str], pledge: dict[str, str]) -> None:
    """Record what came in; it settles its instalment where the pledge binds already."""
    on, money = date.fromisoformat(row["received_on"]), Money(minor(row["amount"], row["currency"]), row["currency"])
    receive(work, fund, donor(work.session, row["donor"]), Received(on, money, row["reference"], row["note"]))
    work.session.flush()
    if pledge["binds_on"] <= row["received_on"]:
        _settle(work, fund, row, pledge)


def _settle(work: Work, fund: Fund, row: dict[str, str], pledge: dict[str, str]) -> None:
    asked = sa.select(Receipt).where(Receipt.fund_id == fund.id, Receipt.reference == row["reference"])
    receipt = work.session.scalars(asked).one()
    bound = sa.select(Instalment).join(Pledge, Pledge.id == Instalment.pledge_id)
    parts = bound.where(Pledge.fund_id == fund.id, Pledge.reference == pledge["reference"])
    settle(
        work,
        receipt,
        work.session.scalars(parts.where(Instalment.number == int(row["instalment"]))).one(),
        receipt.minor,
    )
