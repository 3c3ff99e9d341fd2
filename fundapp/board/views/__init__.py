"""Pages of the Board: one blueprint, a module for each family of pages."""

from fundapp.board import session_letters
from fundapp.board.views import (
    agenda,
    considering,
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
    "blueprint",
    "considering",
    "following",
    "interests",
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
