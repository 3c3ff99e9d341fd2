"""What is looked at when a proposal is screened, and what the program can see by itself. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """What was found on a point."""

    FULFILLED = "fulfilled"
    NOT_FULFILLED = "not-fulfilled"
    NOT_APPLICABLE = "not-applicable"


# The points of every call; a call adds its own.
STANDARD = ("consent", "country", "budget", "recommendations", "gender", "documents")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the program sees on a point: fulfilled or not, and why, as the code of a sentence with its values."""

    code: str
    good: bool
    why: str
    values: Mapping[str, object] = field(default_factory=dict)
