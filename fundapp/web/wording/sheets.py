"""Sentences about score sheets."""

SHEETS: dict[str, str] = {}
