"""Sentences about lists of proposals and dossiers."""

LISTS: dict[str, str] = {}
