"""Sessions: planning, agenda, participants, what is put before the Board, opening and closing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission, Refused, may
from fundapp.board.models import (
    AgendaItem,
    BoardSession,
    Capacity,
    Considered,
    ItemKind,
    Participant,
    SessionMove,
    SessionNumber,
    SessionStage,
    Way,
)
from fundapp.board.operations.snapshots import keep_seen
from fundapp.board.queries.sitting import rules_of, sitting
from fundapp.funds.models import Board, Fund
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import Work
from fundapp.proposals.models import Proposal
from fundapp.proposals.queries.proposals import last_version
from fundapp.proposals.rules.stages import Stage


@dataclass(frozen=True, slots=True)
class GivenSession:
    """What is said of a session: its days, how the Board meets, where and as whose guest, in which zone, until when
    silence lasts in a written procedure (UTC), and the number that it has for each fund (by id)."""

    since: date
    until: date
    way: Way
    zone: str
    numbers: Mapping[int, int] = field(default_factory=dict)
    place: str = ""
    hosts: str = ""
    silent_until: datetime | None = None


@operation(Permission.SESSION_RUN)
def plan_session(work: Work, board: Board, said: GivenSession) -> BoardSession:
    """Plan a session, with the trustees of its first day as participants."""
    if said.until < said.since:
        raise Refusal(Fault("session.backwards", field="until"))
    made = BoardSession(
        board_id=board.id, since=said.since, until=said.until, zone=said.zone, way=said.way, place=said.place.strip(),
        hosts=said.hosts.strip(), quorum=rules_of(work.session, board.id).quorum, silent_until=said.silent_until,
        stage=SessionStage.PLANNED, stage_since=work.at, planned_at=work.at, planned_by=str(work.actor),
    )  # fmt: skip
    work.session.add(made)
    work.session.flush()
    for fund_id, number in said.numbers.items():
        known = sa.select(SessionNumber.id).where(SessionNumber.fund_id == fund_id, SessionNumber.number == number)
        if work.session.scalar(known) is not None:
            raise Refusal(Fault("session.number-known", {"number": number}, field=f"number_{fund_id}"))
        work.session.add(SessionNumber(session_id=made.id, fund_id=fund_id, number=number))
    for one in sitting(work.session, board.id, said.since):
        work.session.add(
            Participant(
                session_id=made.id, trustee_id=one.trustee, name=one.name, function="", present=None,
                capacity=Capacity.CHAIR if one.chairs else Capacity.TRUSTEE,
            )
        )  # fmt: skip
    _moved(work, made, "plan")
    return made


@operation(Permission.SESSION_RUN)
def add_item(
    work: Work, of: BoardSession, kind: ItemKind, names: Mapping[str, str], fund: Fund | None = None,
    call_id: int | None = None,
) -> AgendaItem:  # fmt: skip
    """Put an item at the end of a session's agenda; names: language -> its title."""
    last = sa.select(sa.func.max(AgendaItem.position)).where(AgendaItem.session_id == of.id)
    made = AgendaItem(
        session_id=of.id, position=1 + (work.session.scalar(last) or 0), kind=kind, call_id=call_id,
        fund_id=fund.id if fund else None,
        **{f"name_{language}": names.get(language, "").strip() for language in LANGUAGES},
    )  # fmt: skip
    work.session.add(made)
    return made


@operation(Permission.SESSION_RUN)
def consider(work: Work, item: AgendaItem, proposal: Proposal, deferred_from: Considered | None = None) -> Considered:
    """Put a proposal before the Board under an item: one that was found eligible, in the version handed in last."""
    if not may(work.actor, Permission.PROPOSAL_READ, proposal):
        raise Refused(f"putting it before the Board needs {Permission.PROPOSAL_READ}")
    version = last_version(work.session, proposal)
    if proposal.stage != Stage.ELIGIBLE or version is None or item.fund_id not in (None, proposal.fund_id):
        raise refuse("session.not-eligible", reference=proposal.reference)
    known = sa.select(Considered).where(
        Considered.session_id == item.session_id, Considered.proposal_id == proposal.id
    )  # fmt: skip
    found = work.session.scalars(known).one_or_none()
    if found is not None and found.removed_at is None:
        raise refuse("session.considered", reference=proposal.reference)
    if found is None:
        found = Considered(session_id=item.session_id, proposal_id=proposal.id, item_id=item.id)
        work.session.add(found)
    found.item_id, found.version_id, found.removed_at = item.id, version.id, None
    found.deferred_from_id, found.at, found.by = deferred_from.id if deferred_from else None, work.at, str(work.actor)
    work.session.flush()
    of = work.session.get_one(BoardSession, item.session_id)
    if of.stage is SessionStage.OPEN:  # the trustees see it from now on
        keep_seen(work, of, {proposal.id})
    return found


@operation(Permission.SESSION_RUN)
def open_session(work: Work, of: BoardSession) -> None:
    """Open a session to the trustees: they declare their interests, and read."""
    work.session.refresh(of, with_for_update=True)
    if of.stage != SessionStage.PLANNED:
        raise refuse("session.stands-otherwise")
    of.stage, of.stage_since = SessionStage.OPEN, work.at
    _moved(work, of, "open")
    keep_seen(work, of)


def _moved(work: Work, of: BoardSession, move: str, reason: str = "") -> None:
    work.session.add(
        SessionMove(session_id=of.id, move=move, reason=reason.strip(), at=work.at, by=str(work.actor))
    )  # fmt: skip
