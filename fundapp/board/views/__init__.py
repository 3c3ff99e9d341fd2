"""Pages of the Board: one blueprint, a module for each family of pages."""

from fundapp.board.views import members, seats
from fundapp.board.views.blueprint import blueprint

__all__ = ["blueprint", "members", "seats"]
