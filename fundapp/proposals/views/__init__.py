"""Pages of calls for proposals."""

from fundapp.proposals.views import listing, one, prepare, steps
from fundapp.proposals.views.blueprint import blueprint

__all__ = ["blueprint", "listing", "one", "prepare", "steps"]
