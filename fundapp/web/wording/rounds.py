"""Sentences about the scoring of a call: who scores, exceptions, closing, interests."""

from fundapp.web.wording.marked import marked as _l

ROUNDS: dict[str, str] = {
    "interest.known": _l("%(name)s is kept from %(reference)s already."),
    "interest.lifted": _l("This is lifted already, or is about another proposal than %(reference)s."),
    "reason.short": _l("Give the reason, in at least %(smallest)s characters."),
}
