"""Reading the screening of a proposal: the checklist and its marks, questions and answers, whose desk it is on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Grant, Person
from fundapp.access.policy import OF_AN_OFFICE, Actor, Role
from fundapp.proposals.models import (
    CallCheck,
    Desk,
    Proposal,
    ProposalVersion,
    ScreeningAnswer,
    ScreeningMark,
    ScreeningQuestion,
)
from fundapp.proposals.queries.proposals import visible
from fundapp.proposals.rules.checklist import STANDARD, Verdict
from fundapp.proposals.rules.stages import Stage
from fundapp.reference.models import Country, Region


@dataclass(frozen=True, slots=True)
class Answer:
    """What the office answered, when and who."""

    text: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the secretariat asked, about which section, and the answers."""

    id: int
    section: str
    text: str
    at: datetime
    by: str
    answers: Sequence[Answer]


def points(session: Session, call_id: int) -> tuple[str, ...]:
    """The points of a call's checklist that must be found fulfilled, by code: the standard ones and the call's own."""
    asked = sa.select(CallCheck.code).where(CallCheck.call_id == call_id, CallCheck.required)
    return (*STANDARD, *session.scalars(asked.order_by(CallCheck.position)))


def last_number(session: Session, proposal: Proposal) -> int:
    """The number of the version that was handed in last; 0 before that."""
    asked = sa.select(sa.func.max(ProposalVersion.number)).where(ProposalVersion.proposal_id == proposal.id)
    return session.scalar(asked) or 0


def marks(session: Session, proposal: Proposal) -> Mapping[str, ScreeningMark]:
    """What was found last on each point in the version that was handed in last."""
    number = last_number(session, proposal)
    asked = sa.select(ScreeningMark).where(
        ScreeningMark.proposal_id == proposal.id, ScreeningMark.version_number == number
    )
    return {mark.code: mark for mark in session.scalars(asked.order_by(ScreeningMark.id))}


def filled(session: Session, proposal: Proposal) -> bool:
    """Whether every point of the checklist has a mark."""
    found = marks(session, proposal)
    return all(code in found for code in points(session, proposal.call_id))


def passed(session: Session, proposal: Proposal) -> bool:
    """Whether every point is fulfilled, or does not apply."""
    found = marks(session, proposal)
    good = (Verdict.FULFILLED.value, Verdict.NOT_APPLICABLE.value)
    return all(code in found and found[code].verdict in good for code in points(session, proposal.call_id))


def questions(session: Session, proposal: Proposal) -> list[Question]:
    """What was asked and answered, oldest first; two queries."""
    asked = sa.select(ScreeningQuestion).where(ScreeningQuestion.proposal_id == proposal.id)
    rows = session.scalars(asked.order_by(ScreeningQuestion.id)).all()
    answers: dict[int, list[Answer]] = {row.id: [] for row in rows}
    said = sa.select(ScreeningAnswer).where(ScreeningAnswer.question_id.in_(answers)).order_by(ScreeningAnswer.id)
    for one in session.scalars(said):
        answers[one.question_id].append(Answer(one.text, one.at, one.by))
    return [Question(row.id, row.section, row.text, row.at, row.by, answers[row.id]) for row in rows]


def unanswered(session: Session, proposal: Proposal) -> int:
    """How many questions wait for an answer."""
    answered = sa.exists().where(ScreeningAnswer.question_id == ScreeningQuestion.id)
    asked = sa.select(sa.func.count()).select_from(ScreeningQuestion)
    return session.scalar(asked.where(ScreeningQuestion.proposal_id == proposal.id, ~answered)) or 0


def desk_of(session: Session, proposal: Proposal) -> int | None:
    """The person who sees to the region of a proposal's State, the nearest region first."""
    if proposal.country is None:
        return None
    sub, country = Region.__table__.alias("sub"), Country.__table__
    places = session.execute(
        sa.select(country.c.subregion, sub.c.within)
        .join(sub, sub.c.code == country.c.subregion, isouter=True)
        .where(country.c.code == proposal.country)
    ).one_or_none()
    asked = sa.select(Desk.region, Desk.person_id).where(
        Desk.fund_id == proposal.fund_id, Desk.ended_at.is_(None), Desk.person_id.in_(may_screen(proposal.fund_id))
    )
    held = {row.region: row.person_id for row in session.execute(asked.order_by(Desk.id))}
    return next((held[region] for region in places or () if region in held), None)


def may_screen(fund_id: int) -> sa.Select[int]:
    """The active people who may see to proposals of a fund, by id."""
    return (
        sa.select(Grant.person_id)
        .join(Person, Person.id == Grant.person_id)
        .where(
            Person.active,
            Grant.role.in_([Role.DESK_OFFICER, Role.SECRETARY]),
            Grant.ended_at.is_(None),
            sa.or_(Grant.fund_id.is_(None), Grant.fund_id == fund_id),
        )
    )


def officers(session: Session, fund_id: int) -> list[tuple[int, str]]:
    """Those who may see to proposals of a fund: id and name."""
    asked = sa.select(Person.id, Person.name).where(Person.id.in_(may_screen(fund_id)))
    return [(row.id, row.name) for row in session.execute(asked.order_by(Person.name, Person.id))]


@dataclass(frozen=True, slots=True)
class DeskRow:
    """Who sees to a region, since when, and how many proposals are with that person now."""

    id: int
    region: str
    person_id: int
    name: str
    since: datetime
    waiting: int
    able: bool


def desks(session: Session, actor: Actor, fund_id: int) -> list[DeskRow]:
    """The desks of a fund as they are now, in the order of their regions' codes, and how many proposals that somebody
    may see are on each; one query."""
    waiting = (
        sa.select(sa.func.count())
        .where(
            Proposal.officer_id == Desk.person_id, Proposal.fund_id == fund_id,
            Proposal.stage.in_([Stage.SUBMITTED, Stage.IN_SCREENING, Stage.RETURNED]), visible(actor, fund_id),
        )
        .scalar_subquery()
    )  # fmt: skip
    able = Desk.person_id.in_(may_screen(fund_id))
    asked = (
        sa.select(Desk.id, Desk.region, Desk.person_id, Person.name, Desk.since, waiting, able)
        .join(Person, Person.id == Desk.person_id)
        .where(Desk.fund_id == fund_id, Desk.ended_at.is_(None))
    )
    return [DeskRow(*row) for row in session.execute(asked.order_by(Desk.region, Desk.id))]


def people_of(session: Session, proposal: Proposal, *, office: bool) -> list[int]:
    """The active people of a proposal's office, or those of the secretariat who see to it: its desk officer, or else
    the secretaries; somebody who left the desk sees to nothing."""
    if not office and proposal.officer_id:
        able = may_screen(proposal.fund_id).where(Grant.person_id == proposal.officer_id)
        if session.scalars(able.limit(1)).one_or_none():
            return [proposal.officer_id]
    held = Grant.__table__
    roles = sorted(OF_AN_OFFICE) if office else [Role.SECRETARY]
    where = [held.c.role.in_(roles), held.c.ended_at.is_(None), Person.active]
    where.append(sa.or_(held.c.fund_id.is_(None), held.c.fund_id == proposal.fund_id))
    if office:
        where.append(held.c.office_id == proposal.office_id)
    asked = sa.select(held.c.person_id).join(Person, Person.id == held.c.person_id).where(*where).distinct()
    return sorted(session.scalars(asked))
