"""Reading what stands around several proposals at once: in as many queries for thirty as for one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from fundapp.board.queries.seeing import Before, Handed
from fundapp.funds.models import Fund
from fundapp.funds.queries import focus_areas
from fundapp.proposals.models import Call
from fundapp.proposals.rules.dossier import DossierFacts, Edition, Linked, Names, Written
from fundapp.proposals.rules.fields import Whole, rows_of
from fundapp.recommendations.models import REC
from fundapp.reference.models import Country

LONGEST_NUMBER = 18  # digits of a key that a database takes


@dataclass(frozen=True, slots=True)
class Around:
    """What proposals speak of, by how they name it: States, focus areas, recommendations (without their texts)."""

    states: Mapping[str, Country]
    areas: Mapping[str, Names] = field(default_factory=dict)
    recommendations: Mapping[str, Linked] = field(default_factory=dict)

    def names(self, code: str) -> Names:
        """The names of a State; by its code where nobody knows it, none without one."""
        found = self.states.get(code)
        return found.names if found else {"en": code} if code else {}


def around(session: Session, fund: Fund, found: Iterable[Before], texts: Iterable[Handed]) -> Around:
    """What these proposals speak of; three queries."""
    wholes = [one.whole for one in texts]
    codes = {one.country for one in found} | {_country(whole) for whole in wholes}
    asked = sa.select(Country).where(Country.code.in_(codes - {""})).options(joinedload(Country.statuses))
    states = {one.code: one for one in session.scalars(asked).unique()}
    areas = {str(area.id): area.names for area in focus_areas(session, fund)} if wholes else {}
    return Around(states, areas, _recommendations(session, wholes))


def _country(whole: Whole) -> str:
    return str(whole.get("country", {}).get("country") or "")


def _keys(whole: Whole) -> list[str]:
    return [str(row.get("number", "")) for row in rows_of(whole.get("recommendations"), "linked")]


def _recommendations(session: Session, wholes: Sequence[Whole]) -> dict[str, Linked]:
    keys = {key for whole in wholes for key in _keys(whole)}
    numbers = sorted(int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < LONGEST_NUMBER)
    if not numbers:
        return {}
    columns = (REC.c.number, REC.c.symbol, REC.c.paragraph, REC.c.position)
    rows = session.execute(sa.select(*columns).where(REC.c.number.in_(numbers), REC.c.standing))
    return {str(row.number): Linked(str(row.number), {}, row.symbol, row.paragraph, row.position) for row in rows}


def facts_of(one: Before, text: Handed, fund: Fund, call: Call, known: Around, at: datetime) -> DossierFacts:
    """A proposal as facts to be printed: what it says, without its documents and what was asked in screening."""
    state = known.states.get(_country(text.whole))
    chosen = {str(area) for area in text.whole.get("focus-areas", {}).get("chosen", ())}
    return DossierFacts(
        fund.code, fund.names, call.code, call.names, one.reference, one.office,
        Written(text.whole, text.language, text.courtesy, Edition(text.number, text.digest, text.at)),
        at, text.rate, text.budget,
        state=state.names if state else None,
        statuses=_statuses(state, text.at.date()),
        areas=tuple(names for key, names in known.areas.items() if key in chosen),
        recommendations=tuple(known.recommendations.get(key, Linked(key)) for key in _keys(text.whole)),
    )  # fmt: skip


def _statuses(state: Country | None, on: date) -> tuple[str, ...]:
    if state is None:
        return ()
    return tuple(sorted({one.status.value for one in state.statuses if state.has_status(one.status, on)}))
