"""Project accounts out of approvals, and allotments: prepared by one, released by another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.board.models import Decision
from fundapp.board.queries.deciding import allotment_waits_for
from fundapp.finance.models import Allotment, AllotmentLine, AllotmentStage, ProjectAccount
from fundapp.finance.queries.project_accounts import last_moved
from fundapp.finance.queries.spending import approval, uses
from fundapp.finance.rules.spending import (
    GivenAccount,
    GivenAllotment,
    faults_of_account,
    faults_of_allotment,
    faults_of_reason,
    group_of,
)
from fundapp.funds.models import Fund
from fundapp.funds.queries import hold
from fundapp.kernel.clock import today
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work
from fundapp.proposals.models import Proposal
from fundapp.reference.models import Country


@operation(Permission.ALLOTMENT_PREPARE)
def open_account(work: Work, decision: Decision, said: GivenAccount) -> ProjectAccount:
    """Open the account of a project that was approved: what is not said is as the proposal has it."""
    session = work.session
    fund = session.get_one(Fund, decision.fund_id)
    hold(session, [fund])
    found = approval(session, decision.proposal_id)
    if found is None or found.id != decision.id:
        raise refuse("account.not-approved")
    proposal = session.get_one(Proposal, decision.proposal_id)
    full = replace(
        said,
        code=said.code or proposal.reference,
        title=said.title or proposal.title,
        country=said.country or proposal.country or "",
        opened_on=said.opened_on or today(),
    )
    if session.scalar(sa.select(ProjectAccount.id).where(ProjectAccount.proposal_id == proposal.id)) is not None:
        raise refuse("account.already", reference=proposal.reference)
    return _opened(work, fund, full, proposal.id, decision.id)


@operation(Permission.ALLOTMENT_PREPARE)
def open_older_account(work: Work, fund: Fund, said: GivenAccount) -> ProjectAccount:
    """Open the account of a project that is older than the program, or of work that no proposal asked for."""
    hold(work.session, [fund])
    return _opened(work, fund, said, None, None)


def _opened(work: Work, fund: Fund, said: GivenAccount, proposal: int | None, decision: int | None) -> ProjectAccount:
    session = work.session
    faults = faults_of_account(said, today())
    of_fund = sa.select(ProjectAccount.id).where(ProjectAccount.fund_id == fund.id)
    if session.scalar(of_fund.where(ProjectAccount.code == said.code)) is not None:
        faults.append(Fault("account.code-taken", {"text": said.code}, field="code"))
    if said.erp_code and session.scalar(of_fund.where(ProjectAccount.erp_code == said.erp_code)) is not None:
        faults.append(Fault("account.code-taken", {"text": said.erp_code}, field="erp_code"))
    if said.country and session.scalar(sa.select(Country.code).where(Country.code == said.country)) is None:
        faults.append(Fault("account.country", {"text": said.country[:10]}, field="country"))
    if faults:
        raise Refusal(*faults)
    made = ProjectAccount(
        fund_id=fund.id, code=said.code, erp_code=said.erp_code or None, title=said.title, country=said.country or None,
        proposal_id=proposal, decision_id=decision, opened_on=said.opened_on, ends_on=said.ends_on, at=work.at,
        by=str(work.actor),
    )  # fmt: skip
    session.add(made)
    return made


@operation(Permission.ALLOTMENT_PREPARE)
def close_account(work: Work, project: ProjectAccount, on: date, seen: int) -> None:
    """Close a project account: nothing is committed on it any more. Refused while anything of its commitments is open,
    while something of it waits for a certifying officer, and on a day before its last entry."""
    session = work.session
    hold(session, [session.get_one(Fund, project.fund_id)])
    _unchanged(session, project, seen)
    if project.closed_on is not None:
        raise refuse("account.closed", code=project.code)
    if on < project.opened_on or on > today():
        raise Refusal(Fault("account.future", {"day": on.isoformat()}, field="on"))
    moved = last_moved(session, project.fund_id, project.id)
    if moved.open:
        raise refuse("account.commitments-open", open_cents=moved.open)
    if moved.waiting:
        raise refuse("account.waits", waiting=moved.waiting)
    if moved.last is not None and on < moved.last:
        raise Refusal(Fault("account.entries-after", {"day": moved.last.isoformat()}, field="on"))
    project.closed_on = on


def _unchanged(session: Session, row: ProjectAccount | Allotment, seen: int) -> None:
    session.refresh(row, with_for_update=True)
    if row.version != seen:
        raise refuse("spending.changed")


@operation(Permission.ALLOTMENT_PREPARE)
def prepare_allotment(work: Work, project: ProjectAccount, said: GivenAllotment) -> Allotment:
    """Prepare money for a project, by class, for another to release; negative takes of what was allotted."""
    session = work.session
    hold(session, [session.get_one(Fund, project.fund_id)])
    session.refresh(project)
    if project.closed_on is not None:
        raise refuse("account.closed", code=project.code)
    if faults := faults_of_allotment(said, project.opened_on):
        raise Refusal(*faults)
    waits = sa.select(Allotment.number).where(
        Allotment.project_id == project.id, Allotment.stage == AllotmentStage.PREPARED
    )
    if (number := session.scalar(waits)) is not None:
        raise refuse("allotment.one-waits", number=number)
    last = session.scalar(sa.select(sa.func.max(Allotment.number)).where(Allotment.project_id == project.id))
    made = Allotment(
        fund_id=project.fund_id, project_id=project.id, number=(last or 0) + 1, stage=AllotmentStage.PREPARED,
        since=said.since, reason=said.reason.strip(), prepared_by_id=work.actor.id, prepared_by=str(work.actor),
        prepared_at=work.at, answer="",
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.add_all(
        AllotmentLine(allotment_id=made.id, erp_class=code, cents=cents)
        for code, cents in said.classes.items()
        if cents
    )
    session.flush()
    _may_be_allotted(session, project, made)
    return made


@operation(Permission.ALLOTMENT_RELEASE)
def release_allotment(work: Work, allotment: Allotment, seen: int) -> None:
    """Release an allotment that another prepared: from its day on the project may spend it. Refused while the money
    waits for conditions of the decision, above what was approved, and below what is spent or committed already."""
    session = work.session
    _waiting(work, allotment, seen)
    project = session.get_one(ProjectAccount, allotment.project_id)
    if project.closed_on is not None:
        raise refuse("account.closed", code=project.code)
    if project.proposal_id is not None and _cents(session, allotment) > 0:
        waits = allotment_waits_for(session, session.get_one(Proposal, project.proposal_id))
        if waits:
            raise refuse("allotment.waits", conditions=len(waits), due=min(one.due_on for one in waits).isoformat())
    _may_be_allotted(session, project, allotment)
    _settle(work, allotment, AllotmentStage.RELEASED, "")


@operation(Permission.ALLOTMENT_RELEASE)
def refuse_allotment(work: Work, allotment: Allotment, answer: str, seen: int) -> None:
    """Refuse an allotment that another prepared, and say why."""
    _waiting(work, allotment, seen)
    if faults := faults_of_reason(answer, "answer"):
        raise Refusal(*faults)
    _settle(work, allotment, AllotmentStage.REFUSED, answer.strip())


def _waiting(work: Work, allotment: Allotment, seen: int) -> None:
    hold(work.session, [work.session.get_one(Fund, allotment.fund_id)])
    _unchanged(work.session, allotment, seen)
    if allotment.stage is not AllotmentStage.PREPARED:
        raise refuse("allotment.settled", number=allotment.number)


def _settle(work: Work, allotment: Allotment, stage: AllotmentStage, answer: str) -> None:
    allotment.stage, allotment.answer = stage, answer
    allotment.settled_by, allotment.settled_at = str(work.actor), work.at


def _cents(session: Session, allotment: Allotment) -> int:
    line = AllotmentLine
    return int(session.scalar(sa.select(sa.func.sum(line.cents)).where(line.allotment_id == allotment.id)) or 0)


def _may_be_allotted(session: Session, project: ProjectAccount, allotment: Allotment) -> None:
    """Refuse more than was approved, and less in a class than is spent or committed of it."""
    used = uses(session, project.fund_id, date.max, project.id).get(project.id, {})
    whole = sum(one.allotted for one in used.values()) + _cents(session, allotment)
    if project.proposal_id is not None:
        decision = approval(session, project.proposal_id)
        if decision is None:
            raise refuse("account.not-approved")
        if whole > (decision.amount_cents or 0):
            raise refuse("allotment.above-decision", allotted_cents=whole, approved_cents=decision.amount_cents or 0)
    lines = sa.select(AllotmentLine).where(AllotmentLine.allotment_id == allotment.id)
    by_group: dict[str, int] = {}
    for line in session.scalars(lines):
        by_group[group_of(line.erp_class)] = by_group.get(group_of(line.erp_class), 0) + line.cents
    for group, cents in by_group.items():
        use = used.get(group)
        left = cents + (use.left if use else 0)
        if cents < 0 and left < 0:
            raise refuse("allotment.below-use", classes=group, used_cents=use.committed + use.spent if use else 0)
