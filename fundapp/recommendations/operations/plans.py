"""Implementation plans: opening and changing one, its measures, and the recommendations they put into practice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work
from fundapp.recommendations.models import ImplementationPlan, Measure, MeasureLink
from fundapp.recommendations.queries.plans import kept_of, plan_titled
from fundapp.recommendations.rules.plans import FIELDS, MOST_LINKS, Doing, Planned, told
from fundapp.reference.models import Country


@operation(Permission.PLAN_RECORD)
def open_plan(work: Work, state: Country, said: Planned, source: str = "") -> ImplementationPlan:
    """Begin a plan of a State; `source` is the file it comes in. A State has each title once."""
    work.session.refresh(state, with_for_update={"key_share": True})  # of two with one title the second must see it
    told(said.faults() + _taken(work.session, state.code, said.title))
    made = ImplementationPlan(
        state=state.code,
        title=said.title,
        language=said.language,
        since=said.since,
        until=said.until,
        source=source[:255],
        at=work.at,
        by=str(work.actor)[:255],
        withdrawn_at=None,
    )
    work.session.add(made)
    return made


@operation(Permission.PLAN_RECORD)
def change_plan(work: Work, plan: ImplementationPlan, said: Planned, version: int) -> None:
    """Say otherwise what a plan is called and how long it runs; refused where somebody else did so in the meantime."""
    stands(plan)
    if plan.version != version:
        raise refuse("plan.changed", title=plan.title)
    told(said.faults() + _taken(work.session, plan.state, said.title, but=plan.id))
    plan.title, plan.language, plan.since, plan.until = said.title, said.language, said.since, said.until


@operation(Permission.PLAN_RECORD)
def withdraw_plan(work: Work, plan: ImplementationPlan) -> None:
    """Take a plan back that was a mistake, and with it all its measures; it stays in the record."""
    stands(plan)
    plan.withdrawn_at = work.at


@operation(Permission.PLAN_RECORD)
def add_measure(work: Work, plan: ImplementationPlan, said: Doing, links: Collection[int] = ()) -> Measure:
    """Put a measure into a plan. A reference that only a withdrawn one has is that one's again."""
    [made] = add_measures(work, plan, [(said, links)])
    return made


@operation(Permission.PLAN_RECORD)
def add_measures(
    work: Work, plan: ImplementationPlan, given: Sequence[tuple[Doing, Collection[int]]]
) -> Sequence[Measure]:
    """Put many measures into a plan, in as many questions to the database as for one."""
    alone(work.session, plan)
    told([fault for said, _ in given for fault in said.faults()])
    there = _references(work.session, plan.id)
    made = [_made(plan, said, there) for said, _ in given]
    work.session.add_all(made)
    work.session.flush()
    kept = _kept(work.session, plan, {number for _, links in given for number in links})
    fresh = {measure.id for measure in made} - {measure.id for measure in there.values()}
    for measure, (_, links) in zip(made, given, strict=True):
        wanted = _wanted(links, kept)
        before = {} if measure.id in fresh else _by_number(work.session, measure)
        _fresh(work, measure, wanted, before)
        _fallen(work, wanted, before)
    return made


def _references(session: Session, plan_id: int) -> dict[str, Measure]:
    """All measures of a plan by their references, the withdrawn ones too."""
    return {one.reference: one for one in session.scalars(sa.select(Measure).where(Measure.plan_id == plan_id))}


def _made(plan: ImplementationPlan, said: Doing, there: dict[str, Measure]) -> Measure:
    """A new measure, or the withdrawn one of its reference."""
    found = there.get(said.reference)
    if found is not None and found.withdrawn_at is None:
        raise Refusal(Fault("measure.reference-taken", {"text": said.reference}, field="reference"))
    made = found or Measure(plan_id=plan.id)
    _say(made, said)
    made.withdrawn_at = None
    return made


@operation(Permission.PLAN_RECORD)
def change_measure(
    work: Work, measure: Measure, said: Doing, version: int, links: Collection[int] | None = None
) -> None:
    """Say otherwise what a measure is; its recommendations only where they are given. Refused where somebody else
    changed it in the meantime."""
    plan = _plan_of(work.session, measure)
    if measure.version != version:
        raise refuse("measure.changed", text=measure.reference)
    told(said.faults())
    found = _by_reference(work.session, plan.id, said.reference)
    if found is not None and found.id != measure.id:
        raise Refusal(Fault("measure.reference-taken", {"text": said.reference}, field="reference"))
    _say(measure, said)
    if links is not None and _link(work, plan, measure, links):
        flag_modified(measure, "text")  # a version of its own: whoever changes only the words must see it


@operation(Permission.PLAN_RECORD)
def withdraw_measure(work: Work, measure: Measure) -> None:
    """Take a measure out of its plan; it stays in the record."""
    _plan_of(work.session, measure)
    measure.withdrawn_at = work.at


@operation(Permission.PLAN_RECORD)
def link_measure(work: Work, measure: Measure, numbers: Collection[int]) -> None:
    """Say that a measure puts these recommendations into practice as well."""
    plan = _plan_of(work.session, measure)
    there = {link.recommendation_id for link in _links(work.session, measure) if link.withdrawn_at is None}
    if _link(work, plan, measure, [*there, *numbers]):
        flag_modified(measure, "text")


@operation(Permission.PLAN_RECORD)
def unlink_measure(work: Work, measure: Measure, number: int) -> None:
    """Say that a measure has nothing to do with a recommendation, nor with those joined to it."""
    plan = _plan_of(work.session, measure)
    links = _links(work.session, measure)
    kept = kept_of(work.session, plan.state, [link.recommendation_id for link in links])
    for link in links:
        if link.withdrawn_at is None and number in (link.recommendation_id, kept.get(link.recommendation_id)):
            link.withdrawn_at = work.at
            flag_modified(measure, "text")


def stands(plan: ImplementationPlan) -> None:
    """Refuse what is asked of a plan that was withdrawn."""
    if plan.withdrawn_at:
        raise refuse("plan.withdrawn", title=plan.title)


def alone(session: Session, plan: ImplementationPlan) -> None:
    """Two who add to one plan wait for one another: each sees the other's references. It must stand."""
    session.refresh(plan, with_for_update={"key_share": True})
    stands(plan)


def _plan_of(session: Session, measure: Measure) -> ImplementationPlan:
    """The plan of a measure that stands, held until the end of the work; what was read before is read again."""
    plan = session.get_one(ImplementationPlan, measure.plan_id)
    alone(session, plan)
    session.refresh(measure)
    if measure.withdrawn_at:
        raise refuse("measure.withdrawn", text=measure.reference)
    return plan


def _taken(session: Session, state: str, title: str, but: int = 0) -> list[Fault]:
    found = plan_titled(session, state, title)
    return [Fault("plan.title-taken", {"title": title}, field="title")] if found and found.id != but else []


def _by_reference(session: Session, plan_id: int, reference: str) -> Measure | None:
    asked = sa.select(Measure).where(Measure.plan_id == plan_id, Measure.reference == reference)
    return session.scalars(asked).one_or_none()


def _say(measure: Measure, said: Doing) -> None:
    for name in FIELDS:
        setattr(measure, name, getattr(said, name))


def _links(session: Session, measure: Measure) -> Sequence[MeasureLink]:
    return session.scalars(sa.select(MeasureLink).where(MeasureLink.measure_id == measure.id)).all()


def _by_number(session: Session, measure: Measure) -> dict[int, MeasureLink]:
    return {link.recommendation_id: link for link in _links(session, measure)}


def _kept(session: Session, plan: ImplementationPlan, numbers: Collection[int]) -> dict[int, int]:
    """Number -> the number that counts; refused where one is no recommendation of the State that stands."""
    kept = kept_of(session, plan.state, numbers) if numbers else {}
    if strange := sorted(set(numbers) - kept.keys()):
        raise Refusal(Fault("measure.strange", {"found": [f"#{number}" for number in strange[:10]]}, field="links"))
    return kept


def _wanted(numbers: Collection[int], kept: dict[int, int]) -> Collection[int]:
    """The recommendations of a measure, each once, by the one that counts."""
    wanted = dict.fromkeys(kept[number] for number in numbers)
    if len(wanted) > MOST_LINKS:
        raise Refusal(Fault("measure.links", {"largest": MOST_LINKS}, field="links"))
    return list(wanted)


def _link(work: Work, plan: ImplementationPlan, measure: Measure, numbers: Collection[int]) -> bool:
    """Make these the recommendations of a measure; says whether anything changed."""
    there = _by_number(work.session, measure)
    wanted = _wanted(numbers, _kept(work.session, plan, numbers))
    return _fresh(work, measure, wanted, there) | _fallen(work, wanted, there)


def _fresh(work: Work, measure: Measure, wanted: Iterable[int], there: dict[int, MeasureLink]) -> bool:
    """Links that are not there yet; one that was withdrawn stands again."""
    changed = False
    for number in wanted:
        if number not in there:
            made = MeasureLink(measure_id=measure.id, recommendation_id=number, withdrawn_at=None)
            work.session.add(made)
            changed = True
        elif there[number].withdrawn_at is not None:
            there[number].withdrawn_at = None
            changed = True
    return changed


def _fallen(work: Work, wanted: Collection[int], there: dict[int, MeasureLink]) -> bool:
    fallen = [link for number, link in there.items() if number not in wanted and link.withdrawn_at is None]
    for link in fallen:
        link.withdrawn_at = work.at
    return bool(fallen)
