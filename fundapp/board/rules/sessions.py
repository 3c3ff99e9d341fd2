"""Sessions: what is said of one and what is wrong with it, which step follows which, and whether it is ready to be
opened. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from fundapp.kernel.errors import Fault
from fundapp.proposals.rules.calls import FIRST_YEAR, LAST_YEAR, is_zone, local

PLANNED, OPEN, CLOSED, CANCELLED = "planned", "open", "closed", "cancelled"
WRITTEN = "written"
LONGEST_PLACE, LONGEST_HOSTS, LONGEST_NAME, LONGEST_TITLE, LONGEST_REASON = 200, 300, 200, 200, 2_000
LARGEST_NUMBER = 9_999
LONGEST = timedelta(days=60)  # of a session: more is a slip of the finger
# What is done to a session: from where, to where
STEPS: Mapping[str, Mapping[str, str]] = {
    "open": {PLANNED: OPEN},
    "close": {OPEN: CLOSED},
    "cancel": {PLANNED: CANCELLED, OPEN: CANCELLED},
    "reopen": {CLOSED: OPEN, CANCELLED: PLANNED},
}
CHANGEABLE = frozenset({PLANNED, OPEN})  # where agenda and participants may still be changed


@dataclass(frozen=True, slots=True)
class GivenSession:
    """What is said of a session: its days, how the Board meets, where and as whose guest, in which zone, until when
    silence lasts in a written procedure (UTC), and the number that it has for each fund (by id). `record`: it was held
    before, and is put down for the record."""

    since: date
    until: date
    way: str
    zone: str
    numbers: Mapping[int, int] = field(default_factory=dict)
    place: str = ""
    hosts: str = ""
    silent_until: datetime | None = None
    record: bool = False


def recorded(planned_at: datetime, until: date) -> bool:
    """Whether a session was put down after it had been held."""
    return planned_at.date() > until


def session_faults(said: GivenSession, now: datetime) -> Iterable[Fault]:
    """What is wrong with what is said of a session, but for numbers that are taken."""
    yield from _of_days(said, now)
    if not is_zone(said.zone):
        yield Fault("call.no-zone", {"text": said.zone[:60]}, field="zone")
    if said.way == "place" and not said.place.strip():
        yield Fault("session.no-place", field="place")
    for name, largest in (("place", LONGEST_PLACE), ("hosts", LONGEST_HOSTS)):
        if (found := len(getattr(said, name))) > largest:
            yield Fault("call.long", {"found": found, "largest": largest}, field=name)
    yield from _of_numbers(said.numbers)
    if said.way == WRITTEN:
        yield from silence_faults(said, now)


def _of_days(said: GivenSession, now: datetime) -> Iterable[Fault]:
    years = {"first": FIRST_YEAR, "last": LAST_YEAR}
    strange = [name for name in ("since", "until") if not FIRST_YEAR <= getattr(said, name).year <= LAST_YEAR]
    if strange:
        yield from (Fault("call.year", years, field=name) for name in strange)
    elif said.until < said.since:
        yield Fault("session.backwards", field="until")
    elif said.until - said.since > LONGEST:
        yield Fault("session.lasting", {"most": LONGEST.days}, field="until")
    elif said.until < now.date() and not said.record:
        yield Fault("session.past", field="since")


def _of_numbers(numbers: Mapping[int, int]) -> Iterable[Fault]:
    if not numbers:
        yield Fault("session.no-number")
    for fund, number in numbers.items():
        if not 1 <= number <= LARGEST_NUMBER:
            yield Fault("session.number", {"largest": LARGEST_NUMBER}, field=number_field(fund))


def number_field(fund: int) -> str:
    """The field of a form in which the number for a fund stands."""
    return f"number_{fund}"


def silence_faults(said: GivenSession, now: datetime) -> Iterable[Fault]:
    """What is wrong with the moment until which silence lasts in a written procedure."""
    if said.silent_until is None:
        yield Fault("session.no-silence", field="silent_on")
    elif said.silent_until <= now and not said.record:
        yield Fault("session.silence-over", field="silent_on")
    elif is_zone(said.zone) and local(said.silent_until, said.zone).date() < said.since:
        yield Fault("session.silence-early", field="silent_on")


def reason_faults(reason: str) -> list[Fault]:
    """What is wrong with the reason of a step."""
    if not reason.strip():
        return [Fault("call.no-reason", field="reason")]
    if (found := len(reason.strip())) > LONGEST_REASON:
        return [Fault("call.long", {"found": found, "largest": LONGEST_REASON}, field="reason")]
    return []


def text_faults(texts: Mapping[str, str], largest: int, *, needed: str) -> Iterable[Fault]:
    """What is wrong with lines that were typed; `needed`: the field that must not be empty."""
    for name, text in texts.items():
        if not text and name == needed:
            yield Fault("session.empty", field=name)
        elif (found := len(text)) > largest:
            yield Fault("call.long", {"found": found, "largest": largest}, field=name)


# ------------------------------------------------------------------------------------------------ ready to be opened


@dataclass(frozen=True, slots=True)
class Prepared:
    """How far a session is prepared: items of its agenda, proposals put before it, trustees seated on its first day,
    how many must take part, whether one of them chairs; until when silence lasts where it is a written procedure."""

    items: int
    proposals: int
    seated: int
    quorum: int
    chaired: bool
    written: bool = False
    silent_until: datetime | None = None
    past: bool = False


def lacks(how: Prepared, now: datetime) -> list[Fault]:
    """What keeps a session from being opened."""
    found = [] if how.items else [Fault("session.no-agenda")]
    if how.written and how.silent_until is None:
        found.append(Fault("session.no-silence"))
    elif how.written and how.silent_until and how.silent_until <= now and not how.past:
        found.append(Fault("session.silence-over"))
    return found


def warnings(how: Prepared) -> list[Fault]:
    """What does not keep a session from being opened, and should be known before it is."""
    found = []
    if how.seated < how.quorum:
        found.append(Fault("session.few-seated", {"seated": how.seated, "quorum": how.quorum}))
    if not how.chaired:
        found.append(Fault("session.no-chair"))
    if not how.proposals:
        found.append(Fault("session.no-proposals"))
    return found


# ------------------------------------------------------------------------------------------------------------ presence


@dataclass(frozen=True, slots=True)
class Presence:
    """Trustees of a session by what is known of them: how many there are, how many were noted as present or away, and
    how many must be present."""

    trustees: int
    present: int
    away: int
    quorum: int

    @property
    def noted(self) -> bool:
        """Whether anything is noted."""
        return bool(self.present or self.away)

    @property
    def enough(self) -> bool:
        """Whether those present are enough."""
        return self.present >= self.quorum

    @property
    def lacking(self) -> int:
        """How many more must be present."""
        return max(0, self.quorum - self.present)


def presence(people: Collection[Any], quorum: int) -> Presence:
    """The presence of those who are trustees among participants."""
    trustees = [one for one in people if one.trustee_id is not None]
    present = sum(1 for one in trustees if one.present)
    away = sum(1 for one in trustees if one.present is False)
    return Presence(len(trustees), present, away, quorum)
