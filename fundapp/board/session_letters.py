"""What letters say of sessions of the Board, and where each leads."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from fundapp.board.queries.advising_telling import ANSWERED, VOTE_OPEN
from fundapp.board.queries.session_telling import CANCELLED, DECLARE, OPENED
from fundapp.proposals.letters import KINDS, LINKS

KINDS |= {
    OPENED: _l("The session of the Board is open to you: declare your interests, then read."),
    CANCELLED: _l("The session of the Board was cancelled."),
    DECLARE: _l("The session of the Board begins soon, and you have not declared all your interests."),
    ANSWERED: _l("A question on the proposal before the Board is answered."),
    VOTE_OPEN: _l("A vote on the proposal is open, and waits for yours."),
}
LINKS |= dict.fromkeys((OPENED, CANCELLED, DECLARE, ANSWERED, VOTE_OPEN), ("board.sessions", False))
