"""Sentences about what is suggested on a criterion, and why."""

SUGGESTION: dict[str, str] = {}
