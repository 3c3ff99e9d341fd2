"""Reading calls for proposals: lists, one with all it says, and what an office may see of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Office
from fundapp.access.policy import OF_AN_OFFICE, Actor, Permission, Refused, may
from fundapp.funds.models import Criterion, FocusArea, Fund
from fundapp.funds.queries import newest_edition
from fundapp.kernel.errors import refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.proposals.models import (
    Call,
    CallArea,
    CallCheck,
    CallCorrection,
    CallCriterion,
    CallDocument,
    CallException,
    CallExtension,
    CallPlace,
    CallQuestion,
)
from fundapp.proposals.rules import Course, GivenCall, GivenItem, Item, Late, Places, Stage, Texts, stage
from fundapp.reference.models import Country, Region, RegionalGroup

CALL, EXTENSION = Call.__table__, CallExtension.__table__
_COUNTRY, _REGION = Country.__table__, Region.__table__
PAGE = 50
MINUTE = timedelta(minutes=1)
Asking = CallDocument | CallQuestion | CallCheck
ITEMS: dict[Item, type[Asking]] = {
    Item.DOCUMENT: CallDocument,
    Item.QUESTION: CallQuestion,
    Item.CHECK: CallCheck,
}
# When a call closes after its extensions, which only ever make it later.
CLOSING = sa.func.coalesce(
    sa.select(sa.func.max(EXTENSION.c.closes_at)).where(EXTENSION.c.call_id == CALL.c.id).scalar_subquery(),
    CALL.c.closes_at,
)
_TITLES = [CALL.c[f"name_{language}"] for language in LANGUAGES]
ORDER = (Stage.OPEN, Stage.SCHEDULED, Stage.DRAFT, Stage.CLOSED, Stage.CANCELLED)


@dataclass(frozen=True, slots=True)
class CallsWanted:
    """Which calls of a fund; an empty field asks for nothing."""

    words: str = ""
    stage: Stage | None = None
    area_id: int | None = None
    sort: str = ""  # "": by stage, what closes next first; code or -code


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call in a list."""

    id: int
    code: str
    title: Texts
    stage: Stage
    opens_at: datetime | None
    closing: datetime | None
    zone: str
    standing: bool
    envelope: int | None
    floor: int | None
    ceiling: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A document, a question, a point of the checklist or a criterion of a call as its page shows it."""

    code: str
    names: Texts
    required: bool = True
    number: int | None = None  # words an answer may have, or the weight of a criterion


@dataclass(frozen=True, slots=True)
class Place:
    """A State, group or region that a call is for: what it is, its code and its names."""

    kind: str
    code: str
    names: Texts


@dataclass(frozen=True, slots=True)
class Step:
    """What was added to an open call: an extension, an exception for an office, a correction."""

    reason: str
    at: datetime
    by: str
    until: datetime | None = None
    zone: str = ""
    office_id: int | None = None
    office: str = ""
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Whole:
    """All that a call says. `fixed`: the criteria are its own; before it opens they are the fund's as they are now."""

    areas: Sequence[tuple[int, Texts]]
    places: Sequence[Place]
    criteria: Sequence[Asked]
    fixed: bool
    documents: Sequence[Asked]
    questions: Sequence[Asked]
    checks: Sequence[Asked]
    extensions: Sequence[Step]
    exceptions: Sequence[Step]
    corrections: Sequence[Step]

    @property
    def weights(self) -> list[int]:
        """The weights of the criteria."""
        return [one.number or 0 for one in self.criteria]


def reads_drafts(actor: Actor, fund_id: int) -> bool:
    """Whether somebody sees what has not opened yet; refused who may see nothing of the fund's calls."""
    subject = Subject(fund_id)
    if not may(actor, Permission.CALL_READ, subject):
        raise Refused(f"calls need {Permission.CALL_READ}")
    return may(actor, Permission.CALL_READ_DRAFT, subject)


@dataclass(frozen=True, slots=True)
class Subject:
    """A fund as the policy is asked about it."""

    fund_id: int


def seen(actor: Actor, fund_id: int, now: datetime) -> list[sa.ColumnElement[bool]]:
    """What somebody sees of a fund's calls, as a filter: offices those that have opened."""
    found: list[sa.ColumnElement[bool]] = [CALL.c.fund_id == fund_id]
    return found if reads_drafts(actor, fund_id) else [*found, *opened(now)]


def opened(now: Any) -> list[sa.ColumnElement[bool]]:
    """Calls that have opened, whatever became of them."""
    cancelled_later = sa.or_(CALL.c.cancelled_at.is_(None), CALL.c.cancelled_at >= CALL.c.opens_at)
    return [CALL.c.opened_at.is_not(None), CALL.c.opens_at <= now, cancelled_later]


def rank_of(now: datetime) -> sa.ColumnElement[str]:
    """The stage of a call, as rules.stage says it."""
    return sa.case(
        (CALL.c.cancelled_at.is_not(None), Stage.CANCELLED.value),
        (sa.or_(CALL.c.opened_at.is_(None), CALL.c.opens_at.is_(None)), Stage.DRAFT.value),
        (CALL.c.opens_at > now, Stage.SCHEDULED.value),
        (sa.or_(CLOSING.is_(None), now - MINUTE < CLOSING), Stage.OPEN.value),
        else_=Stage.CLOSED.value,
    )


def calls(
    session: Session, actor: Actor, fund: Fund, wanted: CallsWanted, now: datetime, *, page: int | None = 1
) -> tuple[list[CallRow], int]:
    """The calls of a fund that somebody may see, a page of them or all, and how many there are; two queries."""
    rank = rank_of(now)
    where = [*seen(actor, fund.id, now), *_conditions(wanted, rank)]
    total = session.scalar(sa.select(sa.func.count()).select_from(CALL).where(*where)) or 0
    asked = sa.select(CALL, rank.label("stage"), CLOSING.label("closing")).where(*where).order_by(*_order(wanted, rank))
    if page is not None:
        asked = asked.limit(PAGE).offset(PAGE * (page - 1))
    return [row_of(found) for found in session.execute(asked)], total


def _conditions(wanted: CallsWanted, rank: sa.ColumnElement[str]) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.stage:
        found.append(rank == wanted.stage.value)
    if wanted.area_id is not None:
        found.append(sa.exists().where(CallArea.call_id == CALL.c.id, CallArea.area_id == wanted.area_id))
    for word in wanted.words.split():
        found.append(sa.or_(*(column.icontains(word, autoescape=True) for column in (CALL.c.code, *_TITLES))))
    return found


def _order(wanted: CallsWanted, rank: sa.ColumnElement[str]) -> list[sa.ColumnElement[Any]]:
    if wanted.sort in ("code", "-code"):
        return [CALL.c.code.desc() if wanted.sort == "-code" else CALL.c.code.asc(), CALL.c.id.asc()]
    place = sa.case({one.value: number for number, one in enumerate(ORDER)}, value=rank)
    over = rank.in_([Stage.CLOSED.value, Stage.CANCELLED.value])
    return [
        place.asc(),
        sa.case((over, None), else_=CLOSING).asc().nulls_last(),
        CLOSING.desc().nulls_last(),
        CALL.c.id.desc(),
    ]


def row_of(found: Any) -> CallRow:
    """A row of the table as a list has it."""
    title = {language: getattr(found, f"name_{language}") for language in LANGUAGES}
    return CallRow(
        found.id, found.code, title, Stage(found.stage), found.opens_at, found.closing, found.zone, found.standing,
        found.envelope_cents, found.floor_cents, found.ceiling_cents,
    )  # fmt: skip


def call(session: Session, actor: Actor, fund: Fund, code: str, now: datetime) -> Call | None:
    """A call of the fund that somebody may see; none for one that they may not, as for one that is not there."""
    where = seen(actor, fund.id, now)
    return session.scalars(sa.select(Call).where(CALL.c.code == code, *where)).one_or_none()


def named_call(session: Session, fund: Fund, code: str) -> Call:
    """The call that somebody names on the command line; an unknown one is refused with those there are."""
    found = session.scalars(sa.select(Call).where(Call.fund_id == fund.id, Call.code == code)).one_or_none()
    if found is None:
        known = session.scalars(
            sa.select(Call.code).where(Call.fund_id == fund.id).order_by(Call.code.desc()).limit(10)
        )
        raise refuse("call.unknown", code=code[:20], fund=fund.code, known=list(known))
    return found


def closing_of(session: Session, found: Call) -> datetime | None:
    """When a call closes after its extensions."""
    closes: datetime | None = session.scalar(sa.select(CLOSING).select_from(CALL).where(CALL.c.id == found.id))
    return closes


def course(found: Call, closes: datetime | None) -> Course:
    """What decides the stage of a call."""
    return Course(found.opened_at, found.opens_at, closes, found.cancelled_at)


def stage_of(session: Session, found: Call, now: datetime) -> Stage:
    """How far a call is."""
    return stage(course(found, closing_of(session, found)), now)


def exceptions_for(session: Session, found: Call) -> list[Late]:
    """The offices that may submit late, for rules.may_submit."""
    asked = sa.select(CallException.office_id, CallException.until).where(CallException.call_id == found.id)
    return [Late(*row) for row in session.execute(asked)]


def _six(row: Any) -> dict[str, str]:
    return {language: getattr(row, f"name_{language}") or "" for language in LANGUAGES}


def whole(session: Session, actor: Actor, found: Call) -> Whole:
    """All that a call says, in seven queries; of exceptions an office sees its own alone."""
    fixed = found.opened_at is not None
    items = items_of(session, found)
    return Whole(
        areas=_areas(session, found),
        places=_places(session, found),
        criteria=_criteria(session, found, fixed),
        fixed=fixed,
        documents=items[Item.DOCUMENT],
        questions=items[Item.QUESTION],
        checks=items[Item.CHECK],
        extensions=_extensions(session, found),
        exceptions=_exceptions(session, actor, found),
        corrections=_corrections(session, found),
    )


def _areas(session: Session, found: Call) -> list[tuple[int, Texts]]:
    asked = sa.select(FocusArea.__table__).join(CallArea, CallArea.area_id == FocusArea.id)
    rows = session.execute(asked.where(CallArea.call_id == found.id).order_by(FocusArea.position))
    return [(row.id, _six(row)) for row in rows]


def _places(session: Session, found: Call) -> list[Place]:
    """The places of a call under the names of their own tables; one query."""
    parts = [
        sa.select(
            sa.literal(kind).label("kind"),
            sa.cast(table.c.code, sa.String).label("code"),
            *(table.c[f"name_{language}"] for language in LANGUAGES),
        )
        .join(CallPlace, column == table.c.code)
        .where(CallPlace.call_id == found.id)
        for kind, table, column in (
            ("group", RegionalGroup.__table__, CallPlace.regional_group),
            ("region", _REGION, CallPlace.region),
            ("state", _COUNTRY, CallPlace.state),
        )
    ]
    return [Place(row.kind, row.code, _six(row)) for row in session.execute(sa.union_all(*parts))]


def _criteria(session: Session, found: Call, fixed: bool) -> list[Asked]:
    kind: type[CallCriterion | Criterion] = CallCriterion if fixed else Criterion
    newest = Criterion.edition == newest_edition(found.fund_id)
    of = CallCriterion.call_id == found.id if fixed else sa.and_(Criterion.fund_id == found.fund_id, newest)
    rows = session.execute(sa.select(kind.__table__).where(of).order_by(kind.position))
    return [Asked(row.code, _six(row), number=row.weight) for row in rows]


def items_of(session: Session, found: Call) -> dict[Item, list[Asked]]:
    """The documents, questions and points of the checklist of a call, each in their order; one query."""
    parts = [
        sa.select(
            sa.literal(kind.value).label("kind"), table.c.id, table.c.position, table.c.code, table.c.required,
            (table.c.word_limit if kind is Item.QUESTION else sa.literal(0)).label("word_limit"),
            *(table.c[f"name_{language}"] for language in LANGUAGES),
        ).where(table.c.call_id == found.id)
        for kind, table in ((kind, model.__table__) for kind, model in ITEMS.items())
    ]  # fmt: skip
    items: dict[Item, list[Asked]] = {kind: [] for kind in ITEMS}
    for row in session.execute(sa.union_all(*parts).order_by("kind", "position", "id")):
        items[Item(row.kind)].append(Asked(row.code, _six(row), bool(row.required), row.word_limit or None))
    return items


def _extensions(session: Session, found: Call) -> list[Step]:
    asked = sa.select(EXTENSION).where(EXTENSION.c.call_id == found.id).order_by(EXTENSION.c.id)
    return [Step(row.reason, row.at, row.by, row.closes_at, row.zone) for row in session.execute(asked)]


def _exceptions(session: Session, actor: Actor, found: Call) -> list[Step]:
    kind = CallException
    asked = sa.select(kind, Office.name).join(Office, Office.id == kind.office_id).where(kind.call_id == found.id)
    if not reads_drafts(actor, found.fund_id):
        asked = asked.where(kind.office_id.in_(offices_of(actor, found.fund_id)))
    return [
        Step(row.reason, row.at, row.by, row.until, row.zone, row.office_id, name)
        for row, name in session.execute(asked.order_by(kind.id))
    ]


def offices_of(actor: Actor, fund_id: int) -> set[int]:
    """The offices that somebody works for in a fund."""
    return {
        held.office_id
        for held in actor.grants
        if held.role in OF_AN_OFFICE and held.office_id and held.fund_id in (None, fund_id)
    }


def _corrections(session: Session, found: Call) -> list[Step]:
    asked = sa.select(CallCorrection).where(CallCorrection.call_id == found.id).order_by(CallCorrection.id)
    return [
        Step(row.reason, row.at, row.by, languages=tuple(filter(None, row.languages.split(","))))
        for row in session.scalars(asked)
    ]


def written(session: Session, found: Call) -> GivenCall:
    """What a call says, as it is written; two queries."""
    return _said_with(found, _areas(session, found), _places(session, found))


def said_of(found: Call, everything: Whole) -> GivenCall:
    """The same, where all that it says was read already."""
    return _said_with(found, everything.areas, everything.places)


def _said_with(found: Call, areas: Iterable[tuple[int, Texts]], places: Iterable[Place]) -> GivenCall:
    by_kind: dict[str, set[str]] = {"state": set(), "group": set(), "region": set()}
    for place in places:
        by_kind[place.kind].add(place.code)
    return GivenCall(
        code=found.code,
        title=found.names,
        guidance=found.guidance,
        opens_at=found.opens_at,
        closes_at=found.closes_at,
        zone=found.zone,
        standing=found.standing,
        envelope=found.envelope_cents,
        floor=found.floor_cents,
        ceiling=found.ceiling_cents,
        areas=frozenset(key for key, _ in areas),
        places=Places(*(frozenset(by_kind[kind]) for kind in ("state", "group", "region"))),
    )


def item_of(session: Session, found: Call, kind: Item, code: str) -> GivenItem | None:
    """A document, question or point of the checklist of a call, as it is written."""
    one = next((one for one in items_of(session, found)[kind] if one.code == code), None)
    return GivenItem(one.code, one.names, one.required, one.number) if one else None


def next_code(session: Session, fund: Fund, year: int) -> str:
    """A code for the next call of a year: "2026-2" after "2026-1"."""
    known = set(session.scalars(sa.select(Call.code).where(Call.fund_id == fund.id, Call.code.startswith(f"{year}-"))))
    return next(code for number in range(1, 1000) if (code := f"{year}-{number}") not in known)
