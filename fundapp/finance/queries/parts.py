"""What projects were given to spend, what is committed and what was spent: the one reading that pages, statements and
the situation of a fund take theirs from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.finance.models import Allotment, AllotmentLine, AllotmentStage, Commitment, CommitmentMove, ProjectAccount
from fundapp.finance.queries.commitments import COUNTED
from fundapp.finance.rules.spending import Use
from fundapp.ledger.models import Account, JournalEntry, Posting
from fundapp.ledger.rules import Nature

BIG = sa.BigInteger
_Figures = sa.Select[Any, Any, Any, Any]


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


@dataclass(frozen=True, slots=True)
class Bound:
    """What of a fund's money is bound to the end of a day. uses: (project or 0, class or account) -> what became of
    it: allotted and committed by class, spent by account; newest: the day of the newest entry by then."""

    uses: Mapping[tuple[int, str], Use]
    newest: date | None

    @property
    def committed(self) -> int:
        """What is committed and not booked as expenditure, of projects or not."""
        return sum(use.committed for use in self.uses.values())


def bound(session: Session, fund_id: int, last: date, first: date = date.max, project_id: int | None = None) -> Bound:
    """What of the fund's money, or of a project's, is bound to the end of a day; first: since when expenditure is told
    apart, and that of no project counted. One query."""
    parts: tuple[tuple[str, _Figures], ...] = (
        ("newest", _newest(fund_id, last)),
        ("allotted", _allotted(fund_id, last, project_id)),
        ("committed", _committed(fund_id, last, project_id)),
        ("spent", _spent(fund_id, first, last, project_id)),
    )
    asked = sa.union_all(*(part.add_columns(sa.literal(name).label("part")) for name, part in parts))
    found: defaultdict[tuple[int, str], Use] = defaultdict(Use)
    newest = None
    for project, code, cents, since, part in session.execute(asked):
        if part == "newest":
            newest = date.fromisoformat(code) if code else None
        elif cents or part == "allotted":
            found[project, code] += Use(**{part: cents}, since=since)
    return Bound(found, newest)


def _sum(value: Any) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.sum(value), BIG)  # PostgreSQL adds up to numeric


def _newest(fund_id: int, last: date) -> _Figures:
    entry = JournalEntry.__table__.c
    day, nothing = sa.cast(sa.func.max(entry.posted_on), sa.String), sa.literal(0, BIG)
    return sa.select(nothing, day, nothing, nothing).where(entry.fund_id == fund_id, entry.posted_on <= last)


def _allotted(fund_id: int, last: date, project_id: int | None) -> _Figures:
    line = AllotmentLine
    asked = (
        sa.select(Allotment.project_id, line.erp_class, _sum(line.cents), sa.literal(0, BIG))
        .join(line, line.allotment_id == Allotment.id)
        .where(Allotment.fund_id == fund_id, Allotment.stage == AllotmentStage.RELEASED, Allotment.since <= last)
        .group_by(Allotment.project_id, line.erp_class)
    )
    return asked if project_id is None else asked.where(Allotment.project_id == project_id)


def _committed(fund_id: int, last: date, project_id: int | None) -> _Figures:
    """What is committed and not booked as expenditure yet: without what was carried over a year's end."""
    project, move = sa.func.coalesce(Commitment.project_id, 0), CommitmentMove
    asked = (
        sa.select(project, Commitment.erp_class, _sum(move.cents - move.carried_cents), sa.literal(0, BIG))
        .join(move, move.commitment_id == Commitment.id)
        .where(Commitment.fund_id == fund_id, Commitment.stage.in_(COUNTED), move.moved_on <= last)
        .group_by(project, Commitment.erp_class)
    )
    return asked if project_id is None else asked.where(Commitment.project_id == project_id)


def _spent(fund_id: int, first: date, last: date, project_id: int | None) -> _Figures:
    """Expenditure by account, in all and since a day; that of no project since that day alone."""
    project, recent = sa.func.coalesce(Posting.project_id, 0), Posting.posted_on >= first
    asked = (
        sa.select(project, Account.code, _sum(Posting.cents), _sum(sa.case((recent, Posting.cents), else_=0)))
        .join(Account, Account.id == Posting.account_id)
        .where(Account.nature == Nature.EXPENDITURE, Posting.fund_id == fund_id, Posting.posted_on <= last)
        .where(Posting.project_id.is_not(None) | recent)
        .group_by(project, Account.code)
    )
    return asked if project_id is None else asked.where(Posting.project_id == project_id)
