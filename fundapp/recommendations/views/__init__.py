"""Pages of the register of recommendations."""

from fundapp.recommendations.views import register, states
from fundapp.recommendations.views.blueprint import blueprint

__all__ = ["blueprint", "register", "states"]
