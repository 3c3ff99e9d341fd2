"""Taking in bank statements, and what somebody decides on a movement: nothing is booked without a person."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.contributions.models import Donor, Instalment, Pledge
from fundapp.finance.models import BankLine, BankStatement, Receipt
from fundapp.finance.operations.receiving import Received, reasoned, receive, settle
from fundapp.finance.queries.bank import known_digests, known_marks, may_come_in
from fundapp.finance.rules.bank import ReadStatement, marks
from fundapp.funds.models import Fund
from fundapp.funds.queries import hold
from fundapp.kernel.clock import today
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.money import Money
from fundapp.kernel.work import Work

CHANGED = "bank.changed"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a file of statements brought: statements and movements that are new, and movements that were there."""

    statements: int
    lines: int
    known: int


@operation(Permission.RECEIPT_RECORD)
def import_statements(work: Work, fund: Fund, found: Sequence[ReadStatement], name: str, digest: str) -> TakenIn:
    """Take in the statements of a file; nothing is booked. A file comes in once; movements that an earlier statement
    brought are passed over. digest: the SHA-256 of the file."""
    session = work.session
    hold(session, [fund])
    may_come_in(session, found, today())
    digests = digests_of(digest, len(found))
    if known := known_digests(session, fund.id, digests):
        raise refuse("bank.again", name=name, earlier=next(iter(known.values())))
    lines = there = 0
    for statement, own in zip(found, digests, strict=True):
        added = _keep(work, fund, statement, name, own)
        lines, there = lines + added, there + len(statement.movements) - added
    return TakenIn(len(found), lines, there)


def digests_of(digest: str, statements: int) -> list[str]:
    """The digest that each statement of a file is known by: that of the file, and of further ones with their place."""
    more = (hashlib.sha256(f"{digest}:{n}".encode()).hexdigest() for n in range(2, statements + 1))
    return [digest, *more]


def _keep(work: Work, fund: Fund, read: ReadStatement, name: str, digest: str) -> int:
    """Keep a statement and its movements that are new; says how many."""
    session, by = work.session, str(work.actor)
    kept = BankStatement(
        fund_id=fund.id, name=name[:255], layout=read.layout, digest=digest, account=read.account,
        currency=read.currency, number=read.number, opening_minor=read.opening, closing_minor=read.closing,
        first=read.first, last=read.last, at=work.at, by=by,
    )  # fmt: skip
    session.add(kept)
    session.flush()
    own = list(marks(read))
    there = known_marks(session, fund.id, own)
    fresh = [(n, mark, one) for n, (mark, one) in enumerate(zip(own, read.movements, strict=True), 1)
             if mark not in there]  # fmt: skip
    session.add_all(
        BankLine(
            statement_id=kept.id, fund_id=fund.id, number=n, mark=mark, booked_on=one.booked_on, minor=one.minor,
            reference=one.reference, counterparty=one.counterparty, text=one.text, passed_reason="",
        )
        for n, mark, one in fresh
    )  # fmt: skip
    session.flush()
    return len(fresh)


@operation(Permission.RECEIPT_RECORD)
def accept(work: Work, line: BankLine, donor: Donor, parts: Sequence[tuple[Instalment, int]], version: int) -> Receipt:
    """Record a movement as a receipt from a donor, and let it settle instalments, each by so many minor units; without
    any, and what it does not settle, it is held as received in advance."""
    session = work.session
    fund = _waiting(work, line, version)
    if sum(minor for _, minor in parts) > line.minor:
        money = Money(line.minor, line.statement.currency)
        raise Refusal(Fault("bank.more", {"most": money}, field="choice"))
    if len({one.id for one, _ in parts}) != len(parts):
        raise Refusal(Fault("bank.choice", field="choice"))
    for instalment, _ in parts:
        pledge = session.get_one(Pledge, instalment.pledge_id)
        if pledge.fund_id != fund.id or pledge.donor_id != donor.id:
            raise Refusal(Fault("bank.choice", field="choice"))
    money = Money(line.minor, line.statement.currency)
    note = "" if line.text == line.reference else line.text
    receipt = receive(work, fund, donor, Received(line.booked_on, money, line.reference, note[:2000], line.id))
    for instalment, minor in parts:
        settle(work, receipt, instalment, minor)
    return receipt


@operation(Permission.RECEIPT_RECORD)
def pass_by(work: Work, line: BankLine, reason: str, version: int) -> BankLine:
    """Say that a movement is no receipt of a contribution, and why; nothing is booked."""
    _waiting(work, line, version)
    reasoned(reason)
    line.passed_reason, line.passed_at, line.passed_by = reason.strip(), work.at, str(work.actor)
    return line


@operation(Permission.RECEIPT_RECORD)
def look_again(work: Work, line: BankLine, version: int) -> BankLine:
    """Take back that a movement is no receipt: it waits again."""
    _unchanged(work, line, version)
    if line.passed_at is None:
        raise refuse("bank.not-passed")
    line.passed_reason, line.passed_at, line.passed_by = "", None, None
    return line


def _unchanged(work: Work, line: BankLine, version: int) -> Fund:
    """The fund of a movement, held; refused where somebody else decided on the movement meanwhile."""
    session = work.session
    fund = session.get_one(Fund, line.fund_id)
    hold(session, [fund])
    session.refresh(line)
    if line.version != version:
        raise refuse(CHANGED)
    return fund


def _waiting(work: Work, line: BankLine, version: int) -> Fund:
    """The fund of a movement that still waits; refused where it does not."""
    fund = _unchanged(work, line, version)
    if line.minor <= 0:
        raise refuse("bank.paid-out")
    if line.passed_at is not None:
        raise refuse("bank.passed")
    asked = sa.select(Receipt.number).where(Receipt.bank_line_id == line.id, Receipt.undone_at.is_(None))
    if (number := work.session.scalar(asked)) is not None:
        raise refuse("receipt.line-twice", number=number)
    return fund
