"""Pages of scoring."""

from fundapp.scoring.views import criteria, scenarios
from fundapp.scoring.views.blueprint import blueprint

__all__ = ["blueprint", "criteria", "scenarios"]
