"""Pages of calls for proposals, and of proposals."""

from fundapp.proposals.views import calls, proposal

BLUEPRINTS = (calls.blueprint, proposal.blueprint)

__all__ = ["BLUEPRINTS"]
