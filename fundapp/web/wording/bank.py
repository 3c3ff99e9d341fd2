"""Sentences about bank statements."""

BANK: dict[str, str] = {}
