"""Notices to trustees: that a question on a proposal is answered, or that a vote on one is open."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.board.models import Ballot, BoardQuestion, Considered
from fundapp.board.queries.advising_telling import ANSWERED, VOTE_OPEN
from fundapp.board.queries.considering import Table, declared_open
from fundapp.proposals.models import Notice


def answer_notices(session: Session, question: BoardQuestion, table: Table, *, by: int, at: datetime) -> list[Notice]:
    """That a question is answered: to the trustees to whom the proposal is open, once while they have not been told."""
    waits = sa.select(Notice.person_id).where(
        Notice.kind == ANSWERED, Notice.told_at.is_(None), Notice.details["question"].as_integer() == question.id
    )
    told = {by, *session.scalars(waits)}
    return _notices(question.considered, table, told, ANSWERED, {"question": question.id}, at)


def vote_notices(ballot: Ballot, considered: Considered, table: Table, *, by: int, at: datetime) -> list[Notice]:
    """That a vote is open: to the trustees who may give one."""
    away = {one.person for one in table.seats if one.present is False and one.person}
    return _notices(considered, table, {by, *away}, VOTE_OPEN, {"ballot": ballot.id}, at)


def _notices(
    considered: Considered, table: Table, besides: set[int], kind: str, details: dict[str, int], at: datetime
) -> list[Notice]:  # fmt: skip
    people = {
        one.person for one in table.seats if one.person and not one.kept and declared_open(one, considered.proposal)
    }
    return [
        Notice(fund_id=considered.fund_id, person_id=person, proposal_id=None, kind=kind, details=details, at=at)
        for person in sorted(people - besides)
    ]
