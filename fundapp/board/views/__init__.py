"""Pages of the Board: one blueprint, a module for each family of pages."""

from fundapp.board import session_letters
from fundapp.board.views import (
    agenda,
    members,
    participants,
    seats,
    session_parts,
    session_steps,
    sessions,
)
from fundapp.board.views.blueprint import blueprint

__all__ = [
    "agenda",
    "blueprint",
    "members",
    "participants",
    "seats",
    "session_letters",
    "session_parts",
    "session_steps",
    "sessions",
]
