"""The dossier of a session as facts to be shown and printed: all that its reader may read of it, in no language yet.
Pure. Amounts are cents of a dollar; names are given by language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from fundapp.board.rules.seen import Given, Placed, SeenProposal, Share
from fundapp.board.rules.situation import Situation
from fundapp.proposals.rules.dossier import DossierFacts

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OfSession:
    """The session: its number for the fund, its days, how and where the Board meets, and where it stands; `chair` and
    `trustees` as they take part."""

    fund_code: str
    fund: Names
    board: Names
    number: int
    since: date
    until: date
    way: str
    place: str
    hosts: str
    stage: str
    quorum: int
    silent_until: datetime | None
    zone: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A document for an item of the agenda: a file of its own."""

    title: str
    language: str
    file: str


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the agenda as the fund sees it."""

    number: int
    kind: str
    names: Names
    papers: tuple[Paper, ...] = ()


@dataclass(frozen=True, slots=True)
class Attending:
    """Somebody who is to take part."""

    name: str
    capacity: str
    function: str
    present: bool | None


@dataclass(frozen=True, slots=True)
class Known:
    """A proposal before the session that is not open to its reader yet: they have still to declare what they have to do
    with it."""

    reference: str
    title: str
    language: str
    state: Names
    office: str


@dataclass(frozen=True, slots=True)
class RankingFacts:
    """The proposals of a call before the session, with their places among those that the reader sees; names of their
    States by code."""

    call: str
    names: Names
    criteria: tuple[Given, ...]
    rows: tuple[Placed, ...]
    states: Mapping[str, Names]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A proposal in a scenario: what it asks for, and what it is given, nothing where it is left out."""

    reference: str
    title: str
    language: str
    state: Names
    cents: int
    share: Share | None


@dataclass(frozen=True, slots=True)
class ScenarioFacts:
    """The scenario of a call that was carried to the Board; `whole`: whether the reader sees all proposals in it. Where
    not, nothing is said that would tell of the others: no envelope and no sum."""

    name: str
    call: str
    envelope: int
    rows: tuple[Chosen, ...]
    whole: bool

    @property
    def given(self) -> int:
        """What it gives, all in all."""
        return sum(one.share.cents for one in self.rows if one.share)


@dataclass(frozen=True, slots=True)
class Kept:
    """A snapshot of what the Board saw: of a proposal, or of the fund's situation where reference is empty. `right`:
    whether the digest is that of what is kept."""

    key: int
    reference: str
    at: datetime
    digest: str
    right: bool


@dataclass(frozen=True, slots=True)
class Brief:
    """A proposal with what its reviewers gave."""

    facts: DossierFacts
    placed: Placed


@dataclass(frozen=True, slots=True)
class SessionDossier:
    """Everything for a session. `opened`: whether the reader may see more than the agenda yet."""

    session: OfSession
    generated_at: datetime
    opened: bool
    items: tuple[Item, ...]
    people: tuple[Attending, ...]
    rankings: tuple[RankingFacts, ...]
    scenarios: tuple[ScenarioFacts, ...]
    briefs: tuple[Brief, ...]
    unopened: tuple[Known, ...]
    situation: Situation | None
    kept: tuple[Kept, ...]

    @property
    def seen(self) -> tuple[SeenProposal, ...]:
        """The proposals that the reader sees, by reference."""
        return tuple(one.placed.seen for one in self.briefs)
