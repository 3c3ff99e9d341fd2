"""Sentences about scenarios."""

SCENARIOS: dict[str, str] = {}
