"""Reading the register: what a file is compared with, the imports, search, States, and evidence on a theme."""

from fundapp.recommendations.queries.comparing import Standing, standing, stored, world
from fundapp.recommendations.queries.evidence import Evidence, evidence
from fundapp.recommendations.queries.exporting import every
from fundapp.recommendations.queries.imports import built_on, imports, named_import, pointing
from fundapp.recommendations.queries.listing import Listed, Wanted, count, counts, search, searched
from fundapp.recommendations.queries.names import Names, names
from fundapp.recommendations.queries.one import Version, Whole, whole
from fundapp.recommendations.queries.printing import matrix_facts, trend_facts
from fundapp.recommendations.queries.states import (
    CycleRow,
    Positions,
    StateRow,
    by_body,
    cycles_of,
    states,
    themes_in,
)

__all__ = [
    "CycleRow",
    "Evidence",
    "Listed",
    "Names",
    "Positions",
    "Standing",
    "StateRow",
    "Version",
    "Wanted",
    "Whole",
    "built_on",
    "by_body",
    "count",
    "counts",
    "cycles_of",
    "every",
    "evidence",
    "imports",
    "matrix_facts",
    "named_import",
    "names",
    "pointing",
    "search",
    "searched",
    "standing",
    "states",
    "stored",
    "themes_in",
    "trend_facts",
    "whole",
    "world",
]
