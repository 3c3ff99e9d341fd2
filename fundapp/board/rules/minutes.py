"""The minutes of a session as facts: what the record says of it, in no language yet, and what of it somebody reads.
Pure. Names and texts are given by language; amounts are cents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from fundapp.board.rules.agenda import PROPOSALS, AgendaReader, Under
from fundapp.board.rules.withholding import Hidden, Silent

Names = Mapping[str, str]
SHARED = ""  # in place of a fund's code: of all funds of the Board


@dataclass(frozen=True, slots=True)
class Numbered:
    """The number that a session has for a fund, by the fund's code."""

    fund: str
    names: Names
    number: int


@dataclass(frozen=True, slots=True)
class Attending:
    """Somebody who takes part; `present`: none before that is known. `state`: of which a trustee is a national."""

    name: str
    capacity: str
    function: str = ""
    present: bool | None = None
    state: Names | None = None


@dataclass(frozen=True, slots=True)
class Apart:
    """A trustee who took no part in a proposal, and the interest that they declared; empty where they declared none."""

    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Voted:
    """How a trustee voted. `counts`: not of one who declared an interest afterwards."""

    name: str
    choice: str
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Advised:
    """What the Board advised and how it came to that."""

    outcome: str
    way: str
    on: date
    amount: int | None = None
    reasons: str = ""
    conditions: str = ""
    in_favour: int = 0
    against: int = 0
    abstained: int = 0
    recused: int = 0
    taking_part: int = 0
    votes: tuple[Voted, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a decision. `standing`: open, met or waived."""

    text: str
    owner: str
    due_on: date
    before_allotment: bool
    standing: str = "open"


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, and with which conditions."""

    outcome: str
    on: date
    amount: int | None = None
    reasons: str = ""
    against_advice: str = ""
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Before:
    """A proposal before the Board. `withheld`: the reader may know of it, and not what was said of it."""

    proposal: int
    reference: str
    title: str
    language: str
    fund: str
    state: Names | None = None
    asked: int = 0
    again: bool = False
    recused: tuple[Apart, ...] = ()
    advice: Advised | None = None
    decision: Decided | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the agenda with the words of the secretariat on it, by language."""

    key: int
    kind: str
    fund: str
    names: Names
    texts: Names = field(default_factory=dict)
    proposals: tuple[Before, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a session asked to be done. `of`: the numbers of that session; `item`: under which it was asked
    for; `done_on`: none while it waits."""

    text: str
    owner: str
    fund: str = SHARED
    due_on: date | None = None
    item: int | None = None
    of: tuple[Numbered, ...] = ()
    done_on: date | None = None
    done_note: str = ""


@dataclass(frozen=True, slots=True)
class Arising:
    """What earlier sessions left: the actions that were not done by the end of the one before, and what that one said
    of each proposal, with what became of the conditions since."""

    of: tuple[Numbered, ...]
    since: date
    until: date
    actions: tuple[Action, ...] = ()
    proposals: tuple[Before, ...] = ()


@dataclass(frozen=True, slots=True)
class MinutesFacts:
    """A session as its minutes tell it."""

    numbers: tuple[Numbered, ...]
    since: date
    until: date
    zone: str
    way: str
    quorum: int
    place: str = ""
    hosts: str = ""
    silent_until: datetime | None = None
    participants: tuple[Attending, ...] = ()
    items: tuple[Item, ...] = ()
    actions: tuple[Action, ...] = ()
    arising: Arising | None = None

    @property
    def unadvised(self) -> tuple[Before, ...]:
        """The proposals on which no advice is recorded."""
        found = (one for item in self.items for one in item.proposals)
        return tuple(one for one in found if one.advice is None and not one.withheld)

    def number(self, fund: str) -> int:
        """The number that the session has for a fund."""
        return next(one.number for one in self.numbers if one.fund == fund)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads minutes: the fund in whose pages they do (none: the funds all), the proposals that are closed to them,
    what these are called, and those that are open to them (none: all that are not closed)."""

    fund: str | None = None
    closed: frozenset[int] = frozenset()
    hidden: tuple[Hidden, ...] = ()
    opened: frozenset[int] | None = None

    def level(self, one: Before) -> Before | None:
        """A proposal as they may read it: whole, without what was said of it, or not at all."""
        if one.proposal in self.closed or not self.of(one.fund):
            return None
        if self.opened is None or one.proposal in self.opened:
            return one
        return replace(one, asked=0, again=False, recused=(), advice=None, decision=None, withheld=True)

    def closed_in(self, item: Item) -> Silent:
        """What titles must not tell of: States are looked for where the proposal is under the item."""
        under = {one.reference for one in item.proposals}
        return Silent(tuple(one if one.reference in under else replace(one, states=()) for one in self.hidden))

    def of(self, fund: str) -> bool:
        """Whether what belongs to a fund is told in these pages."""
        return self.fund is None or fund in (SHARED, self.fund)


def read_by(facts: MinutesFacts, reader: Reader) -> MinutesFacts:
    """The minutes as somebody may read them. What tells of a proposal that is closed to them is left out, also the
    paragraphs of texts that name it; nothing stands in its place."""
    silent = Silent((*reader.hidden, *_unread(facts, reader)), _open_ones(facts, reader))
    items = (_item(one, reader, silent) for one in facts.items if reader.of(one.fund))
    return replace(
        facts,
        items=tuple(one for one in items if one is not None),
        actions=_actions(facts.actions, facts, reader, silent),
        arising=facts.arising and _arising(facts, facts.arising, reader, silent),
    )


def _all(facts: MinutesFacts) -> tuple[Before, ...]:
    now = tuple(one for item in facts.items for one in item.proposals)
    return (*now, *(facts.arising.proposals if facts.arising else ()))


def _unread(facts: MinutesFacts, reader: Reader) -> tuple[Hidden, ...]:
    """The proposals of the minutes that they do not read: other funds' are told of nowhere, and hidden by that."""
    found = [one for one in _all(facts) if (read := reader.level(one)) is None or read.withheld]
    return tuple(Hidden(one.reference, one.title, tuple((one.state or {}).values())) for one in found)


def _open_ones(facts: MinutesFacts, reader: Reader) -> tuple[str, ...]:
    found = (reader.level(one) for one in _all(facts))
    return tuple(one.reference for one in found if one and not one.withheld)


def _item(item: Item, reader: Reader, silent: Silent) -> Item | None:
    states = item.kind == PROPOSALS
    texts = {language: silent.of(text, states=states) for language, text in item.texts.items()}
    proposals = _proposals(item.proposals, reader, silent)
    known = Under(open=len(proposals))
    names = AgendaReader(reader.closed_in(item), {item.key: known}).titles(item.key, item.kind, item.names)
    if names is None:
        return None
    return replace(
        item, names=names, texts={language: text for language, text in texts.items() if text}, proposals=proposals
    )  # fmt: skip


def _proposals(found: tuple[Before, ...], reader: Reader, silent: Silent) -> tuple[Before, ...]:
    levels = (reader.level(one) for one in found)
    return tuple(_quiet(one, silent) for one in levels if one)


def _quiet(one: Before, silent: Silent) -> Before:
    """Reasons and conditions on a proposal, without what they tell of another."""
    advice, decision = one.advice, one.decision
    if advice:
        advice = replace(advice, reasons=silent.of(advice.reasons), conditions=silent.of(advice.conditions))
    if decision:
        decision = replace(
            decision,
            reasons=silent.of(decision.reasons),
            against_advice=silent.of(decision.against_advice),
            conditions=tuple(condition for condition in decision.conditions if silent.of(condition.text)),
        )
    return replace(one, advice=advice, decision=decision)


def _actions(
    found: tuple[Action, ...], facts: MinutesFacts, reader: Reader, silent: Silent
) -> tuple[Action, ...]:  # fmt: skip
    under = {one.key for one in facts.items if one.kind == PROPOSALS}
    gone = {one.key for one in facts.items if _item(one, reader, silent) is None}
    return tuple(
        replace(one, done_note=silent.of(one.done_note))
        for one in found
        if reader.of(one.fund) and one.item not in gone and silent.of(one.text, states=one.item in under)
    )


def _arising(facts: MinutesFacts, left: Arising, reader: Reader, silent: Silent) -> Arising:
    return replace(
        left,
        actions=_actions(left.actions, facts, reader, silent),
        proposals=_proposals(left.proposals, reader, silent),
    )
