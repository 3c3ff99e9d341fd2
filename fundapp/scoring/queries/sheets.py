"""Reading score sheets: one's own, what is being filled in, and those that were given and may be seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Person
from fundapp.access.policy import Actor, Permission, may
from fundapp.proposals.models import Call, Proposal
from fundapp.proposals.queries.calls import Subject
from fundapp.proposals.queries.proposals import visible
from fundapp.reference.models import Country
from fundapp.scoring.models import Assignment, Score, ScoreDraft, ScoreSheet, ScoringRound, SheetReopening
from fundapp.scoring.queries.assigning import SCORED_STAGES


def draft_of(session: Session, assignment: Assignment) -> ScoreDraft | None:
    """What a reviewer has filled in so far; none before the first save."""
    return session.scalars(sa.select(ScoreDraft).where(ScoreDraft.assignment_id == assignment.id)).one_or_none()


@dataclass(frozen=True, slots=True)
class Mine:
    """What somebody scores: the assignment that stands, its round, and what is filled in."""

    assignment: Assignment
    round: ScoringRound
    draft: ScoreDraft | None


def mine(session: Session, actor: Actor, proposal: Proposal) -> Mine | None:
    """What somebody scores of a proposal; none where it is not theirs to score; one query."""
    asked = (
        sa.select(Assignment, ScoringRound, ScoreDraft)
        .join(ScoringRound, ScoringRound.id == Assignment.round_id)
        .outerjoin(ScoreDraft, ScoreDraft.assignment_id == Assignment.id)
        .where(Assignment.proposal_id == proposal.id, Assignment.person_id == actor.id, Assignment.ended_at.is_(None))
    )
    row = session.execute(asked).one_or_none()
    return Mine(*row) if row else None


@dataclass(frozen=True, slots=True)
class OnDesk:
    """A proposal on a reviewer's desk: until when, and how far its sheet is."""

    reference: str
    title: str
    language: str
    state: str
    call: str
    cents: int
    due_at: datetime
    zone: str
    open: bool
    saved_at: datetime | None
    given_at: datetime | None
    stage: str

    @property
    def to_give(self) -> bool:
        """Whether a sheet is waited for."""
        return self.given_at is None and self.open and self.stage in SCORED_STAGES


def desk(session: Session, actor: Actor, fund_id: int, language: str) -> list[OnDesk]:
    """What somebody scores in a fund: what is not given first, by deadline; one query."""
    name = Country.__table__.c[f"name_{language}"]
    asked = (
        sa.select(
            Proposal.reference, Proposal.title, Proposal.language, sa.func.coalesce(name, ""), Call.code,
            Proposal.total_cents, ScoringRound.due_at, ScoringRound.zone, ScoringRound.open, ScoreDraft.saved_at,
            ScoreSheet.at, Proposal.stage,
        )
        .join(Assignment, Assignment.proposal_id == Proposal.id)
        .join(ScoringRound, ScoringRound.id == Assignment.round_id)
        .join(Call, Call.id == Proposal.call_id)
        .outerjoin(Country, Country.code == Proposal.country)
        .outerjoin(ScoreDraft, ScoreDraft.assignment_id == Assignment.id)
        .outerjoin(ScoreSheet, ScoreSheet.id == Assignment.sheet_id)
        .where(Assignment.person_id == actor.id, Assignment.ended_at.is_(None), visible(actor, fund_id))
        .order_by(ScoreSheet.at.is_not(None), ScoringRound.open.desc(), ScoringRound.due_at, Proposal.reference)
    )  # fmt: skip
    return [OnDesk(*row) for row in session.execute(asked)]


@dataclass(frozen=True, slots=True)
class Given:
    """A sheet that was given: whose, when, of which number, its scores by the id of the criterion; why it was opened
    again, where it was; whether it counts."""

    person: int
    name: str
    number: int
    at: datetime
    scores: dict[int, Score]
    reopened: str
    counts: bool
    assignment: int | None


def sees_all(actor: Actor, fund_id: int) -> bool:
    """Whether somebody sees every sheet of what they may see at all: the secretariat and the auditors do."""
    return may(actor, Permission.SCORING_READ, Subject(fund_id))


def given_on(session: Session, actor: Actor, proposal: Proposal) -> list[Given]:
    """The sheets on a proposal that somebody may see, by name and number; three queries. A reviewer sees their own,
    and those of others once their own counts and the round shows them."""
    stands = sa.and_(Assignment.sheet_id == ScoreSheet.id, Assignment.ended_at.is_(None))
    asked = (
        sa.select(ScoreSheet, Person.name, SheetReopening.reason, Assignment.id, ScoringRound.shows_others)
        .join(Person, Person.id == ScoreSheet.person_id)
        .join(ScoringRound, ScoringRound.id == ScoreSheet.round_id)
        .outerjoin(SheetReopening, SheetReopening.sheet_id == ScoreSheet.id)
        .outerjoin(Assignment, stands)
        .where(ScoreSheet.proposal_id == proposal.id)
        .order_by(Person.name, ScoreSheet.person_id, ScoreSheet.number)
    )
    rows = session.execute(asked).all()
    own = any(sheet.person_id == actor.id and key is not None for sheet, _name, _reason, key, _shows in rows)
    every = sees_all(actor, proposal.fund_id)
    seen = [row for row in rows if every or row[0].person_id == actor.id or (own and row[4] and row[3] is not None)]
    scores = _scores(session, [row[0].id for row in seen])
    return [
        Given(
            sheet.person_id, name, sheet.number, sheet.at, scores[sheet.id], reason or "", key is not None, key
        )
        for sheet, name, reason, key, _shows in seen
    ]  # fmt: skip


def _scores(session: Session, sheets: Sequence[int]) -> defaultdict[int, dict[int, Score]]:
    found: defaultdict[int, dict[int, Score]] = defaultdict(dict)
    for one in session.scalars(sa.select(Score).where(Score.sheet_id.in_(sheets))):
        found[one.sheet_id][one.criterion_id] = one
    return found
