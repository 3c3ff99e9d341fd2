"""Reading the register: what a file is compared with, the imports, search, and evidence on a theme."""

from fundapp.recommendations.queries.comparing import Standing, standing, stored, world
from fundapp.recommendations.queries.evidence import Evidence, evidence
from fundapp.recommendations.queries.imports import built_on, imports, named_import, pointing
from fundapp.recommendations.queries.listing import Listed, Wanted, count, search

__all__ = [
    "Evidence",
    "Listed",
    "Standing",
    "Wanted",
    "built_on",
    "count",
    "evidence",
    "imports",
    "named_import",
    "pointing",
    "search",
    "standing",
    "stored",
    "world",
]
