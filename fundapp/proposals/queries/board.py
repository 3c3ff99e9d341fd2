"""Proposals by stage, and what is due for whoever looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor
from fundapp.funds.models import Fund
from fundapp.proposals.models import ScreeningAnswer, ScreeningQuestion
from fundapp.proposals.queries.calls import CALL, CLOSING, CallRow, offices_of, rank_of, row_of, seen
from fundapp.proposals.queries.choices import stages_for
from fundapp.proposals.queries.proposals import OWN_STAGES, PROPOSAL, visible
from fundapp.proposals.queries.waiting import closing_soon
from fundapp.proposals.rules import Stage as CallStage
from fundapp.proposals.rules.stages import Stage

FIRST = 5  # cards of a column
STANDING = 14  # days in a stage from which on a proposal stands for long
ON_THE_WAY = (Stage.CLEARED, Stage.SUBMITTED, Stage.IN_SCREENING)  # stages in which somebody is to do something next
UNANSWERABLE = (*OWN_STAGES, Stage.WITHDRAWN.value)  # where no question can be answered
A_YEAR = 366
_QUESTION = ScreeningQuestion.__table__


@dataclass(slots=True)
class Column:
    """A stage on the board: how many proposals stand there, what they ask for together, and those that came last."""

    stage: str
    many: int = 0
    cents: int = 0
    cards: list[sa.Row[Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Waits:
    """A proposal with the moment that counts: a deadline, or since when; many: how many questions."""

    reference: str
    title: str
    language: str
    at: datetime
    stage: str
    many: int = 0


def board(session: Session, actor: Actor, fund: Fund, call: int | None) -> list[Column]:
    """Every stage that somebody may find a proposal in, in the order of the way; one query."""
    of = PROPOSAL.c
    where = [visible(actor, fund.id), *([of.call_id == call] if call is not None else [])]
    newest = (of.stage_since.desc(), of.id.desc())
    ranked = (
        sa.select(
            of.reference, of.title, of.language, of.country, of.stage, of.stage_since, of.total_cents, of.call_id,
            sa.func.row_number().over(partition_by=of.stage, order_by=newest).label("place"),
            sa.func.count().over(partition_by=of.stage).label("many"),
            sa.func.sum(of.total_cents).over(partition_by=of.stage).label("cents"),
        )
        .where(*where)
        .subquery()
    )  # fmt: skip
    columns = {stage: Column(stage) for stage in stages_for(actor, fund)}
    for row in session.execute(sa.select(ranked).where(ranked.c.place <= FIRST).order_by(ranked.c.place)):
        column = columns.setdefault(row.stage, Column(row.stage))
        column.many, column.cents = row.many, int(row.cents)
        column.cards.append(row)
    return list(columns.values())


def closes(session: Session, actor: Actor, fund: Fund, now: datetime) -> Sequence[CallRow]:
    """Open calls that close: to an office those for its State; one query, or two."""
    if offices_of(actor, fund.id):
        return closing_soon(session, actor, fund, now, A_YEAR)
    rank = rank_of(now)
    asked = sa.select(CALL, rank.label("stage"), CLOSING.label("closing")).where(
        *seen(actor, fund.id, now), rank == CallStage.OPEN.value, CLOSING.is_not(None)
    )
    return [row_of(found) for found in session.execute(asked.order_by(CLOSING, CALL.c.id))]


def _asked(at: Any, *more: Any) -> sa.Select[Any]:
    of = PROPOSAL.c
    return sa.select(of.reference, of.title, of.language, at.label("at"), of.stage, *more)


def _whose(actor: Actor, fund: Fund, mine: bool) -> list[sa.ColumnElement[bool]]:
    own = [PROPOSAL.c.officer_id == actor.id] if mine else []
    return [visible(actor, fund.id), *own]


def to_answer(session: Session, actor: Actor, fund: Fund) -> list[Waits]:
    """Proposals of somebody's offices with questions that nobody has answered; one query, or none."""
    offices = sorted(offices_of(actor, fund.id))
    return open_questions(session, actor, fund, PROPOSAL.c.office_id.in_(offices)) if offices else []


def returns(session: Session, actor: Actor, fund: Fund, *, mine: bool = False) -> list[Waits]:
    """Proposals that were returned and are to come back by a day; one query. mine: of which one is the officer."""
    asked = _asked(PROPOSAL.c.due_at).where(
        *_whose(actor, fund, mine), PROPOSAL.c.stage == Stage.RETURNED.value, PROPOSAL.c.due_at.is_not(None)
    )
    return [Waits(*row) for row in session.execute(asked)]


def open_questions(
    session: Session, actor: Actor, fund: Fund, *more: sa.ColumnElement[bool], mine: bool = False
) -> list[Waits]:
    """Proposals with questions that nobody has answered and somebody still can, since the first of them; one query."""
    answered = sa.exists().where(ScreeningAnswer.question_id == _QUESTION.c.id)
    many = sa.func.count().label("many")
    asked = (
        _asked(sa.func.min(_QUESTION.c.at), many)
        .join_from(PROPOSAL, _QUESTION, _QUESTION.c.proposal_id == PROPOSAL.c.id)
        .where(*_whose(actor, fund, mine), ~answered, PROPOSAL.c.stage.not_in(UNANSWERABLE), *more)
        .group_by(PROPOSAL.c.id, PROPOSAL.c.reference, PROPOSAL.c.title, PROPOSAL.c.language, PROPOSAL.c.stage)
    )
    return [Waits(*row) for row in session.execute(asked)]


def standing(session: Session, actor: Actor, fund: Fund, now: datetime, *, mine: bool = False) -> list[Waits]:
    """Proposals that stand where somebody is to do something, and have for long, in whole days as lists count them; one
    query."""
    since = datetime.combine(now.date() - timedelta(days=STANDING), time.min)
    asked = _asked(PROPOSAL.c.stage_since).where(
        *_whose(actor, fund, mine),
        PROPOSAL.c.stage.in_([stage.value for stage in ON_THE_WAY]),
        PROPOSAL.c.stage_since < since,
    )
    return [Waits(*row) for row in session.execute(asked)]
