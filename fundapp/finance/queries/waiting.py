"""What of the money waits for somebody: counted in one query."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.contributions.models import Pledge, PledgeStage
from fundapp.finance.models import (
    Allotment,
    AllotmentStage,
    BankLine,
    Certificate,
    CertificateStage,
    ChangeKind,
    ChangeStage,
    Commitment,
    CommitmentStage,
    ExtractBatch,
    ExtractLine,
    ManualEntry,
    ManualStage,
    PledgeChange,
    ProjectAccount,
    Receipt,
    Reopening,
    Settlement,
)
from fundapp.finance.queries.certifying import OF_PROJECTS
from fundapp.finance.queries.receiving import overdue
from fundapp.ledger.models import Period


@dataclass(frozen=True, slots=True)
class Afoot:
    """How much waits. To whoever records: pledges that do not bind yet, receipts not used up, lines of bank
    statements, instalments that are overdue, lines of extracts. To whoever certifies, of what others prepared: changes
    of pledges, allotments, commitments, entries by hand, reopenings, statements; and statements to look through."""

    drafts: int
    unsettled: int
    unmatched: int
    overdue: int
    unknown: int
    changes: int
    allotments: int
    commitments: int
    manual: int
    reopenings: int
    to_certify: int
    to_review: int


def afoot(session: Session, fund_id: int, person_id: int, closed: Collection[int], today: date) -> Afoot:
    """What waits in a fund for a person, without what they prepared themselves or an interest keeps them from (closed:
    proposals by key)."""
    counts = (
        *_recorded(fund_id, today),
        *_prepared(fund_id, person_id, closed),
        *_statements(fund_id, person_id, closed),
    )
    found = tuple(session.execute(sa.select(*counts)).one())
    return Afoot(*found)


def _count(model: type[object], *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(model).where(*conditions).scalar_subquery()


def _sum(column: sa.ColumnElement[int], *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    asked = sa.select(sa.func.coalesce(sa.cast(sa.func.sum(column), sa.BigInteger), 0)).where(*conditions)
    return asked.correlate(Receipt).scalar_subquery()


def _recorded(fund_id: int, today: date) -> tuple[sa.ScalarSelect[int], ...]:
    of_receipt = _sum(Settlement.__table__.c.minor, Settlement.receipt_id == Receipt.id)
    went_back = _sum(
        PledgeChange.__table__.c.minor,
        PledgeChange.receipt_id == Receipt.id,
        PledgeChange.kind == ChangeKind.REFUND,
        PledgeChange.stage == ChangeStage.APPROVED,
    )
    taken = sa.exists().where(Receipt.bank_line_id == BankLine.id, Receipt.undone_at.is_(None))
    later = sa.orm.aliased(ExtractLine)
    newer = sa.exists().where(
        later.fund_id == ExtractLine.fund_id,
        later.source == ExtractLine.source,
        later.document == ExtractLine.document,
        later.line == ExtractLine.line,
        later.revision > ExtractLine.revision,
    )
    undone = sa.exists().where(ExtractBatch.id == ExtractLine.batch_id, ExtractBatch.undone_at.is_not(None))
    return (
        _count(Pledge, Pledge.fund_id == fund_id, Pledge.stage == PledgeStage.DRAFT),
        _count(
            Receipt, Receipt.fund_id == fund_id, Receipt.undone_at.is_(None), Receipt.minor > of_receipt + went_back
        ),
        _count(BankLine, BankLine.fund_id == fund_id, BankLine.minor > 0, BankLine.passed_at.is_(None), ~taken),
        overdue(fund_id, today),
        _count(ExtractLine, ExtractLine.fund_id == fund_id, ExtractLine.waits != "", ~newer, ~undone),
    )


def _prepared(fund_id: int, person_id: int, closed: Collection[int]) -> tuple[sa.ScalarSelect[int], ...]:
    hidden = sa.select(ProjectAccount.id).where(ProjectAccount.proposal_id.in_(sorted(closed)))
    own = [Commitment.project_id.is_(None) | Commitment.project_id.not_in(hidden)] if closed else []
    return (
        _count(
            PledgeChange,
            PledgeChange.fund_id == fund_id,
            PledgeChange.stage == ChangeStage.PREPARED,
            PledgeChange.prepared_by_id.is_distinct_from(person_id),
        ),
        _count(
            Allotment,
            Allotment.fund_id == fund_id,
            Allotment.stage == AllotmentStage.PREPARED,
            Allotment.prepared_by_id.is_distinct_from(person_id),
            *([Allotment.project_id.not_in(hidden)] if closed else []),
        ),
        _count(
            Commitment,
            Commitment.fund_id == fund_id,
            Commitment.stage == CommitmentStage.RAISED,
            Commitment.prepared_by_id.is_distinct_from(person_id),
            *own,
        ),
        _count(
            ManualEntry,
            ManualEntry.fund_id == fund_id,
            ManualEntry.stage == ManualStage.PREPARED,
            ManualEntry.prepared_by_id.is_distinct_from(person_id),
        ),
        sa.select(sa.func.count())
        .select_from(Reopening)
        .join(Period, Period.id == Reopening.period_id)
        .where(Period.fund_id == fund_id, Reopening.granted.is_(None))
        .where(Reopening.prepared_by_id.is_distinct_from(person_id))
        .scalar_subquery(),
    )


def _statements(fund_id: int, person_id: int, closed: Collection[int]) -> tuple[sa.ScalarSelect[int], ...]:
    others = [Certificate.fund_id == fund_id, Certificate.prepared_by_id.is_distinct_from(person_id)]
    if closed:
        kept = (ProjectAccount.fund_id == fund_id, ProjectAccount.proposal_id.in_(sorted(closed)))
        others.append(Certificate.kind.not_in(OF_PROJECTS) | ~sa.exists().where(*kept))
    return (
        _count(
            Certificate,
            *others,
            Certificate.stage == CertificateStage.REVIEWED,
            Certificate.reviewed_by_id.is_distinct_from(person_id),
        ),
        _count(Certificate, *others, Certificate.stage == CertificateStage.PREPARED),
    )
