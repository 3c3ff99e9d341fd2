"""What letters say of sessions of the Board, and where each leads."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from fundapp.board.queries.session_telling import CANCELLED, DECLARE, OPENED
from fundapp.proposals.letters import KINDS, LINKS

KINDS |= {
    OPENED: _l("The session of the Board is open to you: declare your interests, then read."),
    CANCELLED: _l("The session of the Board was cancelled."),
    DECLARE: _l("The session of the Board begins soon, and you have not declared all your interests."),
}
LINKS |= dict.fromkeys((OPENED, CANCELLED, DECLARE), ("board.sessions", False))
