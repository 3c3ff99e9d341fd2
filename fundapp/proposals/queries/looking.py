"""What a desk officer looks at: the version that was handed in last, the evidence in it, and what was marked so far."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.funds.models import Fund
from fundapp.funds.queries import support_cost_rate
from fundapp.kernel.languages import LANGUAGES
from fundapp.proposals.models import Call, Proposal, ProposalVersion, ScreeningMark
from fundapp.proposals.queries.calls import Asked, items_of
from fundapp.proposals.queries.places import places_of_calls
from fundapp.proposals.queries.proposals import CONSENT, last_version
from fundapp.proposals.rules import Item, best
from fundapp.proposals.rules.checklist import STANDARD, Evidence, Linked, Names, Seen, seen
from fundapp.proposals.rules.content import World, budget, facts
from fundapp.proposals.rules.fields import Whole, rows_of
from fundapp.recommendations.models import REC
from fundapp.recommendations.queries.listing import Listed, listed, listing
from fundapp.recommendations.rules import Position
from fundapp.reference.models import Country, CountryStatus, Region
from fundapp.reference.rules import Standing, holds

STATES = frozenset({Standing.MEMBER, Standing.OBSERVER, Standing.NON_MEMBER})


@dataclass(frozen=True, slots=True)
class Place:
    """The State of a version: its code, names, regional group, regions, and special situations on the day."""

    code: str
    names: Names
    is_state: bool
    group: str | None
    regions: frozenset[str]
    statuses: tuple[str, ...]


NOWHERE = Place("", {}, False, None, frozenset(), ())


@dataclass(frozen=True, slots=True)
class Looked:
    """A version with what is looked at in it: what it says, its files as it names them, recommendations by number, the
    points of the checklist with what the program sees on them."""

    version: ProposalVersion
    whole: Whole
    language: str
    courtesy: str
    place: Place
    evidence: Evidence
    files: Sequence[Mapping[str, Any]]
    recommendations: Mapping[str, Listed]
    checks: Sequence[Asked]
    documents: Sequence[Asked]
    seen: Mapping[str, Seen]

    @property
    def codes(self) -> tuple[str, ...]:
        """All points of the checklist, the standard ones first."""
        return (*STANDARD, *(one.code for one in self.checks))


def looked(session: Session, found: Proposal, call: Call, language: str) -> Looked | None:
    """What is looked at in the version of a proposal that was handed in last; none before that. Seven queries."""
    version = last_version(session, found)
    if version is None:
        return None
    said = json.loads(version.content)
    whole, files = said["sections"], said["documents"]
    place = _place(session, str(whole.get("country", {}).get("country", "")), version)
    items = items_of(session, call)
    known = _recommendations(session, whole, language)
    evidence = _evidence(session, call, version, whole, files, place, known, items[Item.DOCUMENT])
    return Looked(
        version, whole, said["language"], said["courtesy"], place, evidence, files, known,
        items[Item.CHECK], items[Item.DOCUMENT],
        {one.code: one for one in seen(evidence)},
    )  # fmt: skip


def _evidence(
    session: Session, call: Call, version: ProposalVersion, whole: Whole, files: Sequence[Mapping[str, Any]],
    place: Place, known: Mapping[str, Listed], documents: Sequence[Asked],
) -> Evidence:  # fmt: skip
    """What the program judges by: all as it was on the day of the version."""
    day = version.at.date()
    rate = support_cost_rate(session, session.get_one(Fund, call.fund_id), day)
    counts = Counter(file["kind"] for file in files)
    noted = frozenset(number for number, one in known.items() if one.position is Position.NOTED)
    sums = budget(whole, rate, floor=call.floor_cents, ceiling=call.ceiling_cents)
    required = [one for one in documents if one.required and one.code != CONSENT]
    return Evidence(
        facts=facts(whole, World(day, rate, call.floor_cents, call.ceiling_cents, counts, noted)),
        state=place.code,
        names=place.names,
        is_state=place.is_state,
        included=_includes(session, call, place),
        total=sums.totals.total,
        floor=call.floor_cents,
        ceiling=call.ceiling_cents,
        faults=len(sums.faults),
        linked=[_linked(row, known) for row in rows_of(whole.get("recommendations"), "linked")],
        required=len(required),
        missing=[_everywhere(one.names) for one in required if not counts[one.code]],
    )


def _linked(row: Mapping[str, Any], known: Mapping[str, Listed]) -> Linked:
    number = str(row.get("number", ""))
    one = known.get(number)
    if one is None:
        return Linked(number, False)
    return Linked(number, True, one.state, one.position is Position.NOTED, bool(str(row.get("reason", "")).strip()))


def _place(session: Session, code: str, version: ProposalVersion) -> Place:
    """The State of a version; one query."""
    country, sub, held = Country.__table__, Region.__table__.alias("sub"), CountryStatus.__table__
    asked = (
        sa.select(country, sub.c.within, held.c.status, held.c.since, held.c.until)
        .join(sub, sub.c.code == country.c.subregion, isouter=True)
        .join(held, held.c.country == country.c.code, isouter=True)
        .where(country.c.code == code)
    )
    rows = session.execute(asked).all() if code.isprintable() else []
    if not rows:
        return NOWHERE
    one, day = rows[0], version.at.date()
    statuses = sorted(row.status.value for row in rows if row.status and holds(row.since, row.until, day))
    regions = frozenset(filter(None, (one.subregion, one.within)))
    names = {language: getattr(one, f"name_{language}") for language in LANGUAGES}
    return Place(one.code, names, one.standing in STATES, one.regional_group, regions, tuple(statuses))


def _includes(session: Session, call: Call, place: Place) -> bool:
    """Whether a call is for the State; one query."""
    places = places_of_calls(session, [call.id])[call.id]
    return places.includes(place.code, place.group, place.regions)


def _recommendations(session: Session, whole: Whole, language: str) -> dict[str, Listed]:
    """The recommendations that a version names and the register has; one query."""
    texts = {str(row.get("number", "")) for row in rows_of(whole.get("recommendations"), "linked")}
    numbers = [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 18]
    if not numbers:
        return {}
    asked = listing(language).where(REC.c.number.in_(numbers), REC.c.standing)
    return {str(row.number): listed(row) for row in session.execute(asked)}


def _everywhere(names: Names) -> dict[str, str]:
    """A text under every language, also where it was written in one alone."""
    return {language: best(names, language).text for language in LANGUAGES}


def last_marks(session: Session, found: Proposal) -> dict[str, ScreeningMark]:
    """The last mark of each point, of whichever version; one query."""
    asked = sa.select(ScreeningMark).where(ScreeningMark.proposal_id == found.id).order_by(ScreeningMark.id)
    return {mark.code: mark for mark in session.scalars(asked)}
