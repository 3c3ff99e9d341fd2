"""For which States calls are, and where a State lies: what decides whether an office answers a call."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.kernel.languages import LANGUAGES
from fundapp.proposals.models import Call, CallPlace
from fundapp.proposals.rules import Places
from fundapp.reference.models import Country, Region


@dataclass(frozen=True, slots=True)
class Ground:
    """A State as calls are narrowed to it: its code and names, its regional group, the regions it lies in."""

    code: str
    names: Mapping[str, str]
    group: str | None
    regions: frozenset[str]

    def within(self, places: Places) -> bool:
        """Whether a call for these places is for the State."""
        return places.includes(self.code, self.group, self.regions)


def places_of_calls(session: Session, calls: Collection[int]) -> dict[int, Places]:
    """For which States each of these calls is; one query."""
    found: dict[int, list[sa.Row[tuple[object, ...]]]] = {call: [] for call in calls}
    for row in session.execute(sa.select(CallPlace.__table__).where(CallPlace.call_id.in_(calls))):
        found[row.call_id].append(row)
    return {
        call: Places(
            frozenset(row.state for row in rows if row.state),
            frozenset(row.regional_group for row in rows if row.regional_group),
            frozenset(row.region for row in rows if row.region),
        )
        for call, rows in found.items()
    }


def grounds(session: Session, codes: Iterable[str]) -> dict[str, Ground]:
    """States by code; one query. A code that is none is left out."""
    country, sub = Country.__table__, Region.__table__.alias("sub")
    asked = (
        sa.select(country, sub.c.within)
        .join(sub, sub.c.code == country.c.subregion, isouter=True)
        .where(country.c.code.in_(sorted({code for code in codes if code.isprintable()})))
    )
    return {
        row.code: Ground(
            row.code,
            {language: getattr(row, f"name_{language}") for language in LANGUAGES},
            row.regional_group,
            frozenset(filter(None, (row.subregion, row.within))),
        )
        for row in session.execute(asked)
    }


def outside(session: Session, call: Call, state: str) -> Ground | None:
    """The State of a code where a call is not for it; none where it is, or where there is no such State. Two
    queries."""
    places = places_of_calls(session, [call.id])[call.id]
    ground = None if places.everywhere else grounds(session, [state]).get(state)
    return ground if ground and not ground.within(places) else None
