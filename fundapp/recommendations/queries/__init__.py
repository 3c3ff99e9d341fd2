"""Reading the register: what a file is compared with, the imports, search, States, and evidence on a theme."""

from fundapp.recommendations.queries.comparing import Standing, standing, stored, world
from fundapp.recommendations.queries.evidence import (
    Evidence,
    EvidenceFound,
    Which,
    between,
    evidence,
    evidence_for,
    to_add,
)
from fundapp.recommendations.queries.exporting import every
from fundapp.recommendations.queries.imports import built_on, imports, named_import, pointing
from fundapp.recommendations.queries.judgements import areas, judged, named_judgement
from fundapp.recommendations.queries.listing import Listed, Wanted, count, counts, search, searched
from fundapp.recommendations.queries.names import Names, names
from fundapp.recommendations.queries.one import Version, Whole, whole
from fundapp.recommendations.queries.pairs import candidates, decided, joined_numbers, named_pairing, sources, waiting
from fundapp.recommendations.queries.printing import matrix_facts, trend_facts, trend_of
from fundapp.recommendations.queries.states import CycleRow, Positions, StateRow, by_body, cycles_of, states, themes_in

__all__ = [
    "CycleRow",
    "Evidence",
    "EvidenceFound",
    "Listed",
    "Names",
    "Positions",
    "Standing",
    "StateRow",
    "Version",
    "Wanted",
    "Which",
    "Whole",
    "areas",
    "between",
    "built_on",
    "by_body",
    "candidates",
    "count",
    "counts",
    "cycles_of",
    "decided",
    "every",
    "evidence",
    "evidence_for",
    "imports",
    "joined_numbers",
    "judged",
    "matrix_facts",
    "named_import",
    "named_judgement",
    "named_pairing",
    "names",
    "pointing",
    "search",
    "searched",
    "sources",
    "standing",
    "states",
    "stored",
    "themes_in",
    "to_add",
    "trend_facts",
    "trend_of",
    "waiting",
    "whole",
    "world",
]
