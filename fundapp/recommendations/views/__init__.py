"""Pages of the register of recommendations."""

from fundapp.recommendations.views.blueprint import blueprint

__all__ = ["blueprint"]
