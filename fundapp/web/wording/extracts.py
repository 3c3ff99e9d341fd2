"""Sentences about extracts of expenditure, entries by hand and support costs."""

EXTRACTS: dict[str, str] = {}
