"""A proposal as facts to be printed: all that its reader may read of it, in no language yet. Pure.

Names are given by language. What the office typed is in `whole`, in the language that it was written in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from fundapp.proposals.rules.budget import Totals
from fundapp.proposals.rules.content import Budget
from fundapp.proposals.rules.fields import Whole
from fundapp.recommendations.rules import Position

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Edition:
    """What was handed in: which version it is, the digest of its text, and when it came."""

    number: int
    digest: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """What a proposal says: its language, that of the translations beside its texts (or empty), and the version that
    it is; None for what is being written still."""

    whole: Whole
    language: str
    courtesy: str = ""
    edition: Edition | None = None


@dataclass(frozen=True, slots=True)
class Linked:
    """A recommendation that the proposal helps to implement, with its texts by language; without texts the register
    has it no more. key: what the proposal calls it."""

    key: str
    texts: Mapping[str, str] = field(default_factory=dict)
    symbol: str = ""
    paragraph: str = ""
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """A document that goes with the proposal; names of its kind where the call asked for it."""

    kind: str
    names: Names | None
    title: str
    file: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Said:
    """What was said in screening, and when."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of the secretariat about a section, and the office's answers."""

    section: str
    question: Said
    answers: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class DossierFacts:
    """A proposal with what stands around it. statuses: ldc, lldc, sids. goals and areas by what the proposal calls
    them; asked: the call's own questions by code. generated_at: when it was read."""

    fund_code: str
    fund: Names
    call_code: str
    call: Names
    reference: str
    office: str
    written: Written
    generated_at: datetime
    rate: Decimal
    budget: Budget
    state: Names | None = None
    statuses: tuple[str, ...] = ()
    areas: tuple[Names, ...] = ()
    goals: Mapping[int, Names] = field(default_factory=dict)
    recommendations: tuple[Linked, ...] = ()
    documents: tuple[Filed, ...] = ()
    asked: Mapping[str, Names] = field(default_factory=dict)
    exchanges: tuple[Exchange, ...] = ()

    @property
    def whole(self) -> Whole:
        """What the proposal says, section by section."""
        return self.written.whole

    @property
    def totals(self) -> Totals:
        """What its budget comes to."""
        return self.budget.totals
