"""How a sentence is marked for the catalogues before anybody says it."""

from __future__ import annotations


def marked(text: str) -> str:
    """The sentence as it is: whoever says it looks it up (a lazy string does so ten times slower)."""
    return text
