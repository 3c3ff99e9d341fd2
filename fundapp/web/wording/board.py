"""Sentences about the Board as a body: its rules, seats and terms, who chairs it, and what should be seen to."""

from fundapp.web.wording.marked import marked as _l

BOARD: dict[str, str] = {
    "board.changed": _l("Somebody changed this meanwhile: look at it again, then send yours."),
    "board.rule": _l("From 1 to %(most)s."),
    # trustees
    "board.no-name": _l("Say the name."),
    "board.no-state": _l("There is no State with the code %(text)s."),
    "board.no-person": _l("There is nobody of that kind: choose again."),
    "board.trustee-known": _l("%(name)s of this nationality is recorded already."),
    "board.person-known": _l("%(name)s signs in as this person: one person is one trustee."),
    "board.person-no-trustee": _l("%(name)s holds no role of trustee in a fund of this Board."),
    "board.other-board": _l("%(name)s is a trustee of another Board."),
    "board.no-trustee": _l("Choose a trustee of this Board."),
    "board.no-seat": _l("Choose a seat."),
    # terms
    "board.no-day": _l("Give the day."),
    "board.day-far": _l(
        "%(found)s cannot be right: it is before the United Nations were founded, or more than %(ahead)s years ahead."
    ),
    "board.term-backwards": _l("The term ends before it begins."),
    "board.term-long": _l("A term has at most %(years)s years."),
    "board.term-number": _l("Terms are counted from 1 to %(most)s: nobody holds more."),
    "board.seat-taken": _l("The seat is held by somebody else from %(since)s to %(until)s."),
    "board.seat-held": _l("This trustee holds this seat from %(since)s to %(until)s already."),
    "board.trustee-seated": _l("This trustee holds another seat from %(since)s to %(until)s."),
    "board.term-counted": _l("An earlier term of this trustee has the number %(number)s already."),
    "board.term-counted-later": _l("A later term of this trustee has the number %(number)s: this one has a lower."),
    "board.ended-before": _l("The term began on %(since)s: it ends on the day before at the earliest."),
    "board.ended-after": _l("The term ends on %(until)s anyway: it ends early on a day before that."),
    "board.ended-already": _l("The term ended early, on %(until)s: take that back first."),
    "board.not-ended": _l("The term did not end early: there is nothing to take back."),
    "board.no-reason": _l("Give the reason."),
    # the chair
    "board.chair-unseated": _l("%(name)s holds no seat on that day, and cannot chair."),
    "board.chair-over": _l("The term of %(name)s ended on %(until)s: somebody who holds a seat chairs."),
    "board.chair-backwards": _l("It ends before it begins."),
    "board.chair-past": _l("%(name)s holds a seat until %(until)s, and cannot chair after that."),
    "board.chairs-already": _l("This trustee chairs from %(since)s on already."),
    "board.chair-before": _l("Somebody chairs from %(since)s on: say until when this trustee does before that."),
    "board.chair-taken": _l("Somebody chairs in that time already, from %(since)s on."),
    "board.chair-short": _l(
        "Sessions while %(name)s chaired: %(sessions)s. A chair covers at least so many by the rules: %(least)s."
    ),
    # what should be seen to
    "board.under-quorum": _l(
        "Seats that are filled: %(seated)s. The quorum is %(quorum)s: the Board can advise on nothing."
    ),
    "board.session-under-quorum": _l(
        "On %(on)s, when the next session begins, so many seats are filled: %(seated)s. The quorum is %(quorum)s."
    ),
    "board.no-chair": _l("Nobody chairs the Board."),
    "board.seat-never": _l("%(group)s: the seat was never filled."),
    "board.seat-waits": _l("%(group)s: the seat is vacant until %(since)s, when %(name)s takes it."),
    "board.seat-left": _l("%(group)s: %(name)s left before the end of the term, on %(until)s. The seat is vacant."),
    "board.seat-over": _l("%(group)s: the term of %(name)s ended on %(until)s. The seat is vacant."),
    "board.session-vacant": _l("%(group)s: the seat is not held on %(on)s, when the next session begins."),
    "board.term-runs-out": _l(
        "%(group)s: the term of %(name)s runs out on %(until)s (days left: %(days)s). Another term is possible."
    ),
    "board.last-term-runs-out": _l(
        "%(group)s: the term of %(name)s runs out on %(until)s (days left: %(days)s). It is their last:"
        " somebody else follows."
    ),
    "board.chair-runs-out": _l("%(name)s chairs until %(until)s: nobody is to chair after that."),
    "board.other-group": _l("%(name)s is no national of a State of the group whose seat it is: %(group)s."),
    "board.cannot-sign-in": _l("They hold a seat and cannot sign in as trustees: %(names)s."),
    "board.still-signs-in": _l("They hold no seat any more and can still sign in as trustees: %(names)s."),
}
