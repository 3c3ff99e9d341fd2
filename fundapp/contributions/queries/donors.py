"""Reading donors and schedules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.contributions.models import Donor, Schedule, Scheduled
from fundapp.kernel.errors import refuse
from fundapp.reference.models import Country


def donors(session: Session) -> Mapping[str, Donor]:
    """Every donor by code."""
    return {donor.code: donor for donor in session.scalars(sa.select(Donor))}


def donor_by_code(session: Session, code: str) -> Donor:
    """The donor of a code; one that nobody knows is refused."""
    found = session.scalar(sa.select(Donor).where(Donor.code == code))
    if found is None:
        raise refuse("address.no-donor", donor=code[:40])
    return found


def name_in(language: str) -> sa.ColumnElement[str]:
    """What a donor is called today, as a column of a query that joins the donor and, from outside, its country."""
    column = f"name_{language}"
    return sa.func.coalesce(Country.__table__.c[column], Donor.__table__.c[column])


def of_country() -> sa.ColumnElement[bool]:
    """How a donor's country is joined."""
    return Country.code == Donor.country


def scheduled(session: Session, fund_id: int) -> Mapping[tuple[int, str], int]:
    """What the schedules say was given to the fund: (year, donor's code) -> cents."""
    rows = session.execute(
        sa.select(Scheduled.year, Donor.code, Scheduled.cents)
        .join(Donor, Donor.id == Scheduled.donor_id)
        .where(Scheduled.fund_id == fund_id)
    )
    return {(year, code): int(cents) for year, code, cents in rows}


def stored(session: Session) -> Mapping[tuple[int, int, str], int]:
    """All scheduled rows: (year, fund's id, donor's code) -> cents."""
    rows = session.execute(
        sa.select(Scheduled.year, Scheduled.fund_id, Donor.code, Scheduled.cents).join(
            Donor, Donor.id == Scheduled.donor_id
        )
    )
    return {(year, fund, code): int(cents) for year, fund, code, cents in rows}


def schedules(session: Session) -> Sequence[Schedule]:
    """The schedules loaded so far, oldest first."""
    return session.scalars(sa.select(Schedule).order_by(Schedule.id)).all()
