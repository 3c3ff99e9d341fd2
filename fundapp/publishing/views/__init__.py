"""Documents to take away: statements of a fund, those of the register, dossiers of proposals and of sessions."""

from fundapp.publishing.views.decisions import blueprint as decisions
from fundapp.publishing.views.donor_letters import blueprint as donor_letters
from fundapp.publishing.views.dossiers import blueprint as dossiers
from fundapp.publishing.views.minutes import blueprint as session_documents
from fundapp.publishing.views.register import blueprint as register_documents
from fundapp.publishing.views.sessions import blueprint as session_dossiers
from fundapp.publishing.views.statements import blueprint

__all__ = [
    "blueprint",
    "decisions",
    "donor_letters",
    "dossiers",
    "register_documents",
    "session_documents",
    "session_dossiers",
]
