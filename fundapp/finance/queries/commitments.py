"""Reading commitments: one with its moves, the list of a fund, what of them is open and carried on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor
from fundapp.finance.models import Commitment, CommitmentMove, CommitmentStage, ProjectAccount
from fundapp.finance.rules.commitments import Moved, Standing, standing
from fundapp.funds.models import Fund
from fundapp.kernel.text import fold
from fundapp.ledger.models import Account
from fundapp.proposals.queries.proposals import closed_to

PAGE = 50
OWN_WORK = "none"  # in the address: commitments of no project
COUNTED = (CommitmentStage.APPROVED, CommitmentStage.CLOSED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list of commitments is narrowed to; project: a code, or OWN_WORK for those of none; classes: a group of
    them; on: as they stood at the end of a day, those alone that were approved by then."""

    q: str = ""
    stage: str = ""
    project: str = ""
    classes: tuple[str, ...] = ()
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A commitment in the list."""

    number: str
    project: str
    payee: str
    purpose: str
    reference: str
    account: str
    erp_class: str
    committed_on: date
    expires_on: date
    stage: CommitmentStage
    cents: int
    open: int
    carried: int


def may_be_seen(actor: Actor) -> sa.ColumnElement[bool]:
    """The project accounts that no interest keeps somebody from, as a filter; for an outer join too."""
    closed = sorted(closed_to(actor))
    if not closed:
        return sa.true()
    of = ProjectAccount.proposal_id
    return sa.or_(of.is_(None), of.not_in(closed))


def commitment(session: Session, actor: Actor, fund: Fund, number: str) -> Commitment | None:
    """A commitment by its number; none for what somebody may not see, as for what is not there. One query."""
    asked = sa.select(Commitment).outerjoin(ProjectAccount, ProjectAccount.id == Commitment.project_id)
    return session.scalars(
        asked.where(Commitment.fund_id == fund.id, Commitment.number == number, may_be_seen(actor))
    ).one_or_none()


def moves_of(session: Session, key: int) -> list[Moved]:
    """The moves of a commitment as its arithmetic takes them; one query."""
    move = CommitmentMove.__table__.c
    asked = sa.select(move.step, move.moved_on, move.cents, move.carried_cents).where(move.commitment_id == key)
    return [
        Moved(str(step), on, cents, carried) for step, on, cents, carried in session.execute(asked.order_by(move.id))
    ]


def standing_of(session: Session, key: int) -> Standing:
    """Where a commitment stands; one query."""
    return standing(moves_of(session, key))


def commitments(session: Session, actor: Actor, fund: Fund, wanted: Wanted = Wanted()) -> list[Row]:
    """The commitments of a fund that somebody may see, the newest first; one query."""
    move = CommitmentMove
    sums = (
        sa.select(
            move.commitment_id.label("of"), _sum(move.cents).label("open"), _sum(move.carried_cents).label("carried")
        )
        .where(move.moved_on <= (wanted.on or date.max))
        .group_by(move.commitment_id)
        .subquery()
    )
    asked = (
        sa.select(Commitment, ProjectAccount.code, Account.code, sums.c.open, sums.c.carried)
        .join(Account, Account.id == Commitment.account_id)
        .outerjoin(ProjectAccount, ProjectAccount.id == Commitment.project_id)
        .join(sums, sums.c.of == Commitment.id, isouter=wanted.on is None)
        .where(Commitment.fund_id == fund.id, may_be_seen(actor), *_narrowed(wanted))
    )
    found = (
        Row(
            one.number, project or "", one.payee, one.purpose, one.reference, account, one.erp_class, one.committed_on,
            one.expires_on, _stage(one.stage, opened, wanted.on), one.cents, int(opened or 0), int(carried or 0),
        )
        for one, project, account, opened, carried in session.execute(asked.order_by(Commitment.id.desc()))
    )  # fmt: skip
    words = fold(wanted.q)
    return [
        row
        for row in found
        if words in fold(f"{row.number} {row.payee} {row.purpose} {row.reference}")
        and (not wanted.stage or row.stage == wanted.stage)
    ]


def _stage(stage: CommitmentStage, opened: int | None, on: date | None) -> CommitmentStage:
    """Where a commitment stands; on a day, of one that was approved by then, whether anything of it was open."""
    if on is None:
        return stage
    return CommitmentStage.APPROVED if opened else CommitmentStage.CLOSED


def _narrowed(wanted: Wanted) -> Iterable[sa.ColumnElement[bool]]:
    if wanted.project:
        yield Commitment.project_id.is_(None) if wanted.project == OWN_WORK else ProjectAccount.code == wanted.project
    if wanted.classes:
        yield Commitment.erp_class.in_(wanted.classes)


def _sum(value: Any) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.coalesce(sa.func.sum(value), 0), sa.BigInteger)


def moves_to_carry(session: Session, fund_id: int, last: date) -> list[tuple[Commitment, list[Moved]]]:
    """The commitments of a fund that were made by a day, with all their moves, oldest first; two queries."""
    asked = sa.select(Commitment).where(
        Commitment.fund_id == fund_id, Commitment.stage.in_(COUNTED), Commitment.committed_on <= last
    )
    every = session.scalars(asked.order_by(Commitment.id)).all()
    move = CommitmentMove.__table__.c
    rows = (
        sa.select(move.commitment_id, move.step, move.moved_on, move.cents, move.carried_cents)
        .join(Commitment, Commitment.id == move.commitment_id)
        .where(Commitment.fund_id == fund_id)
    )
    found: defaultdict[int, list[Moved]] = defaultdict(list)
    for of, step, on, cents, carried in session.execute(rows.order_by(move.id)):
        found[of].append(Moved(str(step), on, cents, carried))
    return [(one, found[one.id]) for one in every]


def by_numbers(session: Session, fund_id: int, numbers: Sequence[str]) -> dict[str, int]:
    """Number, or the ERP's own number of it -> the commitment, by id, of those that were approved; one query."""
    asked = sa.select(Commitment.id, Commitment.number, Commitment.reference).where(
        Commitment.fund_id == fund_id, Commitment.stage.in_(COUNTED)
    )
    wanted, found = set(numbers), dict[str, int]()
    for key, number, reference in session.execute(asked.order_by(Commitment.id)):
        for name in (reference, number):
            if name in wanted:
                found[name] = key
    return found
