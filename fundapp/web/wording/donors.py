"""Sentences about donors, pledges and requests."""

DONORS: dict[str, str] = {}
