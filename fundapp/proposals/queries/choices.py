"""What lists of proposals can be narrowed to: calls, places, areas, people, stages; and lists that somebody keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Grant, Person
from fundapp.access.policy import Actor, Permission, Role, may
from fundapp.funds.models import FocusArea, Fund
from fundapp.kernel.languages import LANGUAGES
from fundapp.proposals.models import SavedView
from fundapp.proposals.queries.calls import CALL, CLOSING, offices_of, opened, reads_drafts
from fundapp.proposals.queries.proposals import OWN_STAGES, HandedIn, OfTheOffice
from fundapp.proposals.rules import local
from fundapp.proposals.rules.stages import COURSE, LATER_STAGES, Stage
from fundapp.reference.models import Country, CountryStatus, Region
from fundapp.reference.rules import Status, holds, order_key

OFFICERS = (Role.DESK_OFFICER, Role.SECRETARY)
_COUNTRY, _REGION, _STATUS = Country.__table__, Region.__table__, CountryStatus.__table__
_PERSON, _GRANT, _AREA, _VIEW = Person.__table__, Grant.__table__, FocusArea.__table__, SavedView.__table__
REFERENCE = ("country", "region", "status")
CELL, ROW = "\x1f", "\x1e"
FUND = sa.bindparam("fund", type_=sa.BigInteger)


@dataclass(frozen=True, slots=True)
class Held:
    """A status that a country has or had."""

    country: str
    status: Status
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class World:
    """Countries and regions in a language: names by code in the order of names, which regions lie in which, and who
    is or was a least developed country, landlocked or a small island."""

    countries: Mapping[str, str]
    regions: Mapping[str, str]
    within: Mapping[str, str]
    subregions: Mapping[str, str]
    statuses: Sequence[Held]
    days: dict[date, Mapping[str, tuple[Status, ...]]] = field(default_factory=dict)  # what was worked out already

    def countries_of(self, region: str) -> frozenset[str]:
        """The countries of a region or subregion."""
        parts = {region, *(code for code, whole in self.within.items() if whole == region)}
        return frozenset(code for code, part in self.subregions.items() if part in parts)

    def statuses_on(self, day: date) -> Mapping[str, tuple[Status, ...]]:
        """Country -> its statuses on a day."""
        if day not in self.days:
            found: dict[str, tuple[Status, ...]] = {}
            for one in self.statuses:
                if holds(one.since, one.until, day):
                    found[one.country] = (*found.get(one.country, ()), one.status)
            self.days[day] = found
        return self.days[day]


@dataclass(frozen=True, slots=True)
class CallChoice:
    """A call that a list can be narrowed to; day: on which the status of a State is asked, the one of its close."""

    code: str
    title: str
    day: date


@dataclass(frozen=True, slots=True)
class Kept:
    """A list that somebody kept."""

    key: int
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Known:
    """What a list can be narrowed to, by key, in a reader's language."""

    world: World
    calls: Mapping[int, CallChoice]
    areas: Mapping[int, str]
    officers: Mapping[int, str]
    stages: tuple[str, ...]
    views: Sequence[Kept]
    beyond: bool  # whether the reader sees proposals of more than their own offices

    def statuses_on(self, call: int) -> Mapping[str, tuple[Status, ...]]:
        """Country -> its statuses on the day that counts for a call."""
        found = self.calls.get(call)
        return self.world.statuses_on(found.day) if found else {}


def known(session: Session, actor: Actor, fund: Fund, language: str, now: datetime) -> Known:
    """All that a list of the fund's proposals can be narrowed to; one query."""
    beyond = may(actor, Permission.PROPOSAL_READ, HandedIn(fund.id))
    asked = _choices(language, beyond, reads_drafts(actor, fund.id))
    rows: dict[str, list[Any]] = {kind: [] for kind in (*REFERENCE, "area", "call", "officer", "view")}
    for row in session.execute(asked, {"fund": fund.id, "reader": actor.id, "now": now}):
        rows[row[0]].append(row)
    return Known(
        _world(language, *(rows[kind][0][2] or "" for kind in REFERENCE)),
        {int(row[1]): _call(row, now) for row in sorted(rows["call"], key=lambda row: row[2], reverse=True)},
        {int(row[1]): row[2] for row in sorted(rows["area"], key=lambda row: int(row[3]))},
        {int(row[1]): row[2] for row in sorted(rows["officer"], key=lambda row: row[2].casefold())},
        stages_for(actor, fund),
        [Kept(int(row[1]), row[2], row[3]) for row in sorted(rows["view"], key=lambda row: row[2].casefold())],
        beyond,
    )


def stages_for(actor: Actor, fund: Fund) -> tuple[str, ...]:
    """The stages in which somebody may find a proposal, in their order."""
    own = bool(offices_of(actor, fund.id)) or may(actor, Permission.PROPOSAL_READ, OfTheOffice(fund.id))
    every = dict.fromkeys((*(stage.value for stage in Stage), *COURSE.stages(), *LATER_STAGES))
    return tuple(stage for stage in every if own or stage not in OWN_STAGES)


def _part(kind: str, key: Any, name: Any, more: Any = None, last: Any = None, at: Any = None) -> sa.Select[Any]:
    """A part of the one question: kind, key, name, two texts and a moment."""
    nothing = sa.cast(sa.null(), sa.String)
    columns: tuple[sa.ColumnElement[Any], ...] = (
        sa.literal(kind, sa.String).label("kind"),
        (nothing if key is None else sa.cast(key, sa.String)).label("key"),
        sa.type_coerce(name, sa.String).label("name"),
        (nothing if more is None else sa.cast(more, sa.String)).label("more"),
        (nothing if last is None else sa.cast(last, sa.String)).label("last"),
        (sa.cast(sa.null(), sa.DateTime) if at is None else sa.type_coerce(at, sa.DateTime)).label("at"),
    )
    return sa.select(*columns)


def _together(kind: str, *columns: Any) -> sa.Select[Any]:
    """A small table in one text, its cells and rows parted by signs that no name has: read hundreds of times faster
    than row by row, and known again where it was read before."""
    texts = [sa.func.coalesce(sa.cast(column, sa.String), "") for column in columns]
    cells: sa.ColumnElement[str] = texts[0]
    for text in texts[1:]:
        cells = cells + CELL + text
    return _part(kind, None, sa.func.aggregate_strings(cells, ROW))


@lru_cache(maxsize=4 * len(LANGUAGES))  # to put the question together takes three times as long as to ask it
def _choices(language: str, beyond: bool, drafts: bool) -> sa.CompoundSelect[Any]:
    parts = [*_of_the_world(language), _areas(language), _calls(language, drafts), _views()]
    return sa.union_all(*parts, *([_officers()] if beyond else []))


def _of_the_world(language: str) -> tuple[sa.Select[Any], ...]:
    own = f"name_{language}"
    status = sa.type_coerce(_STATUS.c.status, sa.String)
    return (
        _together("country", _COUNTRY.c.code, _COUNTRY.c[own], _COUNTRY.c.name_en, _COUNTRY.c.subregion),
        _together("region", _REGION.c.code, _REGION.c[own], _REGION.c.name_en, _REGION.c.within),
        _together("status", _STATUS.c.country, status, _STATUS.c.since, _STATUS.c.until),
    )


def _areas(language: str) -> sa.Select[Any]:
    return _part("area", _AREA.c.id, _AREA.c[f"name_{language}"], _AREA.c.position).where(_AREA.c.fund_id == FUND)


def _calls(language: str, drafts: bool) -> sa.Select[Any]:
    """Calls that were opened; the title in the reader's language, or in one that there is."""
    tongues = sorted(LANGUAGES, key=lambda code: code != language)
    title = sa.func.coalesce(*(sa.func.nullif(CALL.c[f"name_{code}"], "") for code in tongues), "")
    asked = _part("call", CALL.c.id, CALL.c.code, title, CALL.c.zone, CLOSING)
    may_see = [CALL.c.opened_at.is_not(None)] if drafts else opened(sa.bindparam("now", type_=sa.DateTime))
    return asked.where(CALL.c.fund_id == FUND, *may_see)


def _officers() -> sa.Select[Any]:
    name = sa.func.coalesce(sa.func.nullif(_PERSON.c.name, ""), _PERSON.c.email)
    held = sa.exists().where(
        _GRANT.c.person_id == _PERSON.c.id, _GRANT.c.role.in_(OFFICERS), _GRANT.c.ended_at.is_(None),
        sa.or_(_GRANT.c.fund_id.is_(None), _GRANT.c.fund_id == FUND),
    )  # fmt: skip
    return _part("officer", _PERSON.c.id, name).where(_PERSON.c.active, held)


def _views() -> sa.Select[Any]:
    asked = _part("view", _VIEW.c.id, _VIEW.c.name, _VIEW.c.query)
    return asked.where(_VIEW.c.fund_id == FUND, _VIEW.c.person_id == sa.bindparam("reader", type_=sa.BigInteger))


def _call(row: tuple[Any, ...], now: datetime) -> CallChoice:
    closes, zone = row[5], row[4]
    return CallChoice(row[2], row[3], (local(closes, zone) if closes and closes <= now else now).date())


@lru_cache(maxsize=2 * len(LANGUAGES))  # the same texts for every page: reading them takes longer than asking for them
def _world(language: str, countries: str, regions: str, statuses: str) -> World:
    of_country, of_region = (
        sorted(_cells(text), key=lambda row: order_key(row[1], row[2], language)) for text in (countries, regions)
    )
    within = {row[0]: row[3] for row in of_region if row[3]}
    peopled = {row[3] for row in of_country if row[3]}
    peopled |= {within[code] for code in peopled if code in within}
    held = [Held(row[0], Status(row[1]), _day(row[2]), _day(row[3])) for row in _cells(statuses)]
    return World(
        {row[0]: row[1] for row in of_country},
        {row[0]: row[1] for row in of_region if row[0] in peopled},
        within,
        {row[0]: row[3] for row in of_country if row[3]},
        sorted(held, key=lambda one: list(Status).index(one.status)),
    )


def _cells(text: str) -> list[list[str]]:
    return [row.split(CELL) for row in text.split(ROW)] if text else []


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
