"""What projects were given to spend, what is committed and what was spent, by class, straight from the tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.finance.models import (
    Allotment,
    AllotmentLine,
    AllotmentStage,
    Commitment,
    CommitmentMove,
    CommitmentStage,
    ProjectAccount,
)
from fundapp.finance.rules.reports import Part
from fundapp.ledger.models import Account, Posting
from fundapp.ledger.rules import Nature

BIG = sa.BigInteger
COUNTED = (CommitmentStage.APPROVED, CommitmentStage.CLOSED)


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """A project account as statements name it."""

    id: int
    code: str
    title: str


def projects(session: Session, fund_id: int, closed: Collection[int] = ()) -> dict[int, ProjectFacts]:
    """The project accounts of a fund by key, in the order of their codes; those of closed proposals are left out."""
    asked = sa.select(ProjectAccount.id, ProjectAccount.code, ProjectAccount.title).where(
        ProjectAccount.fund_id == fund_id
    )
    if closed:
        kept = ProjectAccount.proposal_id.is_(None) | ProjectAccount.proposal_id.not_in(sorted(closed))
        asked = asked.where(kept)
    return {row[0]: ProjectFacts(*row) for row in session.execute(asked.order_by(ProjectAccount.code))}


def parts(session: Session, fund_id: int, first: date, last: date) -> dict[tuple[int, str], Part]:
    """(project or 0, class or account) -> what became of it: allotments by class, commitments and expenditure by
    account. Three queries."""
    found: dict[tuple[int, str], Part] = {}
    for rows in (
        _allotted(session, fund_id, last),
        _open(session, fund_id, last),
        _spent(session, fund_id, first, last),
    ):
        for key, part in rows:
            found[key] = found.get(key, Part()) + part
    return found


def _allotted(session: Session, fund_id: int, last: date) -> Iterable[tuple[tuple[int, str], Part]]:
    found = session.execute(
        sa.select(Allotment.project_id, AllotmentLine.erp_class, sa.cast(sa.func.sum(AllotmentLine.cents), BIG))
        .join(AllotmentLine, AllotmentLine.allotment_id == Allotment.id)
        .where(Allotment.fund_id == fund_id, Allotment.stage == AllotmentStage.RELEASED, Allotment.since <= last)
        .group_by(Allotment.project_id, AllotmentLine.erp_class)
    )
    return [((project, erp_class), Part(allotted=cents)) for project, erp_class, cents in found]


def _open(session: Session, fund_id: int, last: date) -> Iterable[tuple[tuple[int, str], Part]]:
    """What is committed and not booked as expenditure yet: without what was carried over a year's end."""
    project = sa.func.coalesce(Commitment.project_id, 0)
    left = sa.cast(sa.func.sum(CommitmentMove.cents - CommitmentMove.carried_cents), BIG)
    found = session.execute(
        sa.select(project, Account.code, left)
        .join(CommitmentMove, CommitmentMove.commitment_id == Commitment.id)
        .join(Account, Account.id == Commitment.account_id)
        .where(Commitment.fund_id == fund_id, Commitment.stage.in_(COUNTED), CommitmentMove.moved_on <= last)
        .group_by(project, Account.code)
    )
    return [((key, account), Part(open=cents)) for key, account, cents in found if cents]


def _spent(session: Session, fund_id: int, first: date, last: date) -> Iterable[tuple[tuple[int, str], Part]]:
    """Expenditure by project, of the period and since the beginning; of no project that of the period alone."""
    project = sa.func.coalesce(Posting.project_id, 0)
    cents = sa.cast(sa.func.sum(Posting.cents), BIG)
    since = sa.cast(sa.func.sum(sa.case((Posting.posted_on >= first, Posting.cents), else_=0)), BIG)
    found = session.execute(
        sa.select(project, Account.code, since, cents)
        .join(Account, Account.id == Posting.account_id)
        .where(
            Account.nature == Nature.EXPENDITURE,
            Posting.fund_id == fund_id,
            Posting.posted_on <= last,
            sa.or_(Posting.project_id.is_not(None), Posting.posted_on >= first),
        )
        .group_by(project, Account.code)
    )
    return [
        ((key, account), Part(since=now, spent=whole if key else now)) for key, account, now, whole in found if whole
    ]
