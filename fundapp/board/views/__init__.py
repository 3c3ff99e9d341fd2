"""Pages of the Board: one blueprint, a module for each family of pages."""

from fundapp.board import letters
from fundapp.board.views import approved, conditions, deciding, decisions
from fundapp.board.views.blueprint import blueprint

__all__ = ["approved", "blueprint", "conditions", "deciding", "decisions", "letters"]
