"""The scoring of a call: what its round is set to, and whether somebody has an interest in a proposal. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from fundapp.kernel.errors import Fault

MOST_SHEETS = 10
LARGEST_TOTAL = 100


@dataclass(frozen=True, slots=True)
class GivenRound:
    """What a round is set to: sheets that each proposal needs, until when (UTC, and the zone in which that was said),
    whether who gave a sheet then sees the others, whether nobody scores a proposal of the State they are nationals of,
    and the total under which a proposal is marked."""

    sheets: int
    due_at: datetime
    zone: str
    shows_others: bool = True
    bars_nationality: bool = True
    threshold: Decimal | None = None


def faults_of(said: GivenRound, now: datetime) -> Iterator[Fault]:
    """What is wrong with it."""
    if not 1 <= said.sheets <= MOST_SHEETS:
        yield Fault("round.sheets", {"most": MOST_SHEETS}, field="sheets")
    if said.due_at <= now:
        yield Fault("round.past", field="due_on")
    if said.threshold is not None and not 0 <= said.threshold <= LARGEST_TOTAL:
        yield Fault("round.threshold", field="threshold")


class Interest(StrEnum):
    """Why somebody does not score a proposal."""

    OFFICE = "office"  # it is of their own office
    NATIONALITY = "nationality"  # it is for the State they are nationals of
    WORKED = "worked"  # they wrote, cleared or handed it in
    KEPT = "kept"  # they declared an interest, or the secretary found one


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody who may be asked to score: the languages they read, the most proposals of a call that they take, the
    offices they hold a role for, what they worked on and what is closed to them, by the ids of proposals."""

    id: int
    name: str
    languages: frozenset[str] = frozenset()
    most: int | None = None
    nationality: str | None = None
    offices: frozenset[int] = frozenset()
    worked_on: frozenset[int] = frozenset()
    closed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ToScore:
    """A proposal that is to be scored; `by`: who does already; `courtesy`: the language of the translation beside it,
    or empty."""

    id: int
    reference: str
    language: str
    country: str | None
    office: int
    by: frozenset[int] = frozenset()
    courtesy: str = ""


def interests(one: Reviewer, proposal: ToScore, *, bars_nationality: bool) -> tuple[Interest, ...]:
    """Every interest that somebody has in a proposal."""
    found: Collection[tuple[Interest, bool]] = (
        (Interest.OFFICE, proposal.office in one.offices),
        (
            Interest.NATIONALITY,
            bars_nationality and one.nationality is not None and one.nationality == proposal.country,
        ),
        (Interest.WORKED, proposal.id in one.worked_on),
        (Interest.KEPT, proposal.id in one.closed),
    )
    return tuple(interest for interest, has in found if has)
