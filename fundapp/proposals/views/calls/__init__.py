"""Pages of calls for proposals."""

from fundapp.proposals.views.calls import listing, one, prepare, steps
from fundapp.proposals.views.calls.blueprint import blueprint

__all__ = ["blueprint", "listing", "one", "prepare", "steps"]
