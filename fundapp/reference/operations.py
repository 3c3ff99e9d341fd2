"""Loading the reference data that comes with the program, at set-up and after each upgrade, and rates of exchange."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.kernel.base import Entity
from fundapp.kernel.errors import Fault, Faults
from fundapp.kernel.trail import canonical, plain
from fundapp.kernel.work import Work
from fundapp.reference import source
from fundapp.reference.models import (
    Country,
    CountryAlias,
    CountryStatus,
    Currency,
    ExchangeRate,
    FormerName,
    Goal,
    Region,
    RegionalGroup,
    Target,
    TreatyBody,
)
from fundapp.reference.queries import rates_known
from fundapp.reference.rules import GivenRate

# Table, what its rows are known by, and where they come from; what is pointed at comes first.
PLAN: tuple[tuple[type[Entity], tuple[str, ...], Callable[[], list[source.Row]]], ...] = (
    (Region, ("code",), source.regions),
    (RegionalGroup, ("code",), source.regional_groups),
    (Currency, ("code",), source.currencies),
    (Country, ("code",), source.countries),
    (FormerName, ("country", "until"), source.former_names),
    (CountryAlias, ("form",), source.aliases),
    (CountryStatus, ("country", "status"), source.statuses),
    (Goal, ("number",), source.goals),
    (Target, ("code",), source.targets),
    (TreatyBody, ("code",), source.treaty_bodies),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """What loading did, in rows: added, changed, and left as they were."""

    added: int = 0
    changed: int = 0
    same: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.added + other.added, self.changed + other.changed, self.same + other.same)


@operation(Permission.REFERENCE_LOAD)
def load(work: Work, subject: None) -> Counts:
    """Bring the reference tables up to what the program comes with; nothing is ever taken out, and a second time
    changes nothing."""
    counts = Counts()
    for model, key, rows in PLAN:
        counts += _bring_up(work, model, key, rows())
    return counts


def _bring_up(work: Work, model: type[Entity], key: tuple[str, ...], rows: list[source.Row]) -> Counts:
    """Add what is missing and change what differs, in one table."""
    table = model.__table__
    stored = {tuple(row[name] for name in key): row for row in work.session.execute(sa.select(table)).mappings()}
    missing, differing, same = [], [], 0
    for row in rows:
        was = stored.get(tuple(row[name] for name in key))
        if was is None:
            missing.append(row)
        elif any(was[name] != value for name, value in row.items()):
            differing.append((was["id"], row))
        else:
            same += 1
    _add(work, table, missing)
    for identity, row in differing:
        _change(work, model, identity, row)
    return Counts(len(missing), len(differing), same)


def _add(work: Work, table: sa.Table, rows: list[source.Row]) -> None:
    """New rows go in together; the trail gets their number and digest, not one row of its own for each."""
    if not rows:
        return
    work.session.execute(sa.insert(table), rows)
    digest = hashlib.sha256(canonical([plain(row) for row in rows]).encode()).hexdigest()
    work.note(table.name, 0, {"rows": [0, len(rows)], "sha256": [None, digest]})


def _change(work: Work, model: type[Entity], identity: int, row: dict[str, Any]) -> None:
    """A row that says something new; the trail shows what it said before."""
    entity = work.session.get_one(model, identity)
    for name, value in row.items():
        if getattr(entity, name) != value:
            setattr(entity, name, value)


@operation(Permission.RATE_IMPORT)
def keep_rates(work: Work, subject: None, given: Sequence[GivenRate], name: str) -> Counts:
    """Keep the operational rates of a file; those that are there already change nothing, and one that says otherwise
    than what is there refuses all. name: of the file."""
    run, codes = work.session.execute, sorted({one.currency for one in given})
    run(sa.select(Currency.id).where(Currency.code.in_(codes)).order_by(Currency.id).with_for_update())
    fresh, same = compare_rates(work.session, given, name)
    at, by = work.at, str(work.actor)
    rows = [
        {"currency": one.currency, "since": one.since, "rate": one.rate, "source": name[:255], "at": at, "by": by}
        for one in fresh
    ]
    _add(work, ExchangeRate.__table__, rows)
    return Counts(len(fresh), 0, same)


def compare_rates(session: Session, given: Sequence[GivenRate], name: str) -> tuple[list[GivenRate], int]:
    """What a file would add, and how many of its rates are there already; one that is otherwise there is refused, for
    amounts were booked by it."""
    known = rates_known(session, {one.currency for one in given})
    faults, fresh = Faults(), list[GivenRate]()
    for one in given:
        there = known.get((one.currency, one.since))
        if there is None:
            fresh.append(one)
        elif there != one.rate:
            values = {"name": name, "currency": one.currency, "since": one.since.isoformat()}
            faults.append(Fault("rate.changed", {**values, "rate": str(one.rate), "earlier": str(there)}, one.row))
    if faults:
        raise faults.refusal()
    return fresh, len(given) - len(fresh)
