"""A decision as a letter to the office tells it: what may be shared, in no language yet. Pure; amounts are cents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as the letter names it; owner: office, secretariat."""

    text: str
    owner: str
    due_on: date
    before_allotment: bool


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """A decision that stands, with what the office may know of it. session: its number and days; language: that of the
    proposal, and of the reasons; classes: what is approved by class, `shared_out` where that follows the budget;
    supersedes: the day of the decision whose place it took."""

    fund_code: str
    fund: Names
    call_code: str
    call: Names
    reference: str
    title: str
    language: str
    office: str
    state: Names | None
    session: tuple[int, date, date]
    outcome: str
    asked: int
    amount: int | None
    classes: Mapping[str, int]
    shared_out: bool
    conditions: Sequence[Condition]
    reasons: str
    decided_on: date
    supersedes: date | None
    generated_at: datetime
