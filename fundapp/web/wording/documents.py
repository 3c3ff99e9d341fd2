"""Sentences about the documents of a proposal."""

DOCUMENTS: dict[str, str] = {}
