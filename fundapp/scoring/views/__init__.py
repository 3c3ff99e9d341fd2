"""Pages of scoring."""

from fundapp.scoring.views import criteria, files, matrix, moderation, ranking, round_parts, spread
from fundapp.scoring.views.blueprint import blueprint

__all__ = ["blueprint", "criteria", "files", "matrix", "moderation", "ranking", "round_parts", "spread"]
