"""Reading disagreement: where reviewers are apart, what each gave, what was said of it and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from fundapp.access.models import Person
from fundapp.access.policy import Actor, Permission, may
from fundapp.proposals.models import CallCriterion, Proposal
from fundapp.proposals.queries.proposals import PROPOSAL, visible
from fundapp.scoring.models import (
    Assignment,
    Moderation,
    ModerationComment,
    Outcome,
    Score,
    ScoreSheet,
    ScoringRound,
)
from fundapp.scoring.rules.combining import NOT_RANKED
from fundapp.scoring.rules.moderating import Given, apart
from fundapp.scoring.rules.totals import APART

_ASSIGNED, _SCORE = Assignment.__table__, Score.__table__


@dataclass(frozen=True, slots=True)
class Apart:
    """A criterion of a proposal on which reviewers are, or were, two steps or more apart: the lowest and the highest
    step that count now, of how many; how many comments there are, and the outcome that stands."""

    reference: str
    title: str
    language: str
    country: str | None
    criterion: int
    lowest: int
    highest: int
    steps: int
    comments: int
    outcome: Outcome | None

    @property
    def spread(self) -> int:
        """How many steps they are apart now."""
        return self.highest - self.lowest


@dataclass(frozen=True, slots=True)
class Side:
    """A score on the criterion, with whose it is; `counts`: whether the sheet does, or was followed by another, or is
    reopened."""

    person: int
    name: str
    active: bool
    number: int
    at: datetime
    counts: bool
    step: int | None
    suggested: int | None
    reason: str
    apart: str


def disagreements(session: Session, actor: Actor, fund: int, round: ScoringRound) -> Sequence[Apart]:
    """Where the reviewers of a call disagree, or did and it was written down what became of it: the widest first; of
    what somebody may see and is still in the round. Two queries."""
    kept, comments = _kept(session, round), _comments()
    keys = [PROPOSAL.c.id, PROPOSAL.c.reference, PROPOSAL.c.title, PROPOSAL.c.language, PROPOSAL.c.country]
    low, high = sa.func.min(_SCORE.c.step), sa.func.max(_SCORE.c.step)
    moderated = sa.exists().where(
        Moderation.round_id == round.id,
        Moderation.proposal_id == PROPOSAL.c.id,
        Moderation.criterion_id == _SCORE.c.criterion_id,
    )
    asked = (
        sa.select(*keys, _SCORE.c.criterion_id, low.label("low"), high.label("high"), _steps(), comments)
        .join_from(_ASSIGNED, _SCORE, _SCORE.c.sheet_id == _ASSIGNED.c.sheet_id)
        .join(PROPOSAL, PROPOSAL.c.id == _ASSIGNED.c.proposal_id)
        .where(_ASSIGNED.c.round_id == round.id, _ASSIGNED.c.ended_at.is_(None))
        .where(visible(actor, fund), PROPOSAL.c.stage.not_in(sorted(NOT_RANKED)), PROPOSAL.c.call_id == round.call_id)
        .group_by(*keys, _SCORE.c.criterion_id)
        .having(sa.or_(high - low >= APART, moderated))
    )
    found = [
        Apart(
            row.reference, row.title, row.language, row.country, row.criterion_id, row.low or 0, row.high or 0,
            row.steps, row.comments, kept.get((row.id, row.criterion_id)),
        )
        for row in session.execute(asked)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.spread, one.outcome is not None, one.reference, one.criterion))


def _steps() -> sa.Label[int]:
    return sa.func.count(_SCORE.c.step).label("steps")


def _comments() -> sa.Label[int]:
    comment = ModerationComment
    many = sa.select(sa.func.count(comment.id)).where(
        comment.proposal_id == PROPOSAL.c.id, comment.criterion_id == _SCORE.c.criterion_id
    )
    return many.correlate(PROPOSAL, _SCORE).scalar_subquery().label("comments")


def _kept(session: Session, round: ScoringRound) -> Mapping[tuple[int, int], Outcome]:
    """The outcome that stands for each proposal and criterion of a round: the last."""
    asked = sa.select(Moderation.proposal_id, Moderation.criterion_id, Moderation.outcome)
    rows = session.execute(asked.where(Moderation.round_id == round.id).order_by(Moderation.id))
    return {(row.proposal_id, row.criterion_id): row.outcome for row in rows}


def sides(session: Session, round: ScoringRound, proposal: Proposal, criterion: int) -> Sequence[Side]:
    """What those who score a proposal gave on a criterion, each with what they gave before; the highest step first,
    and of a person the newest sheet; one query."""
    person, sheet, score, assigned = aliased(Person), ScoreSheet, Score, Assignment
    asked = (
        sa.select(
            person.id, person.name, person.active, sheet.number, sheet.at, (assigned.sheet_id == sheet.id).label("on"),
            score.step, score.suggested, score.reason, score.apart,
        )
        .join_from(assigned, sheet, sa.and_(
            sheet.round_id == assigned.round_id, sheet.proposal_id == assigned.proposal_id,
            sheet.person_id == assigned.person_id,
        ))
        .join(score, sa.and_(score.sheet_id == sheet.id, score.criterion_id == criterion))
        .join(person, person.id == assigned.person_id)
        .where(assigned.round_id == round.id, assigned.proposal_id == proposal.id, assigned.ended_at.is_(None))
    )  # fmt: skip
    rows = session.execute(asked).all()
    found = [
        Side(
            row.id, row.name, row.active, row.number, row.at, bool(row.on), row.step, row.suggested, row.reason,
            row.apart,
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (not one.counts, -1 if one.step is None else -one.step, one.name, -one.number))


def given(rows: Sequence[Side]) -> list[Given]:
    """Those of them that count, as the rules know them."""
    return [Given(one.person, one.number, one.at, one.step) for one in rows if one.counts]


def comments_on(session: Session, proposal: Proposal, criterion: int) -> Sequence[ModerationComment]:
    """What was said about a disagreement, oldest first."""
    comment = ModerationComment
    asked = sa.select(comment).where(comment.proposal_id == proposal.id, comment.criterion_id == criterion)
    return session.scalars(asked.order_by(comment.id)).all()


def outcomes(session: Session, round: ScoringRound, proposal: Proposal, criterion: int) -> Sequence[Moderation]:
    """What became of a disagreement, oldest first: the last one stands."""
    asked = sa.select(Moderation).where(
        Moderation.round_id == round.id, Moderation.proposal_id == proposal.id, Moderation.criterion_id == criterion
    )
    return session.scalars(asked.order_by(Moderation.id)).all()


def is_moderated(rows: Sequence[Side], concluded: Sequence[Moderation]) -> bool:
    """Whether a criterion of a proposal has a page of disagreement: reviewers are apart, or were."""
    return bool(concluded) or apart(one.step for one in rows if one.counts)


def takes_part(actor: Actor, round: ScoringRound, proposal: Proposal, rows: Sequence[Side]) -> bool:
    """Whether somebody may see what the reviewers of a proposal gave: the secretariat; and a reviewer whose own sheet
    counts, where the round shows others'. `rows`: the scores on a criterion."""
    if may(actor, Permission.SCORING_READ, proposal):
        return True
    own = any(one.person == actor.id and one.counts for one in rows)
    return own and round.shows_others and may(actor, Permission.MODERATION_SAY, proposal)


def criterion_of(session: Session, round: ScoringRound, name: str) -> int | None:
    """The id of a criterion of the round's call, by its code; none where the call has no such criterion."""
    asked = sa.select(CallCriterion.id).where(CallCriterion.call_id == round.call_id, CallCriterion.code == name)
    return session.scalar(asked)
