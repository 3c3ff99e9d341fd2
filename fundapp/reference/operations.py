"""Loading the reference data that comes with the program: at set-up, and again after each upgrade."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.kernel.base import Entity
from fundapp.kernel.trail import canonical, plain
from fundapp.kernel.work import Work
from fundapp.reference import source
from fundapp.reference.models import (
    Country,
    CountryAlias,
    CountryStatus,
    Currency,
    FormerName,
    Goal,
    Region,
    RegionalGroup,
    Target,
    TreatyBody,
)

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
