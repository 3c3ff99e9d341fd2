"""Commitments: raised by one, approved by another; paid in part, changed, cancelled; carried over a year's end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.finance.models import Commitment, CommitmentMove, CommitmentStage, CommitmentStep, ProjectAccount
from fundapp.finance.queries.commitments import by_numbers, moves_of, moves_to_carry, standing_of
from fundapp.finance.queries.spending import uses
from fundapp.finance.rules.books import ADJUSTMENT, OWED
from fundapp.finance.rules.commitments import (
    Carrying,
    GivenCommitment,
    Moved,
    carrying,
    faults_of_commitment,
    faults_of_step,
    payment,
)
from fundapp.finance.rules.spending import Use, choices_of, faults_of_reason, group_of, total
from fundapp.finance.situation import situation
from fundapp.funds.models import Fund
from fundapp.funds.queries import hold, next_number
from fundapp.kernel.clock import today
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work
from fundapp.ledger.core import Entry, Line
from fundapp.ledger.operations import post
from fundapp.ledger.queries import accounts
from fundapp.ledger.queries.periods import first_open_day
from fundapp.ledger.rules import first_day, last_day

# What the entries say; finance/views/memos.py says it in six languages.
MEMO_CARRIED, MEMO_PAID, MEMO_DROPPED = "Commitments carried over", "Commitment paid: ", "Commitment cancelled: "


@operation(Permission.COMMITMENT_RAISE)
def raise_commitment(work: Work, fund: Fund, said: GivenCommitment) -> Commitment:
    """Raise a commitment, for another to approve. Refused above what is left of the allotment and of the cash."""
    session = work.session
    hold(session, [fund])
    if faults := faults_of_commitment(said, choices_of(said.account), today()):
        raise Refusal(*faults)
    assert said.committed_on is not None and said.expires_on is not None and said.cents is not None
    project = session.get(ProjectAccount, said.project_id) if said.project_id is not None else None
    if said.project_id is not None and (project is None or project.fund_id != fund.id):
        raise Refusal(Fault("commitment.project", field="project"))
    account = accounts(session).get(said.account)
    if account is None:
        raise Refusal(Fault("commitment.class", {"text": said.account[:20]}, field="line"))
    number = next_number(session, Commitment.number, fund.id, f"C{said.committed_on.year}-", 4)
    made = Commitment(
        fund_id=fund.id, number=number, project_id=said.project_id,
        account_id=account, erp_class=said.erp_class, payee=said.payee.strip(), purpose=said.purpose.strip(),
        reference=said.reference.strip(), committed_on=said.committed_on, expires_on=said.expires_on, cents=said.cents,
        stage=CommitmentStage.RAISED, prepared_by_id=work.actor.id, prepared_by=str(work.actor), prepared_at=work.at,
        answer="",
    )  # fmt: skip
    _may_commit(session, fund, project, made, said.cents, said.committed_on)
    session.add(made)
    return made


def _may_commit(
    session: Session, fund: Fund, project: ProjectAccount | None, of: Commitment, cents: int, on: date
) -> None:
    """Refuse what is above the allotment, of the class or of the project, or above the cash less the reserve: both on
    the day and with all that is known since."""
    if first_open_day(session, fund.id, on) != on:
        raise Refusal(Fault("commitment.period-closed", {"day": on.isoformat()}, field="committed_on"))
    for day in sorted({on, max(today(), on)}):
        if project is not None:
            _within_allotment(session, project, of.erp_class, cents, day)
        found = situation(session, fund, day)
        if cents > found.to_commit:
            raise refuse(
                "commitment.no-cash", day=day.isoformat(), wanted_cents=cents, cash_cents=found.cash,
                reserve_cents=found.reserve, commitments_cents=found.commitments, left_cents=found.to_commit,
            )  # fmt: skip


def _within_allotment(session: Session, project: ProjectAccount, erp_class: str, cents: int, day: date) -> None:
    if project.closed_on is not None:
        raise refuse("account.closed", code=project.code)
    used = uses(session, project.fund_id, day, project.id).get(project.id, {})
    group = group_of(erp_class)
    of_class = used.get(group, Use())
    whole = total(used.values())
    for use, code in ((of_class, "commitment.above-class"), (whole, "commitment.above-allotment")):
        if cents > use.left:
            raise refuse(
                code, code=project.code, classes=group, wanted_cents=cents, allotted_cents=use.allotted,
                committed_cents=use.committed, spent_cents=use.spent, left_cents=use.left,
            )  # fmt: skip


@operation(Permission.COMMITMENT_APPROVE)
def approve_commitment(work: Work, commitment: Commitment, seen: int) -> None:
    """Approve a commitment that another raised; what it is held against is looked at again."""
    session = work.session
    fund = _held(work, commitment, seen)
    if commitment.stage is not CommitmentStage.RAISED:
        raise refuse("commitment.settled", number=commitment.number)
    project = session.get_one(ProjectAccount, commitment.project_id) if commitment.project_id is not None else None
    _may_commit(session, fund, project, commitment, commitment.cents, commitment.committed_on)
    commitment.stage = CommitmentStage.APPROVED
    commitment.settled_by, commitment.settled_at = str(work.actor), work.at
    _move(work, commitment, CommitmentStep.APPROVED, commitment.cents, 0, commitment.committed_on, "")


@operation(Permission.COMMITMENT_APPROVE)
def refuse_commitment(work: Work, commitment: Commitment, answer: str, seen: int) -> None:
    """Refuse a commitment that another raised, and say why."""
    _held(work, commitment, seen)
    if commitment.stage is not CommitmentStage.RAISED:
        raise refuse("commitment.settled", number=commitment.number)
    if faults := faults_of_reason(answer):
        raise Refusal(*faults)
    commitment.stage, commitment.answer = CommitmentStage.REFUSED, answer.strip()
    commitment.settled_by, commitment.settled_at = str(work.actor), work.at


@operation(Permission.COMMITMENT_RAISE)
def liquidate(
    work: Work, commitment: Commitment, cents: int, on: date, reason: str, seen: int, entry_id: int | None = None
) -> CommitmentMove:
    """Pay of a commitment, in part or whole; the expenditure itself is booked where it comes in. What was carried over
    a year's end is paid first, and the year it is paid in does not bear it twice."""
    fund = _held(work, commitment, seen)
    _steppable(work.session, fund, commitment, cents, on, reason)
    found = payment(standing_of(work.session, commitment.id), cents)
    if found.beyond:
        raise Refusal(
            Fault("commitment.above-open", {"open_cents": -found.cents, "wanted_cents": cents}, field="amount")
        )
    return _paid(work, fund, commitment, found.cents, found.carried, on, reason, entry_id)


def _paid(
    work: Work, fund: Fund, commitment: Commitment, cents: int, carried: int, on: date, reason: str, entry: int | None
) -> CommitmentMove:
    if carried:
        memo = f"{MEMO_PAID}{commitment.number}"
        entry = post(work, fund, _owed(work.session, commitment, on, memo, carried, None))
    return _move(work, commitment, CommitmentStep.LIQUIDATED, cents, carried, on, reason, entry)


@operation(Permission.COMMITMENT_APPROVE)
def change_commitment(work: Work, commitment: Commitment, by: int, on: date, reason: str, seen: int) -> CommitmentMove:
    """Add to a commitment, or, negative, take from what is open of it; done by another than who raised it."""
    session = work.session
    fund = _held(work, commitment, seen)
    _steppable(session, fund, commitment, by, on, reason)
    stands = standing_of(session, commitment.id)
    if by > 0:
        project = session.get_one(ProjectAccount, commitment.project_id) if commitment.project_id is not None else None
        _may_commit(session, fund, project, commitment, by, on)
    elif -by > stands.fresh:
        raise Refusal(Fault("commitment.below-nil", {"open_cents": stands.fresh}, field="amount"))
    return _move(work, commitment, CommitmentStep.CHANGED, by, 0, on, reason)


@operation(Permission.COMMITMENT_APPROVE)
def cancel_commitment(work: Work, commitment: Commitment, on: date, reason: str, seen: int) -> CommitmentMove:
    """Cancel what is open of a commitment. What was carried over a year's end, and so is expenditure of that year,
    becomes an adjustment of prior-year expenditure."""
    session = work.session
    fund = _held(work, commitment, seen)
    _steppable(session, fund, commitment, None, on, reason)
    stands, entry = standing_of(session, commitment.id), None
    if stands.carried:
        memo = f"{MEMO_DROPPED}{commitment.number}"
        entry = post(work, fund, _owed(session, commitment, on, memo, -stands.carried, ADJUSTMENT))
    return _move(work, commitment, CommitmentStep.CANCELLED, -stands.open, -stands.carried, on, reason, entry)


@operation(Permission.COMMITMENT_RAISE)
def carry_over(work: Work, fund: Fund, year: int) -> list[Commitment]:
    """Book what is open of all commitments at a year's end as expenditure of that year, in one entry; says which they
    are. What was paid or dropped since then leaves what is owed again, on the first open day of the next year."""
    session = work.session
    hold(session, [fund])
    last = last_day(year)
    if last >= today():
        raise Refusal(Fault("commitment.year-not-over", {"year": year}, field="year"))
    if first_open_day(session, fund.id, last) != last:
        raise Refusal(Fault("commitment.period-closed", {"day": last.isoformat()}, field="year"))
    every = moves_to_carry(session, fund.id, last)
    if any(one.step == CommitmentStep.CARRIED and one.on > last for _of, moves in every for one in moves):
        raise Refusal(Fault("commitment.later-carried", {"year": year}, field="year"))
    found = [(of, what) for of, moves in every if (what := carrying(moves, last)).carried]
    if not found:
        raise Refusal(Fault("commitment.nothing-to-carry", {"year": year}, field="year"))
    owed = accounts(session)[OWED]
    lines = [Line(of.account_id, what.carried, project_id=of.project_id) for of, what in found]
    lines.append(Line(owed, -sum(what.carried for _of, what in found)))
    entry = post(work, fund, Entry(fund.id, last, MEMO_CARRIED, tuple(lines)))
    for of, what in found:
        session.add(_moved(work, of, CommitmentStep.CARRIED, 0, what.carried, last, str(year), entry))
        _since(work, fund, of, what, first_day(year + 1))
    return [of for of, _what in found]


def _since(work: Work, fund: Fund, of: Commitment, what: Carrying, first: date) -> None:
    """What became of it between the year's end and its carrying over."""
    on = first_open_day(work.session, fund.id, first)
    if what.paid:
        entry = post(work, fund, _owed(work.session, of, on, f"{MEMO_PAID}{of.number}", -what.paid, None))
        work.session.add(_moved(work, of, CommitmentStep.LIQUIDATED, 0, -what.paid, on, "", entry))
    if what.dropped:
        entry = post(work, fund, _owed(work.session, of, on, f"{MEMO_DROPPED}{of.number}", -what.dropped, ADJUSTMENT))
        work.session.add(_moved(work, of, CommitmentStep.CANCELLED, 0, -what.dropped, on, "", entry))


@operation(Permission.COMMITMENT_RAISE)
def liquidate_extract(work: Work, fund: Fund, paid: Sequence[tuple[str, int, date, int]]) -> list[str]:
    """Pay commitments as an extract of expenditure names them: number, cents, day, entry. Negative: money that came
    back. Numbers that nobody knows are returned; what is above what is open is expenditure without a commitment."""
    session = work.session
    hold(session, [fund])
    known = by_numbers(session, fund.id, [number for number, *_ in paid])
    for number, cents, on, entry in paid:
        if (key := known.get(number)) is None or not cents:
            continue
        commitment = session.get_one(Commitment, key)
        found = payment(standing_of(session, key), cents)
        if found.cents:
            day = first_open_day(session, fund.id, on)
            _paid(work, fund, commitment, found.cents, found.carried, day, "", entry)
    return sorted({number for number, *_ in paid if number not in known})


def _held(work: Work, commitment: Commitment, seen: int) -> Fund:
    """The fund, held, with the commitment as it was looked at."""
    fund = work.session.get_one(Fund, commitment.fund_id)
    hold(work.session, [fund])
    work.session.refresh(commitment, with_for_update=True)
    if commitment.version != seen:
        raise refuse("spending.changed")
    return fund


def _steppable(session: Session, fund: Fund, of: Commitment, cents: int | None, on: date, reason: str) -> None:
    if of.stage is not CommitmentStage.APPROVED:
        raise refuse("commitment.not-open", number=of.number)
    faults = faults_of_step(cents, on, reason, today())
    if not faults and on < (latest := _latest(moves_of(session, of.id))):
        faults = [Fault("commitment.before-last", {"day": latest.isoformat()}, field="on")]
    if not faults and first_open_day(session, fund.id, on) != on:
        faults = [Fault("commitment.period-closed", {"day": on.isoformat()}, field="on")]
    if faults:
        raise Refusal(*faults)


def _latest(moves: Sequence[Moved]) -> date:
    return max(one.on for one in moves)


def _owed(session: Session, of: Commitment, on: date, memo: str, carried: int, other: str | None) -> Entry:
    """The entry that takes of what is owed (carried negative) or gives back, against the line of the commitment or
    another account."""
    known = accounts(session)
    against = of.account_id if other is None else known[other]
    project = of.project_id if other is None else None
    return Entry(of.fund_id, on, memo, (Line(known[OWED], -carried), Line(against, carried, project_id=project)))


def _move(
    work: Work, of: Commitment, step: CommitmentStep, cents: int, carried: int, on: date, reason: str,
    entry: int | None = None,
) -> CommitmentMove:  # fmt: skip
    """Take a step; a commitment of which nothing is open any more is closed, and one that is open again is not."""
    made = _moved(work, of, step, cents, carried, on, reason, entry)
    work.session.add(made)
    work.session.flush()
    left = standing_of(work.session, of.id).open
    of.stage = CommitmentStage.APPROVED if left else CommitmentStage.CLOSED
    sa.orm.attributes.flag_modified(of, "stage")  # its version says that a step was taken
    return made


def _moved(
    work: Work, of: Commitment, step: CommitmentStep, cents: int, carried: int, on: date, reason: str, entry: int | None
) -> CommitmentMove:
    return CommitmentMove(
        commitment_id=of.id, step=step, cents=cents, carried_cents=carried, moved_on=on, reason=reason.strip(),
        entry_id=entry, at=work.at, by=str(work.actor),
    )  # fmt: skip
