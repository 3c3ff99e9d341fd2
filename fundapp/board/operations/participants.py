"""Who takes part in a session, in what capacity, and who was there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.board.models import BoardSession, Capacity, Participant
from fundapp.board.operations.sessions import hold_session
from fundapp.board.queries.sessions import participants_of
from fundapp.board.queries.sitting import sitting
from fundapp.board.rules.sessions import LONGEST_NAME, text_faults
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work

OF_TRUSTEES = frozenset({Capacity.CHAIR, Capacity.TRUSTEE})


@dataclass(frozen=True, slots=True)
class GivenParticipant:
    """Who takes part, in what capacity, and what they do; a trustee by id, who has their name from who they are."""

    capacity: Capacity
    name: str = ""
    function: str = ""
    trustee: int | None = None


@operation(Permission.SESSION_RUN)
def add_participant(work: Work, of: BoardSession, said: GivenParticipant) -> Participant:
    """Add somebody to those who take part: a trustee seated on the first day, or anybody else by name."""
    hold_session(work.session, of)
    name = _name(work, of, said, None)
    made = Participant(
        session_id=of.id, trustee_id=said.trustee, name=name, capacity=said.capacity,
        function=" ".join(said.function.split()),
    )  # fmt: skip
    work.session.add(made)
    return made


@operation(Permission.SESSION_RUN)
def change_participant(work: Work, one: Participant, said: GivenParticipant, version: int) -> None:
    """Say otherwise in what capacity somebody takes part, or how they are called."""
    _hold(work, one, version)
    if said.trustee != one.trustee_id:
        raise Refusal(Fault("session.other-trustee", field="trustee"))
    one.name = _name(work, one.session, said, one)
    one.capacity, one.function = said.capacity, " ".join(said.function.split())


@operation(Permission.SESSION_RUN)
def remove_participant(work: Work, one: Participant) -> None:
    """Take somebody off those who take part: they were put there by mistake, or will not come at all."""
    _hold(work, one)
    one.removed_at = work.at


@operation(Permission.SESSION_RUN)
def note_presence(work: Work, of: BoardSession, known: Mapping[int, bool | None]) -> int:
    """Note who is present and who is away, by id of participant; None: not known. How many were noted otherwise."""
    hold_session(work.session, of)
    changed = 0
    for one in participants_of(work.session, of):
        if one.id in known and known[one.id] != one.present:
            one.present = known[one.id]
            changed += 1
    return changed


def _hold(work: Work, one: Participant, version: int = 0) -> None:
    hold_session(work.session, one.session)
    work.session.refresh(one)
    if one.removed_at is not None:
        raise refuse("session.participant-gone", name=one.name)
    if version and one.version != version:
        raise refuse("session.participant-changed", name=one.name)


def _name(work: Work, of: BoardSession, said: GivenParticipant, this: Participant | None) -> str:
    """The name of a participant; refused where something is wrong with what is said of them."""
    others = [one for one in participants_of(work.session, of) if this is None or one.id != this.id]
    faults = list(text_faults({"function": " ".join(said.function.split())}, LONGEST_NAME, needed=""))
    if said.capacity == Capacity.CHAIR and any(one.capacity == Capacity.CHAIR for one in others):
        faults.append(Fault("session.chair-there", field="capacity"))
    if (said.trustee is not None) != (said.capacity in OF_TRUSTEES):
        faults.append(Fault("session.trustee-capacity", field="capacity"))
    if said.trustee is None:
        name = " ".join(said.name.split())
        faults += text_faults({"name": name}, LONGEST_NAME, needed="name")
        taken = any(one.trustee_id is None and one.name.casefold() == name.casefold() for one in others)
    else:
        name = this.name if this else _seated(work, of, said.trustee)
        faults += [] if name else [Fault("session.not-seated", field="trustee")]
        taken = any(one.trustee_id == said.trustee for one in others)
    if name and taken:
        faults.append(Fault("session.participant-there", {"name": name}, field="trustee" if said.trustee else "name"))
    if faults:
        raise Refusal(*faults)
    return name


def _seated(work: Work, of: BoardSession, trustee: int) -> str:
    """The name of a trustee who has a seat on the first day of a session; "" for whoever has none."""
    return next((one.name for one in sitting(work.session, of.board_id, of.since) if one.trustee == trustee), "")
