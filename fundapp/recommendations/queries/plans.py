"""Reading implementation plans: their measures, what is late, which recommendations they put into practice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Office
from fundapp.access.policy import Actor, Permission, Refused, may
from fundapp.kernel.errors import refuse
from fundapp.recommendations.layouts.plan_files import Link, Written
from fundapp.recommendations.models import REC, TEXT, ImplementationPlan, Measure, MeasureLink
from fundapp.recommendations.rules import Progress
from fundapp.recommendations.rules.plans import FIELDS, OPEN, Doing, Known, Placed, Planned, Shelf, outside, overdue

PLAN, MEASURE, LINK = (kind.__table__ for kind in (ImplementationPlan, Measure, MeasureLink))
PAGE = 50
SHOWN = 160  # characters of a recommendation's words in a list
_STANDS = (MEASURE.c.withdrawn_at.is_(None), PLAN.c.withdrawn_at.is_(None))
_LINKED = LINK.c.withdrawn_at.is_(None)
SORTS = {
    "due": (MEASURE.c.due.is_(None), MEASURE.c.due, MEASURE.c.id),
    "-due": (MEASURE.c.due.is_(None), MEASURE.c.due.desc(), MEASURE.c.id),
    "reference": (MEASURE.c.reference, MEASURE.c.id),
    "-reference": (MEASURE.c.reference.desc(), MEASURE.c.id),
}


@dataclass(frozen=True, slots=True)
class Aim:
    """A recommendation that a measure is to put into practice, as it is named in a list."""

    number: int
    name: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure in a list, with the plan it belongs to."""

    id: int
    plan_id: int
    doing: Doing
    version: int
    late: bool
    outside: bool
    aims: tuple[Aim, ...] = ()
    plan: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class MeasuresWanted:
    """Which measures of a plan; an empty field asks for nothing."""

    words: str = ""
    progress: Progress | None = None
    late: bool = False
    sort: str = "due"


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan in a list: how many of its measures stand where, and how many are late."""

    id: int
    title: str
    language: str
    since: date | None
    until: date | None
    counts: dict[Progress, int]
    late: int

    @property
    def total(self) -> int:
        """How many measures it has."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Late:
    """A plan with measures whose day is over."""

    plan: int
    title: str
    count: int
    first: date


def plan(session: Session, actor: Actor, key: int) -> ImplementationPlan | None:
    """A plan, also one that was withdrawn."""
    _may_read(actor)
    return session.get(ImplementationPlan, key)


def named_plan(session: Session, key: int) -> ImplementationPlan:
    """The plan of that number that stands; refused when there is none."""
    found = session.get(ImplementationPlan, key)
    if found is None or found.withdrawn_at:
        raise refuse("plan.unknown", number=key)
    return found


def plan_titled(session: Session, state: str, title: str) -> ImplementationPlan | None:
    """The plan of a State that stands under this title."""
    asked = sa.select(ImplementationPlan).where(
        ImplementationPlan.state == state, ImplementationPlan.title == title, ImplementationPlan.withdrawn_at.is_(None)
    )
    return session.scalars(asked.order_by(ImplementationPlan.id)).first()


def measure(session: Session, actor: Actor, key: int) -> Measure | None:
    """A measure, also one that was withdrawn."""
    _may_read(actor)
    return session.get(Measure, key)


def said_of(found: ImplementationPlan) -> Planned:
    """What a plan says of itself."""
    return Planned(found.title, found.language, found.since, found.until)


def doing_of(found: Any) -> Doing:
    """What a measure says, or a row of its table."""
    return Doing(**{name: getattr(found, name) for name in FIELDS})


def plans_of(session: Session, actor: Actor, state: str, on: date) -> list[PlanRow]:
    """The plans of a State that stand, newest first, with their measures counted; one query."""
    _may_read(actor)
    late = sa.case((sa.and_(MEASURE.c.due < on, MEASURE.c.progress.in_(OPEN)), 1), else_=0)
    asked = (
        sa.select(
            PLAN.c.id, PLAN.c.title, PLAN.c.language, PLAN.c.since, PLAN.c.until, MEASURE.c.progress,
            sa.func.count(MEASURE.c.id).label("measures"), sa.cast(sa.func.sum(late), sa.Integer).label("late"),
        )
        .select_from(PLAN)
        .outerjoin(MEASURE, sa.and_(MEASURE.c.plan_id == PLAN.c.id, MEASURE.c.withdrawn_at.is_(None)))
        .where(PLAN.c.state == state, PLAN.c.withdrawn_at.is_(None))
        .group_by(PLAN.c.id, PLAN.c.title, PLAN.c.language, PLAN.c.since, PLAN.c.until, MEASURE.c.progress)
        .order_by(PLAN.c.id.desc())
    )  # fmt: skip
    rows: dict[int, list[sa.Row[Any]]] = defaultdict(list)
    for row in session.execute(asked):
        rows[row.id].append(row)
    return [_plan_row(found) for found in rows.values()]


def _plan_row(rows: Sequence[sa.Row[Any]]) -> PlanRow:
    one = rows[0]
    counts = {row.progress: row.measures for row in rows if row.progress is not None}
    late = sum(row.late for row in rows if row.progress is not None)
    return PlanRow(one.id, one.title, one.language, one.since, one.until, counts, late)


def measures(
    session: Session, actor: Actor, plan: ImplementationPlan, wanted: MeasuresWanted, on: date, *, page: int | None = 1
) -> tuple[list[MeasureRow], int]:
    """Measures of a plan, a page of them or all, with their recommendations, and how many there are; three queries."""
    _may_read(actor)
    where = [MEASURE.c.plan_id == plan.id, MEASURE.c.withdrawn_at.is_(None), *_conditions(wanted, on)]
    total = session.scalar(sa.select(sa.func.count()).select_from(MEASURE).where(*where)) or 0
    asked = _measures().where(*where).order_by(*SORTS.get(wanted.sort, SORTS["due"]))
    if page is not None:
        asked = asked.limit(PAGE).offset(PAGE * (page - 1))
    rows = session.execute(asked).all()
    which = LINK.c.measure_id.in_([row.id for row in rows] if page else sa.select(MEASURE.c.id).where(*where))
    aims = _aims(session, which, plan.language) if rows else {}
    return [_measure_row(row, on, aims.get(row.id, ())) for row in rows], total


def _measures() -> sa.Select[Any]:
    said = [MEASURE.c[name] for name in FIELDS]
    return sa.select(
        MEASURE.c.id, MEASURE.c.plan_id, MEASURE.c.version, *said,
        PLAN.c.since, PLAN.c.until, PLAN.c.title.label("plan"), PLAN.c.language,
    ).join(PLAN, PLAN.c.id == MEASURE.c.plan_id)  # fmt: skip


def _measure_row(row: sa.Row[Any], on: date, aims: Iterable[Aim] = ()) -> MeasureRow:
    return MeasureRow(
        id=row.id,
        plan_id=row.plan_id,
        doing=doing_of(row),
        version=row.version,
        late=overdue(row.due, row.progress, on),
        outside=outside(row.due, row.since, row.until),
        aims=tuple(aims),
        plan=row.plan,
        language=row.language,
    )


def _conditions(wanted: MeasuresWanted, on: date) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.progress:
        found.append(MEASURE.c.progress == wanted.progress)
    if wanted.late:
        found += [MEASURE.c.due < on, MEASURE.c.progress.in_(OPEN)]
    for word in wanted.words.split():
        columns = (MEASURE.c.reference, MEASURE.c.text, MEASURE.c.responsible, MEASURE.c.project)
        found.append(sa.or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return found


def aims_of(session: Session, measure_id: int, language: str) -> list[Aim]:
    """The recommendations that a measure is to put into practice, each by the one that counts; one query."""
    return _aims(session, LINK.c.measure_id == measure_id, language).get(measure_id, [])


def _aims(session: Session, which: sa.ColumnElement[bool], language: str) -> dict[int, list[Aim]]:
    """A link keeps to the number it was made with; where that was joined since, the kept one is shown."""
    first, kept = REC.alias("first"), REC.alias("kept")
    counts = sa.func.coalesce(first.c.joined_to, first.c.number)
    asked = (
        sa.select(
            LINK.c.measure_id, kept.c.number, kept.c.mechanism, kept.c.cycle, kept.c.symbol, kept.c.paragraph,
            *_words(kept, language),
        )
        .join(first, sa.and_(first.c.number == LINK.c.recommendation_id, first.c.standing))
        .join(kept, sa.and_(kept.c.number == counts, kept.c.standing))
        .where(_LINKED, which)
        .order_by(LINK.c.measure_id, kept.c.cycle, kept.c.number)
    )  # fmt: skip
    found: dict[int, dict[int, Aim]] = defaultdict(dict)
    for row in session.execute(asked):
        placed = Placed(row.number, row.number, row.mechanism, row.cycle, row.symbol, row.paragraph)
        found[row.measure_id][row.number] = Aim(row.number, placed.shown(), row.words or "", row.spoken or "en")
    return {key: list(aims.values()) for key, aims in found.items()}


def _words(kept: sa.FromClause, language: str) -> tuple[sa.ColumnElement[Any], ...]:
    """The beginning of a recommendation's words in one language, or in the first there is, and which that is."""
    own = sa.select(TEXT).where(TEXT.c.recommendation_id == kept.c.id).correlate(kept)
    first = own.order_by(sa.case((TEXT.c.language == language, 0), else_=1), TEXT.c.language).limit(1)
    words, spoken = (
        first.with_only_columns(sa.func.substr(TEXT.c.text, 1, SHOWN)),
        first.with_only_columns(TEXT.c.language),
    )
    return words.scalar_subquery().label("words"), spoken.scalar_subquery().label("spoken")


def measures_on(session: Session, actor: Actor, number: int, on: date) -> list[MeasureRow]:
    """The measures of plans that stand which put a recommendation into practice, also by way of one joined to it."""
    _may_read(actor)
    same = sa.select(REC.c.number).where(sa.or_(REC.c.number == number, REC.c.joined_to == number))
    linked = sa.select(LINK.c.measure_id).where(_LINKED, LINK.c.recommendation_id.in_(same))
    asked = _measures().where(MEASURE.c.id.in_(linked), *_STANDS).order_by(*SORTS["due"])
    return [_measure_row(row, on) for row in session.execute(asked)]


def links_of(session: Session, plan_id: int) -> dict[int, tuple[int, ...]]:
    """Measure -> the numbers that count of its recommendations, for all measures of a plan."""
    counts = sa.func.coalesce(REC.c.joined_to, REC.c.number)
    asked = (
        sa.select(LINK.c.measure_id, counts)
        .join(MEASURE, MEASURE.c.id == LINK.c.measure_id)
        .join(REC, sa.and_(REC.c.number == LINK.c.recommendation_id, REC.c.standing))
        .where(_LINKED, MEASURE.c.plan_id == plan_id)
        .order_by(LINK.c.id)
    )
    found: dict[int, dict[int, None]] = defaultdict(dict)
    for key, number in session.execute(asked):
        found[key][number] = None
    return {key: tuple(numbers) for key, numbers in found.items()}


def known_measures(session: Session, plan_id: int) -> list[Known]:
    """All measures of a plan, withdrawn ones too, as a file is compared with them; two queries."""
    links = links_of(session, plan_id)
    asked = sa.select(MEASURE).where(MEASURE.c.plan_id == plan_id).order_by(MEASURE.c.id)
    return [
        Known(row.id, doing_of(row), links.get(row.id, ()), row.withdrawn_at is not None)
        for row in session.execute(asked)
    ]


def shelf(session: Session, state: str) -> Shelf:
    """The recommendations of a State that stand, to find those that people name; one query."""
    counts = sa.func.coalesce(REC.c.joined_to, REC.c.number)
    columns = (REC.c.number, counts, REC.c.mechanism, REC.c.cycle, REC.c.symbol, REC.c.paragraph)
    asked = sa.select(*columns).where(REC.c.standing, REC.c.state == state).order_by(REC.c.number)
    return Shelf(Placed(*row) for row in session.execute(asked))


def kept_of(session: Session, state: str, numbers: Collection[int]) -> dict[int, int]:
    """Number -> the number that counts, for those that are recommendations of the State and stand; one query. They
    are held until the end of the work, so that nobody undoes their import in the meantime."""
    counts = sa.func.coalesce(REC.c.joined_to, REC.c.number)
    asked = sa.select(REC.c.number, counts).where(REC.c.standing, REC.c.state == state, REC.c.number.in_(numbers))
    return dict(session.execute(asked.with_for_update(read=True)).all())


def late_for(session: Session, actor: Actor, offices: Collection[int], on: date) -> list[Late]:
    """The plans of the countries of these offices that have measures whose day is over; one query."""
    _may_read(actor)
    countries = sa.select(Office.__table__.c.country).where(Office.__table__.c.id.in_(offices))
    asked = (
        sa.select(PLAN.c.id, PLAN.c.title, sa.func.count(), sa.func.min(MEASURE.c.due))
        .join(MEASURE, MEASURE.c.plan_id == PLAN.c.id)
        .where(*_STANDS, PLAN.c.state.in_(countries), MEASURE.c.due < on, MEASURE.c.progress.in_(OPEN))
        .group_by(PLAN.c.id, PLAN.c.title)
        .order_by(PLAN.c.id)
    )
    return [Late(*row) for row in session.execute(asked)]


def written(rows: Iterable[MeasureRow], known: Shelf) -> list[Written]:
    """Measures as a file has them."""
    return [
        Written(row.doing, tuple(Link(known.name(aim.number), aim.number, aim.text) for aim in row.aims))
        for row in rows
    ]


def _may_read(actor: Actor) -> None:
    if not may(actor, Permission.RECOMMENDATION_READ):
        raise Refused(f"plans need {Permission.RECOMMENDATION_READ}")
