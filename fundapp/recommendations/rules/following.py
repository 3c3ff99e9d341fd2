"""What becomes of a recommendation, and what people say of it. Pure."""

from __future__ import annotations

from enum import StrEnum


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
