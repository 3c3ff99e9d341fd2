"""The verbs of donors and what they promise."""

from fundapp.contributions.operations.donors import (
    add_state,
    load_schedule,
    other_code,
)

__all__ = [
    "add_state",
    "load_schedule",
    "other_code",
]
