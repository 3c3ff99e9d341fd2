"""Sentences about sessions of the Board: agenda, participants, what is put before it."""

from fundapp.web.wording.marked import marked as _l

BOARD_SESSIONS: dict[str, str] = {
    "session.backwards": _l("The session ends before it begins."),
    "session.number-known": _l("The fund has a session %(number)s already."),
    "session.not-eligible": _l("%(reference)s is not eligible, or of another fund: it cannot be put before the Board."),
    "session.considered": _l("%(reference)s is before this session already."),
    "session.unknown": _l("The fund has no session %(number)s."),
    "session.stands-otherwise": _l("The session does not stand where this can be done: look at it again."),
}
