"""The demonstration's year 2020: what came from the printed document is undone, and a pledge ledger, receipts and an
extract of the ERP take its place; they add up to the same Table 1, and the year is closed and certified.

Who gave and how much is from the fund's report; all else of it is invented (SOURCES.md)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.demonstration import invented
from fundapp.access.operations import Console
from fundapp.access.policy import Role
from fundapp.contributions.models import Pledge
from fundapp.finance.models import Commitment, ExtractBatch, ProjectAccount, PublishedDocument
from fundapp.finance.rules import MEMOS, TABLE2_PERIOD
from fundapp.funds.models import Fund
from fundapp.funds.queries import fund_by_code
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.models import ClosedYear, JournalEntry, Period, Posting
from fundapp.ledger.operations import reverse
from fundapp.reference.models import ExchangeRate
from fundapp.web import money_closed, money_in, money_out
from fundapp.web.calls import FUND
from fundapp.web.written import table

SYMBOL, FIRST, LAST = "A/HRC/47/19", date(2020, 1, 1), date(2020, 12, 31)
ENTRY = JournalEntry
OF_MONEY = (Pledge, Commitment, ProjectAccount, ExtractBatch, Period, ClosedYear)
ROLES = (Role.FINANCE_OFFICER, Role.APPROVING_OFFICER, Role.CERTIFYING_OFFICER)


def demonstrate() -> bool:
    """Rebuild the year 2020 of the fund; False where it was, where its books hold anything but the document, or where
    somebody or something that it needs is not there."""
    session = db.session()
    fund = fund_by_code(session, FUND)
    if fund is None or not (_is_as_printed(session, fund) and _is_ready(session, fund)):
        return False
    _undo(fund)
    money_in.demonstrate(fund)
    money_out.demonstrate(fund)
    money_closed.demonstrate(fund)
    return True


def _is_as_printed(session: Session, fund: Fund) -> bool:
    """Whether the fund's money is the document's and nobody's else: nothing was posted, promised, spent or closed."""
    booked = sa.select(PublishedDocument.booked).where(
        PublishedDocument.fund_id == fund.id, PublishedDocument.symbol == SYMBOL
    )
    other = sa.select(ENTRY.id).where(
        ENTRY.fund_id == fund.id, ENTRY.source.is_distinct_from(SYMBOL) | ENTRY.corrects_id.is_not(None)
    )
    found = [other, sa.select(ExchangeRate.id), *(sa.select(one.id).where(one.fund_id == fund.id) for one in OF_MONEY)]
    return bool(session.scalar(booked)) and all(session.scalar(asked.limit(1)) is None for asked in found)


def _is_ready(session: Session, fund: Fund) -> bool:
    """Whether those who do it are there, and the approvals that its projects come from."""
    return all(invented(session, role) for role in ROLES) and money_out.is_approved(session, fund)


def _undo(fund: Fund) -> None:
    """Undo what the pledges and the extract say instead, each entry on its own day: no year before 2020 changes."""
    with unit_of_work(Console()) as work:
        for number, on, memo in list(_replaced(work.session, fund)):
            reverse(work, fund, number, on, memo)


def _replaced(session: Session, fund: Fund) -> Iterator[tuple[int, date, str]]:
    """The document's entries that give way: all of 2020, and of earlier years the pledges that were not paid yet."""
    asked = sa.select(ENTRY.id, ENTRY.posted_on, ENTRY.memo).where(ENTRY.fund_id == fund.id, ENTRY.source == SYMBOL)
    yield from session.execute(asked.where(ENTRY.posted_on.between(FIRST, LAST)).order_by(ENTRY.id))
    earlier = asked.where(ENTRY.posted_on < FIRST)
    yield from session.execute(earlier.where(ENTRY.memo == MEMOS["prior-pledges"]))
    for row in table(money_in.PLEDGES):
        year = row["binds_on"][:4]
        if int(year) < FIRST.year:
            donor = money_in.donor(session, row["donor"]).id
            lines = sa.select(Posting.entry_id).where(Posting.donor_id == donor, Posting.fund_id == fund.id)
            same = earlier.where(ENTRY.memo == f"{TABLE2_PERIOD}{year}", ENTRY.id.in_(lines))
            yield from session.execute(same)
