"""Pages of the Board: one blueprint, a module for each family of pages."""

from fundapp.board import letters, session_letters
from fundapp.board.views import (
    agenda,
    approved,
    conditions,
    considering,
    deciding,
    decisions,
    following,
    interests,
    members,
    minutes,
    participants,
    seats,
    session_parts,
    session_steps,
    sessions,
    voting,
)
from fundapp.board.views.blueprint import blueprint

__all__ = [
    "agenda",
    "approved",
    "blueprint",
    "conditions",
    "considering",
    "deciding",
    "decisions",
    "following",
    "interests",
    "letters",
    "members",
    "minutes",
    "participants",
    "seats",
    "session_letters",
    "session_parts",
    "session_steps",
    "sessions",
    "voting",
]
