"""What becomes of a recommendation, and what people say of it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from enum import StrEnum
from urllib.parse import urlsplit

LONGEST_SENTENCE, LONGEST_EVIDENCE = 2_000, 5_000  # characters
LONGEST_SOURCE, LONGEST_LINK, LONGEST_PROJECT = 300, 500, 200
_APART = re.compile(r"[\s,;،؛、，；]+")
_GOAL = re.compile(r"(\d{1,2})(?:\.(\d{1,2}|[a-z]))?")


class Progress(StrEnum):
    """How far a recommendation, or a measure of a plan, has come."""

    NOT_STARTED = "not-started"
    UNDER_WAY = "under-way"
    IMPLEMENTED = "implemented"
    NO_LONGER_RELEVANT = "no-longer-relevant"


class Says(StrEnum):
    """Who says how far it has come."""

    STATE = "state"
    INSTITUTION = "institution"  # the national human rights institution
    CIVIL_SOCIETY = "civil-society"
    UNITED_NATIONS = "united-nations"
    OTHER = "other"


class Verdict(StrEnum):
    """What a person says of a match that was found, or that they make themselves."""

    ADDED = "added"
    REJECTED = "rejected"


class Stage(StrEnum):
    """Where a file stands that somebody sent: it waits, is read, was read, is taken in, or came to an end."""

    WAITING = "waiting"
    READING = "reading"
    READ = "read"
    DUE = "due"
    TAKING = "taking"
    TAKEN = "taken"
    REFUSED = "refused"
    GIVEN_UP = "given-up"


def goals_typed(text: str, targets: Collection[str]) -> tuple[list[tuple[int, str]], list[str]]:
    """Goals and targets as somebody types them ("16, 5.2"): each once, as a goal and its target or none; and the words
    that are neither, as they were typed."""
    found: dict[tuple[int, str], None] = {}
    unknown: list[str] = []
    for word in filter(None, _APART.split(text)):
        read = _GOAL.fullmatch("".join(map(_figure, word.lower())))
        code = f"{int(read[1])}.{read[2]}" if read and read[2] else ""
        if read and 1 <= int(read[1]) <= 17 and (not code or code in targets):
            found[int(read[1]), code] = None
        else:
            unknown.append(word[:20])
    return list(found), unknown


def _figure(sign: str) -> str:
    """A figure of any script as 0 to 9."""
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)


def is_link(text: str) -> bool:
    """Whether an address leads to a page: http or https, a host, and nobody's password in it."""
    if len(text) > LONGEST_LINK or not text.isprintable() or re.search(r"[\s<>\"\\^`{|}]", text):
        return False
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
        )
    except ValueError:
        return False


class Fate(StrEnum):
    """What becomes of a row of a file that is read."""

    ADDED = "added"
    SAME = "same"
    TRANSLATED = "translated"
    CHANGED = "changed"
    WRONG = "wrong"
