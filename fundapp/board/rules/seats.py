"""The seats of a Board on a day: who holds each, who held it, who is to, and what of it should be seen to. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from fundapp.board.rules.terms import DAY, Chairing
from fundapp.kernel.errors import Fault

SOON = timedelta(days=180)  # ahead of the last day of a term: as long as a State takes to name somebody


@dataclass(frozen=True, slots=True)
class Held:
    """A term with its trustee: which seat, the first term or the second, from when to when it was given, and when and
    why it ended where that was earlier. `may_sign_in`: whether there is somebody of the name who can as a trustee."""

    id: int
    version: int
    seat: int
    trustee: int
    name: str
    country: str
    group: str | None
    number: int
    since: date
    until: date
    ended_on: date | None
    end_reason: str
    may_sign_in: bool

    @property
    def last_day(self) -> date:
        """The last day on which the seat is held."""
        return min(self.until, self.ended_on) if self.ended_on else self.until

    @property
    def taken_up(self) -> bool:
        """Whether there is a day on which the seat is held."""
        return self.since <= self.last_day

    def on(self, day: date) -> bool:
        """Whether the seat is held on a day."""
        return self.since <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of a regional group on a day: who holds it, who held it last, and who is to hold it next."""

    id: int
    group: str
    names: Mapping[str, str]
    now: Held | None
    before: Held | None
    next: Held | None

    @property
    def vacant_since(self) -> date | None:
        """The day after its last holder's last; none where nobody held it."""
        return self.before.last_day + DAY if self.before else None

    @property
    def follows(self) -> bool:
        """Whether it is held the day after whoever holds it now."""
        return bool(self.now and self.next and self.next.since <= self.now.last_day + DAY)


def seat_on(key: int, group: str, names: Mapping[str, str], terms: Iterable[Held], day: date) -> Seat:
    """A seat as it is on a day."""
    own = sorted((one for one in terms if one.seat == key and one.taken_up), key=lambda one: one.since)
    return Seat(
        key,
        group,
        names,
        next((one for one in own if one.on(day)), None),
        next((one for one in reversed(own) if one.last_day < day), None),
        next((one for one in own if one.since > day), None),
    )


@dataclass(frozen=True, slots=True)
class Chair:
    """Somebody who chairs, with how many sessions there were in that time."""

    id: int
    version: int
    trustee: int
    name: str
    since: date
    until: date | None
    sessions: int = 0

    @property
    def term(self) -> Chairing:
        """When they chair."""
        return Chairing(self.trustee, self.since, self.until)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session that is not cancelled: its first day and last, and its number for a fund, 0 where it has none."""

    since: date
    until: date
    number: int


@dataclass(frozen=True, slots=True)
class State:
    """A Board on a day, for what should be seen to."""

    day: date
    seats: Sequence[Seat]
    chairs: Sequence[Chair]
    quorum: int
    most_terms: int
    next_session: Meeting | None = None
    ahead: Mapping[int, bool] = field(default_factory=dict)  # seat -> whether it is held on that session's first day

    @property
    def filled(self) -> int:
        """How many seats are held."""
        return sum(seat.now is not None for seat in self.seats)

    @property
    def chair(self) -> Chair | None:
        """Who chairs on the day: none where the chair holds no seat."""
        seated = {seat.now.trustee for seat in self.seats if seat.now}
        return next((one for one in self.chairs if one.term.on(self.day) and one.trustee in seated), None)


def graver(state: State) -> list[Fault]:
    """What keeps the Board from doing its work: fewer than the quorum, nobody in the chair."""
    found = []
    if state.filled < state.quorum:
        found.append(Fault("board.under-quorum", {"seated": state.filled, "quorum": state.quorum}))
    coming = state.next_session
    if coming and (seated := sum(state.ahead.values())) < state.quorum:
        values = {"on": coming.since, "seated": seated, "quorum": state.quorum}
        found.append(Fault("board.session-under-quorum", values))
    if state.chair is None:
        found.append(Fault("board.no-chair"))
    return found


def to_see_to(state: State) -> list[Fault]:
    """What should be seen to before long: seats that are vacant or soon will be, and who chairs after that."""
    found = [one for seat in state.seats for one in _of_seat(seat, state)]
    return [*found, *_of_chair(state)]


def _of_seat(seat: Seat, state: State) -> Iterator[Fault]:
    if seat.now is None:
        yield from _vacant(seat)
    elif not seat.follows and seat.now.last_day <= state.day + SOON:
        yield from _ends(seat, seat.now, state)
    elif state.next_session and not state.ahead.get(seat.id, True):
        yield Fault("board.session-vacant", {"group": seat.names, "on": state.next_session.since})


def _vacant(seat: Seat) -> Iterator[Fault]:
    if seat.next:
        values = {"group": seat.names, "name": seat.next.name, "since": seat.next.since}
        yield Fault("board.seat-waits", values)
    elif seat.before is None:
        yield Fault("board.seat-never", {"group": seat.names})
    elif seat.before.ended_on:
        values = {"group": seat.names, "name": seat.before.name, "until": seat.before.last_day}
        yield Fault("board.seat-left", values)
    else:
        values = {"group": seat.names, "name": seat.before.name, "until": seat.before.last_day}
        yield Fault("board.seat-over", values)


def _ends(seat: Seat, held: Held, state: State) -> Iterator[Fault]:
    values = {
        "group": seat.names,
        "name": held.name,
        "until": held.last_day,
        "days": (held.last_day - state.day).days,
    }
    if held.number < state.most_terms:
        yield Fault("board.term-runs-out", values)
    else:
        yield Fault("board.last-term-runs-out", values)


def _of_chair(state: State) -> Iterator[Fault]:
    chair = state.chair
    if chair is None:
        return
    seat, held = next((one, one.now) for one in state.seats if one.now and one.now.trustee == chair.trustee)
    renewed = seat.follows and seat.next is not None and seat.next.trustee == chair.trustee
    through = seat.next.last_day if renewed and seat.next else held.last_day
    last = min(chair.until or through, through)
    after = any(one.id != chair.id and one.term.on(last + DAY) for one in state.chairs)
    if last <= state.day + SOON and not after:
        yield Fault("board.chair-runs-out", {"name": chair.name, "until": last})


def other_groups(seats: Iterable[Seat]) -> list[Fault]:
    """Trustees who are nationals of a State of another group than that of their seat."""
    return [
        Fault("board.other-group", {"name": seat.now.name, "group": seat.names})
        for seat in seats
        if seat.now and seat.now.country and seat.now.group != seat.group
    ]


def signing_in(seats: Iterable[Seat], still: Iterable[str]) -> list[Fault]:
    """Trustees who cannot sign in as such, and those by name who hold no seat and still can."""
    cannot = [seat.now.name for seat in seats if seat.now and not seat.now.may_sign_in]
    found = [Fault("board.cannot-sign-in", {"names": cannot})] if cannot else []
    left = list(still)
    return [*found, Fault("board.still-signs-in", {"names": left})] if left else found


def sessions_in(chair: Chairing, sessions: Collection[Meeting]) -> int:
    """How many sessions began while somebody chaired."""
    return sum(chair.on(one.since) for one in sessions)


def short_chairs(chairs: Iterable[Chair], least: int) -> frozenset[int]:
    """The chairs, by id, who made way before they had covered as many sessions as they should."""
    return frozenset(one.id for one in chairs if one.until is not None and one.term.held and one.sessions < least)
