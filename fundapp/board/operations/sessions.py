"""Sessions: planning and changing them, what is put on the agenda and before the Board, opening and closing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from fundapp.access.operation import operation
from fundapp.access.policy import Actor, Permission, Refused, may
from fundapp.board.models import (
    AgendaItem,
    BoardSession,
    Capacity,
    Considered,
    ItemKind,
    Minutes,
    MinutesApproval,
    Participant,
    SessionMove,
    SessionNumber,
    SessionStage,
    Way,
)
from fundapp.board.operations.readings import end_readings
from fundapp.board.operations.session_notices import trustees_told
from fundapp.board.operations.snapshots import keep_seen
from fundapp.board.queries.session_telling import CANCELLED, OPENED
from fundapp.board.queries.sessions import prepared
from fundapp.board.queries.sitting import rules_of, sitting
from fundapp.board.rules.sessions import (
    CHANGEABLE,
    LONGEST_TITLE,
    STEPS,
    GivenSession,
    lacks,
    number_field,
    reason_faults,
    session_faults,
    text_faults,
)
from fundapp.funds.models import Board, Fund
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import Work
from fundapp.proposals.models import Call, Proposal
from fundapp.proposals.queries.calls import Subject
from fundapp.proposals.queries.proposals import last_version
from fundapp.proposals.rules.stages import Stage

__all__ = [
    "GivenSession",
    "add_item",
    "cancel_session",
    "change_session",
    "check_item",
    "close_session",
    "consider",
    "hold_session",
    "item_titles",
    "open_session",
    "plan_session",
    "reopen_session",
]


@operation(Permission.SESSION_RUN)
def plan_session(work: Work, board: Board, said: GivenSession) -> BoardSession:
    """Plan a session, or record one that was held before, with the trustees of its first day as participants."""
    rules = rules_of(work.session, board.id)
    work.session.refresh(rules, with_for_update=True)  # of two who give a number the second finds it taken
    _refuse(work, board, said, None)
    made = BoardSession(
        board_id=board.id, since=said.since, until=said.until, zone=said.zone, way=Way(said.way),
        place=said.place.strip(), hosts=said.hosts.strip(), quorum=rules.quorum, silent_until=_silence(said),
        stage=SessionStage.PLANNED, stage_since=work.at, planned_at=work.at, planned_by=str(work.actor),
    )  # fmt: skip
    work.session.add(made)
    work.session.flush()
    for fund_id, number in said.numbers.items():
        work.session.add(SessionNumber(session_id=made.id, fund_id=fund_id, number=number))
    for one in sitting(work.session, board.id, said.since):
        work.session.add(
            Participant(
                session_id=made.id, trustee_id=one.trustee, name=one.name, function="", present=None,
                capacity=Capacity.CHAIR if one.chairs else Capacity.TRUSTEE,
            )
        )  # fmt: skip
    _moved(work, made, "record" if said.until < work.at.date() else "plan")
    return made


@operation(Permission.SESSION_RUN)
def change_session(work: Work, of: BoardSession, said: GivenSession, version: int) -> None:
    """Say otherwise what is said of a session; whoever comes second is told."""
    hold_session(work.session, of, version)
    board = work.session.get_one(Board, of.board_id)
    work.session.refresh(rules_of(work.session, board.id), with_for_update=True)
    known = of.until < work.at.date() or (of.silent_until is not None and of.silent_until == said.silent_until)
    _refuse(work, board, replace(said, record=said.record or known), of)
    of.since, of.until, of.zone, of.way = said.since, said.until, said.zone, Way(said.way)
    of.place, of.hosts, of.silent_until = said.place.strip(), said.hosts.strip(), _silence(said)
    flag_modified(of, "since")  # a change of its numbers alone is one of its version too
    _renumber(work, of, said.numbers)
    _moved(work, of, "change")


def _renumber(work: Work, of: BoardSession, numbers: Mapping[int, int]) -> None:
    for one in of.numbers:
        if one.fund_id not in numbers:
            raise Refusal(Fault("session.number-kept", {"number": one.number}, field=number_field(one.fund_id)))
    there = {one.fund_id: one for one in of.numbers}
    for fund_id, number in numbers.items():
        if fund_id in there:
            there[fund_id].number = number
        else:
            work.session.add(SessionNumber(session_id=of.id, fund_id=fund_id, number=number))


def _refuse(work: Work, board: Board, said: GivenSession, of: BoardSession | None) -> None:
    """Refused where something is wrong with what is said, or a number is taken."""
    faults = list(session_faults(said, work.at))
    if strange := set(said.numbers) - board.fund_ids:
        faults.append(Fault("session.other-board", field=number_field(min(strange))))
    there = {one.fund_id: one.number for one in of.numbers} if of else {}
    for fund_id, number in said.numbers.items():
        if number != there.get(fund_id) and not may(work.actor, Permission.SESSION_RUN, Subject(fund_id)):
            faults.append(Fault("session.number-not-yours", field=number_field(fund_id)))
        known = sa.select(SessionNumber.session_id).where(
            SessionNumber.fund_id == fund_id, SessionNumber.number == number
        )
        if (taken := work.session.scalar(known)) is not None and (of is None or taken != of.id):
            faults.append(Fault("session.number-known", {"number": number}, field=number_field(fund_id)))
    if faults:
        raise Refusal(*faults)


def _silence(said: GivenSession) -> datetime | None:
    return said.silent_until if said.way == Way.WRITTEN else None


@operation(Permission.SESSION_RUN)
def add_item(
    work: Work, of: BoardSession, kind: ItemKind, names: Mapping[str, str], fund: Fund | None = None,
    call_id: int | None = None,
) -> AgendaItem:  # fmt: skip
    """Put an item at the end of a session's agenda; names: language -> its title."""
    hold_session(work.session, of)
    call = work.session.get(Call, call_id) if call_id else None
    said = item_titles(names)
    check_item(work.actor, of, said, fund, call)
    last = sa.select(sa.func.max(AgendaItem.position)).where(AgendaItem.session_id == of.id)
    made = AgendaItem(
        session_id=of.id, position=1 + (work.session.scalar(last) or 0), kind=kind, call_id=call.id if call else None,
        fund_id=fund.id if fund else None, **said,
    )  # fmt: skip
    work.session.add(made)
    return made


def item_titles(names: Mapping[str, str]) -> dict[str, str]:
    """The titles of an item as its columns have them."""
    return {f"name_{language}": " ".join(names.get(language, "").split()) for language in LANGUAGES}


def check_item(
    actor: Actor, of: BoardSession, said: Mapping[str, str], fund: Fund | None, call: Call | None
) -> None:  # fmt: skip
    """Refused where an item has no title, is of a fund whose Board does not meet or for which somebody else sees to
    sessions, or of a call of another fund."""
    faults = [] if any(said.values()) else [Fault("session.no-title", field="name_en")]
    faults += text_faults(said, LONGEST_TITLE, needed="")
    if fund is not None and fund.board_id != of.board_id:
        faults.append(Fault("session.other-board", field="fund"))
    elif fund is not None and not may(actor, Permission.SESSION_RUN, fund):
        faults.append(Fault("session.not-your-fund", {"fund": fund.code}, field="fund"))
    if call is not None and (fund is None or call.fund_id != fund.id):
        faults.append(Fault("session.other-call", {"code": call.code}, field="call"))
    if faults:
        raise Refusal(*faults)


@operation(Permission.SESSION_RUN)
def consider(work: Work, item: AgendaItem, proposal: Proposal, deferred_from: Considered | None = None) -> Considered:
    """Put a proposal before the Board under an item: one that was found eligible, in the version handed in last."""
    if not may(work.actor, Permission.PROPOSAL_READ, proposal):
        raise Refused(f"putting it before the Board needs {Permission.PROPOSAL_READ}")
    hold_session(work.session, item.session)
    version = last_version(work.session, proposal)
    wrong = item.removed_at is not None or item.fund_id not in (None, proposal.fund_id)
    if proposal.stage != Stage.ELIGIBLE or version is None or wrong or proposal.fund_id not in item.fund_ids:
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
    found.asked_cents = int(json.loads(version.content)["total_cents"])
    found.deferred_from_id, found.at, found.by = deferred_from.id if deferred_from else None, work.at, str(work.actor)
    work.session.flush()
    of = work.session.get_one(BoardSession, item.session_id)
    if of.stage is SessionStage.OPEN:  # the trustees see it from now on
        keep_seen(work, of, {proposal.id})
    return found


@operation(Permission.SESSION_RUN)
def open_session(work: Work, of: BoardSession, version: int = 0) -> None:
    """Open a session to the trustees: they declare their interests, and read. They are told."""
    hold_session(work.session, of, version)
    if faults := lacks(prepared(work.session, work.actor, of), work.at):
        raise Refusal(*faults)
    _step(work, of, "open")
    end_readings(work, work.session.get_one(Board, of.board_id))
    keep_seen(work, of)
    work.session.add_all(trustees_told(work.session, of, OPENED, by=work.actor.id, at=work.at))


@operation(Permission.SESSION_CLOSE)
def close_session(work: Work, of: BoardSession, reason: str = "") -> None:
    """Close a session: its minutes are approved, or the secretary says why it ends without them."""
    hold_session(work.session, of)
    approved = sa.select(MinutesApproval.id).join(Minutes, Minutes.id == MinutesApproval.minutes_id)
    if work.session.scalar(approved.where(Minutes.session_id == of.id).limit(1)) is None:
        if not may(work.actor, Permission.SESSION_RUN, of):
            raise refuse("session.no-minutes")
        _explained(reason)
    _step(work, of, "close", reason)


@operation(Permission.SESSION_RUN)
def cancel_session(work: Work, of: BoardSession, reason: str, version: int = 0) -> None:
    """Call a session off, with the reason; trustees who knew of it are told."""
    hold_session(work.session, of, version)
    _explained(reason)
    _step(work, of, "cancel", reason)
    work.session.add_all(trustees_told(work.session, of, CANCELLED, by=work.actor.id, at=work.at))


@operation(Permission.SESSION_RUN)
def reopen_session(work: Work, of: BoardSession, reason: str, version: int = 0) -> None:
    """Take up again a session that was closed or cancelled, with the reason."""
    hold_session(work.session, of, version, changeable=False)
    _explained(reason)
    _step(work, of, "reopen", reason)


def hold_session(session: Session, of: BoardSession, version: int = 0, *, changeable: bool = True) -> None:
    """Hold a session to the end of the unit of work; refused where somebody else changed it since that version, or
    where it is closed or cancelled."""
    session.refresh(of, with_for_update=True)
    if version and of.version != version:
        raise refuse("session.changed")
    if changeable and of.stage not in CHANGEABLE:
        raise refuse("session.stands-otherwise")


def _step(work: Work, of: BoardSession, move: str, reason: str = "") -> None:
    after = STEPS[move].get(of.stage)
    if after is None:
        raise refuse("session.stands-otherwise")
    of.stage, of.stage_since = SessionStage(after), work.at
    _moved(work, of, move, reason)


def _explained(reason: str) -> None:
    if faults := reason_faults(reason):
        raise Refusal(*faults)


def _moved(work: Work, of: BoardSession, move: str, reason: str = "") -> None:
    work.session.add(
        SessionMove(session_id=of.id, move=move, reason=reason.strip(), at=work.at, by=str(work.actor))
    )  # fmt: skip
