"""Disagreement between reviewers on a criterion, and what may be said to have become of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fundapp.scoring.rules.totals import APART

LONGEST = 2_000  # characters of a comment or a note
SHORTEST = 10  # of a note that is required


@dataclass(frozen=True, slots=True)
class Given:
    """A sheet that counts, as far as one criterion goes: whose it is, which of theirs, when it was given, its step
    (none for "not applicable")."""

    person: int
    number: int
    at: datetime
    step: int | None


def spread(steps: Iterable[int | None]) -> int:
    """How many steps lie between the highest and the lowest; "not applicable" is no step."""
    known = [one for one in steps if one is not None]
    return max(known) - min(known) if known else 0


def apart(steps: Iterable[int | None]) -> bool:
    """Whether those who gave these steps disagree."""
    return spread(steps) >= APART


def given_again(sheets: Iterable[Given], since: datetime | None) -> bool:
    """Whether somebody gave their sheet again when there was another's to disagree with, and after `since`: the last
    outcome, where there is one. Without it nobody can be said to have revised."""
    all_of_them = list(sheets)
    for one in all_of_them:
        others = [other.at for other in all_of_them if other.person != one.person]
        if one.number > 1 and others and one.at > min(others) and (since is None or one.at > since):
            return True
    return False
