"""Pages of scoring."""

from fundapp.scoring.views import criteria, desk, given, scenarios, sheet, suggestion
from fundapp.scoring.views.blueprint import blueprint

__all__ = ["blueprint", "criteria", "desk", "given", "scenarios", "sheet", "suggestion"]
