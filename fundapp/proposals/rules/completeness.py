"""What a proposal must have before it can be submitted, section by section, as data. Pure.

Facts are what somebody found out of a proposal, by "section.name": a text as it was written, a choice or None, a day or
None, how many there are of something. What nobody has found out is not there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar, Protocol

from fundapp.kernel.errors import Fault
from fundapp.proposals.rules.words import count

Facts = Mapping[str, object]
MARKERS = range(4)  # the gender marker of the Peacebuilding Fund: 0 to 3
TODAY = "today"  # the fact that days are held against
MOST_QUARTERS = 20  # five years
BARE = "-bare"  # after the name of a count: how many of them lack what each must have
ODD = "-odd"  # after the name of a count: those of them that there are not, by code


class Ask(Protocol):
    """One thing that a section asks for."""

    @property
    def name(self) -> str: ...
    @property
    def optional(self) -> bool: ...
    def given(self, fact: object) -> bool:
        """Whether there is anything to look at."""

    def fault(self, key: str, facts: Facts) -> Fault | None:
        """What is wrong with it; None where it is as it must be."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of at most so many words."""

    name: str
    words: int
    optional: bool = False

    def given(self, fact: object) -> bool:
        """Whether anything is written."""
        return isinstance(fact, str) and bool(fact.strip())

    def fault(self, key: str, facts: Facts) -> Fault | None:
        """Empty, without a word, or too long."""
        found = count(text) if isinstance(text := facts.get(key), str) else 0
        if not found:
            return None if self.optional else Fault("proposal.no-text", {"words": self.words}, field=key)
        if found > self.words:
            values = {"found": found, "words": self.words, "over": found - self.words}
            return Fault("proposal.words", values, field=key)
        return None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice, or a box to be ticked."""

    name: str
    optional: ClassVar[bool] = False

    def given(self, fact: object) -> bool:
        """Whether something was chosen."""
        return bool(fact)

    def fault(self, key: str, facts: Facts) -> Fault | None:
        """Nothing chosen."""
        return None if facts.get(key) else Fault("proposal.no-choice", field=key)


@dataclass(frozen=True, slots=True)
class Marker:
    """The gender marker, 0 to 3: nought is an answer."""

    name: str
    optional: ClassVar[bool] = False

    def given(self, fact: object) -> bool:
        """Whether there is a mark."""
        return fact is not None

    def fault(self, key: str, facts: Facts) -> Fault | None:
        """No mark, or one that there is not."""
        mark = facts.get(key)
        is_mark = isinstance(mark, int) and not isinstance(mark, bool) and mark in MARKERS
        return None if is_mark else Fault("proposal.no-marker", {"last": MARKERS[-1]}, field=key)


@dataclass(frozen=True, slots=True)
class Past:
    """A day that has been."""

    name: str
    optional: ClassVar[bool] = False

    def given(self, fact: object) -> bool:
        """Whether there is a day."""
        return isinstance(fact, date)

    def fault(self, key: str, facts: Facts) -> Fault | None:
        """No day, or one that is still to come."""
        day, today = facts.get(key), facts.get(TODAY)
        if not isinstance(day, date):
            return Fault("proposal.no-day", field=key)
        if isinstance(today, date) and day > today:
            return Fault("proposal.day-to-come", {"day": day.isoformat()}, field=key)
        return None


@dataclass(frozen=True, slots=True)
class Some:
    """At least so many of something, each with what it must have."""

    name: str
    least: int = 1
    optional: ClassVar[bool] = False

    def given(self, fact: object) -> bool:
        """Whether there is one."""
        return isinstance(fact, int) and fact > 0

    def fault(self, key: str, facts: Facts) -> Fault | None:
        """Too few, or some that are bare."""
        found, bare = _number(facts.get(key)), _number(facts.get(key + BARE))
        if found < self.least:
            return Fault("proposal.too-few", {"found": found, "least": self.least}, field=key)
        return Fault("proposal.bare", {"found": bare, "of": found}, field=key) if bare else None


@dataclass(frozen=True, slots=True)
class Listed:
    """At least one code of a list that everybody has, and none that is not in it."""

    name: str
    optional: ClassVar[bool] = False

    def given(self, fact: object) -> bool:
        """Whether there is one."""
        return isinstance(fact, int) and fact > 0

    def fault(self, key: str, facts: Facts) -> Fault | None:
        """None, or some that there are not: they are named."""
        odd = facts.get(key + ODD)
        if odd and isinstance(odd, tuple):
            return Fault("proposal.unknown-codes", {"codes": odd}, field=key)
        found = _number(facts.get(key))
        return None if found else Fault("proposal.too-few", {"found": found, "least": 1}, field=key)


@dataclass(frozen=True, slots=True)
class Sound:
    """Something that other rules looked at, and how many faults they found; they say which."""

    name: str
    optional: ClassVar[bool] = False

    def given(self, fact: object) -> bool:
        """Whether anything was looked at."""
        return fact is not None

    def fault(self, key: str, facts: Facts) -> Fault | None:
        """Not looked at, or at fault."""
        found = facts.get(key)
        if found is None:
            return Fault("proposal.no-budget", field=key)
        return Fault("proposal.faults", {"found": found}, field=key) if found else None


@dataclass(frozen=True, slots=True)
class Span:
    """A time from one quarter to another: how many quarters there are, less than one where the end is before the
    start, None where either is missing."""

    name: str
    optional: ClassVar[bool] = False

    def given(self, fact: object) -> bool:
        """Whether both ends are there."""
        return fact is not None

    def fault(self, key: str, facts: Facts) -> Fault | None:
        """No time, an end before its start, or longer than a proposal lasts."""
        found = facts.get(key)
        if not isinstance(found, int):
            return Fault("proposal.no-period", field=key)
        if found < 1:
            return Fault("proposal.upside-down", field=key)
        return Fault("proposal.long-period", {"largest": MOST_QUARTERS}, field=key) if found > MOST_QUARTERS else None


def _number(fact: object) -> int:
    return fact if isinstance(fact, int) else 0


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the proposal's task list, and all that it asks for."""

    name: str
    asks: tuple[Ask, ...]
    asked: tuple[tuple[str, Ask], ...] = field(init=False, repr=False, compare=False)  # by the name of its fact

    def __post_init__(self) -> None:
        object.__setattr__(self, "asked", tuple((f"{self.name}.{ask.name}", ask) for ask in self.asks))

    def keys(self) -> tuple[str, ...]:
        """The names of the facts that it is judged by."""
        return tuple(key for key, _ask in self.asked)


# Word limits are those of a call that says nothing else. A recommendation is bare where the State only noted it and no
# reason is given; an indicator without baseline or target, or by sex where it must be; an activity without a quarter;
# a risk without a measure against it.
SECTIONS = (
    Section("country", (Chosen("country"), Text("partners", 300))),
    Section("consent", (Chosen("form"), Some("document"), Past("date"), Text("signatory", 40))),
    Section("context", (Text("title", 25), Text("problem", 500), Text("context", 500))),
    Section("recommendations", (Some("linked"),)),
    Section("focus-areas", (Some("chosen"),)),
    Section("results", (Some("outcomes"), Some("outputs"), Some("indicators"))),
    Section("activities", (Span("period"), Some("planned"))),
    Section("national-systems", (Text("strengthening", 400),)),
    Section("goals", (Listed("targets"), Text("alignment", 300, optional=True))),
    Section("gender", (Marker("marker"), Text("analysis", 400))),
    Section("inclusion", (Text("left-behind", 300),)),
    Section("risks", (Some("named"),)),
    Section("sustainability", (Text("afterwards", 300),)),
    Section("other-funding", (Chosen("declared"), Text("sources", 200, optional=True))),
    Section("monitoring", (Text("plan", 300),)),
    Section("budget", (Some("lines"), Sound("check"))),
    Section("contacts", (Some("people"),)),
)
GATE = "consent"  # nothing is funded without the request or the consent of the State: A/HRC/47/19, paragraphs 2 and 15


def sections(
    limits: Mapping[str, int] | None = None,
    questions: Mapping[str, int] | None = None,
    documents: Sequence[str] = (),
    may_be_left: Collection[str] = (),
) -> tuple[Section, ...]:
    """The sections of a call's proposals.

    limits: words by "section.name", where the call says otherwise. questions: the call's own, with their words.
    may_be_left: those of them that need no answer. documents: kinds of document that it requires.
    """
    found = [_section(one, limits) for one in SECTIONS] if limits else [*SECTIONS]
    if questions:
        found.append(
            Section("questions", tuple(Text(name, words, name in may_be_left) for name, words in questions.items()))
        )
    if documents:
        found.append(Section("documents", tuple(Some(kind) for kind in documents)))
    return tuple(found)


def _section(section: Section, limits: Mapping[str, int]) -> Section:
    return replace(section, asks=tuple(_limited(section, ask, limits) for ask in section.asks))


def _limited(section: Section, ask: Ask, limits: Mapping[str, int]) -> Ask:
    words = limits.get(f"{section.name}.{ask.name}")
    return replace(ask, words=words) if isinstance(ask, Text) and words is not None else ask


def lacking(facts: Facts, asked: Sequence[Section] = SECTIONS) -> list[tuple[str, Fault]]:
    """All that a proposal still lacks, as section and fault, in the order of the task list."""
    return held_against(facts, asked)[0]


def consent_given(facts: Facts) -> bool:
    """Whether the State's request or consent is there: document, day and signatory."""
    return not lacking(facts, [section for section in SECTIONS if section.name == GATE])


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a section, or of all, is done: so many things of so many; `begun` once anything was given."""

    done: int
    of: int
    begun: bool

    @property
    def whole(self) -> bool:
        """Whether nothing is lacking."""
        return self.done == self.of

    @property
    def state(self) -> str:
        """How far it is, in a word: nothing is asked for, nothing is lacking, nothing was given yet, or begun."""
        if not self.of:
            return "unasked"
        return "whole" if self.done == self.of else "begun" if self.begun else "untouched"

    @property
    def percent(self) -> int:
        """In whole per cent, rounded down: 100 is everything and nothing less."""
        return 100 * self.done // self.of if self.of else 100


def held_against(facts: Facts, asked: Sequence[Section]) -> tuple[list[tuple[str, Fault]], dict[str, Share]]:
    """All that is lacking and the share done of each section, by its name: each thing is looked at once. A text that
    may be left out counts once it is written."""
    missing: list[tuple[str, Fault]] = []
    shares = {}
    for section in asked:
        counted, before, begun = 0, len(missing), False
        for key, ask in section.asked:
            given = ask.given(facts.get(key))
            begun = begun or given
            counted += given or not ask.optional
            if fault := ask.fault(key, facts):
                missing.append((section.name, fault))
        shares[section.name] = Share(counted - len(missing) + before, counted, begun)
    return missing, shares


def together(shares: Iterable[Share]) -> Share:
    """Of several sections."""
    each = list(shares)
    return Share(sum(one.done for one in each), sum(one.of for one in each), any(one.begun for one in each))


def share_done(facts: Facts, *asked: Section) -> Share:
    """How much of these sections is done."""
    return together(held_against(facts, asked)[1].values())
