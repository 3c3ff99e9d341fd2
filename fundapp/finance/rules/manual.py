"""Entries made by hand, as they are prepared. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fundapp.kernel.errors import Fault
from fundapp.ledger.core import LONGEST_MEMO

MOST_LINES = 12
LONGEST_ANSWER = 2_000


@dataclass(frozen=True, slots=True)
class GivenLine:
    """A line by codes: cents to the debit of an account, or negative to its credit; of a donor, for a project."""

    account: str
    cents: int
    donor: str = ""
    project: str = ""


@dataclass(frozen=True, slots=True)
class GivenEntry:
    """An entry as somebody prepares it. late_for: the day that it belongs to, where that takes no entries any more;
    corrects: the entry that it undoes, or takes the place of where it has lines of its own."""

    on: date | None
    memo: str
    lines: Sequence[GivenLine]
    late_for: date | None = None
    corrects: int | None = None

    def as_kept(self) -> dict[str, Any]:
        """The lines as they are kept."""
        return {
            "lines": [
                {"account": one.account, "cents": one.cents, "donor": one.donor, "project": one.project}
                for one in self.lines
            ]
        }


def lines_from(kept: Mapping[str, Any]) -> list[GivenLine]:
    """The lines that were kept."""
    return [GivenLine(one["account"], one["cents"], one["donor"], one["project"]) for one in kept["lines"]]


def wrong_with(given: GivenEntry, today: date) -> list[Fault]:
    """What is wrong with it before anything is looked up."""
    faults = []
    if given.on is None:
        faults.append(Fault("manual.no-day", field="on"))
    elif given.on > today:
        faults.append(Fault("manual.future", {"day": given.on.isoformat()}, field="on"))
    if not 0 < len(given.memo) <= LONGEST_MEMO or not given.memo.isprintable():
        faults.append(Fault("manual.no-memo", {"largest": LONGEST_MEMO}, field="memo"))
    if given.late_for is not None and given.on is not None and given.late_for >= given.on:
        faults.append(Fault("manual.late", field="late_for"))
    if len(given.lines) < 2 and (given.lines or given.corrects is None):
        faults.append(Fault("manual.lines", field="account_1"))
    return faults
