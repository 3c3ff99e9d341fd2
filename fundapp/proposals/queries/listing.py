"""Lists of proposals: what is wanted of them, a page, all of them for a file. One query a page, however much it lists:
for the rows with their number and sum."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Office, Person
from fundapp.access.policy import Actor
from fundapp.funds.models import Fund
from fundapp.proposals.models import ProposalArea, SavedView
from fundapp.proposals.queries.choices import Known
from fundapp.proposals.queries.proposals import PROPOSAL, Scope, scope, visible, within
from fundapp.reference.rules import Status

PAGE = 60
SORTS = ("reference", "state", "amount", "since", "submitted")
NEWEST = "-since"  # what moved last comes first
NOBODY = 0  # as a desk officer: none yet
_OFFICE, _PERSON, _OF_AREA = Office.__table__, Person.__table__, ProposalArea.__table__


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which proposals; an empty field asks for nothing. words: folded, all to be found. countries: only of these.
    least and most: cents. officer: a person, or NOBODY. nothing: what was asked for cannot be."""

    words: tuple[str, ...] = ()
    call: int | None = None
    stages: frozenset[str] = frozenset()
    countries: frozenset[str] | None = None
    statuses: frozenset[Status] = frozenset()
    area: int | None = None
    least: int | None = None
    most: int | None = None
    officer: int | None = None
    language: str = ""
    sort: str = NEWEST
    nothing: bool = False


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What is wanted of what somebody may see, with what else the question depends on: which countries have one of the
    statuses, by calls, and the order of countries."""

    scope: Scope
    wanted: Wanted
    with_status: tuple[tuple[tuple[str, ...], tuple[int, ...]], ...] = ()
    countries: tuple[str, ...] = ()


def narrowed(actor: Actor, fund: Fund, known: Known, wanted: Wanted) -> Narrowed:
    """The question that a list asks."""
    by_countries: dict[tuple[str, ...], tuple[int, ...]] = {}
    for call in known.calls if wanted.statuses else ():
        has = known.statuses_on(call)
        codes = tuple(sorted(code for code, its in has.items() if not wanted.statuses.isdisjoint(its)))
        by_countries[codes] = (*by_countries.get(codes, ()), call)
    by_name = tuple(known.world.countries) if wanted.sort.lstrip("-") == "state" else ()
    return Narrowed(scope(actor, fund.id), wanted, tuple(by_countries.items()), by_name)


def found(session: Session, asked: Narrowed, page: int = 1) -> tuple[Sequence[sa.Row[Any]], int, int]:
    """A page of the proposals that are asked for, how many there are and what they ask for together in cents; one
    query, or two where the page is behind the last."""
    rows = session.execute(_page(asked, page)).all()
    if rows:
        return rows, rows[0].many, int(rows[0].cents)
    return rows, *(totals(session, asked) if page > 1 else (0, 0))


@lru_cache(maxsize=256)  # to put a question together takes as long as to ask it
def _page(asked: Narrowed, page: int) -> sa.Select[Any]:
    where, order, both = conditions(asked), _order(asked), _totals(asked).subquery("totals")
    ids = sa.select(PROPOSAL.c.id).where(*where).order_by(*order).limit(PAGE).offset(PAGE * (page - 1)).subquery("ids")
    rows = _rows().add_columns(both.c.many, both.c.cents).join(ids, ids.c.id == PROPOSAL.c.id)
    return rows.join(both, sa.true()).order_by(*order)


def _totals(asked: Narrowed) -> sa.Select[Any]:
    many, cents = sa.func.count().label("many"), sa.func.coalesce(sa.func.sum(PROPOSAL.c.total_cents), 0)
    return sa.select(many, cents.label("cents")).select_from(PROPOSAL).where(*conditions(asked))


def totals(session: Session, asked: Narrowed) -> tuple[int, int]:
    """How many proposals are asked for, and what they ask for together in cents."""
    both = session.execute(_totals(asked)).one()
    return both.many, int(both.cents)


def every(asked: Narrowed) -> sa.Select[Any]:
    """What asks for all of them, in the same order."""
    return _rows().where(*conditions(asked)).order_by(*_order(asked))


def read(session: Session, statement: sa.Select[Any]) -> Iterator[sa.Row[Any]]:
    """The rows of that, a few in memory at a time."""
    with session.execute(statement.execution_options(yield_per=500)) as rows:
        yield from rows


def references(session: Session, asked: Narrowed, most: int) -> Sequence[str]:
    """The references of those that are asked for, in their order; at most so many."""
    statement = sa.select(PROPOSAL.c.reference).where(*conditions(asked)).order_by(*_order(asked)).limit(most)
    return session.scalars(statement).all()


def keys(session: Session, asked: Narrowed, most: int) -> Sequence[int]:
    """The ids of those that are asked for, in their order; at most so many."""
    statement = sa.select(PROPOSAL.c.id).where(*conditions(asked)).order_by(*_order(asked)).limit(most)
    return session.scalars(statement).all()


def named(session: Session, actor: Actor, fund: Fund, given: Collection[str]) -> Mapping[str, sa.Row[Any]]:
    """Those of these references that somebody may see, by reference; one query."""
    asked = _rows().where(visible(actor, fund.id), PROPOSAL.c.reference.in_(given))
    return {row.reference: row for row in session.execute(asked)}


def saved_views(session: Session, actor: Actor, fund: Fund) -> Sequence[SavedView]:
    """The lists that somebody keeps, by name."""
    where = (SavedView.person_id == actor.id, SavedView.fund_id == fund.id)
    return session.scalars(sa.select(SavedView).where(*where).order_by(SavedView.name)).all()


def saved_view(session: Session, actor: Actor, fund: Fund, key: int) -> SavedView | None:
    """A list that somebody kept themselves; none for another's, as for one that is not there."""
    where = (SavedView.id == key, SavedView.person_id == actor.id, SavedView.fund_id == fund.id)
    return session.scalars(sa.select(SavedView).where(*where)).one_or_none()


@lru_cache(maxsize=1)
def _rows() -> sa.Select[Any]:
    """A list's columns."""
    areas = (
        sa.select(sa.func.aggregate_strings(sa.cast(_OF_AREA.c.area_id, sa.String), ","))
        .where(_OF_AREA.c.proposal_id == PROPOSAL.c.id)
        .correlate(PROPOSAL)
        .scalar_subquery()
    )
    officer = sa.func.coalesce(sa.func.nullif(_PERSON.c.name, ""), _PERSON.c.email)
    return (
        sa.select(
            PROPOSAL.c.id, PROPOSAL.c.reference, PROPOSAL.c.title, PROPOSAL.c.language, PROPOSAL.c.call_id,
            PROPOSAL.c.stage, PROPOSAL.c.stage_since, PROPOSAL.c.due_at, PROPOSAL.c.submitted_at, PROPOSAL.c.country,
            PROPOSAL.c.total_cents, PROPOSAL.c.marker, PROPOSAL.c.officer_id, PROPOSAL.c.office_id,
            _OFFICE.c.name.label("office"), officer.label("officer"), areas.label("areas"),
        )
        .join_from(PROPOSAL, _OFFICE, _OFFICE.c.id == PROPOSAL.c.office_id)
        .join(_PERSON, _PERSON.c.id == PROPOSAL.c.officer_id, isouter=True)
    )  # fmt: skip


def conditions(asked: Narrowed) -> list[sa.ColumnElement[bool]]:
    """What makes a proposal one of those that somebody may see and asks for."""
    of, wanted = PROPOSAL.c, asked.wanted
    found: list[sa.ColumnElement[bool]] = [within(asked.scope)]
    if wanted.nothing:
        found.append(sa.false())
    for column, value in ((of.call_id, wanted.call), (of.language, wanted.language or None)):
        if value is not None:
            found.append(column == value)
    if wanted.stages:
        found.append(of.stage.in_(sorted(wanted.stages)))
    if wanted.countries is not None:
        found.append(of.country.in_(sorted(wanted.countries)))
    if wanted.statuses:
        ways = [sa.and_(of.call_id.in_(calls), of.country.in_(codes)) for codes, calls in asked.with_status]
        found.append(sa.or_(sa.false(), *ways))
    if wanted.area is not None:
        found.append(sa.exists().where(_OF_AREA.c.proposal_id == of.id, _OF_AREA.c.area_id == wanted.area))
    if wanted.least is not None:
        found.append(of.total_cents >= wanted.least)
    if wanted.most is not None:
        found.append(of.total_cents <= wanted.most)
    if wanted.officer is not None:
        found.append(of.officer_id.is_(None) if wanted.officer == NOBODY else of.officer_id == wanted.officer)
    return found + [of.sought.contains(word, autoescape=True) for word in wanted.words]


def _order(asked: Narrowed) -> list[sa.ColumnElement[Any]]:
    name, down = asked.wanted.sort.lstrip("-"), asked.wanted.sort.startswith("-")
    column: sa.ColumnElement[Any]
    if name == "state":
        places = {code: place for place, code in enumerate(asked.countries)}
        column = sa.case(places, value=PROPOSAL.c.country) if places else PROPOSAL.c.country
    else:
        column = {
            "reference": PROPOSAL.c.reference,
            "amount": PROPOSAL.c.total_cents,
            "submitted": PROPOSAL.c.submitted_at,
        }.get(name, PROPOSAL.c.stage_since)
    ordered = column.desc() if down else column.asc()
    if name in ("state", "submitted"):  # which a draft may lack
        ordered = ordered.nulls_last()
    return [ordered, PROPOSAL.c.id.desc() if down else PROPOSAL.c.id.asc()]
