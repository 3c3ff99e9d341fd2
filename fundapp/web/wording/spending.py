"""Sentences about project accounts, allotments and commitments."""

SPENDING: dict[str, str] = {}
