"""Sentences about what trustees say: interests, notes, questions, votes, and the advice of the Board."""

from fundapp.web.wording.marked import marked as _l

ADVISING: dict[str, str] = {
    "advice.no-outcome": _l("Say what the Board advises."),
}
