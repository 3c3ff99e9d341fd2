"""Sentences about the Board: seats and terms, sessions and their agenda."""

from fundapp.web.wording.marked import marked as _l

BOARD: dict[str, str] = {
    "board.no-name": _l("Say the name."),
    "board.term-backwards": _l("The term ends before it begins."),
    "board.term-long": _l("A term has at most %(years)s years."),
    "board.term-number": _l("Terms are counted from 1 to %(most)s."),
    "board.seat-taken": _l("The seat is held by somebody else from %(since)s to %(until)s."),
    "board.trustee-seated": _l("This trustee holds another seat from %(since)s to %(until)s."),
    "board.term-counted": _l("An earlier term of this trustee has the number %(number)s already."),
    "board.chair-unseated": _l("%(name)s holds no seat on that day, and cannot chair."),
    "board.chair-before": _l("Somebody chairs from %(since)s on: the next begins later."),
}
