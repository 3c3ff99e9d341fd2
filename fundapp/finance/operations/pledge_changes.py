"""That less is paid than was promised, or that money goes back: prepared by one, approved by another."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.contributions.models import Instalment, Pledge, PledgeStage
from fundapp.finance.models import ChangeKind, ChangeStage, PledgeChange, Receipt
from fundapp.finance.operations.receiving import book_of, held, may_be_day, open_day, reasoned
from fundapp.finance.queries.receiving import purse, standing
from fundapp.finance.rules.receiving import LOWERED, REFUNDED, WRITTEN_OFF, belonging
from fundapp.funds.models import Fund
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.money import Money
from fundapp.kernel.work import Work
from fundapp.ledger.core import Entry
from fundapp.ledger.operations import post

MEMOS = {ChangeKind.REDUCTION: LOWERED, ChangeKind.WRITE_OFF: WRITTEN_OFF}


@operation(Permission.PLEDGE_CHANGE_PREPARE)
def prepare_change(
    work: Work, instalment: Instalment, kind: ChangeKind, minor: int, on: date, reason: str
) -> PledgeChange:
    """Prepare that less is paid of an instalment: the donor lowers its pledge, or it is written off."""
    session = work.session
    held(session, instalment.fund_id)
    pledge = session.get_one(Pledge, instalment.pledge_id)
    session.refresh(pledge)
    if kind is ChangeKind.REFUND:
        raise Refusal(Fault("change.kind", field="kind"))
    cents = _lowers(session, pledge, instalment, minor, on)
    reasoned(reason)
    return _prepared(work, PledgeChange(
        fund_id=pledge.fund_id, pledge_id=pledge.id, instalment_id=instalment.id, kind=kind, minor=minor, cents=cents,
        changed_on=on, reason=reason.strip(),
    ))  # fmt: skip


@operation(Permission.PLEDGE_CHANGE_PREPARE)
def prepare_refund(work: Work, receipt: Receipt, minor: int, on: date, reason: str) -> PledgeChange:
    """Prepare that money goes back to the donor out of a receipt: first what settles nothing."""
    session = work.session
    held(session, receipt.fund_id)
    session.refresh(receipt)
    cents, income = _goes_back(session, receipt, minor, on)
    reasoned(reason)
    return _prepared(work, PledgeChange(
        fund_id=receipt.fund_id, receipt_id=receipt.id, kind=ChangeKind.REFUND, minor=minor, cents=cents + income,
        changed_on=on, reason=reason.strip(),
    ))  # fmt: skip


def _prepared(work: Work, change: PledgeChange) -> PledgeChange:
    change.stage, change.answer = ChangeStage.PREPARED, ""
    change.prepared_by_id, change.prepared_by, change.prepared_at = work.actor.id, str(work.actor), work.at
    work.session.add(change)
    return change


@operation(Permission.PLEDGE_CHANGE_APPROVE)
def approve_change(work: Work, change: PledgeChange, answer: str = "") -> PledgeChange:
    """Approve what another prepared: from now on it counts, and the books say so."""
    session = work.session
    fund = held(session, change.fund_id)
    _still_open(session, change)
    day = open_day(session, fund.id, change.changed_on)
    entry = _refund(session, fund, change, day) if change.receipt_id else _lowering(session, fund, change, day)
    change.entry_id = post(work, fund, entry) if entry is not None else None
    change.stage, change.changed_on = ChangeStage.APPROVED, day
    return _settled(work, change, answer)


@operation(Permission.PLEDGE_CHANGE_APPROVE)
def refuse_change(work: Work, change: PledgeChange, answer: str) -> PledgeChange:
    """Refuse what another prepared, with the reason: nothing changes."""
    held(work.session, change.fund_id)
    _still_open(work.session, change)
    reasoned(answer, "answer")
    change.stage = ChangeStage.REFUSED
    return _settled(work, change, answer)


def _still_open(session: Session, change: PledgeChange) -> None:
    session.refresh(change)
    if change.stage is not ChangeStage.PREPARED:
        raise refuse("change.settled")


def _settled(work: Work, change: PledgeChange, answer: str) -> PledgeChange:
    if answer.strip():
        reasoned(answer, "answer")
    change.settled_by, change.settled_at, change.answer = str(work.actor), work.at, answer.strip()
    return change


def _lowering(session: Session, fund: Fund, change: PledgeChange, day: date) -> Entry | None:
    instalment = session.get_one(Instalment, change.instalment_id)
    pledge = session.get_one(Pledge, instalment.pledge_id)
    session.refresh(pledge)
    change.cents = _lowers(session, pledge, instalment, change.minor, change.changed_on)
    memo = belonging(f"{MEMOS[change.kind]}{pledge.number}/{instalment.number}", change.changed_on, day)
    return book_of(session, fund, pledge.donor_id).lowered(day, memo, change.cents)


def _refund(session: Session, fund: Fund, change: PledgeChange, day: date) -> Entry | None:
    receipt = session.get_one(Receipt, change.receipt_id)
    session.refresh(receipt)
    advance, income = _goes_back(session, receipt, change.minor, change.changed_on)
    change.cents = advance + income
    memo = belonging(f"{REFUNDED}{receipt.number}", change.changed_on, day)
    return book_of(session, fund, receipt.donor_id).refunded(day, memo, advance, income)


def _lowers(session: Session, pledge: Pledge, instalment: Instalment, minor: int, on: date) -> int:
    """The cents that so much of an instalment is booked at; refused where so much of it is not open."""
    if pledge.stage is not PledgeStage.BINDING or pledge.binds_on is None:
        raise Refusal(Fault("pledge.not-binding", {"number": pledge.number}, field="instalment"))
    _on(on, pledge.binds_on)
    stands = standing(session, instalment)
    _at_most("change.over", Money(minor, pledge.currency), stands.outstanding)
    return stands.booked_share(minor)


def _goes_back(session: Session, receipt: Receipt, minor: int, on: date) -> tuple[int, int]:
    if receipt.undone_at is not None:
        raise refuse("receipt.undone", number=receipt.number)
    _on(on, receipt.received_on)
    kept = purse(session, receipt)
    _at_most("change.refund-over", Money(minor, receipt.currency), kept.refundable)
    return kept.goes_back(minor)


def _on(on: date, since: date) -> None:
    may_be_day("on", on)
    if on < since:
        raise Refusal(Fault("change.before", {"day": since}, field="on"))


def _at_most(code: str, asked: Money, most: int) -> None:
    if asked.minor <= 0:
        raise Refusal(Fault("receipt.amount", field="amount"))
    if asked.minor > most:
        raise Refusal(Fault(code, {"asked": asked, "most": Money(most, asked.currency)}, field="amount"))
