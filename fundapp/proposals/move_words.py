"""What the moves of a proposal are called on screen: what each means, its button, and what is said once it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

Words = Any  # text, or text that is translated when it is shown


@dataclass(frozen=True, slots=True)
class Moving:
    """A move in words. act: as a link or button; means: on its page; done: once it is made; told: in the timeline."""

    act: Words
    means: Words
    done: Words
    told: Words


MOVES: dict[str, Moving] = {
    "clear": Moving(
        _l("Clear the proposal"),
        _l("You stand by the proposal as head of office. Nobody writes in it any more; it is then handed in."),
        _l("The proposal is cleared. It is not handed in yet."),
        _l("Cleared"),
    ),
    "reopen": Moving(
        _l("Reopen it to write on"),
        _l("The clearance is taken back and the office writes on. It has to be cleared again before it is handed in."),
        _l("The proposal is open for writing again."),
        _l("Reopened"),
    ),
    "submit": Moving(
        _l("Hand the proposal in"),
        _l(
            "What it says now becomes a version that nobody changes, and the secretariat receives it. Until somebody"
            " there looks at it you can take it back."
        ),
        _l("The proposal is handed in."),
        _l("Handed in"),
    ),
    "take-back": Moving(
        _l("Take it back"),
        _l(
            "Nobody at the secretariat has looked at it yet. It is yours again, and must be handed in again before the"
            " call closes."
        ),
        _l("The proposal is yours again. It is not handed in now."),
        _l("Taken back"),
    ),
    "submit-again": Moving(
        _l("Hand it in again"),
        _l("What it says now becomes a new version beside the one before, and the secretariat goes on screening."),
        _l("The changed proposal is handed in."),
        _l("Handed in again"),
    ),
    "withdraw": Moving(
        _l("Withdraw the proposal"),
        _l("It is not looked at any further. Nothing is deleted; only a secretary can put it back."),
        _l("The proposal is withdrawn."),
        _l("Withdrawn"),
    ),
    "discard": Moving(
        _l("Put the draft aside"),
        _l("It leaves the office's work. Nothing is deleted, and it can be brought back at any time."),
        _l("The draft is put aside."),
        _l("Put aside"),
    ),
    "bring-back": Moving(
        _l("Bring the draft back"),
        _l("The draft is as it was when it was put aside, and the office writes on."),
        _l("The draft is back."),
        _l("Brought back"),
    ),
    "start-screening": Moving(
        _l("Begin to screen"),
        _l("The office can no longer take it back. You see to it from now on, unless somebody does already."),
        _l("The screening has begun."),
        _l("Screening began"),
    ),
    "put-back": Moving(
        _l("Put it back unscreened"),
        _l("Nothing is marked on the checklist yet, so it goes back to those that wait for somebody to screen them."),
        _l("The proposal waits again for somebody to screen it."),
        _l("Put back unscreened"),
    ),
    "return": Moving(
        _l("Return it for changes"),
        _l("The office may write in it again until the day you give. It reads your reason."),
        _l("The proposal is returned to its office."),
        _l("Returned for changes"),
    ),
    "lift-return": Moving(
        _l("Take the return back"),
        _l("The office has changed nothing yet. You screen on, and it is told that it need not change anything."),
        _l("The return is taken back."),
        _l("The return was taken back"),
    ),
    "find-eligible": Moving(
        _l("Find it eligible"),
        _l("The screening is over, and the proposal goes on to be scored."),
        _l("The proposal is eligible."),
        _l("Found eligible"),
    ),
    "find-ineligible": Moving(
        _l("Find it not eligible"),
        _l("The screening is over, and the proposal is not scored. The office reads your reason."),
        _l("The proposal is not eligible."),
        _l("Found not eligible"),
    ),
    "screen-again": Moving(
        _l("Take the finding back"),
        _l("You screen on. The office is told, with your reason."),
        _l("The proposal is in screening again."),
        _l("The finding was taken back"),
    ),
    "reinstate": Moving(
        _l("Put it back where it stood"),
        _l("The withdrawal is taken back, and the proposal stands where it stood before."),
        _l("The proposal stands again where it stood before."),
        _l("Put back where it stood"),
    ),
}


def moving(name: str) -> Moving:
    """A move in words; one that a later package adds and nobody has named is shown by its name."""
    return MOVES.get(name) or Moving(name, "", "", name)


# Where a proposal stands, for its office and for others: what comes next.
NEXT: dict[str, LazyString] = {
    "draft": _l("Once nothing is lacking, the head of office clears it, and then it is handed in."),
    "cleared": _l("It is cleared, but not handed in yet: the secretariat does not see it."),
    "submitted": _l("It waits until somebody at the secretariat begins to screen it."),
    "in-screening": _l("A desk officer looks at what must be there, and may ask questions."),
    "returned": _l("The office changes what was asked for, and the head of office hands it in again."),
    "eligible": _l("It goes on to be scored."),
    "ineligible": _l("It is not scored."),
    "withdrawn": _l("It is not looked at any further."),
    "discarded": _l("It is put aside. Nothing is deleted."),
}
# The task list under a few headings.
GROUPS: tuple[tuple[LazyString, tuple[str, ...]], ...] = (
    (_l("Who and with whose consent"), ("country", "consent", "contacts")),
    (_l("Why"), ("context", "recommendations", "focus-areas", "goals")),
    (_l("What and when"), ("results", "activities", "national-systems", "monitoring")),
    (_l("For whom, and what may go wrong"), ("gender", "inclusion", "risks", "sustainability")),
    (_l("Money"), ("budget", "other-funding")),
    (_l("What the call asks for"), ("questions", "documents")),
)
# How far a page of it is: a mark and a word; of one that was begun it is said how much is lacking.
FAR: dict[str, tuple[str, LazyString]] = {
    "unasked": ("1", _l("nothing asked for")),
    "whole": ("done", _l("complete")),
    "untouched": ("1", _l("not started")),
}
