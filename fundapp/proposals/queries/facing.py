"""A proposal as its own page needs it: everything around it in few queries."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from fundapp.access.models import Office, Person
from fundapp.access.policy import Actor
from fundapp.funds.models import FocusArea, Fund, SupportCostRate
from fundapp.proposals.models import (
    Call,
    CallDocument,
    CallException,
    CallExtension,
    CallQuestion,
    Proposal,
    ProposalArea,
    ProposalDocument,
    ProposalMove,
    ProposalRecommendation,
    ProposalSection,
    ProposalVersion,
    ScreeningMark,
)
from fundapp.proposals.queries.calls import CLOSING
from fundapp.proposals.queries.picking import is_number
from fundapp.proposals.queries.proposals import (
    PROPOSAL,
    Asked,
    Judged,
    Scope,
    asked_from,
    judge,
    of_the_office,
    scope,
    within,
)
from fundapp.proposals.rules.content import World
from fundapp.proposals.rules.fields import Whole, rows_of
from fundapp.proposals.rules.stages import Stage
from fundapp.recommendations.models import REC
from fundapp.recommendations.rules import Position
from fundapp.reference.models import Country

# Stages in which its office sees the task list, not the summary
IN_THE_OFFICE = frozenset({Stage.DRAFT, Stage.CLEARED, Stage.RETURNED, Stage.DISCARDED})
NO = sa.false()
KEPT = 64  # proposals whose text is kept as it was understood: an office opens the same one again and again
Item = tuple[str, int, bool]  # a document or question by code, with a number, and whether it is required
Written = tuple[tuple[str, str], ...]  # sections with their content as JSON
_FIELD, _ROW = "\x1f", "\x1e"  # separators that no name has, for they are control characters


class State(NamedTuple):
    """The State of a proposal, with its name in the reader's language."""

    code: str
    name: str


class HandedIn(NamedTuple):
    """What was handed in last, as canonical JSON."""

    number: int
    content: str
    at: datetime
    by: str


class Moved(NamedTuple):
    """The move that led to where a proposal stands."""

    move: str
    to: str
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Facing:
    """A proposal and what stands around it: its call with the close after extensions and the zone in which that was
    said, its office, State and desk officer, until when its office may hand in late, what was handed in last, whether
    anything was marked in that or changed since the stage began, the rate of support costs; the move that led to its
    stage, whether it was ever returned, the names of who began, handed in and moved it last, and its focus areas."""

    proposal: Proposal
    call: Call
    office: str
    country: State | None
    officer: str
    version: HandedIn | None
    closes: datetime | None
    zone: str
    late: datetime | None
    marked: bool
    changed: bool
    rate: Decimal
    last: Moved | None
    returned: bool
    names: Mapping[str, str]
    areas: Sequence[str]
    own: bool

    @property
    def at_work(self) -> bool:
        """Whether the reader's office has it in hand."""
        return self.own and self.proposal.stage in IN_THE_OFFICE


def facing(session: Session, actor: Actor, fund: Fund, reference: str, on: date, language: str) -> Facing | None:
    """The proposal of a reference with all around it; none for one that somebody may not see. One query."""
    asked = _around(language, scope(actor, fund.id))
    row = session.execute(asked, {"reference": reference, "on": on}).one_or_none()
    if row is None:
        return None
    whole: tuple[Any, ...] = tuple(row)
    found, call, *values = whole
    country, version, last = State(*values[:2]), HandedIn(*values[2:6]), Moved(*values[6:11])
    office, officer, closes, zone, late, marked, changed, rate, returned, areas, *names = values[11:]
    actors = (found.begun_by, version.by, last.by)
    return Facing(
        found, call, office, country if country.code else None, officer or "", version if version.by else None, closes,
        zone or call.zone, late, bool(marked), bool(changed), rate or Decimal(0), last if last.by else None,
        bool(returned), {one: name for one, name in zip(actors, names, strict=True) if name}, _in_order(areas),
        of_the_office(actor, found),
    )  # fmt: skip


@lru_cache(maxsize=256)  # for each language and what may be seen: to put it together takes longer than to ask
def _around(language: str, seen: Scope) -> sa.Select[Any]:
    newest = sa.select(sa.func.max(ProposalMove.id)).where(ProposalMove.proposal_id == Proposal.id).correlate(Proposal)
    return (
        sa.select(
            *(Proposal, Call, Country.code, Country.__table__.c[f"name_{language}"]),
            *(getattr(ProposalVersion, name) for name in HandedIn._fields),
            *(getattr(ProposalMove, name) for name in Moved._fields),
            *(Office.name, Person.name),
            *_beside(language),
            *(_name_of(column) for column in (Proposal.begun_by, ProposalVersion.by, ProposalMove.by)),
        )
        .join(Call, Call.id == Proposal.call_id)
        .join(Office, Office.id == Proposal.office_id)
        .outerjoin(Country, Country.code == Proposal.country)
        .outerjoin(Person, Person.id == Proposal.officer_id)
        .outerjoin(ProposalVersion, ProposalVersion.id == _last_version())
        .outerjoin(ProposalMove, ProposalMove.id == newest.scalar_subquery())
        .where(PROPOSAL.c.reference == sa.bindparam("reference"), within(seen))
    )


def _last_version() -> sa.ScalarSelect[Any]:
    newest = sa.select(sa.func.max(ProposalVersion.id)).where(ProposalVersion.proposal_id == Proposal.id)
    return newest.correlate(Proposal).scalar_subquery()


def _name_of(column: Any) -> sa.ScalarSelect[Any]:
    """The name of an actor as the trail writes it ("person:7"); none for the command line."""
    someone = aliased(Person)
    key = sa.case((column.like("person:%"), sa.cast(sa.func.substr(column, len("person:") + 1), sa.BigInteger)))
    return (
        sa.select(someone.name)
        .where(someone.id == key)
        .correlate(Proposal, ProposalVersion, ProposalMove)
        .scalar_subquery()
    )


def _in_order(areas: str | None) -> list[str]:
    """Focus areas from the text that a query puts together: place and name of each."""
    rows = [row.partition(_FIELD) for row in (areas or "").split(_ROW) if row]
    return [name for _place, _field, name in sorted(rows, key=lambda row: int(row[0]))]


def _beside(language: str) -> list[sa.ColumnElement[Any]]:
    extension, section, mark, rate = CallExtension, ProposalSection, ScreeningMark, SupportCostRate
    zone = sa.select(extension.zone).where(extension.call_id == Call.id).order_by(extension.closes_at.desc()).limit(1)
    late = sa.select(sa.func.max(CallException.until)).where(
        CallException.call_id == Proposal.call_id, CallException.office_id == Proposal.office_id
    )
    at_rate = sa.select(rate.rate).where(
        rate.fund_id == Proposal.fund_id, rate.since <= sa.bindparam("on", type_=sa.Date)
    )
    title = FocusArea.__table__.c[f"name_{language}"]
    area = sa.cast(FocusArea.position, sa.String) + sa.literal(_FIELD) + title
    areas = sa.select(sa.func.aggregate_strings(area, _ROW)).join_from(
        ProposalArea, FocusArea, FocusArea.id == ProposalArea.area_id
    )
    back = ProposalMove.__table__.alias()
    return [
        CLOSING.label("closes"),
        zone.correlate(Call).scalar_subquery(),
        late.correlate(Proposal).scalar_subquery(),
        sa.exists()
        .where(mark.proposal_id == Proposal.id, mark.version_number == ProposalVersion.number)
        .correlate(Proposal, ProposalVersion),
        sa.exists()
        .where(section.proposal_id == Proposal.id, section.saved_at > Proposal.stage_since)
        .correlate(Proposal),
        at_rate.order_by(rate.since.desc()).limit(1).correlate(Proposal).scalar_subquery(),
        sa.exists().where(back.c.proposal_id == Proposal.id, back.c.move == "return").correlate(Proposal),
        areas.where(ProposalArea.proposal_id == Proposal.id).correlate(Proposal).scalar_subquery(),
    ]


def said_in(session: Session, found: Facing) -> Whole:
    """What a proposal says to its reader: what was handed in last, or to its office what is being written; at most one
    query."""
    if found.version and not found.at_work:
        return _fixed(found.version.content)
    rows = session.execute(_written(), {"proposal": found.proposal.id})
    return {row.name: row.content for row in rows}


@lru_cache(maxsize=KEPT)
def _fixed(content: str) -> Whole:
    sections: Whole = json.loads(content)["sections"]
    return sections


@lru_cache
def _written() -> sa.Select[Any]:
    section = ProposalSection.__table__.c
    return sa.select(section.name, section.content).where(section.proposal_id == sa.bindparam("proposal"))


def written_and_judged(session: Session, found: Facing, today: date) -> tuple[Whole, Asked, Judged]:
    """What its office is writing, what the call asks, and how complete it is; one query, and one more where a
    recommendation is named without a reason that lists do not know yet, for the State may only have noted it."""
    rows = session.execute(_written_and_asked(), {"call": found.call.id, "proposal": found.proposal.id}).all()
    by_kind: dict[str, list[tuple[Any, ...]]] = {
        "section": [], "document": [], "question": [], "held": [], "linked": [],
    }  # fmt: skip
    for kind, name, number, required, _position, content in sorted(rows, key=itemgetter(-2)):
        by_kind[kind].append((name, content) if kind == "section" else (name, number, bool(required)))
    written, documents, questions, held, linked = (tuple(each) for each in by_kind.values())
    whole = _understood(written)
    limits = (found.call.floor_cents, found.call.ceiling_cents)
    beside = (
        today,
        found.rate,
        *limits,
        held,
        _noted_bare(session, whole, {int(number): bool(noted) for number, noted, _none in linked}),
    )
    return whole, *_judged(written, documents, questions, beside)


@lru_cache(maxsize=KEPT)
def _understood(written: Written) -> Whole:
    return {name: json.loads(content) for name, content in written}


@lru_cache(maxsize=KEPT)
def _judged(
    written: Written, documents: tuple[Item, ...], questions: tuple[Item, ...], beside: tuple[Any, ...]
) -> tuple[Asked, Judged]:
    """What is asked and how complete it is: the same as long as nobody has written, and nothing around it changed."""
    day, rate, floor, ceiling, held, noted = beside
    asked = asked_from(floor, ceiling, [(code, required) for code, _none, required in documents], questions)
    documents_held = {kind: many for kind, many, _none in held}
    return asked, judge(_understood(written), asked, World(day, rate, floor, ceiling, documents_held, noted))


def _noted_bare(session: Session, whole: Whole, linked: Mapping[int, bool]) -> frozenset[str]:
    """Of the recommendations that are named without a reason, those that the State only noted, by number as text.
    linked: which of those that lists know by now were noted; while a proposal is returned they may know others."""
    rows = rows_of(whole.get("recommendations"), "linked")
    unsaid = {str(row.get("number", "")) for row in rows if not row.get("reason")}
    bare = {int(number) for number in unsaid if is_number(number)}
    noted = {number for number in bare if linked.get(number)}
    if rest := sorted(bare - linked.keys()):
        noted.update(session.scalars(_noted(), {"numbers": rest}))
    return frozenset(map(str, noted))


@lru_cache
def _noted() -> sa.Select[Any]:
    numbers = sa.bindparam("numbers", type_=sa.BigInteger, expanding=True)
    return sa.select(REC.c.number).where(REC.c.number.in_(numbers), REC.c.standing, REC.c.position == Position.NOTED)


@lru_cache
def _written_and_asked() -> sa.CompoundSelect[Any]:
    document, question, held = CallDocument.__table__.c, CallQuestion.__table__.c, ProposalDocument.__table__.c
    section, proposal = ProposalSection.__table__.c, sa.bindparam("proposal", type_=sa.Integer)
    call = sa.bindparam("call", type_=sa.Integer)
    parts = (
        _part("section", section.name, content=section.content).where(section.proposal_id == proposal),
        _part("document", document.code, 0, document.required, document.position).where(document.call_id == call),
        _part("question", question.code, question.word_limit, question.required, question.position).where(
            question.call_id == call
        ),
        _part("held", held.kind, sa.func.count())
        .where(held.proposal_id == proposal, held.removed_at.is_(None))
        .group_by(held.kind),
        _part("linked", REC.c.number, sa.case((REC.c.position == Position.NOTED, 1), else_=0))
        .join_from(ProposalRecommendation, REC, REC.c.number == ProposalRecommendation.number)
        .where(ProposalRecommendation.proposal_id == proposal, REC.c.standing),
    )
    return sa.union_all(*parts)


def _part(
    kind: str, code: Any, number: Any = 0, required: Any = NO, position: Any = 0, content: Any = ""
) -> sa.Select[Any]:
    columns: list[sa.ColumnElement[Any]] = [
        sa.literal(kind).label("kind"),
        sa.cast(code, sa.String).label("code"),
        sa.cast(number, sa.BigInteger).label("number"),
        sa.cast(required, sa.Integer).label("required"),
        sa.cast(position, sa.BigInteger).label("position"),
        sa.cast(content, sa.Text).label("content"),
    ]
    return sa.select(*columns)


def areas_named(session: Session, found: Proposal, language: str) -> Mapping[str, str]:
    """The focus areas of a proposal by id as text; one query."""
    asked = sa.select(FocusArea).where(FocusArea.fund_id == found.fund_id).order_by(FocusArea.position)
    return {str(one.id): one.name(language) for one in session.scalars(asked)}
