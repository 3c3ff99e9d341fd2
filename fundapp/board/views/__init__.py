"""Pages of the Board: one blueprint, a module for each family of pages."""

from fundapp.board.views import following, minutes
from fundapp.board.views.blueprint import blueprint

__all__ = ["blueprint", "following", "minutes"]
