"""Documents to take away: the statements of a fund, and those of the register of recommendations."""

from fundapp.publishing.views.register import blueprint as register_documents
from fundapp.publishing.views.statements import blueprint

__all__ = ["blueprint", "register_documents"]
