"""What trustees declare and vote, and what the Board advises, as it is called on screen."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from fundapp.board.models import AdviceOutcome, AdviceWay, InterestKind, VoteChoice

INTERESTS: dict[InterestKind, LazyString] = {
    InterestKind.NONE: _l("No interest"),
    InterestKind.NATIONALITY: _l("National of the State"),
    InterestKind.WORKED_FOR: _l("Worked for the office or a partner"),
    InterestKind.OTHER: _l("Another interest"),
}
OUTCOMES: dict[AdviceOutcome, LazyString] = {
    AdviceOutcome.SUPPORT: _l("Support"),
    AdviceOutcome.CONDITIONS: _l("Support with conditions"),
    AdviceOutcome.DEFER: _l("Defer to a later session"),
    AdviceOutcome.NOT_SUPPORT: _l("Not support"),
}
OUTCOME_MARKS: dict[AdviceOutcome, str] = {  # as classes of a stage paint it
    AdviceOutcome.SUPPORT: "done",
    AdviceOutcome.CONDITIONS: "4",
    AdviceOutcome.DEFER: "held",
    AdviceOutcome.NOT_SUPPORT: "no",
}
WAYS: dict[AdviceWay, LazyString] = {
    AdviceWay.CONSENSUS: _l("By consensus"),
    AdviceWay.VOTE: _l("By recorded vote"),
    AdviceWay.SILENCE: _l("By silence, in the written procedure"),
}
CHOICES: dict[VoteChoice, LazyString] = {
    VoteChoice.FOR: _l("For"),
    VoteChoice.AGAINST: _l("Against"),
    VoteChoice.ABSTAIN: _l("Abstain"),
}
