"""What stands behind an entry: the pledge, receipt, commitment, line of an extract or paper that it was posted for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.contributions.models import Instalment, Pledge
from fundapp.finance.models import (
    Commitment,
    CommitmentMove,
    ExtractBatch,
    ExtractLine,
    ManualEntry,
    PledgeChange,
    ProjectAccount,
    PublishedDocument,
    Receipt,
    Recognition,
    Settlement,
    SupportCosts,
)

MOST = 20  # of one kind: an entry of an extract may have thousands of lines


@dataclass(frozen=True, slots=True)
class Evidence:
    """A thing that points at an entry: its kind, the number it is known by, and what else to say of it. count: how many
    there are of its kind, of which the first are named."""

    kind: str
    number: str
    text: str
    count: int = 1


def evidence(session: Session, entry_id: int, closed: Collection[int] = ()) -> list[Evidence]:
    """All that points at an entry; what belongs to proposals that are closed to the reader is left out. One query, and
    one more where there are lines of extracts."""
    parts = [*_promised(entry_id), *_received(entry_id), *_spent(entry_id, closed)]
    found = [Evidence(*row) for row in session.execute(sa.union_all(*parts))]
    if any(one.kind == "batch" for one in found):
        found += _extract_lines(session, entry_id, closed)
    return found


def is_document(session: Session, fund_id: int, symbol: str) -> bool:
    """Whether a symbol is that of a printed document that is loaded."""
    asked = sa.select(PublishedDocument.id).where(
        PublishedDocument.fund_id == fund_id, PublishedDocument.symbol == symbol
    )
    return session.scalar(asked) is not None


def _row(kind: str, number: Any, text: Any) -> Any:
    return sa.select(
        sa.literal(kind, sa.String).label("kind"),
        sa.cast(number, sa.String).label("number"),
        sa.cast(text, sa.Text).label("text"),
    )


def _promised(entry_id: int) -> list[sa.Select[Any]]:
    """Recognised instalments and changes of pledges."""
    return [
        _row("pledge", Pledge.number, Instalment.number)
        .select_from(Recognition)
        .join(Instalment, Instalment.id == Recognition.instalment_id)
        .join(Pledge, Pledge.id == Instalment.pledge_id)
        .where(Recognition.entry_id == entry_id),
        _row("change", sa.func.coalesce(Pledge.number, ""), PledgeChange.reason)
        .select_from(PledgeChange)
        .outerjoin(Pledge, Pledge.id == PledgeChange.pledge_id)
        .where(PledgeChange.entry_id == entry_id),
    ]


def _received(entry_id: int) -> list[sa.Select[Any]]:
    """Receipts, those undone, and what they settled."""
    return [
        _row("receipt", Receipt.number, Receipt.reference).where(Receipt.entry_id == entry_id),
        _row("undone", Receipt.number, Receipt.undone_reason).where(Receipt.undone_entry_id == entry_id),
        _row("settlement", Receipt.number, Pledge.number)
        .select_from(Settlement)
        .join(Receipt, Receipt.id == Settlement.receipt_id)
        .join(Instalment, Instalment.id == Settlement.instalment_id)
        .join(Pledge, Pledge.id == Instalment.pledge_id)
        .where(Settlement.entry_id == entry_id),
    ]


def _open_to(asked: Any, closed: Collection[int]) -> Any:
    """Without what belongs to proposals that the reader is kept from."""
    if not closed:
        return asked
    return asked.where(ProjectAccount.proposal_id.is_(None) | ProjectAccount.proposal_id.not_in(sorted(closed)))


def _spent(entry_id: int, closed: Collection[int]) -> list[sa.Select[Any]]:
    """Commitments, batches of extracts, entries made by hand, support costs."""
    commitment = (
        _row("commitment", Commitment.number, Commitment.payee)
        .select_from(CommitmentMove)
        .join(Commitment, Commitment.id == CommitmentMove.commitment_id)
        .outerjoin(ProjectAccount, ProjectAccount.id == Commitment.project_id)
        .where(CommitmentMove.entry_id == entry_id)
    )
    batch = (
        _row("batch", ExtractBatch.id, ExtractBatch.name)
        .where(sa.exists().where(ExtractLine.entry_id == entry_id, ExtractLine.batch_id == ExtractBatch.id))
    )  # fmt: skip
    month = sa.cast(SupportCosts.year, sa.String) + "-" + sa.cast(SupportCosts.month, sa.String)
    return [
        _open_to(commitment, closed),
        batch,
        _row("manual", ManualEntry.id, ManualEntry.document).where(ManualEntry.entry_id == entry_id),
        _row("support-costs", month, SupportCosts.run).where(SupportCosts.entry_id == entry_id),
    ]


def _extract_lines(session: Session, entry_id: int, closed: Collection[int]) -> list[Evidence]:
    """The first of the lines that an entry was posted for, with how many there are."""
    many = sa.func.count().over()
    asked = (
        sa.select(ExtractLine.document, ExtractLine.line, ExtractLine.text, many)
        .outerjoin(ProjectAccount, ProjectAccount.id == ExtractLine.project_id)
        .where(ExtractLine.entry_id == entry_id)
        .order_by(ExtractLine.document, ExtractLine.line, ExtractLine.revision)
        .limit(MOST)
    )
    return [
        Evidence("line", f"{document}/{line}", text, count)
        for document, line, text, count in session.execute(_open_to(asked, closed))
    ]
