"""Reading the list of what was before the Board: what is advised, prepared and decided on each proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor, Permission, may
from fundapp.board.models import (
    Advice,
    AdviceOutcome,
    BoardSession,
    Considered,
    Decision,
    DecisionDraft,
    DecisionOutcome,
    SessionNumber,
)
from fundapp.board.queries.deciding import HELD, decided, stands
from fundapp.funds.models import Fund
from fundapp.kernel.text import fold
from fundapp.proposals.models import Proposal
from fundapp.proposals.queries.calls import Subject
from fundapp.reference.models import Country

PAGE = 50
STATES = ("waiting", "prepared", "decided")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to: words, how far it is, the number of a session, the year of the decision."""

    words: str = ""
    state: str = ""
    session: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal as it was last before the Board; what its reader may not know is none."""

    reference: str
    title: str
    language: str
    country: str
    state: str
    session: int
    advice: AdviceOutcome | None
    advised: int | None
    prepared: bool
    outcome: DecisionOutcome | None
    cents: int | None
    on: date | None

    @property
    def stands(self) -> str:
        """How far it is: waiting, prepared, decided."""
        return "prepared" if self.prepared else "decided" if self.outcome else "waiting"


def decisions(session: Session, actor: Actor, fund: Fund, wanted: Wanted, language: str) -> list[Row]:
    """What was before the Board, in the order of references; to whoever does not read what is before it, what is
    decided. One query."""
    full = may(actor, Permission.CONSIDERED_READ, Subject(fund.id))
    drafts = may(actor, Permission.DECISION_PREPARE, fund) or may(actor, Permission.DECISION_TAKE, fund)
    last: dict[int, Row] = {}
    for key, *cells in session.execute(_asked(actor, fund, language)):
        last[key] = _row(cells, full, drafts)
    found = [row for row in last.values() if (full or row.outcome) and _fits(row, wanted)]
    return sorted(found, key=lambda row: row.reference)


def _asked(actor: Actor, fund: Fund, language: str) -> sa.Select[Any]:
    """All times that proposals were before a session, oldest first: the last of each counts."""
    number, other = SessionNumber, sa.orm.aliased(Advice)
    last = sa.select(sa.func.max(other.id)).where(other.considered_id == Considered.id).correlate(Considered)
    return (
        sa.select(Proposal.id, Proposal.reference, Proposal.title, Proposal.language, Proposal.country)
        .add_columns(Country.__table__.c[f"name_{language}"], number.number)
        .add_columns(Advice.outcome, Advice.amount_cents, DecisionDraft.id)
        .add_columns(Decision.outcome, Decision.amount_cents, Decision.at)
        .select_from(Considered)
        .join(Proposal, Proposal.id == Considered.proposal_id)
        .join(BoardSession, BoardSession.id == Considered.session_id)
        .join(number, sa.and_(number.session_id == BoardSession.id, number.fund_id == fund.id))
        .outerjoin(Country, Country.code == Proposal.country)
        .outerjoin(Advice, Advice.id == last.scalar_subquery())
        .outerjoin(DecisionDraft, DecisionDraft.considered_id == Considered.id)
        .outerjoin(Decision, sa.and_(Decision.proposal_id == Proposal.id, stands()))
        .where(decided(actor, fund.id), Considered.removed_at.is_(None), BoardSession.stage.in_(HELD))
        .order_by(BoardSession.since, Considered.id)
    )


def _row(cells: Sequence[Any], full: bool, drafts: bool) -> Row:
    reference, title, language, country, state, number, advice, advised, draft, outcome, cents, at = cells
    return Row(
        reference, title, language, country or "", state or "", number, advice if full else None,
        advised if full else None, drafts and draft is not None, outcome, cents, at.date() if at else None,
    )  # fmt: skip


def _fits(row: Row, wanted: Wanted) -> bool:
    if wanted.state and row.stands != wanted.state:
        return False
    if wanted.session is not None and row.session != wanted.session:
        return False
    if wanted.year is not None and (row.on is None or row.on.year != wanted.year):
        return False
    text = fold(f"{row.reference} {row.title} {row.state}")
    return all(word in text for word in fold(wanted.words).split())
