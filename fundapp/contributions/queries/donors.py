"""Reading donors and schedules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.contributions.models import Donor, DonorName, Schedule, Scheduled
from fundapp.kernel.errors import refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.reference.models import Country, FormerName


def donors(session: Session) -> Mapping[str, Donor]:
    """Every donor by code."""
    return {donor.code: donor for donor in session.scalars(sa.select(Donor))}


def donor_by_code(session: Session, code: str) -> Donor:
    """The donor of a code; one that nobody knows is refused."""
    found = session.scalar(sa.select(Donor).where(Donor.code == code))
    if found is None:
        raise refuse("address.no-donor", donor=code[:40])
    return found


def names_of_donors(session: Session, on: date) -> dict[int, tuple[str, dict[str, str]]]:
    """Donor's key -> code and names under which a document of that day knows it; two queries."""
    columns = [f"name_{language}" for language in LANGUAGES]
    donor, country, former = Donor.__table__, Country.__table__, FormerName.__table__
    now = [sa.func.coalesce(country.c[column], donor.c[column]) for column in columns]
    asked = sa.select(donor.c.id, donor.c.code, *now).outerjoin(country, country.c.code == donor.c.country)
    found = {row[0]: (row[1], dict(zip(LANGUAGES, row[2:], strict=True))) for row in session.execute(asked)}
    of_states = sa.select(donor.c.id, donor.c.code, *(former.c[column] for column in columns)).join(
        former, former.c.country == donor.c.country
    )
    own = DonorName.__table__
    of_others = sa.select(donor.c.id, donor.c.code, *(own.c[column] for column in columns)).join(
        own, own.c.donor_id == donor.c.id
    )
    past = [
        asked.add_columns(names.c.until.label("until")).where(names.c.until > on)
        for asked, names in ((of_states, former), (of_others, own))
    ]
    # the earliest end after that day comes last, and stays
    for row in session.execute(sa.union_all(*past).order_by(sa.desc("until"))):
        found[row[0]] = (row[1], dict(zip(LANGUAGES, row[2:-1], strict=True)))
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
