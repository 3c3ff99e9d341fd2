"""What donors promise: drafting a pledge and changing it, leaving it, and keeping its papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.contributions.models import (
    Donor,
    Earmark,
    Instalment,
    Pledge,
    PledgeFile,
    PledgeKind,
    PledgePaper,
    PledgeStage,
)
from fundapp.contributions.operations.register import unless
from fundapp.contributions.queries.earmarks import earmarks, projects
from fundapp.contributions.queries.pledges import papers_of, pledge_alike
from fundapp.contributions.rules.pledges import LONGEST_TEXT, GivenPledge, pledge_faults
from fundapp.funds.models import Fund
from fundapp.funds.queries import hold, next_number
from fundapp.kernel.clock import today
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.files import Kept
from fundapp.kernel.languages import DEFAULT
from fundapp.kernel.work import Work
from fundapp.reference.queries import currency as currency_of

MOST_PAPERS = 40  # of a pledge
CHANGED = "pledge.changed"


@dataclass(frozen=True, slots=True)
class Paper:
    """A file of a pledge that was looked at and is kept."""

    kind: str
    name: str
    media_type: str
    kept: Kept


@operation(Permission.PLEDGE_RECORD)
def draft_pledge(work: Work, fund: Fund, said: GivenPledge) -> Pledge:
    """Record a pledge or agreement as a draft, with its instalments; nothing is booked before it binds."""
    hold(work.session, [fund])
    _sound(work, fund, said, None)
    number = next_number(work.session, Pledge.number, fund.id, f"{said.announced_on.year}-", 3)
    made = Pledge(
        fund_id=fund.id, number=number, stage=PledgeStage.DRAFT, cancel_reason="",
        **_prepared(work), **_columns(said),
    )  # fmt: skip
    work.session.add(made)
    work.session.flush()
    _lay_out(work, made, said)
    return made


@operation(Permission.PLEDGE_RECORD)
def change_pledge(work: Work, pledge: Pledge, said: GivenPledge, version: int) -> None:
    """Write a draft anew; once it binds, it changes by reduction, write-off and refund alone."""
    fund = _held(work, pledge)
    _as_draft(pledge, version)
    if pledge.earmark is Earmark.PROJECT and not _is_project(work, fund, pledge.earmarked_for):
        raise refuse("pledge.closed-project")
    _sound(work, fund, said, pledge)
    for name, value in (_columns(said) | _prepared(work)).items():
        setattr(pledge, name, value)
    _lay_out(work, pledge, said)


@operation(Permission.PLEDGE_RECORD)
def cancel_pledge(work: Work, pledge: Pledge, reason: str, version: int) -> None:
    """Leave a draft of which nothing becomes, and say why."""
    _held(work, pledge)
    _as_draft(pledge, version)
    if not reason:
        raise Refusal(Fault("pledge.no-reason", field="reason"))
    if len(reason) > LONGEST_TEXT:
        raise Refusal(Fault("call.long", {"found": len(reason), "largest": LONGEST_TEXT}, field="reason"))
    pledge.stage, pledge.cancel_reason = PledgeStage.CANCELLED, reason
    pledge.cancelled_at, pledge.cancelled_by = work.at, str(work.actor)


def _held(work: Work, pledge: Pledge) -> Fund:
    fund = work.session.get_one(Fund, pledge.fund_id)
    hold(work.session, [fund])
    return fund


def _as_draft(pledge: Pledge, version: int) -> None:
    """Whether a pledge is a draft still, and the one that was seen."""
    if pledge.stage is PledgeStage.BINDING:
        raise refuse("pledge.binds", number=pledge.number)
    if pledge.stage is PledgeStage.CANCELLED:
        raise refuse("pledge.cancelled", number=pledge.number)
    if pledge.version != version:
        raise refuse(CHANGED)


def _prepared(work: Work) -> dict[str, Any]:
    """Who wrote it last: somebody else has it bind where two are needed."""
    return {"prepared_by_id": work.actor.id or None, "prepared_by": str(work.actor), "prepared_at": work.at}


def _columns(said: GivenPledge) -> dict[str, Any]:
    return {
        "donor_id": said.donor,
        "kind": PledgeKind(said.kind),
        "reference": said.reference,
        "currency": said.currency,
        "minor": said.minor,
        "announced_on": said.announced_on,
        "binds_on": said.binds_on,
        "ends_on": said.ends_on,
        "earmark": Earmark(said.earmark),
        "earmarked_for": "" if said.earmark == Earmark.NONE else said.earmarked_for,
        "conditions": said.conditions,
        "support_cost_rate": said.support_cost_rate,
        "reporting": said.reporting,
        "report_due_on": said.report_due_on,
        "language": said.language,
    }


def _lay_out(work: Work, pledge: Pledge, said: GivenPledge) -> None:
    """Write the instalments in the order of their days; those that are one too many go."""
    asked = sa.select(Instalment).where(Instalment.pledge_id == pledge.id).order_by(Instalment.number)
    there = list(work.session.scalars(asked))
    for number, part in enumerate(said.in_order, 1):
        if number <= len(there):
            there[number - 1].minor, there[number - 1].due_on = part.minor, part.due_on
        else:
            made = Instalment(pledge_id=pledge.id, number=number, minor=part.minor, due_on=part.due_on)
            work.session.add(made)
    for row in there[len(said.parts) :]:
        work.session.delete(row)


def _sound(work: Work, fund: Fund, said: GivenPledge, own: Pledge | None) -> None:
    """Refuse what is wrong with a pledge, in itself and beside what is recorded."""
    faults = pledge_faults(said, today())
    if said.kind not in set(PledgeKind):
        faults.append(Fault("pledge.no-kind", field="kind"))
    if said.donor <= 0 or work.session.get(Donor, said.donor) is None:
        faults.append(Fault("pledge.no-donor", field="donor"))
    faults += _currency_faults(work, said)
    if said.earmark not in set(Earmark):
        faults.append(Fault("pledge.no-earmark-kind", field="earmark"))
    elif said.earmarked_for and said.earmark != Earmark.NONE:
        found = earmarks(work.session, work.actor, fund, DEFAULT)
        if found.label(Earmark(said.earmark), said.earmarked_for) is None:
            faults.append(Fault("pledge.no-earmark", field=said.earmark))
    unless(faults)
    _once(work, fund, said, own.id if own else 0)


def _currency_faults(work: Work, said: GivenPledge) -> list[Fault]:
    found = currency_of(work.session, said.currency) if said.currency else None
    if found is None:
        return [Fault("pledge.no-currency", {"text": said.currency[:10]}, field="currency")]
    if found.until is not None and found.until <= said.announced_on:
        return [
            Fault("pledge.old-currency", {"currency": found.code, "day": found.until.isoformat()}, field="currency")
        ]
    return []


def _once(work: Work, fund: Fund, said: GivenPledge, own: int) -> None:
    """Refuse what is recorded already: under the same reference of the donor's, or, where it has none, the same sum
    announced on the same day."""
    like: dict[str, Any] = {"donor_id": said.donor, "reference": said.reference}
    if not said.reference:
        like |= {"currency": said.currency, "minor": said.minor, "announced_on": said.announced_on}
    if number := pledge_alike(work.session, fund, own, like):
        raise Refusal(Fault("pledge.known", {"number": number}, field="reference"))


def _is_project(work: Work, fund: Fund, reference: str) -> bool:
    return reference in dict(projects(work.session, work.actor, fund))


@operation(Permission.PLEDGE_RECORD)
def add_paper(work: Work, pledge: Pledge, paper: Paper) -> PledgeFile:
    """Keep a paper of a pledge: the agreement, the letter, the note verbale. The same file is kept once."""
    _held(work, pledge)
    if paper.kind not in set(PledgePaper):
        raise Refusal(Fault("pledge.no-paper-kind", field="kind"))
    there = papers_of(work.session, pledge)
    if any(one.digest == paper.kept.digest for one in there):
        raise Refusal(Fault("pledge.paper-known", {"name": paper.name}, field="file"))
    if len(there) >= MOST_PAPERS:
        raise Refusal(Fault("pledge.papers", {"largest": MOST_PAPERS}, field="file"))
    made = PledgeFile(
        pledge_id=pledge.id, kind=PledgePaper(paper.kind), name=paper.name, media_type=paper.media_type,
        digest=paper.kept.digest, size=paper.kept.size, at=work.at, by=str(work.actor), removed_at=None,
        removed_by=None,
    )  # fmt: skip
    work.session.add(made)
    return made


@operation(Permission.PLEDGE_RECORD)
def drop_paper(work: Work, paper: PledgeFile) -> None:
    """Take a paper off; the file stays for whoever looks into what happened."""
    if paper.removed_at is None:
        paper.removed_at, paper.removed_by = work.at, str(work.actor)
