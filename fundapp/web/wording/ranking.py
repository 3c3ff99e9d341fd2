"""Sentences about rankings and disagreement."""

RANKING: dict[str, str] = {}
