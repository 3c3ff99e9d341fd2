"""Commitments that are outstanding on a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.finance.drawn import facts_of
from fundapp.finance.models import Commitment, CommitmentMove, CommitmentStep, ProjectAccount
from fundapp.finance.queries.commitments import COUNTED
from fundapp.finance.queries.parts import BIG
from fundapp.finance.rules.reports import COMMITMENTS, Amount, Opens, Report, ReportColumn, ReportRow, Term, sums
from fundapp.funds.models import Fund
from fundapp.kernel.clock import now

FIGURES = ("raised", "paid", "cancelled", "open", "carried")


def outstanding(session: Session, fund: Fund, on: date, closed: Collection[int] = ()) -> Report:
    """Each commitment of which something is open at the end of a day: what was raised, paid and cancelled, and what of
    the rest is booked already because it was carried over a year's end. One query."""
    rows = [_row(found, on) for found in _open(session, fund.id, on, closed)]
    total = ReportRow(
        "TOTAL", "grand", 0, Term("total"), sums([row.cells for row in rows], 5 + len(FIGURES), len(FIGURES))
    )
    words = ("project", "class", "payee", "committed", "expires")
    columns = tuple(
        ReportColumn(code, Term(f"commitment.{code}"), figures=code in FIGURES) for code in (*words, *FIGURES)
    )
    return Report(
        COMMITMENTS, facts_of(fund), None, on, fund.basis.value, Term("number"), columns, (*rows, total),
        (Term("note.outstanding"),), None, now(),
    )  # fmt: skip


def _open(session: Session, fund_id: int, on: date, closed: Collection[int]) -> list[Any]:
    move, many = CommitmentMove, sa.func.sum
    paid = many(sa.case((move.step == CommitmentStep.LIQUIDATED, -move.cents), else_=0))
    cancelled = many(sa.case((move.step == CommitmentStep.CANCELLED, -move.cents), else_=0))
    left = many(move.cents)
    asked = (
        sa.select(
            Commitment.number, Commitment.erp_class, Commitment.payee, Commitment.committed_on, Commitment.expires_on,
            ProjectAccount.code.label("project"), sa.cast(paid, BIG).label("paid"),
            sa.cast(cancelled, BIG).label("cancelled"), sa.cast(left, BIG).label("left"),
            sa.cast(many(move.carried_cents), BIG).label("carried"),
        )
        .join(move, move.commitment_id == Commitment.id)
        .outerjoin(ProjectAccount, ProjectAccount.id == Commitment.project_id)
        .where(Commitment.fund_id == fund_id, Commitment.stage.in_(COUNTED), move.moved_on <= on)
    )  # fmt: skip
    if closed:
        asked = asked.where(ProjectAccount.proposal_id.is_(None) | ProjectAccount.proposal_id.not_in(sorted(closed)))
    return list(session.execute(
        asked.group_by(Commitment.id, ProjectAccount.code).having(left != 0).order_by(Commitment.number)
    ))  # fmt: skip


def _row(found: Any, on: date) -> ReportRow:
    opens = Opens(thing="commitment", number=found.number)
    raised = found.left + found.paid + found.cancelled
    figures = tuple(
        Amount(cents, opens if cents else None)
        for cents in (raised, found.paid, found.cancelled, found.left, found.carried)
    )
    words = (found.project or "", found.erp_class, found.payee, found.committed_on, found.expires_on)
    return ReportRow(found.number, "account", 0, found.number, (*words, *figures), opens, found.expires_on < on)
