"""What a fund may still commit on a day: the envelope that scenarios offer, and what refuses a commitment."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from fundapp.finance.rules.available import Available
from fundapp.finance.situation import situation
from fundapp.funds.models import Fund
from fundapp.scoring.queries import envelopes


def available(session: Session, fund: Fund, on: date) -> Available:
    """What a fund has on a day and what of it is bound, for all projects together; three queries."""
    found = situation(session, fund, on)
    return Available(on, found.balance, found.pledges, found.commitments, found.reserve, found.allotted)


def envelope(session: Session, fund: Fund, on: date) -> int:
    """What is free for new projects, as scenarios offer it."""
    return available(session, fund, on).available


envelopes.FROM.append(envelope)
