"""Sentences about screening, notices and reminders."""

SCREENING: dict[str, str] = {}
