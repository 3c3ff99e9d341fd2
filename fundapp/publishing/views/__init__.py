"""Documents to take away: the statements of a fund, those of the register, and the dossiers of proposals."""

from fundapp.publishing.views.decisions import blueprint as decisions
from fundapp.publishing.views.dossiers import blueprint as dossiers
from fundapp.publishing.views.register import blueprint as register_documents
from fundapp.publishing.views.statements import blueprint

__all__ = ["blueprint", "decisions", "dossiers", "register_documents"]
