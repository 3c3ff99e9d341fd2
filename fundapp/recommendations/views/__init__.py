"""Pages of the register of recommendations."""

from fundapp.recommendations.views import duplicates, evidence, register, states
from fundapp.recommendations.views.blueprint import blueprint

__all__ = ["blueprint", "duplicates", "evidence", "register", "states"]
