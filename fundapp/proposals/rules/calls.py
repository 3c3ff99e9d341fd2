"""Calls for proposals: stages, moments in their own zones, who may still submit, and what can be wrong. Pure.

Moments are UTC without a zone, as the tables keep them; a call keeps beside them the zone in which they were said.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.languages import DEFAULT, LANGUAGES
from fundapp.proposals.rules.checklist import STANDARD

SIX = LANGUAGES
MINUTE = timedelta(minutes=1)
LAST_MINUTE = time(23, 59)  # when a day ends for which no hour was said
FIRST_YEAR, LAST_YEAR = 2008, 2100  # the fund's first year; further ahead is a slip of the finger
CODE = re.compile(r"[0-9]{4}-[1-9][0-9]?", re.ASCII)
ITEM_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
LONGEST_TITLE, LONGEST_GUIDANCE, LONGEST_REASON, LONGEST_CODE = 250, 20_000, 2_000, 40
LONGEST_NAME, LONGEST_QUESTION = 200, 1_000
MOST_CENTS = 100_000_000_000_00  # a hundred thousand million dollars: more is a slip of the finger
MOST_ITEMS = 30  # documents, questions, or points of the checklist, of a call
MOST_WORDS = 5_000  # that an answer may be allowed
WEIGHTS = 100  # what the weights of the criteria total
Texts = Mapping[str, str]  # language -> text; a language without one is missing or empty


class Stage(StrEnum):
    """How far a call is."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Item(StrEnum):
    """What a call asks for beside the proposal itself."""

    DOCUMENT = "document"
    QUESTION = "question"
    CHECK = "check"  # what is looked at when a proposal to the call is screened, beside what is for every call


@dataclass(frozen=True, slots=True)
class Course:
    """What decides the stage of a call: when it was released, opens, closes (after extensions) and was cancelled."""

    opened_at: datetime | None = None
    opens_at: datetime | None = None
    closing: datetime | None = None  # none: it stands open
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Late:
    """An exception: an office that may submit until a moment although the call is closed."""

    office_id: int
    until: datetime


def closing(closes_at: datetime | None, extended_to: Iterable[datetime]) -> datetime | None:
    """When a call closes after its extensions, which only ever make it later; a standing call does not."""
    return None if closes_at is None else max([closes_at, *extended_to])


def stage(course: Course, now: datetime) -> Stage:
    """How far a call is at a moment. The closing minute counts in full: at 23:59 and 30 seconds it is still open."""
    if course.cancelled_at is not None:
        return Stage.CANCELLED
    if course.opened_at is None or course.opens_at is None:
        return Stage.DRAFT
    if now < course.opens_at:
        return Stage.SCHEDULED
    return Stage.OPEN if course.closing is None or now < course.closing + MINUTE else Stage.CLOSED


def may_submit(course: Course, exceptions: Iterable[Late], office_id: int, now: datetime) -> bool:
    """Whether an office may hand a proposal in: while the call is open, or by an exception made for that office."""
    found = stage(course, now)
    if found is Stage.CLOSED:
        return any(late.office_id == office_id and now < late.until + MINUTE for late in exceptions)
    return found is Stage.OPEN


def left(until: datetime, now: datetime) -> tuple[int, int, int]:
    """The days, hours and minutes from now to the end of a closing minute; nothing when it is over."""
    seconds = max(0, int((until + MINUTE - now).total_seconds()))
    return seconds // 86_400, seconds % 86_400 // 3_600, seconds % 3_600 // 60


def is_code(text: str) -> bool:
    """Whether a text is like the code of a call: 2026-1."""
    return CODE.fullmatch(text) is not None


# ---------------------------------------------------------------------------------------------- moments and their zones


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    """Whether the zone of that name is in the IANA database."""
    return name in _zones()


def local(moment: datetime, zone: str) -> datetime:
    """The moment as clocks in that zone show it."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone if is_zone(zone) else "UTC"))


def said_moment(day: date, hour: time | None, zone: str, *, last: bool, field: str) -> datetime:
    """The moment that somebody says as a day, perhaps an hour, and a zone. `last`: a day alone means its last minute,
    else its first. Refused: a zone nobody knows, and an hour that the clocks skip or show twice."""
    if not is_zone(zone):
        raise Refusal(Fault("call.no-zone", {"text": zone[:60]}, field="zone"))
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refusal(Fault("call.year", {"first": FIRST_YEAR, "last": LAST_YEAR}, field=field))
    clock = datetime.combine(day, hour if hour is not None else LAST_MINUTE if last else time(0))
    early, late = (_utc(clock, zone, fold) for fold in (0, 1))
    if early != late and (hour is not None or (_skipped(clock, zone) and last)):
        raise Refusal(_unclear(clock, zone, field))
    return late if last else early


def _utc(clock: datetime, zone: str, fold: int) -> datetime:
    return clock.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC).replace(tzinfo=None)


def _skipped(clock: datetime, zone: str) -> bool:
    """Whether no clock of the zone ever shows it: it is jumped over."""
    return local(_utc(clock, zone, 0), zone).replace(tzinfo=None) != clock


def _unclear(clock: datetime, zone: str, field: str) -> Fault:
    """What is wrong with an hour that is jumped over, or shown twice, and between which hours that is."""
    skipped = _skipped(clock, zone)
    early, late = _utc(clock, zone, 0), _utc(clock, zone, 1)
    width = abs(late - early)
    turn = _turn(min(early, late), width, zone)
    after = local(turn, zone).replace(tzinfo=None)  # what clocks show right after the change
    first = after - width if skipped else after
    values = {
        "hour": f"{clock:%H:%M}", "day": clock.date().isoformat(), "zone": zone,
        "first": f"{first:%H:%M}", "last": f"{first + width:%H:%M}",
    }  # fmt: skip
    return Fault("call.hour-skipped" if skipped else "call.hour-twice", values, field=field)


def _turn(start: datetime, width: timedelta, zone: str) -> datetime:
    """The first minute after the clocks were changed, which is within `width` of the start."""
    moment, offset = start - width, local(start - width, zone).utcoffset()
    while local(moment, zone).utcoffset() == offset:
        moment += MINUTE
    return moment


# ------------------------------------------------------------------------------------------------------------- for whom


@dataclass(frozen=True, slots=True)
class Places:
    """For which States a call is, each by itself, by regional group or by region; none: every one that may be
    funded."""

    states: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()

    @property
    def everywhere(self) -> bool:
        """Whether nothing narrows it."""
        return not (self.states or self.groups or self.regions)

    def includes(self, state: str, group: str | None, regions: Collection[str]) -> bool:
        """Whether the call is for a State; `regions` are the subregion and the region it lies in."""
        return self.everywhere or state in self.states or group in self.groups or not self.regions.isdisjoint(regions)


# ---------------------------------------------------------------------------------------------- texts in six languages


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text in the language that was found for a reader; `own` when it is the reader's."""

    text: str
    language: str
    own: bool


def best(texts: Texts, language: str) -> Spoken:
    """A text in the reader's language, or else in English, or else in the first language it is in."""
    order = dict.fromkeys((language, DEFAULT, *SIX))
    found = next((code for code in order if texts.get(code)), language)
    return Spoken(texts.get(found, ""), found, found == language)


# --------------------------------------------------------------------------------------------------- what a call says


@dataclass(frozen=True, slots=True)
class GivenItem:
    """A document, a question or a point of the checklist of a call; `limit` counts the words of an answer."""

    code: str
    names: Texts
    required: bool = True
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class GivenCall:
    """What somebody says of a call, finished or not: amounts in cents, moments in UTC, focus areas by their ids."""

    code: str
    title: Texts = field(default_factory=dict)
    guidance: Texts = field(default_factory=dict)
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    zone: str = "UTC"
    standing: bool = False
    envelope: int | None = None
    floor: int | None = None
    ceiling: int | None = None
    areas: frozenset[int] = frozenset()
    places: Places = Places()


def wrong(said: GivenCall) -> list[Fault]:
    """What is wrong with a call whether or not it is finished; what it merely lacks is no fault yet."""
    found = [] if is_code(said.code) else [Fault("call.code", {"text": said.code[:20]}, field="code")]
    if not is_zone(said.zone):
        found.append(Fault("call.no-zone", {"text": said.zone[:60]}, field="zone"))
    return found + _of_texts(said) + _of_time(said) + _of_money(said)


def _of_texts(said: GivenCall) -> list[Fault]:
    longest = {"title": LONGEST_TITLE, "guidance": LONGEST_GUIDANCE}
    return [
        Fault("call.long", {"found": len(text), "largest": longest[part]}, field=f"{part}_{language}")
        for part, texts in (("title", said.title), ("guidance", said.guidance))
        for language, text in texts.items()
        if len(text) > longest[part]
    ]


def _of_time(said: GivenCall) -> list[Fault]:
    if said.standing:
        return [Fault("call.standing-closes", field="closes_on")] if said.closes_at else []
    if said.opens_at and said.closes_at and said.closes_at <= said.opens_at:
        return [Fault("call.upside-down", field="closes_on")]
    return []


def _of_money(said: GivenCall) -> list[Fault]:
    found = []
    for name in ("envelope", "floor", "ceiling"):
        cents: int | None = getattr(said, name)
        if cents is not None and cents <= 0:
            found.append(Fault("call.no-money", field=name))
        elif cents is not None and cents > MOST_CENTS:
            found.append(Fault("call.much-money", {"largest_cents": MOST_CENTS}, field=name))
    return found or _of_order(said)


def _of_order(said: GivenCall) -> list[Fault]:
    """Floor, ceiling and envelope, each at most the next that is given."""
    given = [(n, cents) for n in ("floor", "ceiling", "envelope") if (cents := getattr(said, n)) is not None]
    return [
        Fault(f"call.{low}-above-{high}", {"low_cents": less, "high_cents": more}, field=low)
        for (low, less), (high, more) in pairwise(given)
        if less > more
    ]


def lacking(said: GivenCall, weights: Collection[int], now: datetime) -> list[Fault]:
    """What a call lacks before it can be opened, each beside the field that says it."""
    found = wrong(said)
    if not any(said.title.get(language) and said.guidance.get(language) for language in SIX):
        found.append(Fault("call.lacks-text", field="title_en"))
    if said.opens_at is None:
        found.append(Fault("call.lacks-opening", field="opens_on"))
    if not said.standing and said.closes_at is None:
        found.append(Fault("call.lacks-closing", field="closes_on"))
    if said.closes_at is not None and said.closes_at <= now:
        found.append(Fault("call.over", field="closes_on"))
    found += [Fault(f"call.lacks-{n}", field=n) for n in ("envelope", "ceiling") if getattr(said, n) is None]
    if not said.areas:
        found.append(Fault("call.lacks-areas", field="areas"))
    if sum(weights) != WEIGHTS:
        found.append(Fault("call.weights", {"found": sum(weights)}))
    return found


def item_faults(kind: Item, said: GivenItem) -> list[Fault]:
    """What is wrong with a document, a question or a point of the checklist that a call is to ask for."""
    found = []
    if not ITEM_CODE.fullmatch(said.code) or len(said.code) > LONGEST_CODE:
        found.append(Fault("call.item-code", {"text": said.code[:40], "largest": LONGEST_CODE}, field="code"))
    elif kind is Item.CHECK and said.code in STANDARD:
        found.append(Fault("call.check-standard", {"text": said.code}, field="code"))
    if not any(said.names.values()):
        found.append(Fault("call.item-no-name", field="name_en"))
    largest = LONGEST_NAME if kind is Item.DOCUMENT else LONGEST_QUESTION
    found += [
        Fault("call.long", {"found": len(text), "largest": largest}, field=f"name_{language}")
        for language, text in said.names.items()
        if len(text) > largest
    ]
    if kind is Item.QUESTION and not (said.limit and 0 < said.limit <= MOST_WORDS):
        found.append(Fault("call.item-limit", {"largest": MOST_WORDS}, field="limit"))
    return found


def reason_faults(reason: str) -> list[Fault]:
    """What is wrong with the reason that is given for a step."""
    if not reason:
        return [Fault("call.no-reason", field="reason")]
    if len(reason) > LONGEST_REASON:
        return [Fault("call.long", {"found": len(reason), "largest": LONGEST_REASON}, field="reason")]
    return []
