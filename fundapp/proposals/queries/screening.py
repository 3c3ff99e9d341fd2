"""Reading the screening of a proposal: the checklist and its marks, questions and answers, whose desk it is on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Grant, Person
from fundapp.access.policy import OF_AN_OFFICE, Role
from fundapp.proposals.models import (
    CallCheck,
    Desk,
    Proposal,
    ProposalVersion,
    ScreeningAnswer,
    ScreeningMark,
    ScreeningQuestion,
)
from fundapp.proposals.rules.checklist import STANDARD, Verdict
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
    for region in filter(None, places or ()):
        asked = sa.select(Desk.person_id).where(
            Desk.fund_id == proposal.fund_id, Desk.region == region, Desk.ended_at.is_(None)
        )
        if (found := session.scalars(asked.order_by(Desk.id.desc()).limit(1)).one_or_none()) is not None:
            return found
    return None


def people_of(session: Session, proposal: Proposal, *, office: bool) -> list[int]:
    """The active people of a proposal's office, or those of the secretariat who see to it: its desk officer, or else
    the secretaries."""
    if not office and proposal.officer_id:
        return [proposal.officer_id]
    held = Grant.__table__
    roles = sorted(OF_AN_OFFICE) if office else [Role.SECRETARY]
    where = [held.c.role.in_(roles), held.c.ended_at.is_(None), Person.active]
    where.append(sa.or_(held.c.fund_id.is_(None), held.c.fund_id == proposal.fund_id))
    if office:
        where.append(held.c.office_id == proposal.office_id)
    asked = sa.select(held.c.person_id).join(Person, Person.id == held.c.person_id).where(*where).distinct()
    return sorted(session.scalars(asked))
