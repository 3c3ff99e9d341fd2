"""Sentences about statements and their certification."""

CERTIFYING: dict[str, str] = {}
