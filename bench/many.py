"""Proposals of any number, the same each time: to three calls, of a dozen offices, in every stage and language.

Written straight into the tables, because writing thousands through the door takes minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Grant, Office, Person, Scope
from fundapp.access.policy import Role
from fundapp.funds.models import Fund
from fundapp.funds.queries import focus_areas
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.text import fold
from fundapp.proposals.models import Call, Proposal, ProposalArea
from fundapp.proposals.rules.stages import Stage
from fundapp.reference.models import Country

SEED = 4
OFFICES = 12
WORDS = "national mechanism follow-up recommendations plan database parliament torture health women training".split()
STAGES = (*Stage, Stage.SUBMITTED, Stage.IN_SCREENING, Stage.IN_SCREENING, Stage.ELIGIBLE)
Row = dict[str, Any]


def seed(session: Session, fund: Fund, size: int, at: datetime) -> None:
    """That many proposals to the calls that the fund has, or to one that is made."""
    made, areas = rows(session, fund, size, at), [area.id for area in focus_areas(session, fund)]
    session.rollback()
    with session.get_bind().engine.begin() as connection:
        connection.info["writes"] = "bench"
        try:
            _write(connection, made, areas)
        finally:
            del connection.info["writes"]


def _write(connection: sa.Connection, rows: list[Row], areas: list[int]) -> None:
    table, random = Proposal.__table__, Random(SEED)
    before = connection.scalar(sa.select(sa.func.max(table.c.id))) or 0  # the demonstration's own
    connection.execute(sa.insert(table), rows)
    made = connection.execute(sa.select(table.c.id).where(table.c.id > before).order_by(table.c.id)).scalars().all()
    of = [{"proposal_id": key, "area_id": area} for key in made for area in random.sample(areas, random.choice((1, 2)))]
    connection.execute(sa.insert(ProposalArea.__table__), of)


def offices(session: Session, number: int = OFFICES) -> list[int]:
    """The offices there are, and as many more as it takes."""
    known = list(session.scalars(sa.select(Office.id).order_by(Office.id)))
    countries = session.scalars(sa.select(Country.code).order_by(Country.code).limit(number)).all()
    first = 1 + (session.scalar(sa.select(sa.func.max(Scope.id))) or 0)
    made = [(first + n, f"BENCH{n}", country) for n, country in enumerate(countries)][: max(0, number - len(known))]
    session.rollback()
    with session.get_bind().engine.begin() as connection:
        connection.info["writes"] = "bench"
        try:
            for key, code, country in made:
                connection.execute(sa.insert(Scope.__table__), {"id": key, "kind": "office", "code": code})
                row = {"id": key, "code": code, "name": f"Office in {country}", "country": country}
                connection.execute(sa.insert(Office.__table__), row)
        finally:
            del connection.info["writes"]
    return known + [key for key, *_ in made]


def rows(session: Session, fund: Fund, size: int, at: datetime) -> list[Row]:
    """What would be written of that many proposals."""
    random = Random(SEED)
    calls = session.execute(
        sa.select(Call.id, Call.code).where(Call.fund_id == fund.id, Call.opened_at.is_not(None))
    ).all()
    countries = session.scalars(sa.select(Country).where(Country.standing == "member").order_by(Country.code)).all()
    names = {country.code: " ".join(country.names.values()) for country in countries}
    officers = session.scalars(
        sa.select(Grant.person_id)
        .join(Person, Person.id == Grant.person_id)
        .where(Grant.role.in_((Role.DESK_OFFICER, Role.SECRETARY)))
    ).all()
    where, numbers, found = offices(session), dict.fromkeys((call.id for call in calls), 100), []
    due = at + timedelta(days=9)
    for moved in _moments(random, size, at):
        call, country, stage = random.choice(calls), random.choice(countries), random.choice(STAGES)
        numbers[call.id] += 1
        title = f"{' '.join(random.choices(WORDS, k=6)).capitalize()} {numbers[call.id]}"
        reference = f"{call.code}-{numbers[call.id]:03d}"
        found.append({
            "fund_id": fund.id, "call_id": call.id, "office_id": random.choice(where), "reference": reference,
            "number": numbers[call.id], "language": random.choice(LANGUAGES), "courtesy": "", "stage": stage.value,
            "before": "draft", "stage_since": moved, "due_at": due if stage is Stage.RETURNED else None,
            "title": title, "country": country.code, "total_cents": random.randrange(5_000_00, 50_000_00, 100),
            "marker": random.randrange(4), "done": 100, "sought": fold(f"{reference} {title} {names[country.code]}"),
            "officer_id": random.choice([None, *officers]), "begun_at": moved, "begun_by": "console", "saved_at": moved,
            "submitted_at": moved if stage not in (Stage.DRAFT, Stage.CLEARED, Stage.DISCARDED) else None, "version": 1,
        })  # fmt: skip
    return found


def _moments(random: Random, size: int, at: datetime) -> Iterator[datetime]:
    for _ in range(size):
        yield at - timedelta(seconds=random.randrange(86_400 * 60))
