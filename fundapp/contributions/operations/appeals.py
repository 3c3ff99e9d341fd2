"""Who was asked for a contribution, when, for what, and what came of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.contributions.models import Answered, Appeal, Donor, Pledge, PledgeStage
from fundapp.contributions.operations.register import unless
from fundapp.contributions.rules.register import GivenAppeal, appeal_faults
from fundapp.funds.models import Fund
from fundapp.funds.queries import hold
from fundapp.kernel.clock import today
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work
from fundapp.reference.queries import currency as currency_of

CHANGED = "appeal.changed"


@operation(Permission.DONOR_KEEP)
def record_appeal(work: Work, fund: Fund, said: GivenAppeal) -> Appeal:
    """Record that somebody was asked; the same once."""
    hold(work.session, [fund])
    _sound(work, fund, said)
    columns = _columns(said)
    same = {name: columns[name] for name in ("donor_id", "name", "asked_on", "purpose")}
    alike = sa.select(Appeal.id).filter_by(fund_id=fund.id, **same).limit(1)
    if work.session.scalar(alike) is not None:
        raise Refusal(Fault("appeal.known", field="purpose"))
    made = Appeal(fund_id=fund.id, at=work.at, by=str(work.actor), **columns)
    work.session.add(made)
    return made


@operation(Permission.DONOR_KEEP)
def change_appeal(work: Work, appeal: Appeal, said: GivenAppeal, version: int) -> None:
    """Say what came of a request, or correct it."""
    fund = work.session.get_one(Fund, appeal.fund_id)
    hold(work.session, [fund])
    if appeal.version != version:
        raise refuse(CHANGED)
    _sound(work, fund, said)
    for name, value in _columns(said).items():
        setattr(appeal, name, value)


def _columns(said: GivenAppeal) -> dict[str, Any]:
    return {
        "donor_id": said.donor,
        "name": said.name,
        "asked_on": said.asked_on,
        "purpose": said.purpose,
        "currency": said.currency,
        "minor": said.minor,
        "answer": Answered(said.answer),
        "follow_up_on": said.follow_up_on,
        "note": said.note,
        "pledge_id": said.pledge,
    }


def _sound(work: Work, fund: Fund, said: GivenAppeal) -> None:
    faults = list(appeal_faults(said, today()))
    if said.answer not in set(Answered):
        faults.append(Fault("appeal.no-answer", field="answer"))
    if said.donor is not None and (said.donor <= 0 or work.session.get(Donor, said.donor) is None):
        faults.append(Fault("pledge.no-donor", field="donor"))
    if currency_of(work.session, said.currency) is None:
        faults.append(Fault("pledge.no-currency", {"text": said.currency[:10]}, field="currency"))
    if said.pledge is not None:
        faults += _pledge_faults(work, fund, said, said.pledge)
    unless(faults)


def _pledge_faults(work: Work, fund: Fund, said: GivenAppeal, key: int) -> list[Fault]:
    """Whether the pledge that came of it is one of the fund, stands, and is of whoever was asked."""
    found = work.session.get(Pledge, key) if key > 0 else None
    if found is None or found.fund_id != fund.id or found.stage is PledgeStage.CANCELLED:
        return [Fault("appeal.no-pledge", field="pledge")]
    if found.donor_id != said.donor:
        return [Fault("appeal.other-donor", {"number": found.number}, field="pledge")]
    return []
