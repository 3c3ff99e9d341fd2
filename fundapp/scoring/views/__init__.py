"""Pages of scoring."""

from fundapp.scoring.views import criteria, files, moderation, round_parts
from fundapp.scoring.views.blueprint import blueprint

__all__ = ["blueprint", "criteria", "files", "moderation", "round_parts"]
