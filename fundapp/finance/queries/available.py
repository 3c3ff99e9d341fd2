"""What a fund may still commit on a day: the envelope that scenarios offer, and what refuses a commitment."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from fundapp.finance.queries.commitments import open_and_carried
from fundapp.finance.queries.spending import uses
from fundapp.finance.rules.available import Available
from fundapp.finance.situation import situation
from fundapp.funds.models import Fund


def available(session: Session, fund: Fund, on: date) -> Available:
    """What a fund has on a day and what of it is bound, for all projects together; seven queries."""
    stands = situation(session, fund, on)
    left, carried = open_and_carried(session, fund.id, on)
    allotted = sum(max(use.left, 0) for by_class in uses(session, fund.id, on).values() for use in by_class.values())
    return Available(on, stands.balance, stands.pledges, left - carried, stands.reserve, allotted)
