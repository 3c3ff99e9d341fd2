"""What donors promise becomes binding, and what they pay settles it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.contributions.models import Donor, Instalment, Pledge, PledgeStage
from fundapp.finance.models import BankLine, Receipt, Recognition, Settlement
from fundapp.finance.queries import account_ids, layout_of
from fundapp.finance.queries.receiving import has_refunds, purse, standing
from fundapp.finance.rules.exchange import in_cents
from fundapp.finance.rules.receiving import (
    ARROW,
    FIRST_DAY,
    LARGEST_MINOR,
    LONGEST_REFERENCE,
    LONGEST_TEXT,
    PLEDGED,
    RECEIVED,
    SETTLED,
    SHORTEST_REASON,
    UNDONE,
    Ledger,
    Received,
    belonging,
    exchange_account,
)
from fundapp.funds.models import Basis, Fund
from fundapp.funds.queries import hold, next_number
from fundapp.kernel.clock import today
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.money import Money
from fundapp.kernel.work import Work
from fundapp.ledger.operations import post, reverse
from fundapp.ledger.queries import first_open_day
from fundapp.reference.models import Currency
from fundapp.reference.queries import rate_on

__all__ = ["Received", "bind", "receive", "settle", "undo_receipt"]


@operation(Permission.PLEDGE_RECORD)
def bind(work: Work, pledge: Pledge, on: date) -> Pledge:
    """From this day on the pledge binds: where the fund's basis is accrual, each instalment becomes income at the
    rate of the day."""
    session = work.session
    fund = held(session, pledge.fund_id)
    session.refresh(pledge)
    _may_bind(session, pledge, on)
    pledge.stage, pledge.binds_on = PledgeStage.BINDING, on
    pledge.bound_by, pledge.bound_at = str(work.actor), work.at
    if fund.basis is Basis.ACCRUAL:
        for instalment in pledge.instalments:
            _recognise(work, fund, pledge, instalment)
    return pledge


def _may_bind(session: Session, pledge: Pledge, on: date) -> None:
    if pledge.stage is not PledgeStage.DRAFT:
        raise refuse("pledge.no-draft", number=pledge.number)
    may_be_day("on", on)
    parts = session.scalars(sa.select(Instalment.minor).where(Instalment.pledge_id == pledge.id)).all()
    if not parts or sum(parts) != pledge.minor or min(parts) <= 0:
        raise refuse("pledge.parts", number=pledge.number)
    session.refresh(pledge, ["instalments"])


def _recognise(work: Work, fund: Fund, pledge: Pledge, instalment: Instalment) -> None:
    session = work.session
    assert pledge.binds_on is not None
    money = Money(instalment.minor, pledge.currency)
    rate = rate_on(session, pledge.currency, pledge.binds_on)
    cents = in_cents(money.minor, money.currency, rate)
    day = open_day(session, fund.id, pledge.binds_on)
    memo = belonging(f"{PLEDGED}{pledge.number}/{instalment.number}", pledge.binds_on, day)
    entry = book_of(session, fund, pledge.donor_id).recognised(day, memo, cents, money, rate)
    if entry is None:
        raise refuse("receipt.too-small", currency=pledge.currency)
    session.add(
        Recognition(
            instalment_id=instalment.id, fund_id=fund.id, recognised_on=day, minor=money.minor, rate=rate, cents=cents,
            entry_id=post(work, fund, entry), at=work.at, by=str(work.actor),
        )
    )  # fmt: skip


@operation(Permission.RECEIPT_RECORD)
def receive(work: Work, fund: Fund, donor: Donor, received: Received) -> Receipt:
    """Record money that came in from a donor; until it settles an instalment it is held as received in advance."""
    session = work.session
    held(session, fund.id)
    said = replace(received, reference=received.reference.strip(), note=received.note.strip())
    _acceptable(session, said)
    _once(session, fund, donor, said)
    rate = rate_on(session, said.money.currency, said.on)
    cents = in_cents(said.money.minor, said.money.currency, rate)
    day = open_day(session, fund.id, said.on)
    number = next_number(session, Receipt.number, fund.id, f"R{said.on.year}-", 4)
    memo = belonging(f"{RECEIVED}{number}", said.on, day)
    entry = book_of(session, fund, donor.id).received(day, memo, cents, said.money, rate)
    if entry is None:
        raise refuse("receipt.too-small", currency=said.money.currency)
    receipt = Receipt(
        fund_id=fund.id, donor_id=donor.id, number=number, received_on=said.on, currency=said.money.currency,
        minor=said.money.minor, rate=rate, cents=cents, reference=said.reference, note=said.note,
        bank_line_id=said.bank_line_id, entry_id=post(work, fund, entry), at=work.at, by=str(work.actor),
        undone_reason="",
    )  # fmt: skip
    session.add(receipt)
    return receipt


def _acceptable(session: Session, said: Received) -> None:
    if said.money.minor <= 0:
        raise Refusal(Fault("receipt.amount", field="amount"))
    if said.money.minor > LARGEST_MINOR:
        raise Refusal(Fault("receipt.amount-large", field="amount"))
    may_be_day("on", said.on)
    if session.scalar(sa.select(Currency.id).where(Currency.code == said.money.currency)) is None:
        raise Refusal(Fault("rate.currency-unknown", {"currency": said.money.currency}, field="currency"))
    for field, text, largest in (
        ("reference", said.reference, LONGEST_REFERENCE),
        ("note", said.note, LONGEST_TEXT),
    ):
        if len(text) > largest:
            raise Refusal(Fault("call.long", {"found": len(text), "largest": largest}, field=field))


def _once(session: Session, fund: Fund, donor: Donor, said: Received) -> None:
    """What names the bank's reference, or a line of its statement, comes in once."""
    standing_ones = sa.select(Receipt.number).where(Receipt.fund_id == fund.id, Receipt.undone_at.is_(None)).limit(1)
    if said.reference:
        same = standing_ones.where(
            Receipt.donor_id == donor.id, Receipt.reference == said.reference, Receipt.received_on == said.on,
            Receipt.currency == said.money.currency, Receipt.minor == said.money.minor,
        )  # fmt: skip
        if (number := session.scalar(same)) is not None:
            raise Refusal(Fault("receipt.twice", {"number": number}, field="reference"))
    if said.bank_line_id is None:
        return
    line = session.get(BankLine, said.bank_line_id)
    if line is None or line.fund_id != fund.id:
        raise refuse("receipt.no-line")
    if (number := session.scalar(standing_ones.where(Receipt.bank_line_id == line.id))) is not None:
        raise refuse("receipt.line-twice", number=number)


@operation(Permission.RECEIPT_RECORD)
def settle(work: Work, receipt: Receipt, instalment: Instalment, minor: int) -> Settlement:
    """Let a receipt settle an instalment, in part or in full, due or not: what it was booked at is paid, and the
    difference is gain or loss on exchange."""
    session = work.session
    fund = held(session, receipt.fund_id)
    pledge = session.get_one(Pledge, instalment.pledge_id)
    session.refresh(receipt)
    session.refresh(pledge)
    _may_settle(receipt, pledge, instalment)
    held_now, stands = purse(session, receipt), standing(session, instalment)
    _enough(Money(minor, receipt.currency), held_now.left, stands.outstanding)
    known = session.scalars(sa.select(Recognition).where(Recognition.instalment_id == instalment.id)).one_or_none()
    gave, booked = held_now.gives(minor), stands.booked_share(minor) if known is not None else None
    since = max(receipt.received_on, pledge.binds_on or receipt.received_on)
    day = open_day(session, fund.id, max(since, known.recognised_on) if known is not None else since)
    exchange = ""
    if known is not None and booked != gave:
        exchange = exchange_account(_printed(session, fund, day), pledge.donor.code, known.recognised_on, day)
    memo = belonging(f"{SETTLED}{receipt.number}{ARROW}{pledge.number}/{instalment.number}", since, day)
    entry = book_of(session, fund, receipt.donor_id).settled(day, memo, gave, booked, exchange)
    settlement = Settlement(
        receipt_id=receipt.id, instalment_id=instalment.id, settled_on=day, minor=minor, cents=gave,
        recognised_cents=gave if booked is None else booked,
        entry_id=post(work, fund, entry) if entry is not None else None, at=work.at, by=str(work.actor),
    )  # fmt: skip
    session.add(settlement)
    return settlement


def _printed(session: Session, fund: Fund, on: date) -> set[str]:
    """The accounts that the fund's statement of that day prints."""
    return {line.code for line in layout_of(session, fund, on) if line.is_account}


def _enough(asked: Money, left: int, outstanding: int) -> None:
    if asked.minor <= 0:
        raise Refusal(Fault("receipt.amount", field="amount"))
    for code, most in (("settle.over-receipt", left), ("settle.over-instalment", outstanding)):
        if asked.minor > most:
            values = {"asked": asked, "most": Money(most, asked.currency)}
            raise Refusal(Fault(code, values, field="amount"))


def _may_settle(receipt: Receipt, pledge: Pledge, instalment: Instalment) -> None:
    if receipt.undone_at is not None:
        raise refuse("receipt.undone", number=receipt.number)
    if pledge.fund_id != receipt.fund_id or pledge.donor_id != receipt.donor_id:
        raise Refusal(Fault("settle.other-donor", {"number": receipt.number}, field="instalment"))
    if pledge.stage is not PledgeStage.BINDING:
        raise Refusal(Fault("pledge.not-binding", {"number": pledge.number}, field="instalment"))
    if pledge.currency != receipt.currency:
        values = {"number": pledge.number, "currency": pledge.currency, "other": receipt.currency}
        raise Refusal(Fault("settle.other-currency", values, field="instalment"))


@operation(Permission.RECEIPT_RECORD)
def undo_receipt(work: Work, receipt: Receipt, reason: str) -> Receipt:
    """Take back a receipt that was recorded by mistake, with all that it settled; each entry is mirrored on its own
    day, or on the first open day after it."""
    session = work.session
    fund = held(session, receipt.fund_id)
    session.refresh(receipt)
    if receipt.undone_at is not None:
        raise refuse("receipt.undone", number=receipt.number)
    if has_refunds(session, receipt):
        raise refuse("receipt.refunded", number=receipt.number)
    reasoned(reason)
    memo = f"{UNDONE}{receipt.number}"
    settled = session.scalars(
        sa.select(Settlement).where(Settlement.receipt_id == receipt.id).order_by(Settlement.id.desc())
    ).all()
    last = max((one.settled_on for one in settled), default=receipt.received_on)
    day = open_day(session, fund.id, last)
    for one in settled:
        if one.entry_id is not None:
            reverse(work, fund, one.entry_id, day, memo)
    own = open_day(session, fund.id, receipt.received_on)
    receipt.undone_entry_id = reverse(work, fund, receipt.entry_id, max(own, day), memo)
    receipt.undone_at, receipt.undone_by, receipt.undone_reason = work.at, str(work.actor), reason.strip()
    return receipt


def held(session: Session, fund_id: int) -> Fund:
    """The fund, held to the end of the unit of work: what is left to pay stays as it is read."""
    fund = session.get_one(Fund, fund_id)
    hold(session, [fund])
    return fund


def open_day(session: Session, fund_id: int, on: date) -> date:
    """The day itself where it takes entries, else the first after it that does; refused where none does until today."""
    day = first_open_day(session, fund_id, on)
    if day > today():
        raise refuse("period.none-open", day=on)
    return day


def book_of(session: Session, fund: Fund, donor_id: int) -> Ledger:
    """How the fund's entries of a donor are written."""
    return Ledger(fund.id, account_ids(session), donor_id)


def reasoned(reason: str, field: str = "reason") -> None:
    """Refuse a reason that says nothing, or too much."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(Fault("reason.short", {"smallest": SHORTEST_REASON}, field=field))
    if len(reason) > LONGEST_TEXT:
        raise Refusal(Fault("call.long", {"found": len(reason), "largest": LONGEST_TEXT}, field=field))


def may_be_day(field: str, on: date) -> None:
    """Refuse a day that is in the future, or before there was anything."""
    if not FIRST_DAY <= on <= today():
        raise Refusal(Fault("receipt.day", {"day": on.isoformat(), "first": FIRST_DAY.isoformat()}, field=field))
