"""What sessions ask to be done: recorded, changed while the session is open, and followed until it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.board.models import AgendaItem, BoardSession, FollowUpAction, SessionStage
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work

LONGEST_TEXT, LONGEST_OWNER, LONGEST_NOTE = 2_000, 200, 2_000  # characters


@dataclass(frozen=True, slots=True)
class GivenAction:
    """What is to be done, by whom, until when, and under which item of the agenda it was asked for."""

    text: str
    owner: str
    due_on: date | None = None
    item: AgendaItem | None = None


@operation(Permission.MINUTES_WRITE)
def add_action(work: Work, of: BoardSession, said: GivenAction) -> FollowUpAction:
    """Record something that a session asked to be done."""
    _open(work, of)
    _check(of, said)
    made = FollowUpAction(session_id=of.id, at=work.at, by=str(work.actor), done_note="")
    _say(made, said)
    work.session.add(made)
    return made


@operation(Permission.MINUTES_WRITE)
def change_action(work: Work, action: FollowUpAction, said: GivenAction, seen: int) -> None:
    """Say otherwise what a session asked for. seen: the version that one looked at."""
    _open(work, action.session)
    _as_seen(work, action, seen)
    _check(action.session, said)
    _say(action, said)


@operation(Permission.MINUTES_WRITE)
def finish_action(work: Work, action: FollowUpAction, note: str, seen: int) -> None:
    """Say that it is done, and how."""
    _as_seen(work, action, seen)
    if action.done_at is not None:
        raise refuse("action.done")
    if len(note) > LONGEST_NOTE:
        raise Refusal(Fault("call.long", {"found": len(note), "largest": LONGEST_NOTE}, field="note"))
    action.done_at, action.done_by, action.done_note = work.at, str(work.actor), note.strip()


@operation(Permission.MINUTES_WRITE)
def reopen_action(work: Work, action: FollowUpAction, seen: int) -> None:
    """Say that it is not done after all."""
    _as_seen(work, action, seen)
    if action.done_at is None:
        raise refuse("action.not-done")
    action.done_at, action.done_by, action.done_note = None, None, ""


def _say(action: FollowUpAction, said: GivenAction) -> None:
    action.text, action.owner, action.due_on = said.text.strip(), " ".join(said.owner.split()), said.due_on
    action.item_id = said.item.id if said.item else None


def _check(of: BoardSession, said: GivenAction) -> None:
    faults = [*_length("text", said.text, LONGEST_TEXT), *_length("owner", said.owner, LONGEST_OWNER)]
    if said.due_on is not None and said.due_on < of.since:
        faults.append(Fault("action.before", {"day": of.since}, field="due_on"))
    if said.item is not None and (said.item.session_id != of.id or said.item.removed_at is not None):
        faults.append(Fault("minutes.no-item", field="item"))
    if faults:
        raise Refusal(*faults)


def _length(field: str, text: str, largest: int) -> list[Fault]:
    if not text.strip():
        return [Fault(f"action.no-{field}", field=field)]
    if len(text) > largest:
        return [Fault("call.long", {"found": len(text), "largest": largest}, field=field)]
    return []


def _open(work: Work, of: BoardSession) -> None:
    work.session.refresh(of, with_for_update=True)
    if of.stage is SessionStage.CLOSED:
        raise refuse("minutes.closed")
    if of.stage is SessionStage.CANCELLED:
        raise refuse("minutes.not-open")


def _as_seen(work: Work, action: FollowUpAction, seen: int) -> None:
    work.session.refresh(action, with_for_update=True)
    if action.version != seen:
        raise refuse("action.changed")
