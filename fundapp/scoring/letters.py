"""What letters say of scoring, and where each leads; told by the rounds that tell of proposals."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from fundapp.proposals.letters import KINDS, LINKS, WAITING
from fundapp.scoring.queries.telling import ASSIGNED, CLOSED, DUE, REOPENED

KINDS |= {
    ASSIGNED: _l("The proposal is yours to score."),
    DUE: _l("Sheets that you have not given are due soon."),
    CLOSED: _l("The scoring of the call is closed."),
    REOPENED: _l("The scoring of the call is open again."),
}
WAITING |= {
    DUE: _l("Not given yet: %(proposals)s"),
    CLOSED: _l("Proposals that were yours to score: %(proposals)s"),
    REOPENED: _l("Proposals that are yours to score: %(proposals)s"),
}
LINKS |= dict.fromkeys((DUE, CLOSED, REOPENED), ("scoring.desk", False))
LINKS |= {ASSIGNED: ("scoring.sheet", True)}
